import Federation
package import FoundationEssentials
package import Interface
package import Platform

/// The service accounts of the organization: a table, one opened, one being made, changed or taken away.
package enum Accounts {
  package struct State: Equatable, Listing {
    /// Newest first, as the platform lists them.
    package internal(set) var accounts: [ServiceAccount] = []
    /// The live rules, which say who becomes whom.
    package private(set) var rules: [FederationRule] = []
    /// The same by the account that they lead to.
    private var leading: [ID<ServiceAccount>: [FederationRule]] = [:]
    package private(set) var issuers: [Issuer] = []
    private var issuersByID: [ID<Issuer>: Issuer] = [:]
    /// What the analyser says of each rule, worst first. Kept, because lists are drawn at every key.
    var findings: [ID<FederationRule>: [Finding]] = [:]
    /// What each account used in the last seven days; nil until it has come.
    package var usage: [ID<ServiceAccount>: Usage]?
    package var usageFailure: Problem?
    package var list = List()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var opened: Detail?
    /// The account that another view leads to, once it has come.
    var wanted: ID<ServiceAccount>?
    package var creation: Creation?
    package var edit: Edit?
    package var closing: Closing?
    /// What the last shutting off took away, to be made again.
    package var undo: Undo?
    /// What every workload has to name; nil while it is not known.
    package var organizationID: String?
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?
    /// The view's extent on the screen; a page is as long.
    package var rows = 20
    package var width = 80

    package init() {}

    package var all: [ServiceAccount] { accounts }
    package var isCovered: Bool { opened != nil }
    package func identifier(of account: ServiceAccount) -> String { account.id.description }

    /// What keys are about: the account opened, else the selected one.
    var subject: ServiceAccount? { opened?.account ?? selected }

    /// Whether keys go into a form, a filter or a question rather than being commands.
    package var isTyping: Bool { creation != nil || edit != nil || closing != nil || isListTyping }

    package var isSending: Bool {
      creation?.stage == .sending || edit?.isSending == true || closing?.stage == .sending
    }

    func rules(leadingTo account: ServiceAccount) -> [FederationRule] { leading[account.id] ?? [] }

    func issuer(_ id: ID<Issuer>) -> Issuer? { issuersByID[id] }
    func issuer(of rule: FederationRule) -> Issuer? { issuer(rule.issuerID) }

    /// The worst of what the analyser says of the rules that lead to an account.
    func worst(of account: ServiceAccount) -> Severity? {
      rules(leadingTo: account).compactMap { findings[$0.id]?.first?.severity }.max()
    }

    /// The selection stays on the account it was on, wherever that is now.
    mutating func replace(_ accounts: [ServiceAccount], rules: [FederationRule], issuers: [Issuer]) {
      (self.rules, self.issuers) = (rules.filter { !$0.isArchived }, issuers)
      leading = Dictionary(grouping: self.rules, by: \.accountID)
      issuersByID = Dictionary(issuers.map { ($0.id, $0) }) { first, _ in first }
      // A few are judged here, each by itself; many would keep a key waiting, and the judgement of all is on its way.
      findings = [:]
      for rule in self.rules.prefix(100) {
        findings[rule.id] = Analyser.findings(
          match: rule.match, scope: rule.scope, lifetime: rule.tokenLifetime,
          issuerURL: issuer(of: rule)?.issuerURL ?? "")
      }
      rearrange { $0.accounts = accounts }
      if let opened, let now = accounts.first(where: { $0.id == opened.account.id }) { self.opened?.account = now }
    }

    package static let fields = ["name", "role", "state", "id", "description", "rules", "used", "severity"]

    package func values(of account: ServiceAccount) -> [Query.Value] {
      [
        Query.Value("name", account.name), Query.Value("role", account.organizationRole.rawValue),
        Query.Value("state", account.isArchived ? "archived" : "live"), Query.Value("id", account.id.description),
        Query.Value("description", account.description ?? ""),
        Query.Value("rules", "\(rules(leadingTo: account).count)"),
        // Before usage has come nobody knows.
        Query.Value("used", usage.map { $0[account.id]?.isUsed == true ? "yes" : "no" } ?? "unknown"),
        Query.Value("severity", account.isArchived ? "" : worst(of: account)?.rawValue ?? "none"),
      ]
    }
  }

  /// What an account used.
  package struct Usage: Equatable, Sendable {
    /// Nil where the platform does not count them.
    package var requests: Int?
    package var tokens: Int
    /// Hundredths of the currency's unit; nil where the platform tells no cost by account.
    package var cents: Double?
    /// Of each day, the oldest first: requests, or tokens where requests are not counted.
    package var daily: [Double]
    package init(requests: Int?, tokens: Int, cents: Double?, daily: [Double]) {
      (self.requests, self.tokens, self.cents, self.daily) = (requests, tokens, cents, daily)
    }

    var costText: String { cents.map(Usage.dollars) ?? "–" }

    /// `$1.05`; the reports are in dollars.
    static func dollars(_ cents: Double) -> String {
      let whole = Int(cents.rounded())
      let rest = whole % 100
      return "$\(whole / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Whether it did anything.
    var isUsed: Bool { (requests ?? 0) > 0 || tokens > 0 }
  }

  /// What an account used of one model in one day.
  package struct ModelUsage: Equatable, Sendable {
    package var model: String
    package var day: Date
    /// Nil where the platform does not count them.
    package var requests: Int?
    package var tokens: Int
    /// Nil where the platform tells no cost.
    package var cents: Double?
    package init(model: String, day: Date, requests: Int?, tokens: Int, cents: Double?) {
      (self.model, self.day, self.requests, self.tokens, self.cents) = (model, day, requests, tokens, cents)
    }
  }

  /// Where another view shows something that stands in an account's pages.
  package enum Target: Hashable, Sendable {
    case issuer(ID<Issuer>), rule(ID<FederationRule>), workspace(ID<Workspace>), key(ID<APIKey>)
  }

  package struct Undo: Equatable, Sendable {
    package let account: ServiceAccount
    package let rules: [FederationRule]
    package let keys: [APIKey]
    package init(account: ServiceAccount, rules: [FederationRule], keys: [APIKey]) {
      (self.account, self.rules, self.keys) = (account, rules, keys)
    }
  }

  /// One account opened, in pages.
  package struct Detail: Equatable, Sendable {
    package enum Page: Int, CaseIterable, Sendable { case rules, workspaces, activity, usage, keys }
    package var account: ServiceAccount
    package var page = Page.rules
    /// Who becomes it.
    package internal(set) var tree = Tree([])
    /// The cursor of the pages that are lists.
    package var table = Table()
    /// Nil until they have come.
    package var memberships: [WorkspaceMembership]?
    package var workspaceNames: [ID<Workspace>: String] = [:]
    /// What it used, by model and day; nil until it has come.
    package var usage: [ModelUsage]?
    package var usageFailure: Problem?
    /// The newest in which it stands, in any role, from our store; nil until they have come.
    package var activities: [Activity]?
    /// The static keys that act as it; nil until they have come, or when no credential may read keys.
    package var keys: [APIKey]?
    package var failure: Problem?
    package var top = 0
    package init(account: ServiceAccount) { self.account = account }
  }
}
