package import FoundationEssentials
package import Platform

/// What becomes of a token, and everything that speaks for and against it, in the order the platform is taken to ask.
package struct Verdict: Hashable, Sendable {
  package let checks: [Check]
  /// The token that would be minted; nil when it is refused, or when what it depends on is not known.
  package let grant: Grant?

  init(_ checks: [Check], grant: Grant? = nil) {
    self.checks = checks
    self.grant = checks.contains(where: \.failed) ? nil : grant
  }

  /// For a text that is no token at all.
  package init(_ mistake: UnreadableToken) {
    self.init([
      Check(
        "token", false, expected: "a JWT: header.claims.signature", actual: nil, note: mistake.cause,
        reason: .malformedToken)
    ])
  }

  /// That nothing known speaks against it; ``unknown`` says what is not known.
  package var isAccepted: Bool { failed.isEmpty }
  package var failed: [Check] { checks.filter(\.failed) }
  package var unknown: [Check] { checks.filter { $0.outcome == .unknown } }

  /// Whether it is not known that the issuer signed the token, for its keys were not to be had. Without that nothing
  /// else about the token is worth a yes.
  package var isUnverified: Bool { unknown.contains { $0.matcher == "signature" } }

  /// What the history of exchanges would say: the first reason. The platform's own order is not published.
  package var reason: DenialReason? { failed.first?.reason }
  /// Every reason, each once, in order.
  package var reasons: [DenialReason] {
    failed.compactMap(\.reason).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// `{"id","accepted","checks":[{"matcher","passed","expected","actual","note"}],"reason"}`, and beside it `reasons`,
  /// `unknown` (matchers that could not be judged) and, where there is one, `grant`. `accepted` is null when nothing
  /// speaks against the token and it is not known who signed it.
  /// - Parameter id: of the case or of the rule, left out when nil.
  package func json(id: String? = nil) -> JSON {
    var object = JSON.Object()
    if let id { object["id"] = .string(id) }
    object["accepted"] = isAccepted && isUnverified ? .null : .bool(isAccepted)
    object["checks"] = .array(checks.map(\.json))
    object["reason"] = JSON(reason?.rawValue)
    object["reasons"] = .array(reasons.map { .string($0.rawValue) })
    object["unknown"] = .array(unknown.map { .string($0.matcher) })
    if let grant { object["grant"] = grant.json }
    return .object(object)
  }
}

extension Token {
  /// On the token alone, without any rule: signature, issuer and times.
  /// - Parameter issuerURL: what `iss` must be, where that is known.
  /// - Parameter lifetimeLimit: the greatest `exp - iat`, in seconds.
  package func verdict(
    keys: KeySet, issuerURL: String? = nil, lifetimeLimit: Int = Claims.usualLifetimeLimit, now: Date
  ) -> Verdict {
    let issuer = issuerURL.map { [claims.issuerCheck($0)] } ?? []
    return Verdict(keys.checks(of: self) + issuer + claims.timeChecks(now: now, lifetimeLimit: lifetimeLimit))
  }
}

/// What a minted token can do, where, and for how long.
package struct Grant: Hashable, Sendable {
  /// Space-separated.
  package let scope: String
  package let accountID: ID<ServiceAccount>
  package let workspaceID: ID<Workspace>?
  /// Seconds.
  package let lifetime: Int

  /// `max(60, min(rule, 2 × what is left of the presented token))`, in seconds.
  package static func lifetime(ruleLifetime: Int, remaining: Double) -> Int {
    Int(max(60, min(Double(ruleLifetime), 2 * remaining)))
  }

  /// What each scope lets its bearer do, in words.
  package var abilities: [String] {
    scope.split(separator: " ").map { scope in
      switch String(scope) {
      case Scope.developer: "all of the API but administration, like an API key of the workspace"
      case Scope.inference: "Messages, token counting, models, and the OpenAI-compatible chat"
      case Scope.admin: "the Admin API of the whole organization"
      case "workspace:manage_tunnels", "org:manage_tunnels": "MCP tunnels"
      default: "what \(scope) stands for, which is not known here"
      }
    }
  }

  package var json: JSON {
    [
      "scope": .string(scope), "service_account_id": JSON(accountID), "workspace_id": JSON(workspaceID),
      "expires_in": JSON(lifetime), "abilities": .array(abilities.map(JSON.string)),
    ]
  }
}
