package import FoundationEssentials
package import Platform

extension AcceptedFinding {
  /// - Throws: a problem when there is no such finding or no reason, or the date is past or more than a year away.
  package init(
    accepting code: String, of rule: FederationRule, reason: String, until expiresAt: Date, who: String, at now: Date
  ) throws(Problem) {
    let summary = "\(code) was not accepted"
    guard let risk = Catalogue.risk(code) else {
      throw Problem(summary, because: "no finding has this code", try: "See rules lint.", kind: .usage)
    }
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw Problem(summary, because: "there is no reason", try: "Say why it is fine for now.", kind: .usage)
    }
    guard expiresAt > now, expiresAt.timeIntervalSince(now) <= 366 * 86400 else {
      throw Problem(
        summary, because: "it must end within a year from now", try: "Give a date until when it is fine.", kind: .usage)
    }
    self.init(
      code: risk.id, ruleID: rule.id, match: rule.match, reason: reason, who: who, at: now, expiresAt: expiresAt)
  }
}

extension [AcceptedFinding] {
  /// The findings of `rule` that nobody accepted, and those that somebody did with what they said.
  package func split(
    _ findings: [Finding], of rule: FederationRule, at now: Date
  ) -> (open: [Finding], accepted: [(finding: Finding, acceptance: AcceptedFinding)]) {
    var open: [Finding] = []
    var accepted: [(finding: Finding, acceptance: AcceptedFinding)] = []
    for finding in findings {
      let acceptance = last {
        $0.ruleID == rule.id && $0.code == finding.id && $0.standing(for: rule.match, at: now) == .holds
      }
      if let acceptance { accepted.append((finding, acceptance)) } else { open.append(finding) }
    }
    return (open, accepted)
  }
}
