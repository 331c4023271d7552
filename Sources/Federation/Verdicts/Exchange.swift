package import FoundationEssentials
package import Platform

/// One attempt to exchange a token at `POST /v1/oauth/token`, with all that decides it. What is nil is not known, and
/// the verdict says so.
package struct Exchange: Sendable {
  package enum Presented: Sendable {
    case token(Token)
    /// Typed in, or recorded after they had been verified: there is no signature to judge.
    case claims(Claims)

    package var claims: Claims {
      switch self {
      case .token(let token): token.claims
      case .claims(let claims): claims
      }
    }
  }

  package var presented: Presented
  package var rule: FederationRule
  package var issuer: Issuer?
  /// The issuer's keys, where they are not inline.
  package var keys: KeySet?
  /// Why they are not there, where they were asked for.
  package var keysFailure: String?
  package var account: ServiceAccount?
  /// The account that the request names; nil when it names none.
  package var requestedAccountID: ID<ServiceAccount>?
  package var workspace: WorkspaceRequest
  package var defaultWorkspaceID: ID<Workspace>?
  /// Of the rule's account.
  package var memberships: [WorkspaceMembership]?
  /// Whether the issuer's `jti` has been exchanged before.
  package var isReplay: Bool?
  package var now: Date

  package init(
    _ presented: Presented, rule: FederationRule, issuer: Issuer? = nil, keys: KeySet? = nil,
    account: ServiceAccount? = nil, requestedAccountID: ID<ServiceAccount>? = nil,
    workspace: WorkspaceRequest = .omitted, defaultWorkspaceID: ID<Workspace>? = nil,
    memberships: [WorkspaceMembership]? = nil, isReplay: Bool? = nil, now: Date
  ) {
    (self.presented, self.rule, self.issuer, self.keys) = (presented, rule, issuer, keys)
    (self.account, self.requestedAccountID, self.workspace) = (account, requestedAccountID, workspace)
    (self.defaultWorkspaceID, self.memberships, self.isReplay) = (defaultWorkspaceID, memberships, isReplay)
    self.now = now
  }

  /// Judges everything, in the order of the Admin API's table of checks, and stops at nothing.
  package func verdict() -> Verdict {
    let claims = presented.claims
    let choice = WorkspaceChoice(workspace, rule: rule, defaultWorkspaceID: defaultWorkspaceID)
    var checks = standingChecks
    if case .token(let token) = presented { checks += signatureChecks(token) }
    checks.append(issuerCheck(claims))
    checks += timeChecks(claims)
    checks += Matcher(rule.match).checks(of: claims)
    checks.append(choice.check)
    if let membership = membershipCheck(choice.workspaceID) { checks.append(membership) }
    if let role = roleCheck { checks.append(role) }
    if let replay = replayCheck(claims) { checks.append(replay) }
    return Verdict(checks, grant: grant(claims, choice.workspaceID))
  }

  private func grant(_ claims: Claims, _ workspaceID: ID<Workspace>?) -> Grant? {
    claims.seconds("exp").map { expiry in
      Grant(
        scope: rule.scope, accountID: rule.accountID, workspaceID: workspaceID,
        lifetime: Grant.lifetime(
          ruleLifetime: rule.tokenLifetime, remaining: expiry - now.timeIntervalSince1970))
    }
  }

  /// That rule, issuer and account are in use, and the account is the rule's.
  private var standingChecks: [Check] {
    var checks = [standing("rule_status", rule.archivedAt, .ruleArchived)]
    if let issuer { checks.append(standing("issuer_status", issuer.archivedAt, .issuerArchived)) }
    if let requestedAccountID {
      checks.append(
        Check(
          "service_account", requestedAccountID == rule.accountID, expected: rule.accountID.description,
          actual: requestedAccountID.description, reason: .accountMismatch))
    }
    if let account { checks.append(standing("service_account_status", account.archivedAt, .accountArchived)) }
    return checks
  }

  private func standing(_ matcher: String, _ archivedAt: Date?, _ reason: DenialReason) -> Check {
    Check(
      matcher, archivedAt == nil, expected: "in use",
      actual: archivedAt.map { "archived \($0.timestampToSecond)" } ?? "in use", reason: reason)
  }

  private func signatureChecks(_ token: Token) -> [Check] {
    var keys = keys
    if keys == nil, case .inline(let list) = issuer?.keys { keys = try? KeySet(json: .array(list)) }
    if let keys { return keys.checks(of: token) }
    return [
      KeySet.algorithmCheck(token),
      Check(
        "signature", .unknown, expected: "made by a key of the issuer", actual: nil,
        note: keysFailure ?? "the issuer's keys are not known here", reason: .badSignature),
    ]
  }

  private func issuerCheck(_ claims: Claims) -> Check {
    guard let issuer else {
      return Check(
        "issuer", .unknown, expected: nil, actual: claims["iss"]?.plainText,
        note: "the rule's issuer is not known here",
        reason: .issuerMismatch)
    }
    return claims.issuerCheck(issuer.issuerURL)
  }

  /// Claims without a token may be a part of what a token has, so nothing is missing from them.
  private func timeChecks(_ claims: Claims) -> [Check] {
    let checks = claims.timeChecks(now: now, lifetimeLimit: issuer?.maxTokenLifetime ?? Claims.usualLifetimeLimit)
    guard case .claims = presented else { return checks }
    return checks.map { check in
      guard check.failed, claims[check.matcher] == nil, check.matcher != "lifetime" else { return check }
      return Check(
        check.matcher, .unknown, expected: check.expected, actual: nil, note: "not among the claims given",
        reason: .missingClaim)
    }
  }

  private func membershipCheck(_ workspaceID: ID<Workspace>?) -> Check? {
    guard let workspaceID else { return nil }
    let isDefault = workspaceID == defaultWorkspaceID
    let membership = memberships?.first { $0.accountID == rule.accountID && $0.workspaceID == workspaceID }
    let isMember = isDefault || membership != nil
    let outcome: Check.Outcome = isMember ? .passed : memberships == nil ? .unknown : .failed
    let note =
      switch outcome {
      case .passed: isDefault ? "every account belongs to the default workspace" : nil
      case .failed: "add \(rule.accountName ?? rule.accountID.description) to the workspace"
      case .unknown: "the account's workspaces are not known here"
      } as String?
    return Check(
      "membership", outcome, expected: "a member of \(workspaceID)",
      actual: isDefault ? "a member" : membership?.role ?? (memberships == nil ? nil : "no member"), note: note,
      reason: .notMember)
  }

  private var roleCheck: Check? {
    guard rule.scope.split(separator: " ").contains(where: { $0 == Scope.admin }) else { return nil }
    let role = account?.organizationRole
    return Check(
      "role", role.map { $0 == .admin ? .passed : .failed } ?? .unknown, expected: "admin", actual: role?.rawValue,
      note: role == .admin ? nil : "\(Scope.admin) needs an account with the role admin", reason: .roleTooLow)
  }

  private func replayCheck(_ claims: Claims) -> Check? {
    guard issuer?.checksJTI ?? true, let id = claims["jti"] else { return nil }
    return Check(
      "jti", isReplay.map { $0 ? .failed : .passed } ?? .unknown, expected: "not exchanged before",
      actual: id.plainText, note: isReplay == true ? "fetch a new token for every exchange" : nil,
      reason: .tokenReused)
  }
}

extension Claims {
  /// `iss` must be the registered URL, byte for byte.
  package func issuerCheck(_ issuerURL: String) -> Check {
    let note: String? =
      switch self["iss"] {
      case .string(let issuer): Difference.note(expected: issuerURL, actual: issuer, owner: "the registered issuer")
      case let value?: "iss is \(value.kind), not a string"
      case nil: "the token has no iss"
      }
    return Check(
      "issuer", issuer?.isExactly(issuerURL) ?? false, expected: issuerURL, actual: self["iss"]?.plainText, note: note,
      reason: .issuerMismatch)
  }
}
