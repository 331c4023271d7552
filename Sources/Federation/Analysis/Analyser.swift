package import Platform

/// Says how a rule goes wrong. Knows nothing but the rule: it is decided by the same reading of subjects, claims and
/// conditions that decides who gets in.
package enum Analyser {
  /// What is wrong with a rule, worst first.
  ///
  /// - Parameter lifetime: of the tokens it gives, in seconds.
  package static func findings(
    match: FederationRule.Match, scope: String, lifetime: Int, issuerURL: String
  ) -> [Finding] {
    findings(of: Candidate(match: match, issuerURL: issuerURL, scope: scope, lifetime: lifetime))
  }

  package static func findings(of candidate: Candidate) -> [Finding] {
    let inspection = Inspection(candidate)
    return inspection.findings.sorted { ($1.severity, $0.id) < ($0.severity, $1.id) }
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

  package init(
    match: FederationRule.Match, issuerURL: String, scope: String = Scope.inference, lifetime: Int = 600,
    provider: Provider? = nil
  ) {
    (self.match, self.issuerURL, self.scope, self.lifetime) = (match, issuerURL, scope, lifetime)
    self.provider = provider ?? Provider(issuerURL: issuerURL, match: match)
  }

  /// A line of a corpus: `{"id","provider"?,"rule":{"match","issuer_url","oauth_scope","token_lifetime_seconds"}}`.
  package init(json: JSON) throws(Undecodable) {
    let rule = try json.required("rule", "an object") { $0.object == nil ? nil : $0 }
    let match = try rule.required("match", "an object") { $0.object == nil ? nil : $0 }
    self.init(
      match: .init(json: match), issuerURL: try rule.text("issuer_url"),
      scope: rule["oauth_scope"]?.string ?? Scope.inference,
      lifetime: rule["token_lifetime_seconds"]?.int ?? 3600,
      provider: json["provider"]?.string.flatMap(Provider.init(rawValue:)))
  }
}
