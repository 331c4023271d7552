import Interface
import Platform

/// The boxes that lie over the log.
extension Audit {
  private static func box(
    _ title: String, foot: String, count: Int, table: Table, columns: [Table.Column], on surface: inout Surface,
    entries: (Int) -> [Table.Entry]
  ) {
    let size = Size(columns: min(surface.size.columns, 96), rows: min(surface.size.rows, max(1, count) + 5))
    var box = Surface(size)
    box.frame(row: 0, column: 0, size: size, title: title)
    table.render(
      columns: columns, count: count, into: &box, row: 1, column: 2, width: size.columns - 4,
      height: max(0, size.rows - 4), entries: entries)
    box.write(Text.clipped(foot, to: max(0, size.columns - 4)), row: size.rows - 2, column: 2, role: .dim)
    surface.place(box, row: (surface.size.rows - size.rows) / 2, column: (surface.size.columns - size.columns) / 2)
  }

  static func render(_ pivot: Pivot, on surface: inout Surface) {
    let columns = [
      Table.Column("COUNT", .fixed(8), alignment: .trailing), Table.Column("FIELD", .fixed(10)),
      Table.Column("VALUE", .flexible(minimum: 20)),
    ]
    let foot =
      pivot.choices.isEmpty
      ? "Nothing here leads on. esc goes back."
      : "enter all with it   a with the others too   t its story   y copy   esc back"
    box(
      "All activities with the same…", foot: foot, count: pivot.choices.count, table: pivot.table, columns: columns,
      on: &surface
    ) { index in
      let choice = pivot.choices[index]
      return [
        Table.Entry(choice.count.map(String.init) ?? "…", role: .accent),
        Table.Entry(choice.field.rawValue, role: .dim), Table.Entry(choice.value),
      ]
    }
  }

  static func render(_ filters: FilterBox, _ state: State, on surface: inout Surface) {
    let (stack, kept) = (state.filters.stack, state.keptFilters)
    let columns = [
      Table.Column("ON", .fixed(4)), Table.Column("NAME", .fixed(18)), Table.Column("FILTER", .flexible(minimum: 24)),
    ]
    var foot = "space on and off   / another   e edit   w keep under a name   x remove   esc back"
    if stack.isEmpty, kept.isEmpty { foot = "There is no filter yet. / makes one; all that are on must hold." }
    if let name = filters.forgetting { foot = "x again forgets \(name) for good." }
    box(
      "Filters", foot: foot, count: stack.count + kept.count, table: filters.table, columns: columns, on: &surface
    ) { index in
      guard stack.indices.contains(index) else {
        let saved = kept[index - stack.count]
        return [
          Table.Entry("–", role: .dim), Table.Entry(saved.name, role: .dim), Table.Entry(saved.text, role: .dim),
        ]
      }
      let entry = stack[index]
      let text = entry.fault.map { "\(entry.text): \($0)" } ?? entry.text
      return [
        Table.Entry(entry.isOn ? "[x]" : "[ ]", role: entry.isOn ? .accent : .dim), Table.Entry(entry.name ?? ""),
        Table.Entry(text, role: entry.fault == nil ? .text : .warning),
      ]
    }
  }

  static func render(_ bookmarks: BookmarkBox, _ state: State, on surface: inout Surface) {
    let columns = [
      Table.Column("TIME (UTC)", .fixed(16)), Table.Column("EVENT", .flexible(minimum: 20)),
      Table.Column("NOTE", .flexible(minimum: 24)),
    ]
    let foot =
      state.bookmarks.isEmpty
      ? "There is no bookmark yet. m on an activity makes one."
      : "enter go there   e edit the note   x remove   esc back"
    box(
      "Bookmarks", foot: foot, count: state.bookmarks.count, table: bookmarks.table, columns: columns, on: &surface
    ) { index in
      let bookmark = state.bookmarks[index]
      return [
        Table.Entry(String(bookmark.activity.createdAt.columnText.prefix(16)), role: .dim),
        Table.Entry(ActivityCatalogue.label(of: bookmark.activity.type)), Table.Entry(bookmark.note, role: .accent),
      ]
    }
  }
}
