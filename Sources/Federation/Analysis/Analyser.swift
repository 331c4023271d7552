package import Platform

/// Says how a rule goes wrong. It knows the rule and what is around it, and asks nobody.
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
    var inspection = Inspection(candidate)
    inspection.judge()
    return inspection.findings.sorted { ($1.severity, $0.id) < ($0.severity, $1.id) }
  }
}
