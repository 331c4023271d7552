import Federation
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
    /// What the analyser says of each rule, worst first. Kept, because lists are drawn at every key.
    private(set) var findings: [ID<FederationRule>: [Finding]] = [:]
    /// What each account used in the last seven days; nil until it has come.
    package var usage: [ID<ServiceAccount>: Usage]?
    package var usageFailure: Problem?
    package var list = List()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var opened: Detail?
    package var creation: Creation?
    package var edit: Edit?
    package var closing: Closing?
    /// What the last shutting off took away, to be made again.
    package var undo: Undo?
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

    func issuer(of rule: FederationRule) -> Issuer? { issuers.first { $0.id == rule.issuerID } }

    /// The worst of what the analyser says of the rules that lead to an account.
    func worst(of account: ServiceAccount) -> Severity? {
      rules(leadingTo: account).compactMap { findings[$0.id]?.first?.severity }.max()
    }

    /// The selection stays on the account it was on, wherever that is now.
    mutating func replace(_ accounts: [ServiceAccount], rules: [FederationRule], issuers: [Issuer]) {
      (self.rules, self.issuers) = (rules.filter { !$0.isArchived }, issuers)
      leading = Dictionary(grouping: self.rules, by: \.accountID)
      (isLoading, hasLoaded, failure) = (false, true, nil)
      findings = [:]
      for rule in self.rules {
        findings[rule.id] = Analyser.findings(
          match: rule.match, scope: rule.scope, lifetime: rule.tokenLifetime,
          issuerURL: issuer(of: rule)?.issuerURL ?? "")
      }
      rearrange { $0.accounts = accounts }
      if let opened, let now = accounts.first(where: { $0.id == opened.account.id }) { self.opened?.account = now }
    }

    package static let fields = ["name", "role", "state", "id", "description", "rules"]

    package func values(of account: ServiceAccount) -> [Query.Value] {
      [
        Query.Value("name", account.name), Query.Value("role", account.organizationRole.rawValue),
        Query.Value("state", account.isArchived ? "archived" : "live"), Query.Value("id", account.id.description),
        Query.Value("description", account.description ?? ""),
        Query.Value("rules", "\(rules(leadingTo: account).count)"),
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

    /// `$1.05`; the reports are in dollars.
    var costText: String {
      guard let cents else { return "–" }
      let whole = Int(cents.rounded())
      let rest = whole % 100
      return "$\(whole / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
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
    /// Nil until they have come.
    package var memberships: [WorkspaceMembership]?
    /// The newest in which it stands, in any role, from our store; nil until they have come.
    package var activities: [Activity]?
    /// The static keys that act as it; nil until they have come, or when no credential may read keys.
    package var keys: [APIKey]?
    package var failure: Problem?
    package var top = 0
    package init(account: ServiceAccount) { self.account = account }
  }
}
