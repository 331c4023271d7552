package import Interface
package import Platform

/// The workspaces of the organization: which accounts, rules and keys reach each, and what it may use.
package enum Workspaces {
  /// Everything that the list is about, read together.
  package struct Board: Equatable, Sendable {
    /// The default one and archived ones too.
    package var workspaces: [Workspace]
    package var rules: [FederationRule]
    package var accounts: [ServiceAccount]
    /// Nil when no credential may read them.
    package var keys: [APIKey]?

    package init(
      workspaces: [Workspace], rules: [FederationRule], accounts: [ServiceAccount], keys: [APIKey]?
    ) {
      (self.workspaces, self.rules, self.accounts, self.keys) = (workspaces, rules, accounts, keys)
    }
  }

  /// What is read of one workspace alone.
  package struct Contents: Equatable, Sendable {
    /// Accounts that were added to it.
    package var memberships: [WorkspaceMembership]
    /// Nil when they are not for this credential.
    package var limits: [WorkspaceLimit]?
    package init(memberships: [WorkspaceMembership], limits: [WorkspaceLimit]?) {
      (self.memberships, self.limits) = (memberships, limits)
    }
  }

  /// What a row of a page is about, and where `enter` leads.
  package enum Target: Hashable, Sendable {
    case account(ID<ServiceAccount>), rule(ID<FederationRule>), key(ID<APIKey>)
  }

  package struct State: Equatable, Listing {
    package internal(set) var workspaces: [Workspace] = []
    /// Live rules by the workspace they are enabled in, and those of all workspaces.
    private var rulesByWorkspace: [ID<Workspace>: [FederationRule]] = [:]
    private var rulesEverywhere: [FederationRule] = []
    /// Keys that are not over, by workspace; nil when no credential may read them.
    private var keysByWorkspace: [ID<Workspace>: [APIKey]]?
    package private(set) var accounts: [ID<ServiceAccount>: ServiceAccount] = [:]
    package internal(set) var contents: [ID<Workspace>: Contents] = [:]
    package var list = List()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var opened: Detail?
    /// The workspace that another view leads to, once it has come.
    var wanted: ID<Workspace>?
    package var adding: Adding?
    package var removing: Removing?
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?
    /// The view's extent on the screen; a page is as long.
    package var rows = 20
    package var width = 80

    package init() {}

    package var all: [Workspace] { workspaces }
    package var isCovered: Bool { opened != nil }
    package func identifier(of workspace: Workspace) -> String { workspace.id.description }

    package var isTyping: Bool { adding != nil || removing != nil || isListTyping }
    package var isSending: Bool { adding?.stage == .sending || removing?.isSending == true }

    /// What keys are about: the workspace opened, else the selected one.
    var subject: Workspace? { opened?.workspace ?? selected }

    mutating func replace(_ board: Board) {
      let live = board.rules.filter { !$0.isArchived }
      rulesEverywhere = live.filter(\.appliesToAllWorkspaces)
      rulesByWorkspace = [:]
      for rule in live where !rule.appliesToAllWorkspaces {
        for id in rule.workspaceIDs { rulesByWorkspace[id, default: []].append(rule) }
      }
      accounts = Dictionary(board.accounts.map { ($0.id, $0) }) { first, _ in first }
      keysByWorkspace = board.keys.map { keys in
        var byWorkspace: [ID<Workspace>: [APIKey]] = [:]
        for key in keys where key.status != .archived && key.status != .expired {
          if let id = key.workspaceID { byWorkspace[id, default: []].append(key) }
        }
        return byWorkspace
      }
      rearrange { $0.workspaces = board.workspaces }
      if let opened, let now = board.workspaces.first(where: { $0.id == opened.workspace.id }) {
        self.opened?.workspace = now
      }
      clampPage()
    }

    func isDefault(_ workspace: Workspace) -> Bool { workspace.name == "Default" }

    /// The live rules whose tokens are good in it.
    func rules(of workspace: Workspace) -> [FederationRule] {
      workspace.isArchived ? [] : (rulesByWorkspace[workspace.id] ?? []) + rulesEverywhere
    }

    /// Nil when no credential may read keys.
    func keys(of workspace: Workspace) -> [APIKey]? { keysByWorkspace.map { $0[workspace.id] ?? [] } }

    func name(of id: ID<ServiceAccount>) -> String { accounts[id]?.name ?? id.description }

    /// Limiters that the workspace sets itself; nil while they are not known.
    func ownLimits(of workspace: Workspace) -> Int? {
      contents[workspace.id]?.limits.map { $0.reduce(0) { $0 + $1.limiters.count(where: \.isOwn) } }
    }

    /// Those whose own contents are read for the list: the platform allows 100 live ones, so these are all of them.
    package var counted: [Workspace] { Array(workspaces.filter { !$0.isArchived }.prefix(100)) }

    package static let fields = ["name", "state", "id", "account", "rule", "rules", "keys", "limits"]

    package func values(of workspace: Workspace) -> [Query.Value] {
      let (rules, keys) = (rules(of: workspace), keys(of: workspace))
      return [
        Query.Value("name", workspace.name), Query.Value("state", workspace.isArchived ? "archived" : "live"),
        Query.Value("id", workspace.id.description), Query.Value("rules", "\(rules.count)"),
        Query.Value("keys", keys.map { "\($0.count)" } ?? ""),
        Query.Value("limits", ownLimits(of: workspace).map { "\($0)" } ?? ""),
      ] + rules.map { Query.Value("rule", $0.name) }
        + (contents[workspace.id]?.memberships ?? []).map { Query.Value("account", name(of: $0.accountID)) }
    }
  }

  /// One workspace opened, in pages.
  package struct Detail: Equatable, Sendable {
    package enum Page: Int, CaseIterable, Sendable { case accounts, rules, keys, limits }
    package var workspace: Workspace
    package var page = Page.accounts
    package var table = Table()
    package init(_ workspace: Workspace) { self.workspace = workspace }
  }
}
