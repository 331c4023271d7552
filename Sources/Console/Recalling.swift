import AccountsView
import FederationView
import FoundationEssentials
import KeysView
import Operations
package import Platform
package import WorkspacesView

extension App {
  /// Lists as they were last seen, for a view that has none yet.
  package enum Recalled: Equatable, Sendable {
    case accounts([ServiceAccount], rules: [FederationRule], issuers: [Issuer])
    case federation([FederationRule], issuers: [Issuer])
    case keys([APIKey])
    case workspaces(Workspaces.Board)

    var place: Place {
      switch self {
      case .accounts: .accounts
      case .federation: .federation
      case .keys: .keys
      case .workspaces: .workspaces
      }
    }
  }

  /// Shows them as if they had come, while the platform is still being asked.
  ///
  /// - Returns: what the thing that another view leads to still needs. What takes long waits for what the platform says.
  static func recall(_ recalled: Recalled, asOf date: Date, _ state: inout State) -> [Effect] {
    let effects: [Effect]
    switch recalled {
    case .accounts(let accounts, let rules, let issuers):
      guard !state.accounts.hasLoaded, state.accounts.accounts.isEmpty else { return [] }
      let (isLoading, failure) = (state.accounts.isLoading, state.accounts.failure)
      effects = react(&state, .accounts(.loaded(accounts, rules: rules, issuers: issuers)))
      (state.accounts.isLoading, state.accounts.hasLoaded, state.accounts.failure) = (isLoading, false, failure)
    case .federation(let rules, let issuers):
      guard !state.rules.hasLoaded, state.rules.rules.isEmpty else { return [] }
      let (isLoading, failure) = (state.rules.isLoading, state.rules.failure)
      effects = react(&state, .rules(.loaded(rules: rules, issuers: issuers)))
      (state.rules.isLoading, state.rules.hasLoaded, state.rules.failure) = (isLoading, false, failure)
    case .keys(let keys):
      guard !state.keys.hasLoaded, state.keys.keys.isEmpty else { return [] }
      let (isLoading, failure) = (state.keys.isLoading, state.keys.failure)
      effects = react(&state, .keys(.loaded(keys)))
      (state.keys.isLoading, state.keys.hasLoaded, state.keys.failure) = (isLoading, false, failure)
    case .workspaces(let board):
      guard !state.workspaces.hasLoaded, state.workspaces.workspaces.isEmpty else { return [] }
      let (isLoading, failure) = (state.workspaces.isLoading, state.workspaces.failure)
      effects = react(&state, .workspaces(.loaded(board)))
      (state.workspaces.isLoading, state.workspaces.hasLoaded) = (isLoading, false)
      state.workspaces.failure = failure
    }
    state.readAt[recalled.place] = date
    return effects.filter { effect in
      switch effect {
      case .accounts(.judge), .rules(.survey), .workspaces(.count): false
      default: true
      }
    }
  }
}

extension App.State {
  /// When what the open view shows was read, where that is not now: it comes from the store, or could not be read again.
  var staleSince: Date? {
    let isStale =
      switch place {
      case .overview: overview.facts?.asOf != nil
      case .accounts: accounts.failure != nil || !accounts.hasLoaded
      case .federation: rules.failure != nil || !rules.hasLoaded
      case .keys: keys.failure != nil || !keys.hasLoaded
      case .workspaces: workspaces.failure != nil || !workspaces.hasLoaded
      case .migration: migration.failure != nil
      // The tail says itself how far it is behind.
      case .audit: false
      }
    return isStale ? (place == .overview ? overview.facts?.asOf : readAt[place]) : nil
  }
}

extension Performer {
  /// What the store has of the lists that a view is about to read. Nothing is as well: the platform is being asked.
  func recall(for place: App.Place) -> App.Message? {
    func list<Item: Operations.Seen>(_ type: Item.Type) -> Operations.LastSeen<Item>? {
      (try? operations.lastSeen(type)).flatMap(\.self)
    }
    switch place {
    case .accounts:
      guard let accounts = list(ServiceAccount.self), let rules = list(FederationRule.self),
        let issuers = list(Issuer.self)
      else { return nil }
      return .recalled(
        .accounts(accounts.items, rules: rules.items, issuers: issuers.items),
        asOf: min(accounts.at, rules.at, issuers.at))
    case .federation:
      guard let rules = list(FederationRule.self), let issuers = list(Issuer.self) else { return nil }
      return .recalled(.federation(rules.items, issuers: issuers.items), asOf: min(rules.at, issuers.at))
    case .keys: return list(APIKey.self).map { .recalled(.keys($0.items), asOf: $0.at) }
    case .workspaces:
      guard let workspaces = list(Workspace.self), let rules = list(FederationRule.self),
        let accounts = list(ServiceAccount.self)
      else { return nil }
      let board = Workspaces.Board(
        workspaces: workspaces.items, rules: rules.items, accounts: accounts.items, keys: list(APIKey.self)?.items)
      return .recalled(.workspaces(board), asOf: min(workspaces.at, rules.at, accounts.at))
    case .overview, .audit, .migration: return nil
    }
  }
}
