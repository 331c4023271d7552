import AccountsView
import AuditView
import FederationView
package import Interface
import KeysView
import MigrationView
import OverviewView
import Platform
import WorkspacesView

extension App {
  /// Header, the open view, a line for messages, a line of keys, and over them what lies there.
  package static func render(_ state: State) -> Surface {
    if let note = Surface.note(tooSmall: state.size) { return note }
    var surface = Surface(state.size)
    renderHeader(state, on: &surface)
    let body = Size(columns: state.size.columns, rows: state.bodyRows)
    let view =
      switch state.place {
      case .accounts: Accounts.render(state.accounts, size: body)
      case .federation: Rules.render(state.rules, size: body)
      case .audit: Audit.render(state.audit, size: body)
      case .migration: Migrating.render(state.migration, size: body)
      case .keys: Keys.render(state.keys, size: body)
      case .workspaces: Workspaces.render(state.workspaces, size: body)
      case .overview: Overview.render(state.overview, size: body)
      }
    surface.place(view, row: 1, column: 0)
    if let said = state.said {
      surface.write(Text.clipped(said.text, to: state.size.columns), row: state.size.rows - 2, role: said.role)
    } else if let date = state.staleSince {
      let text = "Shown as of \(date.columnText) UTC: the platform has not answered since. ctrl-r asks again."
      surface.write(Text.clipped(text, to: state.size.columns), row: state.size.rows - 2, role: .warning)
    }
    renderFooter(state, on: &surface)
    switch state.overlay {
    case .help(let help): help.render(on: &surface)
    case .palette(let palette): palette.render(on: &surface)
    case .held(let held): held.question.render(on: &surface)
    case .saving(let saving): saving.render(on: &surface)
    case .journal(let journal):
      var page = Surface(Size(columns: state.size.columns, rows: state.size.rows - 1))
      journal.render(on: &page)
      surface.place(page, row: 1, column: 0)
    case nil: break
    }
    return surface
  }

  /// Where the name of each view stands in the header, with room for the brackets of the open one; neighbours share it.
  /// In a narrow one only the open view has its whole name, for whether anything can be changed must be seen too.
  static func tabs(_ state: State) -> [(place: Place, title: String, columns: Range<Int>)] {
    var column = 0
    return Place.allCases.map { place in
      let title = state.size.columns >= 100 || place == state.place ? place.title : place.shortTitle
      let width = title.count + 4 + (place == .audit ? 3 : 0)
      defer { column += width - 1 }
      return (place, title, column..<column + width)
    }
  }

  private static func renderHeader(_ state: State, on surface: inout Surface) {
    let tabs = tabs(state)
    for tab in tabs {
      let isOpen = tab.place == state.place
      // Denials that nobody has seen yet; the room for them is the bracket's.
      let badge = tab.place == .audit && state.audit.newDenials > 0 ? "✗\(min(state.audit.newDenials, 99))" : ""
      let text = "\(tab.place.rawValue) \(tab.title)\(badge)"
      let column = tab.columns.lowerBound
      surface.write(
        isOpen ? "[\(text)]" : text, row: 0, column: isOpen ? column : column + 1, role: isOpen ? .accent : .dim)
    }
    let left = tabs.last?.columns.upperBound ?? 0
    let room = state.size.columns - left - 2
    let text = Text.clipped(connectionText(state), to: room)
    let isUsual = state.connection.readOnlyReason == nil && state.staleSince == nil && state.unseenAlerts == 0
    let role: Role = isUsual ? .dim : .warning
    surface.write(text, row: 0, column: state.size.columns - Text.columns(text), role: role)
  }

  /// What fits first: alerts that nobody has seen, how old what is shown is, whether anything can be changed, the organization, where it is.
  private static func connectionText(_ state: State) -> String {
    let connection = state.connection
    let name = state.organization?.name ?? connection.profile
    let parts = [
      state.unseenAlerts == 0 ? "" : "!\(min(state.unseenAlerts, 99))",
      state.staleSince.map { "as of \($0.columnText.dropLast(3).dropFirst(5))" } ?? "",
      connection.readOnlyReason == nil ? "" : "read-only", name, connection.isSandbox ? "sandbox" : "",
      connection.address,
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private static func renderFooter(_ state: State, on surface: inout Surface) {
    let row = state.size.rows - 1
    if state.isTyping {
      surface.write("ctrl-c leave", row: row, column: max(0, state.size.columns - 12), role: .dim)
      return
    }
    let everywhere = ["? help", ": all actions", "q quit"].joined(separator: "  ")
    let right = state.size.columns - Text.columns(everywhere)
    surface.write(everywhere, row: row, column: right, role: .dim)
    var column = 0
    for binding in viewKeys(for: state).bindings where binding.off?(state) == nil {
      // Everyone tries the arrows; the line is for what nobody would guess.
      guard let key = binding.keys.first, Motion(key) == nil else { continue }
      let width = Text.columns(key.description) + 1 + Text.columns(binding.help)
      guard column + width + 2 <= right else { continue }
      surface.write(key.description, row: row, column: column, role: .accent)
      surface.write(binding.help, row: row, column: column + Text.columns(key.description) + 1, role: .dim)
      column += width + 2
    }
  }
}
