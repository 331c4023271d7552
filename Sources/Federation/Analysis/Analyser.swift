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

  ///
  /// - Parameter showing: whether to look for witnesses, which takes most of the time.
  package static func findings(of candidate: Candidate, showing: Bool = true) -> [Finding] {
    var inspection = Inspection(candidate)
    inspection.judge()
    return (showing ? witnessed(inspection) : inspection.findings).sorted {
      ($1.severity, $0.id) < ($0.severity, $1.id)
    }
  }

  /// The findings that say who gets in, each with a token that does.
  private static func witnessed(_ inspection: Inspection) -> [Finding] {
    guard !inspection.isDead, inspection.findings.contains(where: { isShown($0.id) }) else {
      return inspection.findings
    }
    let search = WitnessSearch(inspection)
    return inspection.findings.map { finding in
      guard isShown(finding.id) else { return finding }
      var finding = finding
      finding.witness = search.witness(for: finding.id)
      return finding
    }
  }

  /// Whether a token can show it: not what is dead, nor what privileges, the issuer or the rule's use are about. The
  /// platform's word on a rule without an audience differs from place to place, so nothing is claimed there; nor of
  /// an issuer that is in no token.
  static func isShown(_ id: String) -> Bool {
    let others = ["PRV", "ISS", "OPS", "AZ001", "GEN003", "GEN010", "CEL011", "CEL014", "K8S006", "GL013", "GH022"]
    return !others.contains { id.hasPrefix($0) }
  }
}
