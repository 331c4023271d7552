package import Federation
package import Interface
package import Platform

/// The federation rules and the issuers they trust: two lists, one thing opened, the connect wizard.
package enum Rules {
  package enum Pane: Equatable, Sendable { case rules, issuers }

  package struct State: Equatable, Sendable {
    package var pane = Pane.rules
    package var ruleList = RuleList()
    package var issuerList = IssuerList()
    /// What somebody has decided to live with, of each live rule.
    package internal(set) var accepted: [ID<FederationRule>: [Known]] = [:]
    /// The whole organization, as it was last read; nil until it has come.
    package var survey: Survey?
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var opened: Opened?
    package var connect: Connect?
    package var archive: Archive?
    package var edit: Edit?
    package var issuerEdit: IssuerEdit?
    package var lint: Lint?
    package var trial: Trial?
    /// What every workload has to name; nil while it is not known.
    package var organizationID: String?
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?
    /// The view's extent on the screen; a page is as long.
    package var rows = 20 { didSet { (ruleList.rows, issuerList.rows) = (rows, rows) } }
    package var width = 80 { didSet { (ruleList.width, issuerList.width) = (width, width) } }

    package init() {}

    /// Newest first, as the platform lists them.
    package var rules: [FederationRule] { ruleList.all }
    package var issuers: [Issuer] { issuerList.all }
    package var findings: [ID<FederationRule>: [Finding]] { ruleList.findings }

    /// Whether keys go into a form, a filter or a question rather than being commands.
    package var isTyping: Bool {
      connect != nil || archive != nil || edit != nil || issuerEdit != nil || isListTyping || trial?.isTyping == true
        || trial == nil && lint?.isTyping == true
    }

    private var isListTyping: Bool { pane == .rules ? ruleList.isListTyping : issuerList.isListTyping }

    /// Whether a page lies over the lists.
    var isPageOpen: Bool { opened != nil || lint != nil || trial != nil }

    var isAtIssuers: Bool { pane == .issuers && !isPageOpen }

    /// What keys are about: what is on the page, else what is selected.
    var subjectAtHand: Opened.Subject? {
      if let rule = trial?.rule.id ?? lint?.ruleID { return .rule(rule) }
      if let opened { return opened.subject }
      return pane == .rules
        ? ruleList.selected.map { .rule($0.id) } : issuerList.selected.map { .issuer($0.id) }
    }

    var ruleAtHand: FederationRule? {
      guard case .rule(let id) = subjectAtHand else { return nil }
      return rule(id)
    }

    func rule(_ id: ID<FederationRule>) -> FederationRule? { rules.first { $0.id == id } }
    func issuer(_ id: ID<Issuer>) -> Issuer? { ruleList.issuers[id] }

    package mutating func replace(rules: [FederationRule], issuers: [Issuer]) {
      let byID = Dictionary(issuers.map { ($0.id, $0) }) { first, _ in first }
      // What is not judged again keeps what was said of it.
      ruleList.rearrange { ($0.all, $0.issuers) = (rules, byID) }
      let trusting = Dictionary(grouping: rules.filter { !$0.isArchived }, by: \.issuerID)
      issuerList.rearrange { ($0.all, $0.rules) = (issuers, trusting) }
      judge()
    }

    /// Opens a rule or an issuer, over whatever was open; back from it is the list that it stands in.
    package mutating func show(_ subject: Opened.Subject) {
      (lint, trial, opened) = (nil, nil, Rules.Opened(subject: subject))
      switch subject {
      case .rule(let id):
        pane = .rules
        ruleList.select(id.description)
      case .issuer(let id):
        pane = .issuers
        issuerList.select(id.description)
      }
    }

    /// Shows a list, narrowed to what passes.
    package mutating func showList(_ pane: Pane, filter text: String) {
      (self.pane, opened, lint, trial) = (pane, nil, nil, nil)
      switch pane {
      case .rules: ruleList.rearrange { $0.filter = Filter(text) }
      case .issuers: issuerList.rearrange { $0.filter = Filter(text) }
      }
    }

    var situation: List.Situation {
      var situation = pane == .rules ? ruleList.situation : issuerList.situation
      situation.isCovered = isPageOpen
      return situation
    }

    /// The marked things that keys act on together; empty when there are none.
    var marked: [Opened.Subject] {
      if isPageOpen { return [] }
      switch pane {
      case .rules: return ruleList.hasMarks ? ruleList.chosen.map { .rule($0.id) } : []
      case .issuers: return issuerList.hasMarks ? issuerList.chosen.map { .issuer($0.id) } : []
      }
    }

    func rules(of issuer: Issuer) -> [FederationRule] { issuerList.rules[issuer.id] ?? [] }

    func issuerURL(of rule: FederationRule) -> String { ruleList.issuerURL(of: rule) }
  }

  /// What is opened over the lists, and how far it is scrolled.
  package struct Opened: Equatable, Sendable {
    package enum Subject: Hashable, Sendable { case rule(ID<FederationRule>), issuer(ID<Issuer>) }
    package var subject: Subject
    package var top = 0
  }

  /// Something about to be archived, which nobody can undo.
  package struct Archive: Equatable, Sendable {
    package var subjects: [Opened.Subject]
    package var confirmation: Confirmation
    package var isSending = false
    package var failure: Problem?
  }
}
