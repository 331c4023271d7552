package import Federation
package import Platform

extension Rules {
  /// The rules judged among all that is around them, and what somebody has decided to live with.
  package struct Survey: Equatable, Sendable {
    package let inventory: Inventory
    /// Of live rules, as they were when they were judged.
    package let findings: [FederationRule: [Finding]]
    /// Rules for other accounts that one token may fit as well, by rule.
    let overlaps: [ID<FederationRule>: [FederationRule]]
    let unusedAccounts: Set<ID<ServiceAccount>>
    package var accepted: [AcceptedFinding]

    /// Judges every rule, which takes a while where there are many.
    package init(_ inventory: Inventory, accepted: [AcceptedFinding]) {
      (self.inventory, self.accepted) = (inventory, accepted)
      overlaps = inventory.overlaps().byRule
      unusedAccounts = Set(inventory.unusedAccounts().map(\.id))
      findings = Dictionary(inventory.findings().map { ($0.rule, $0.findings) }) { first, _ in first }
    }

    /// The findings of each live rule that nobody has accepted.
    package var open: [ID<FederationRule>: [Finding]] {
      var open: [ID<FederationRule>: [Finding]] = [:]
      for (rule, found) in findings { open[rule.id] = accepted.split(found, of: rule, at: inventory.now).open }
      return open
    }
  }
}

extension Rules.State {
  /// The rule with all that is known around it.
  func candidate(for rule: FederationRule) -> Candidate {
    survey?.inventory.candidate(for: rule)
      ?? Candidate(
        match: rule.match, issuerURL: issuers.first { $0.id == rule.issuerID }?.issuerURL ?? "", scope: rule.scope,
        lifetime: rule.tokenLifetime)
  }

  /// Judges the rules: by the survey where it has seen them, else each by itself.
  mutating func judge() {
    (findings, accepted) = ([:], [:])
    for rule in rules where !rule.isArchived {
      let found = survey?.findings[rule] ?? Analyser.findings(of: candidate(for: rule))
      guard let survey else {
        findings[rule.id] = found
        continue
      }
      let (open, known) = survey.accepted.split(found, of: rule, at: survey.inventory.now)
      findings[rule.id] = open
      accepted[rule.id] = known.map { Rules.Known(finding: $0.finding, acceptance: $0.acceptance) }
    }
    mend()
  }
}

extension Rules {
  /// A finding that somebody has decided to live with.
  package struct Known: Equatable, Sendable {
    package let finding: Finding
    package let acceptance: AcceptedFinding
  }
}
