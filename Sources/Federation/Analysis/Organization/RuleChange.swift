package import Platform

/// A change of a rule, and what it has to answer for.
package struct RuleChange: Hashable, Sendable {
  package let before, after: FederationRule
  package let issuerURL: String

  package init(from before: FederationRule, to after: FederationRule, issuerURL: String) {
    (self.before, self.after, self.issuerURL) = (before, after, issuerURL)
  }

  /// Whether it may let in somebody whom the rule did not, or lead those it lets in to something else or to more.
  package var widens: Bool {
    func scopes(_ rule: FederationRule) -> Set<Substring> { Set(rule.scope.split(separator: " ")) }
    let reachesMore =
      after.appliesToAllWorkspaces
      ? !before.appliesToAllWorkspaces : !Set(after.workspaceIDs).isSubset(of: before.workspaceIDs)
    return !after.match.isNarrower(than: before.match) || after.accountID != before.accountID
      || !scopes(after).isSubset(of: scopes(before)) || reachesMore
  }

  /// What is wrong with the rule as it would be, leaving out what it says already: to mend one part of a rule is no
  /// reason to answer for another. But whoever gets in anew, or to more than before, has to be answered for, whatever
  /// was found before: any branch of another repository has the same finding.
  package var objections: [Finding] {
    let known = Set(Analyser.findings(of: before.candidate(at: issuerURL), showing: false).map(\.id))
    return Analyser.findings(of: after.candidate(at: issuerURL)).filter {
      !known.contains($0.id) || widens && Mend.isInMatch($0)
    }
  }
}

extension FederationRule {
  /// The rule by itself, without what stands around it.
  package func candidate(at issuerURL: String) -> Candidate {
    var facts = Circumstances()
    (facts.ruleName, facts.appliesToAllWorkspaces) = (name, appliesToAllWorkspaces)
    return Candidate(
      match: match, issuerURL: issuerURL, scope: scope, lifetime: tokenLifetime, circumstances: facts)
  }
}

extension Analyser {
  /// What is wrong with an issuer's record by itself, whatever rules trust it.
  package static func findings(ofIssuer url: String, checksJTI: Bool?, maxTokenLifetime: Int?) -> [Finding] {
    var facts = Circumstances()
    (facts.checksJTI, facts.maxTokenLifetime) = (checksJTI, maxTokenLifetime)
    // A claim that no provider has, so that nothing is said of who gets in.
    let match = FederationRule.Match(audience: serviceAudience, claims: ["gatehouse": "any"])
    return findings(of: Candidate(match: match, issuerURL: url, circumstances: facts), showing: false).filter {
      ["GEN010", "OK002", "AZ001", "K8S006"].contains($0.id) || $0.id.hasPrefix("ISS")
    }
  }
}

extension Inventory {
  /// What a change of an issuer brings on the rules that trust it: findings that none of them has now, each once.
  package func objections(to issuer: Issuer) -> [Finding] {
    var changed = self
    changed.issuers = issuers.map { $0.id == issuer.id ? issuer : $0 }
    func findings(_ inventory: Inventory) -> [Finding] {
      inventory.liveRules.filter { $0.issuerID == issuer.id }.flatMap {
        Analyser.findings(of: inventory.candidate(for: $0), showing: false)
      }
    }
    let known = Set(findings(self).map(\.id))
    return findings(changed).filter { !known.contains($0.id) }.reduce(into: []) { found, finding in
      if !found.contains(where: { $0.id == finding.id }) { found.append(finding) }
    }
  }
}
