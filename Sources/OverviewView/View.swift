import FoundationEssentials
package import Interface
import Platform

extension Overview {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    surface.write("What needs you now", row: 0, role: .heading)
    guard let facts = state.facts else {
      surface.write(state.isLoading ? "Looking…" : "", row: 2, column: 2, role: .dim)
      return surface
    }
    let polled = facts.polledAt.map { "audit log read \($0.columnText) UTC" } ?? "audit log not read yet"
    surface.write(state.isLoading ? "looking again…" : polled, row: 0, column: 20, role: .dim)
    state.table.render(
      columns: [Table.Column("", .flexible(minimum: 20))], count: state.lines.count, into: &surface, row: 1,
      width: size.columns, height: max(0, size.rows - 1)
    ) { [Table.Entry(state.lines[$0].text, role: state.lines[$0].role)] }
    return surface
  }
}
