package import FoundationEssentials
package import Platform

/// Everything in an organization that decides who may act as whom, as it was last read.
package struct Inventory: Hashable, Sendable {
  package var issuers: [Issuer]
  package var accounts: [ServiceAccount]
  package var rules: [FederationRule]
  package var workspaces: [Workspace]
  /// When each rule was last used; rules that are missing never were since ``historyStart``.
  package var lastExchanges: [ID<FederationRule>: Date]
  /// What rules were used for in the last 30 days, as far as it matters and is known.
  package var uses: [ID<FederationRule>: Circumstances.Use] = [:]
  /// How far back the audit log was read; nil when use is not known at all.
  package var historyStart: Date?
  package var now: Date

  package init(
    issuers: [Issuer], accounts: [ServiceAccount], rules: [FederationRule], workspaces: [Workspace] = [],
    lastExchanges: [ID<FederationRule>: Date] = [:], historyStart: Date? = nil, now: Date
  ) {
    (self.issuers, self.accounts, self.rules, self.workspaces) = (issuers, accounts, rules, workspaces)
    (self.lastExchanges, self.historyStart, self.now) = (lastExchanges, historyStart, now)
  }

  package var liveRules: [FederationRule] { rules.filter { !$0.isArchived } }

  package func issuer(_ id: ID<Issuer>) -> Issuer? { issuers.first { $0.id == id } }
  package func account(_ id: ID<ServiceAccount>) -> ServiceAccount? { accounts.first { $0.id == id } }

  /// What is wrong with each live rule, between the objects too, in the order of the rules.
  package func findings(showing: Bool = true) -> [(rule: FederationRule, findings: [Finding])] {
    let index = Index(self)
    return index.liveRules.map { ($0, Analyser.findings(of: candidate(for: $0, index), showing: showing)) }
  }

  /// The rule with all that is known around it.
  package func candidate(for rule: FederationRule) -> Candidate { candidate(for: rule, Index(self)) }

  func candidate(for rule: FederationRule, _ index: Index) -> Candidate {
    let issuer = index.issuers[rule.issuerID]
    return Candidate(
      match: rule.match, issuerURL: issuer?.issuerURL ?? "", scope: rule.scope, lifetime: rule.tokenLifetime,
      circumstances: circumstances(of: rule, issuer, index))
  }

  /// Live accounts that no live rule targets, or whose rules were not used for `days` days.
  package func unusedAccounts(days: Int = 90) -> [ServiceAccount] {
    accounts.filter { account in
      guard !account.isArchived, age(account.createdAt) > 30 else { return false }
      let rules = liveRules.filter { $0.accountID == account.id }
      if rules.isEmpty { return true }
      guard let historyStart, age(historyStart) >= days else { return false }
      return rules.allSatisfy { lastExchanges[$0.id].map { age($0) > days } ?? true }
    }
  }

  private func age(_ date: Date) -> Int { Int(now.timeIntervalSince(date) / 86400) }

  private func circumstances(of rule: FederationRule, _ issuer: Issuer?, _ index: Index) -> Circumstances {
    var facts = Circumstances()
    facts.ruleName = rule.name
    facts.appliesToAllWorkspaces = rule.appliesToAllWorkspaces
    facts.hasArchivedWorkspace =
      !rule.appliesToAllWorkspaces && rule.workspaceIDs.contains(where: index.archivedWorkspaces.contains)
    let account = index.accounts[rule.accountID]
    facts.accountRole = account?.organizationRole.rawValue
    facts.isAccountArchived = account?.isArchived ?? false
    let sameTarget = index.liveRulesByAccount[rule.accountID, default: []].filter { $0.id != rule.id }
    facts.accountIssuerURLs = Set(sameTarget.compactMap { index.issuers[$0.issuerID]?.issuerURL })
    facts.siblings = sameTarget.filter { isAsWide($0, as: rule) }.map {
      .init(hasSameTarget: true, issuerURL: index.issuers[$0.issuerID]?.issuerURL ?? "", match: $0.match)
    }
    if let issuer { describe(issuer, index, in: &facts) }
    facts.use = uses[rule.id]
    facts.age = age(rule.createdAt)
    if let last = lastExchanges[rule.id] {
      facts.lastExchange = .daysAgo(age(last))
    } else if let historyStart {
      // The log may not reach back to the rule's beginning: then it was unused for at least as long as the log.
      facts.lastExchange = historyStart <= rule.createdAt ? .never : .daysAgo(age(historyStart))
    }
    return facts
  }

  /// Whether the other rule reaches every workspace of this one with as much scope, so that it can stand in for it.
  private func isAsWide(_ other: FederationRule, as rule: FederationRule) -> Bool {
    let scopes = { (rule: FederationRule) in Set(rule.scope.split(separator: " ")) }
    guard other.issuerID == rule.issuerID, scopes(rule).isSubset(of: scopes(other)) else { return false }
    if other.appliesToAllWorkspaces { return true }
    return !rule.appliesToAllWorkspaces && Set(rule.workspaceIDs).isSubset(of: other.workspaceIDs)
  }

  private func describe(_ issuer: Issuer, _ index: Index, in facts: inout Circumstances) {
    facts.isIssuerArchived = issuer.isArchived
    if case .inline = issuer.keys { facts.inlineKeysAge = age(issuer.updatedAt) }
    facts.checksJTI = issuer.checksJTI
    facts.maxTokenLifetime = issuer.maxTokenLifetime
    facts.isPollingDisabled = issuer.pollingDisabledAt != nil
    facts.sharesIssuerKey = index.issuersByURL[issuer.issuerURL, default: []].contains { other in
      other.id != issuer.id && !other.isArchived && other.keys.share(issuer.keys)
    }
    facts.hasMixedIssuer = index.mixedIssuers.contains(issuer.id)
  }
}

/// What is looked up for each rule, gathered once for all of them: there may be thousands.
struct Index {
  let liveRules: [FederationRule]
  let liveRulesByAccount: [ID<ServiceAccount>: [FederationRule]]
  let issuers: [ID<Issuer>: Issuer]
  let issuersByURL: [String: [Issuer]]
  let accounts: [ID<ServiceAccount>: ServiceAccount]
  let archivedWorkspaces: Set<ID<Workspace>>
  /// Those with live rules that grant `org:admin`, and live rules that do not.
  let mixedIssuers: Set<ID<Issuer>>

  init(_ inventory: Inventory) {
    liveRules = inventory.liveRules
    liveRulesByAccount = Dictionary(grouping: liveRules, by: \.accountID)
    issuers = Dictionary(inventory.issuers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    issuersByURL = Dictionary(grouping: inventory.issuers, by: \.issuerURL)
    accounts = Dictionary(inventory.accounts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    archivedWorkspaces = Set(inventory.workspaces.filter { $0.archivedAt != nil }.map(\.id))
    let administering = liveRules.filter { $0.scope.contains(Scope.admin) }.map(\.issuerID)
    let others = liveRules.filter { !$0.scope.contains(Scope.admin) }.map(\.issuerID)
    mixedIssuers = Set(administering).intersection(others)
  }
}

extension Issuer.Keys {
  /// Whether a token signed for one may verify with the other: the same place to fetch from, or a key in common.
  fileprivate func share(_ other: Issuer.Keys) -> Bool {
    switch (self, other) {
    case (.discovery(let base, _), .discovery(let otherBase, _)): base == otherBase
    case (.explicitURL(let url, _), .explicitURL(let otherURL, _)): url == otherURL
    case (.inline(let keys), .inline(let otherKeys)):
      keys.contains { key in
        otherKeys.contains { $0["n"] == key["n"] && $0["x"] == key["x"] && $0["kty"] == key["kty"] }
      }
    default: false
    }
  }
}
