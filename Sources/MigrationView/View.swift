import FoundationEssentials
package import Interface
import Migration
import Platform

extension Migrating {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let lines = state.pageLines {
      let name = state.opened == nil ? nil : state.current?.key.name
      Breadcrumb.render(
        ["Migration", name, state.report == nil ? nil : "Report"].compactMap(\.self), into: &surface, row: 0,
        width: size.columns)
      var page = Pager(lines)
      page.top = state.top
      page.render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 2))
    } else {
      renderTable(state, on: &surface)
    }
    if let asking = state.asking {
      render(asking, on: &surface)
    } else if let failure = state.failure {
      surface.writeFailure(failure.line)
    }
    return surface
  }

  private static func renderTable(_ state: State, on surface: inout Surface) {
    surface.write("Migration", row: 0, role: .heading)
    surface.write(summary(state), row: 0, column: 11, role: .dim)
    let lines = state.board.lines
    if lines.isEmpty {
      if state.hasLoaded, state.failure == nil {
        surface.write("✓ There is no static key: nothing is left to migrate.", row: 2, column: 2, role: .good)
      }
      return
    }
    state.renderList(on: &surface)
  }

  /// `14 keys · 9 in use · 1 watching`.
  private static func summary(_ state: State) -> String {
    if state.isLoading { return "reading…" }
    let states = state.board.lines.map { $0.course.state(at: state.board.at) }
    let counts = Course.State.allCases.compactMap { state in
      let count = states.count { $0 == state }
      return count == 0 ? nil : "\(count) \(state.word)"
    }
    return (["\(states.count) keys"] + counts).joined(separator: " · ")
  }

  private static func render(_ asking: Asking, on surface: inout Surface) {
    let size = surface.size
    switch asking.stage {
    case .name(_, let confirmation): confirmation.render(on: &surface)
    case .sending(let order):
      surface.clear(row: size.rows - 1, column: 0, size: Size(columns: size.columns, rows: 1))
      surface.write("\(order.doing) \(asking.key.name)…", row: size.rows - 1, role: .accent)
    case .form:
      let title =
        switch asking.step {
        case .verify: "Look for proof that what used \(asking.key.name) federates"
        case .disable: "Disable \(asking.key.name)"
        default: "Archive \(asking.key.name)"
        }
      let width = min(size.columns, 76)
      var box = Surface(Size(columns: width, rows: min(size.rows, 17)))
      box.frame(row: 0, column: 0, size: box.size, title: title, role: .accent)
      let foot = [asking.order?.command(for: asking.key) ?? "", "enter goes on, esc goes back"]
      let feet = foot.flatMap { Text.wrapped($0, to: width - 4) }
      asking.form.render(
        into: &box, row: 2, column: 2, width: width - 4, height: max(0, box.size.rows - 4 - feet.count))
      for (index, line) in feet.enumerated() {
        box.write(line, row: box.size.rows - 1 - feet.count + index, column: 2, role: .dim, width: width - 4)
      }
      surface.place(box, row: (size.rows - box.size.rows) / 2, column: (size.columns - width) / 2)
    }
  }

}

extension Migrating.State {
  package static let columns = [
    Table.Column("KEY", .flexible(minimum: 14)),
    Table.Column("STATE", .fixed(11)),
    Table.Column("LAST USE", .fixed(12)),
    Table.Column("31 DAYS", .fixed(10), alignment: .trailing),
    Table.Column("BLOCKED BY", .fixed(20)),
    Table.Column("ACTS AS", .flexible(minimum: 14)),
    Table.Column("HINT", .fixed(23)),
    Table.Column("EXPIRES", .fixed(10)),
  ]

  package func entries(for line: Migrating.Line) -> [Table.Entry] {
    let (key, now) = (line.key, board.at)
    let step = line.course.state(at: now)
    let block = line.block(at: now)
    let place = Course.State.allCases.firstIndex(of: step) ?? 0
    return [
      Table.Entry(key.name, role: step == .retired ? .dim : .text),
      Table.Entry(step.word, role: Self.role(of: step), rank: "\(place)"),
      Table.Entry(
        line.use.map { String($0.lastStart.columnText.prefix(10)) } ?? "none in \(line.history) d",
        role: line.use == nil ? .dim : .text, rank: line.use.map { $0.lastStart.columnText } ?? ""),
      Table.Entry(
        line.month?.text ?? "–", role: line.month == nil ? .dim : .accent, rank: "\(line.month?.tokens ?? 0)"),
      Table.Entry(block.isEmpty ? "–" : block, role: .dim), Table.Entry(key.owner(board.accountNames)),
      Table.Entry(key.hint ?? "", role: .dim),
      Table.Entry(key.expiresAt.map { String($0.columnText.prefix(10)) } ?? "never", role: .dim),
    ]
  }

  private static func role(of state: Course.State) -> Role {
    switch state {
    case .inUse, .brownOut, .rolledBack: .warning
    case .planned, .soaking: .text
    case .readyToDisable: .accent
    case .watching, .watched: .good
    case .retired: .dim
    }
  }
}
