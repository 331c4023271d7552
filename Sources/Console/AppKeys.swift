import AccountsView
import AuditView
import FederationView
package import Interface
import KeysView
import MigrationView
import OverviewView
import WorkspacesView

extension App {
  /// What works everywhere but in a form.
  package static let keys = Keymap<State, Message>(
    Place.allCases.map { place in
      Binding(place.key, help: "go to \(place.title)", .placeAsked(place)) {
        $0.place == place ? "It is open." : nil
      }
    } + [
      Binding("?", help: "help", .helpAsked),
      Binding(":", .control("p"), help: "all actions", .paletteAsked),
      Binding("u", help: "undo a change", .journalAsked),
      Binding("q", help: "quit", .quitAsked),
      Binding(.control("z"), help: "suspend", .suspendAsked),
      Binding(.control("l"), help: "draw again", .redrawAsked),
    ])

  /// Everything that can be done now: the open view's keys, then those of everywhere, then what has no key.
  static func keymap(for state: State) -> Keymap<State, Message> {
    pressable(for: state).then(
      Keymap(state.themes.map { Binding(keys: [], help: "theme \($0.name)", .themeAsked($0.name)) }))
  }

  /// Everything that has a key.
  static func pressable(for state: State) -> Keymap<State, Message> {
    if state.keyChoices.isEmpty, let table = pressables[state.place] { return table }
    return viewKeys(for: state).then(everywhere(for: state))
  }

  /// The open view's table, with the keys that the person has chosen.
  static func viewKeys(for state: State) -> Keymap<State, Message> {
    rebound(tables[state.place] ?? viewKeys(state.place), state)
  }

  /// Made once: they are asked for at every key and every frame.
  private static let tables = Dictionary(uniqueKeysWithValues: Place.allCases.map { ($0, viewKeys($0)) })
  private static let pressables = tables.mapValues { $0.then(keys) }

  private static func everywhere(for state: State) -> Keymap<State, Message> { rebound(keys, state) }

  /// Only the actions that the table has: settings name those of every view in one list.
  private static func rebound(_ table: Keymap<State, Message>, _ state: State) -> Keymap<State, Message> {
    if state.keyChoices.isEmpty { return table }
    let names = Set(table.bindings.map(\.name))
    return table.rebound(state.keyChoices.filter { names.contains($0.key) }).keymap
  }

  /// What cannot be done of the keys that someone's settings ask for.
  static func faults(in choices: [String: [String]]) -> [String] {
    let tables = Place.allCases.map { viewKeys($0).then(keys) }
    let known = Set(tables.flatMap(\.bindings).map(\.name))
    var faults = choices.keys.filter { !known.contains($0) }.sorted().map {
      RebindingFault.unknownAction($0).description
    }
    for table in tables {
      let names = Set(table.bindings.map(\.name))
      for fault in table.rebound(choices.filter { names.contains($0.key) }).faults.map(\.description)
      where !faults.contains(fault) {
        faults.append(fault)
      }
    }
    return faults
  }

  package static func viewKeys(_ place: Place) -> Keymap<State, Message> {
    switch place {
    case .accounts: Accounts.keys.map(state: \.accounts) { .accounts($0) }
    case .federation: Rules.keys.map(state: \.rules) { .rules($0) }
    case .overview: Overview.keys.map(state: \.overview) { .overview($0) }
    case .workspaces: Workspaces.keys.map(state: \.workspaces) { .workspaces($0) }
    case .keys: Keys.keys.map(state: \.keys) { .keys($0) }
    case .migration: Migrating.keys.map(state: \.migration) { .migration($0) }
    case .audit: Audit.keys.map(state: \.audit) { .audit($0) }
    }
  }

  static func help(_ state: State) -> Help {
    Help([
      Help.Section(state.place.title, viewKeys(for: state).hints(in: state)),
      Help.Section(
        "Everywhere", everywhere(for: state).hints(in: state) + [Hint(keys: "ctrl-c", help: "leave, also from a form")]),
    ])
  }
}
