package import Platform

/// A part of the platform, as far as it decides which credential a call takes (Admin API reference, "Which
/// credential works where").
package enum Area: Hashable, Sendable, CaseIterable {
  /// Service accounts, issuers, rules: only a token with the scope `org:admin`.
  case federation
  /// The organization, its people and workspaces: that token or an Admin API key.
  case administration
  /// Static keys, usage and cost: an Admin API key; that the token works too is not promised everywhere.
  case keysAndUsage
  /// The activity feed: a key, and no token.
  case feed
}

/// Where a credential comes from. A token's source renews it; a key's source has only the one.
package protocol CredentialSource: Sendable {
  /// - Parameter rejected: what the platform has just answered 401 to. The same again means that there is no better.
  func credential(insteadOf rejected: Credential?) async throws(Problem) -> Credential
}

/// A credential that was given once and cannot be renewed.
package struct FixedCredential: CredentialSource {
  private let credential: Credential
  package init(_ credential: Credential) { self.credential = credential }
  package func credential(insteadOf rejected: Credential?) async throws(Problem) -> Credential { credential }
}

/// What there is to sign in with. Each part of the platform works with the one it needs; none is needed by all.
package struct Credentials: Sendable {
  /// Tokens with the scope `org:admin`.
  package var token: (any CredentialSource)?
  package var adminKey: (any CredentialSource)?
  package var complianceKey: (any CredentialSource)?
  /// What to do about a missing one, where the usual remedy would not help.
  package var remedy: String?

  package init(
    token: (any CredentialSource)? = nil, adminKey: (any CredentialSource)? = nil,
    complianceKey: (any CredentialSource)? = nil
  ) {
    (self.token, self.adminKey, self.complianceKey) = (token, adminKey, complianceKey)
  }

  /// Those that `area` takes, the likeliest first.
  func candidates(for area: Area) -> [any CredentialSource] {
    let all: [(any CredentialSource)?] =
      switch area {
      case .federation: [token]
      case .administration: [token, adminKey]
      case .keysAndUsage: [adminKey, token]
      case .feed: [complianceKey, adminKey]
      }
    return all.compactMap { $0 }
  }

  /// What is missing for `area`, and how to get it; nil when it can be tried.
  package func gap(for area: Area, summary: String) -> Problem? {
    candidates(for: area).isEmpty ? missing(for: area, summary: summary) : nil
  }

  func missing(for area: Area, summary: String) -> Problem {
    let (cause, remedy) =
      switch area {
      case .federation:
        (
          "service accounts, issuers and rules take an OAuth token with the scope org:admin, and there is none",
          "Run gatehouse login, or set ANTHROPIC_OAUTH_TOKEN."
        )
      case .administration:
        (
          "this takes an OAuth token with the scope org:admin or an Admin API key, and there is neither",
          "Run gatehouse login, or set ANTHROPIC_ADMIN_KEY."
        )
      case .keysAndUsage:
        ("keys and usage take an Admin API key, and there is none", "Set ANTHROPIC_ADMIN_KEY.")
      case .feed:
        (
          "the activity feed takes an Admin API key or a Compliance Access Key, and no token; there is neither",
          "Set ANTHROPIC_ADMIN_KEY or ANTHROPIC_COMPLIANCE_KEY. Everything else works without."
        )
      }
    return Problem(
      summary, because: cause, try: self.remedy ?? remedy, kind: .credential, code: "credential_missing")
  }
}
