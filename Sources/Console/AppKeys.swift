import AccountsView
import AuditView
import FederationView
package import Interface
import KeysView
import OverviewView

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
      Binding("q", help: "quit", .quitAsked),
      Binding(.control("z"), help: "suspend", .suspendAsked),
      Binding(.control("l"), help: "draw again", .redrawAsked),
    ])

  /// Everything that can be done now: the open view's keys, then those of everywhere, then what has no key.
  static func keymap(for state: State) -> Keymap<State, Message> {
    viewKeys(state.place).then(keys).then(
      Keymap(state.themes.map { Binding(keys: [], help: "theme \($0.name)", .themeAsked($0.name)) }))
  }

  package static func viewKeys(_ place: Place) -> Keymap<State, Message> {
    switch place {
    case .accounts: Accounts.keys.map(state: \.accounts) { .accounts($0) }
    case .federation: Rules.keys.map(state: \.rules) { .rules($0) }
    case .overview: Overview.keys.map(state: \.overview) { .overview($0) }
    case .keys: Keys.keys.map(state: \.keys) { .keys($0) }
    case .audit: Audit.keys.map(state: \.audit) { .audit($0) }
    }
  }

  static func help(_ state: State) -> Help {
    Help([
      Help.Section(state.place.title, viewKeys(state.place).hints(in: state)),
      Help.Section("Everywhere", keys.hints(in: state) + [Hint(keys: "ctrl-c", help: "leave, also from a form")]),
    ])
  }
}
