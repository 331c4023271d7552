package import FoundationEssentials
package import Platform

/// How a workload signs in: what it brings, and to which rule.
package struct Federated: Hashable, Sendable {
  package enum IdentityToken: Hashable, Sendable {
    /// Read anew for every exchange, for it is replaced in place.
    case file(String)
    case text(Secret)
  }

  package let ruleID, organizationID: String
  package let accountID, workspaceID: String?
  package let identityToken: IdentityToken

  /// From the environment alone; nil when it names no rule, organization or token.
  package init?(environment: [String: String]) { self.init(profile: [:], environment: environment) }

  /// From a profile's configuration; the environment fills in what it leaves out, and overrides nothing.
  init?(profile: JSON, environment: [String: String]) {
    func value(_ path: String, _ variable: String) -> String? {
      let own = profile.at(path)?.string ?? environment[variable]
      return own.flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let ruleID = value("authentication.federation_rule_id", "ANTHROPIC_FEDERATION_RULE_ID"),
      let organizationID = value("organization_id", "ANTHROPIC_ORGANIZATION_ID")
    else { return nil }
    (self.ruleID, self.organizationID) = (ruleID, organizationID)
    accountID = value("authentication.service_account_id", "ANTHROPIC_SERVICE_ACCOUNT_ID")
    workspaceID = value("workspace_id", "ANTHROPIC_WORKSPACE_ID")
    let source = profile.at("authentication.identity_token")
    if let source, source["source"]?.string != "file" { return nil }
    if let path = value("authentication.identity_token.path", "ANTHROPIC_IDENTITY_TOKEN_FILE") {
      identityToken = .file(path)
    } else if source == nil, let text = environment["ANTHROPIC_IDENTITY_TOKEN"], !text.isEmpty {
      identityToken = .text(Secret(text))
    } else {
      return nil
    }
  }
}

/// The token of a federated profile: the workload's own token is exchanged for it (RFC 7523).
package struct FederatedTokens: TokenOrigin {
  let federated: Federated
  let endpoint: TokenEndpoint

  init(federated: Federated, endpoint: TokenEndpoint) { (self.federated, self.endpoint) = (federated, endpoint) }

  package init(
    _ federated: Federated, _ transport: any Transport, now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.init(federated: federated, endpoint: TokenEndpoint(transport: transport, now: now))
  }

  package func token(insteadOf rejected: Secret?) async throws(Problem) -> AccessToken {
    do throws(TokenEndpoint.Failure) { return try await exchanged() } catch {
      // Once more: the provider may have put a new token in the file meanwhile. With replay protection on, the
      // same one would not be taken a second time.
      guard case .refused(let answer) = error, answer.status == 401 else { throw problem(error) }
      do throws(TokenEndpoint.Failure) { return try await exchanged() } catch { throw problem(error) }
    }
  }

  private func exchanged() async throws(TokenEndpoint.Failure) -> AccessToken {
    var body: JSON.Object = [
      "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
      "assertion": try assertion().expose { .string($0) },
      "federation_rule_id": .string(federated.ruleID), "organization_id": .string(federated.organizationID),
    ]
    if let account = federated.accountID { body["service_account_id"] = .string(account) }
    if let workspace = federated.workspaceID { body["workspace_id"] = .string(workspace) }
    return try await endpoint.grant(.object(body), betas: [Headers.oauthBeta, "oidc-federation-2026-04-01"]).token
  }

  private func assertion() throws(TokenEndpoint.Failure) -> Secret {
    switch federated.identityToken {
    case .text(let text): return text
    case .file(let path):
      do throws(PrivateFile.Fault) {
        // Kubernetes lays projected tokens out as links, readable by the pod.
        let bytes = try PrivateFile.read(path, forbidden: 0, links: .followed)
        guard let text = Secret.oneLine(bytes) else { throw .failed("it holds no token") }
        return text
      } catch {
        throw .broken("the identity token \(path) was not read: \(error.words)")
      }
    }
  }

  private func problem(_ failure: TokenEndpoint.Failure) -> Problem {
    switch failure {
    case .refused:
      Problem(
        "The token exchange was refused", because: failure.cause,
        try: "The reason is in the audit log: gatehouse audit denials, with a key that may read it.", kind: .credential,
        code: "exchange_refused")
    case .broken:
      Problem(
        "The token exchange failed", because: failure.cause, try: "Mend that, then try again.", kind: .credential,
        code: "exchange_failed")
    case .unanswered:
      Problem(
        "The token exchange failed", because: failure.cause, try: "Check the network and try again.",
        kind: .unavailable, code: "exchange_failed")
    }
  }
}
