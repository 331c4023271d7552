/// The scopes a rule may grant (Admin API, scopes).
package enum Scope {
  package static let developer = "workspace:developer"
  package static let inference = "workspace:inference"
  package static let admin = "org:admin"
  /// What a caller with an OAuth token may create, change or archive rules with; the rest is for the web Console.
  package static let manageable = [developer, inference]

  package static func isManageable(_ scope: String) -> Bool {
    let parts = scope.split(separator: " ")
    return !parts.isEmpty && parts.allSatisfy { manageable.contains(String($0)) }
  }
}

/// The audience a token must be for when a rule names none.
package let serviceAudience = "https://api.anthropic.com"
