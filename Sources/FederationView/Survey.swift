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
    survey?.inventory.candidate(for: rule) ?? lonelyCandidate(for: rule)
  }

  private func lonelyCandidate(for rule: FederationRule) -> Candidate {
    Candidate(
      match: rule.match, issuerURL: issuer(rule.issuerID)?.issuerURL ?? "", scope: rule.scope,
      lifetime: rule.tokenLifetime)
  }

  /// Rules that are judged here, where a key waits for it. More than that wait for the survey.
  private static let fewRules = 100

  /// Judges the rules: by the survey where it has seen them, else a few each by itself.
  mutating func judge() {
    var (findings, left) = ([ID<FederationRule>: [Finding]](), Self.fewRules)
    accepted = [:]
    for rule in rules where !rule.isArchived {
      var found = survey?.findings[rule]
      if found == nil, left > 0 {
        // All that is around it takes long to gather where there are many.
        found = Analyser.findings(of: rules.count <= Self.fewRules ? candidate(for: rule) : lonelyCandidate(for: rule))
        left -= 1
      }
      guard let found, let survey else {
        findings[rule.id] = found
        continue
      }
      let (open, known) = survey.accepted.split(found, of: rule, at: survey.inventory.now)
      findings[rule.id] = open
      if !known.isEmpty {
        accepted[rule.id] = known.map { Rules.Known(finding: $0.finding, acceptance: $0.acceptance) }
      }
    }
    ruleList.rearrange { $0.findings = findings }
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
