/// Which columns of a table are shown, and how wide.
package struct ColumnChooser: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable { case changed, closed, none }

  package let columns: [Table.Column]
  package private(set) var arrangement: Table.Arrangement
  private var selected = 0

  package init(_ columns: [Table.Column], arrangement: Table.Arrangement) {
    (self.columns, self.arrangement) = (columns, arrangement)
  }

  /// `space` shows and hides, arrows to the side change the width, `backspace` gives it back, `enter` and `esc` close.
  package mutating func press(_ key: Key) -> Outcome {
    guard columns.indices.contains(selected) else { return .closed }
    let title = columns[selected].title
    switch key {
    case .escape, .enter, "o": return .closed
    case " ":
      // Without its first column a row has no name.
      guard selected > 0 else { return .none }
      if arrangement.hidden.remove(title) == nil { arrangement.hidden.insert(title) }
    case .left, "h": resize(title, by: -1)
    case .right, "l": resize(title, by: 1)
    case .backspace: arrangement.widths[title] = nil
    default:
      if let motion = Motion(key) { selected = motion.applied(to: selected, count: columns.count, height: 10) }
      return .none
    }
    return .changed
  }

  private mutating func resize(_ title: String, by step: Int) {
    let width = arrangement.widths[title] ?? columns[selected].minimum
    arrangement.widths[title] = max(3, min(200, width + step))
  }

  package func render(on surface: inout Surface) {
    let width = min(surface.size.columns, 44)
    let height = min(surface.size.rows, columns.count + 4)
    var box = Surface(Size(columns: width, rows: height))
    box.frame(row: 0, column: 0, size: box.size, title: "Columns")
    let room = max(0, height - 4)
    let top = max(0, min(selected - room + 1, columns.count - room))
    for (offset, column) in columns.dropFirst(top).prefix(room).enumerated() {
      let isSelected = top + offset == selected
      let isShown = top + offset == 0 || !arrangement.hidden.contains(column.title)
      if isSelected { box.write("▸", row: 1 + offset, column: 2, role: .selection) }
      box.write(
        Text.clipped("\(isShown ? "[x]" : "[ ]") \(column.title)", to: width - 16), row: 1 + offset, column: 4,
        role: isSelected ? .selection : isShown ? .text : .dim)
      let said = arrangement.widths[column.title].map { "\($0) wide" } ?? "fits"
      box.write(said, row: 1 + offset, column: width - 2 - said.count, role: .dim)
    }
    box.write(
      Text.clipped("space show  ←→ width  enter done", to: width - 4), row: height - 2, column: 2, role: .dim)
    surface.place(box, row: (surface.size.rows - height) / 2, column: (surface.size.columns - width) / 2)
  }
}
