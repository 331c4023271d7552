package import FoundationEssentials
internal import Federation
package import Platform
internal import Storage

extension Operations {
  /// Every finding that somebody decided to live with, those that no longer hold included.
  package func acceptedFindings() throws(Problem) -> [AcceptedFinding] { try storage.acceptedFindings() }

  /// Leaves a finding of a rule out of counts and reports, with a reason and until a date within a year.
  package func accept(
    _ code: String, of rule: FederationRule, reason: String, until date: Date
  ) throws(Problem) -> AcceptedFinding {
    let accepted = try AcceptedFinding(
      accepting: code, of: rule, reason: reason, until: date, who: who, at: now())
    try storage.accept(accepted)
    return accepted
  }

  package func withdrawAcceptance(of code: String, on rule: ID<FederationRule>) throws(Problem) {
    try storage.withdrawAcceptance(of: code, on: rule)
  }
}
