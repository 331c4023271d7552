/// Which columns of a table are shown, how wide, and in which order.
package struct ColumnChooser: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable { case changed, closed, none }

  package private(set) var columns: [Table.Column]
  package private(set) var arrangement: Table.Arrangement
  private var selected = 0

  package init(_ columns: [Table.Column], arrangement: Table.Arrangement) {
    (self.columns, self.arrangement) = (arrangement.ordered(columns).map(\.column), arrangement)
  }

  /// `space` shows and hides, arrows to the side change the width, `backspace` gives it back, `J` and `K` move the
  /// column, `enter` and `esc` close.
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
    case "J": return shift(by: 1)
    case "K": return shift(by: -1)
    default:
      if let motion = Motion(key) { selected = motion.applied(to: selected, count: columns.count, height: 10) }
      return .none
    }
    return .changed
  }

  /// The first column stays where it is: it names the row.
  private mutating func shift(by step: Int) -> Outcome {
    let other = selected + step
    guard selected > 0, other > 0, columns.indices.contains(other) else { return .none }
    columns.swapAt(selected, other)
    selected = other
    arrangement.order = columns.dropFirst().map(\.title)
    return .changed
  }

  private mutating func resize(_ title: String, by step: Int) {
    let width = arrangement.widths[title] ?? columns[selected].minimum
    arrangement.widths[title] = max(3, min(200, width + step))
  }

  package func render(on surface: inout Surface) {
    let width = min(surface.size.columns, 46)
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
      Text.clipped("space show  ←→ width  J K move  enter done", to: width - 4), row: height - 2, column: 2, role: .dim)
    surface.place(box, row: (surface.size.rows - height) / 2, column: (surface.size.columns - width) / 2)
  }
}
