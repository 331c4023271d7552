package import Federation
package import Interface
package import Platform

/// The federation rules and the issuers they trust: two lists, one thing opened, the connect wizard.
package enum Rules {
  package enum Pane: Equatable, Sendable { case rules, issuers }

  package struct State: Equatable, Sendable {
    package var pane = Pane.rules
    /// Newest first, as the platform lists them.
    package var rules: [FederationRule] = []
    package var issuers: [Issuer] = []
    /// What the analyser says of each live rule and nobody has accepted, worst first.
    package internal(set) var findings: [ID<FederationRule>: [Finding]] = [:]
    /// What somebody has decided to live with, of each live rule.
    package internal(set) var accepted: [ID<FederationRule>: [Known]] = [:]
    /// The whole organization, as it was last read; nil until it has come.
    package var survey: Survey?
    package var ruleTable = Table()
    package var issuerTable = Table()
    package var filter = Filter()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var opened: Opened?
    package var connect: Connect?
    package var archive: Archive?
    package var edit: Edit?
    package var lint: Lint?
    package var trial: Trial?
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?
    /// Rows of the screen that the view has; a page is as long.
    package var rows = 20

    package init() {}

    /// Whether keys go into a form, a filter or a question rather than being commands.
    package var isTyping: Bool {
      connect != nil || archive != nil || edit != nil || filter.isTyping || trial?.isTyping == true
        || trial == nil && lint?.isTyping == true
    }

    /// Whether a page lies over the lists.
    var isPageOpen: Bool { opened != nil || lint != nil || trial != nil }

    /// What keys are about: what is on the page, else what is selected.
    var subjectAtHand: Opened.Subject? {
      if let rule = trial?.rule.id ?? lint?.ruleID { return .rule(rule) }
      if let opened { return opened.subject }
      return pane == .rules ? selectedRule.map { .rule($0.id) } : selectedIssuer.map { .issuer($0.id) }
    }

    var ruleAtHand: FederationRule? {
      guard case .rule(let id) = subjectAtHand else { return nil }
      return rules.first { $0.id == id }
    }

    package mutating func replace(rules: [FederationRule], issuers: [Issuer]) {
      let (rule, issuer) = (selectedRule?.id, selectedIssuer?.id)
      (self.rules, self.issuers) = (rules, issuers)
      (isLoading, hasLoaded, failure) = (false, true, nil)
      judge()
      select(rule: rule, issuer: issuer)
    }

    /// Opens a rule, over whatever was open.
    package mutating func show(_ rule: ID<FederationRule>) {
      (lint, trial, opened) = (nil, nil, Rules.Opened(subject: .rule(rule)))
    }

    /// The selection stays on what it was on, wherever that is now.
    mutating func select(rule: ID<FederationRule>?, issuer: ID<Issuer>?) {
      let (rules, issuers) = (shownRules, shownIssuers)
      if let index = rules.firstIndex(where: { $0.id == rule }) { ruleTable.selected = index }
      if let index = issuers.firstIndex(where: { $0.id == issuer }) { issuerTable.selected = index }
      ruleTable.clamp(count: rules.count)
      issuerTable.clamp(count: issuers.count)
    }

    package var shownRules: [FederationRule] {
      guard pane == .rules, filter.isActive else { return rules }
      return filter.rows(of: rules.count) { values(of: rules[$0]) }.map { rules[$0] }
    }

    package var shownIssuers: [Issuer] {
      guard pane == .issuers, filter.isActive else { return issuers }
      return filter.rows(of: issuers.count) { State.values(of: issuers[$0]) }.map { issuers[$0] }
    }

    package var selectedRule: FederationRule? {
      let rules = shownRules
      return rules.indices.contains(ruleTable.selected) ? rules[ruleTable.selected] : nil
    }

    package var selectedIssuer: Issuer? {
      let issuers = shownIssuers
      return issuers.indices.contains(issuerTable.selected) ? issuers[issuerTable.selected] : nil
    }

    var hasSelection: Bool { pane == .rules ? selectedRule != nil : selectedIssuer != nil }

    func rules(of issuer: Issuer) -> [FederationRule] { rules.filter { $0.issuerID == issuer.id && !$0.isArchived } }

    func issuerURL(of rule: FederationRule) -> String {
      issuers.first { $0.id == rule.issuerID }?.issuerURL ?? rule.issuerName ?? rule.issuerID.description
    }
  }

  /// What is opened over the lists, and how far it is scrolled.
  package struct Opened: Equatable, Sendable {
    package enum Subject: Hashable, Sendable { case rule(ID<FederationRule>), issuer(ID<Issuer>) }
    package var subject: Subject
    package var top = 0
  }

  /// Something about to be archived, which nobody can undo.
  package struct Archive: Equatable, Sendable {
    package var subject: Opened.Subject
    package var confirmation: Confirmation
    package var isSending = false
    package var failure: Problem?
  }
}

extension Rules.State {
  static let ruleFields = ["name", "issuer", "account", "subject", "scope", "finding", "severity", "state"]
  static let issuerFields = ["name", "url", "keys", "state"]

  private func values(of rule: FederationRule) -> [Query.Value] {
    let findings = findings[rule.id] ?? []
    return [
      Query.Value("name", rule.name), Query.Value("issuer", issuerURL(of: rule)),
      Query.Value("issuer", rule.issuerName ?? ""),
      Query.Value("account", rule.accountName ?? rule.accountID.description),
      Query.Value("subject", MatchWords.short(for: rule.match)), Query.Value("scope", rule.scope),
      Query.Value("state", rule.isArchived ? "archived" : "live"),
    ] + findings.map { Query.Value("finding", $0.id) } + findings.map { Query.Value("severity", $0.severity.rawValue) }
  }

  private static func values(of issuer: Issuer) -> [Query.Value] {
    [
      Query.Value("name", issuer.name), Query.Value("url", issuer.issuerURL), Query.Value("keys", issuer.keys.word),
      Query.Value("state", issuer.isArchived ? "archived" : "live"),
    ]
  }
}

extension Issuer.Keys {
  /// `discovery`, `one address`, `inline`.
  var word: String {
    switch self {
    case .discovery: "discovery"
    case .explicitURL: "explicit_url"
    case .inline(let keys): "inline, \(keys.count)"
    case .unknown: "unknown"
    }
  }
}
