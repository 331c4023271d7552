package import Platform

/// What is known about the objects around a rule. What is not known is not judged.
package struct Circumstances: Hashable, Sendable {
  /// Another live rule.
  package struct Sibling: Hashable, Sendable {
    package var hasSameTarget: Bool
    package var issuerURL: String
    package var match: FederationRule.Match

    package init(hasSameTarget: Bool, issuerURL: String, match: FederationRule.Match) {
      (self.hasSameTarget, self.issuerURL, self.match) = (hasSameTarget, issuerURL, match)
    }
  }

  /// When the rule was last used, if that is known.
  package enum LastExchange: Hashable, Sendable {
    case never
    case daysAgo(Int)
  }

  /// What the rule was used for during the last 30 days.
  package struct Use: Hashable, Sendable {
    /// Those that its tokens were for.
    package var workspaces: Set<String>
    /// Seconds that the longest-lived of the tokens it took were valid.
    package var longestToken: Int?
    /// What its account did beside calling models, by type of activity.
    package var otherActivities: Set<String>

    package init(workspaces: Set<String>, longestToken: Int?, otherActivities: Set<String>) {
      (self.workspaces, self.longestToken, self.otherActivities) = (workspaces, longestToken, otherActivities)
    }
  }

  /// Nil when it was not used, or the audit log does not reach back so far: then the settings alone are judged.
  package var use: Use?
  package var ruleName: String?
  package var appliesToAllWorkspaces = false
  package var hasArchivedWorkspace = false
  package var accountRole: String?
  package var isAccountArchived = false
  /// The issuers of the live rules that target the account.
  package var accountIssuerURLs: Set<String> = []
  package var isIssuerArchived = false
  /// How old the issuer's inline keys are; nil when it finds its keys itself.
  package var inlineKeysAge: Int?
  package var checksJTI: Bool?
  /// Seconds.
  package var maxTokenLifetime: Int?
  package var isPollingDisabled = false
  package var sharesIssuerKey = false
  /// Whether the issuer backs rules for the organization and for workspaces.
  package var hasMixedIssuer = false
  package var lastExchange: LastExchange?
  /// Days since the rule was made.
  package var age: Int?
  package var siblings: [Sibling] = []

  package init() {}

  /// The `context` of a corpus line; members that are absent are not known.
  package init(json: JSON) {
    appliesToAllWorkspaces = json["applies_to_all_workspaces"]?.bool ?? false
    hasArchivedWorkspace = json["workspace_archived"]?.bool ?? false
    let account = json["service_account"]
    accountRole = account?["organization_role"]?.string
    isAccountArchived = account?["archived"]?.bool ?? false
    accountIssuerURLs = Set((account?["rule_issuers"]?.array ?? []).compactMap(\.string))
    let issuer = json["issuer"]
    isIssuerArchived = issuer?["archived"]?.bool ?? false
    if issuer?["jwks_type"]?.string == "inline" { inlineKeysAge = issuer?["jwks_updated_days"]?.int }
    checksJTI = issuer?["check_jti"]?.bool
    maxTokenLifetime = issuer?["max_jwt_lifetime_seconds"]?.int
    isPollingDisabled = issuer?["jwks_polling_disabled"]?.bool ?? false
    age = json["age_days"]?.int
    lastExchange = json["last_exchange_days"].flatMap { $0.isNull ? .never : $0.int.map(LastExchange.daysAgo) }
    siblings = (json["sibling_rules"]?.array ?? []).map { rule in
      Sibling(
        hasSameTarget: rule["same_target"]?.bool ?? false, issuerURL: rule["issuer_url"]?.string ?? "",
        match: .init(json: rule["match"] ?? .null))
    }
  }
}

/// A rule as it is judged, whether it exists yet or not.
package struct Candidate: Hashable, Sendable {
  package var provider: Provider
  package var match: FederationRule.Match
  package var issuerURL: String
  /// Space-separated scopes.
  package var scope: String
  /// Seconds.
  package var lifetime: Int
  package var circumstances: Circumstances

  /// - Parameter provider: read from the issuer and the subject when nil.
  package init(
    match: FederationRule.Match, issuerURL: String, scope: String = Scope.inference, lifetime: Int = 600,
    provider: Provider? = nil, circumstances: Circumstances = .init()
  ) {
    (self.match, self.issuerURL, self.scope, self.lifetime) = (match, issuerURL, scope, lifetime)
    self.provider = provider ?? Provider(issuerURL: issuerURL, match: match)
    self.circumstances = circumstances
  }

  /// A line of a corpus:
  /// `{"id","provider"?,"rule":{"match","issuer_url","oauth_scope","token_lifetime_seconds"},"context"?}`.
  package init(json: JSON) throws(Undecodable) {
    let rule = try json.nested("rule")
    let match = try rule.nested("match")
    self.init(
      match: .init(json: match), issuerURL: try rule.text("issuer_url"),
      scope: rule["oauth_scope"]?.string ?? Scope.inference,
      lifetime: rule["token_lifetime_seconds"]?.int ?? 3600,
      provider: json["provider"]?.string.flatMap(Provider.init(rawValue:)),
      circumstances: Circumstances(json: json["context"] ?? .null))
    circumstances.ruleName = rule["name"]?.string
    if let appliesToAll = rule["applies_to_all_workspaces"]?.bool {
      circumstances.appliesToAllWorkspaces = circumstances.appliesToAllWorkspaces || appliesToAll
    }
  }

  var scopes: Set<String> { Set(scope.split(separator: " ").map(String.init)) }
}
