import Federation
package import Interface
import Platform

extension Rules {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let connect = state.connect {
      render(connect, state, on: &surface)
      return surface
    }
    if let edit = state.edit {
      render(edit, on: &surface)
      return surface
    }
    if let edit = state.issuerEdit {
      render(edit, on: &surface)
      return surface
    }
    if let trial = state.trial {
      render(trial, state, on: &surface)
    } else if state.lint != nil {
      renderLint(state, on: &surface)
    } else if let opened = state.opened {
      render(opened, state, on: &surface)
    } else {
      renderLists(state, on: &surface)
    }
    if let failure = state.archive == nil ? state.failure : state.archive?.failure {
      surface.writeFailure(failure.line)
    }
    if let archive = state.archive {
      archive.confirmation.render(on: &surface)
      if archive.isSending { surface.write("Archiving…", row: size.rows - 1, role: .accent) }
    }
    return surface
  }

  private static func renderLists(_ state: State, on surface: inout Surface) {
    var column = 0
    for pane in panes(state) {
      let isOpen = pane.pane == state.pane
      column = pane.columns.lowerBound
      column += surface.write(isOpen ? "▸ " : "  ", row: 0, column: column, role: .accent)
      column += surface.write(pane.title, row: 0, column: column, role: isOpen ? .heading : .dim)
      column += surface.write(" \(pane.count)", row: 0, column: column, role: .dim)
    }
    let marks = state.pane == .rules ? state.ruleList.table.marks.count : state.issuerList.table.marks.count
    let words = [state.isLoading ? "reading…" : "", marks > 0 ? "\(marks) marked" : ""].filter { !$0.isEmpty }
    surface.write(words.joined(separator: " · "), row: 0, column: column + 3, role: .dim)
    let isEmpty = state.pane == .rules ? state.rules.isEmpty : state.issuers.isEmpty
    if isEmpty {
      guard state.hasLoaded, state.failure == nil else { return }
      let text =
        state.pane == .rules
        ? "There is no rule yet, so no workload gets in. Press a to connect the first one."
        : "No issuer is trusted yet. Connecting a workload, with a in the rules, registers the one it needs."
      surface.write(text, row: 2, column: 2, role: .dim)
    } else if state.pane == .rules {
      state.ruleList.renderList(on: &surface)
    } else {
      state.issuerList.renderList(on: &surface)
    }
  }

  /// The titles of the two lists, and where they stand in the first row.
  static func panes(_ state: State) -> [(pane: Pane, title: String, count: Int, columns: Range<Int>)] {
    var column = 0
    let both = [(Pane.rules, "Rules", state.rules.count), (.issuers, "Issuers", state.issuers.count)]
    return both.map { pane, title, count in
      let width = 2 + title.count + 1 + "\(count)".count
      defer { column += width + 3 }
      return (pane, title, count, column..<column + width)
    }
  }

  /// At the foot, over whatever is there: what went wrong and what to try.
}
