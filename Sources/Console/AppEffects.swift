import AccountsView
import AuditView
import FederationView
import Interface
import KeysView
import MigrationView
import OverviewView
import Platform
import WorkspacesView

/// What a view wants done: what only touches the screen or another view is done here, the rest goes on to be performed.
extension App {
  static func accountsEffect(_ effect: Accounts.Effect, _ state: inout State) -> [Effect] {
    switch effect {
    case .copy(let text, let what): return copy(text, what, &state)
    case .save(let text, let what, let path): return save(text, what, path, &state)
    case .go(let target):
      switch target {
      case .issuer(let id): return go(to: .issuer(id), &state)
      case .rule(let id): return go(to: .rule(id), &state)
      case .workspace(let id): return go(to: .workspace(id), &state)
      case .key(let id): return go(to: .key(id), &state)
      }
    case .tellStory(let id):
      return open(.audit, &state) + react(&state, .audit(.storyAsked(.account(id))))
    case .say(let text):
      state.say(text, role: .good)
      return []
    default: return [.accounts(effect)]
    }
  }

  static func rulesEffect(_ effect: Rules.Effect, _ state: inout State) -> [Effect] {
    switch effect {
    case .copy(let text, let what): return copy(text, what, &state)
    case .save(let text, let what, let path): return save(text, what, path, &state)
    case .say(let text):
      state.say(text, role: .good)
      return []
    // A new account or rule also belongs into the other lists.
    case .load where state.accounts.hasLoaded:
      return [.rules(effect)] + react(&state, .accounts(.refreshAsked))
    default: return [.rules(effect)]
    }
  }

  static func migrationEffect(_ effect: Migrating.Effect, _ state: inout State) -> [Effect] {
    switch effect {
    case .copy(let text, let what): return copy(text, what, &state)
    case .say(let text):
      state.say(text, role: .good)
      return []
    default: return [.migration(effect)]
    }
  }

  static func workspacesEffect(_ effect: Workspaces.Effect, _ state: inout State) -> [Effect] {
    switch effect {
    case .copy(let text, let what): return copy(text, what, &state)
    case .say(let text):
      state.say(text, role: .good)
      return []
    case .go(let target):
      switch target {
      case .account(let id): return go(to: .account(id), &state)
      case .rule(let id): return go(to: .rule(id), &state)
      case .key(let id): return go(to: .key(id), &state)
      }
    default: return [.workspaces(effect)]
    }
  }

  static func keysEffect(_ effect: Keys.Effect, _ state: inout State) -> [Effect] {
    switch effect {
    case .copy(let text, let what): return copy(text, what, &state)
    case .say(let text):
      state.say(text, role: .good)
      return []
    default: return [.keys(effect)]
    }
  }

  /// A line of the overview leads to a list with what it is about, and nothing else.
  static func overviewEffect(_ effect: Overview.Effect, _ state: inout State) -> [Effect] {
    guard case .go(let place, let filter) = effect else { return [.overview] }
    switch place {
    case .accounts:
      state.accounts.opened = nil
      state.accounts.rearrange { $0.filter = Filter(filter) }
      return open(.accounts, &state)
    case .issuer(let id): return go(to: .issuer(id), &state)
    case .federation:
      state.rules.showList(.rules, filter: filter)
      return open(.federation, &state)
    case .keys:
      state.keys.isOpened = false
      state.keys.rearrange { $0.filter = Filter(filter) }
      return open(.keys, &state)
    case .audit:
      return open(.audit, &state) + (filter.isEmpty ? [] : react(&state, .audit(.searchAsked(filter))))
    }
  }

  static func auditEffect(_ effect: Audit.Effect, _ state: inout State) -> [Effect] {
    switch effect {
    case .copy(let text, let what): return copy(text, what, &state)
    case .say(let text):
      state.say(text)
      return []
    case .openRule(let id): return go(to: .rule(id), &state)
    default: return [.audit(effect)]
    }
  }

  /// One thing that has a page of its own in one of the views.
  private enum Subject {
    case account(ID<ServiceAccount>), rule(ID<FederationRule>), issuer(ID<Issuer>), key(ID<APIKey>)
    case workspace(ID<Workspace>)
  }

  /// Opens the page of one thing, over whatever its view had open.
  private static func go(to subject: Subject, _ state: inout State) -> [Effect] {
    switch subject {
    case .account(let id): return open(.accounts, &state) + react(&state, .accounts(.showAsked(id)))
    case .key(let id): return open(.keys, &state) + react(&state, .keys(.showAsked(id)))
    case .workspace(let id): return open(.workspaces, &state) + react(&state, .workspaces(.showAsked(id)))
    case .rule(let id):
      state.rules.show(.rule(id))
      return open(.federation, &state)
    case .issuer(let id):
      state.rules.show(.issuer(id))
      return open(.federation, &state)
    }
  }

  private static func save(_ text: String, _ what: String, _ path: String, _ state: inout State) -> [Effect] {
    state.overlay = .saving(Saving(text, what: what, path: path))
    return []
  }

  private static func copy(_ text: String, _ what: String, _ state: inout State) -> [Effect] {
    state.say("Copied \(what).", role: .good)
    return [.screen(.copy(text))]
  }
}
