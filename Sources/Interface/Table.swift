/// The state of a list: which row is selected and which is at the top. The rows are given when it is drawn.
package struct Table: Equatable, Sendable {
  package struct Column: Hashable, Sendable {
    package enum Width: Hashable, Sendable { case fixed(Int), flexible(minimum: Int) }
    package enum Alignment: Hashable, Sendable { case leading, trailing }
    package var title: String
    package var width: Width
    package var alignment: Alignment

    package init(_ title: String, _ width: Width, alignment: Alignment = .leading) {
      (self.title, self.width, self.alignment) = (title, width, alignment)
    }
    package init(title: String, width: Width, alignment: Alignment = .leading) {
      self.init(title, width, alignment: alignment)
    }

    var minimum: Int {
      switch width {
      case .fixed(let columns): max(0, columns)
      case .flexible(let minimum): max(0, minimum)
      }
    }
  }

  /// What stands in one column of a row.
  package struct Entry: Hashable, Sendable, ExpressibleByStringLiteral {
    package var text: String
    package var role: Role
    package init(_ text: String, role: Role = .text) { (self.text, self.role) = (text, role) }
    package init(stringLiteral value: String) { self.init(value) }
  }

  package var selected = 0
  /// The row at the top; drawing departs from it when the selection would be out of sight.
  package var top = 0
  package init() {}

  package mutating func move(by rows: Int, count: Int) {
    let (sum, overflow) = selected.addingReportingOverflow(rows)
    selected = overflow ? (rows > 0 ? count - 1 : 0) : sum
    clamp(count: count)
  }
  package mutating func moveToStart() { selected = 0 }
  package mutating func moveToEnd(count: Int) { selected = max(0, count - 1) }
  package mutating func clamp(count: Int) { selected = min(max(0, selected), max(0, count - 1)) }

  /// Moves the top as little as keeps the selection in sight.
  ///
  /// - Parameter height: rows of the whole table, its heading included.
  package mutating func scroll(height: Int, count: Int) { top = window(height: height, count: count).lowerBound }

  /// The rows in sight, in a table `height` rows high with its heading.
  package func window(height: Int, count: Int) -> Range<Int> {
    let room = max(0, height - 1)
    let last = min(max(0, selected), max(0, count - 1))
    var first = min(top, last)
    first = max(first, last - room + 1)
    first = max(0, min(first, count - room))
    return first..<max(first, min(count, first + room))
  }

  /// The widths of the columns that fit, one for each from the left; the last ones are left out when they do not.
  /// Flexible columns share what is left over.
  package static func widths(of columns: [Column], in width: Int) -> [Int] {
    var kept = columns
    func needed() -> Int { kept.reduce(0) { $0 + $1.minimum } + gap * max(0, kept.count - 1) }
    while kept.count > 1, needed() > width { kept.removeLast() }
    var left = max(0, width - needed())
    var flexible = kept.count { if case .flexible = $0.width { true } else { false } }
    return kept.map { column in
      guard case .flexible = column.width else { return min(column.minimum, width) }
      let share = left / flexible
      (left, flexible) = (left - share, flexible - 1)
      return min(column.minimum + share, max(0, width))
    }
  }

  private static let marker = 2
  private static let gap = 2

  /// A heading, then the rows in sight. Only those are asked for.
  ///
  /// The selection is a mark and the tint of the first column's text, not a bar: moving it then costs two short writes.
  ///
  /// - Parameter entries: the entries of a row, one for each column; missing ones stay blank.
  package func render(
    columns: [Column], count: Int, into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int,
    entries: (Int) -> [Entry]
  ) {
    guard width > 0, height > 0 else { return }
    let widths = Self.widths(of: columns, in: width - Self.marker)
    let places = widths.reduce(into: [column + Self.marker]) { $0.append($0[$0.count - 1] + $1 + Self.gap) }
    for (index, room) in widths.enumerated() {
      Self.write(
        Entry(columns[index].title, role: .heading), columns[index].alignment, into: &surface, row: row,
        column: places[index], width: room)
    }
    let window = window(height: height, count: count)
    for (offset, index) in window.enumerated() {
      let line = row + 1 + offset
      let isSelected = index == min(max(0, selected), count - 1)
      if isSelected { surface.write("▸", row: line, column: column, role: .selection, width: width) }
      for (place, (entry, room)) in zip(entries(index), widths).enumerated() {
        var entry = entry
        if isSelected, place == 0 { entry.role = .selection }
        Self.write(
          entry, columns[place].alignment, into: &surface, row: line, column: places[place], width: room)
      }
    }
  }

  private static func write(
    _ entry: Entry, _ alignment: Column.Alignment, into surface: inout Surface, row: Int, column: Int, width: Int
  ) {
    let text = Text.clipped(entry.text, to: width)
    let indent = alignment == .trailing ? width - Text.columns(text) : 0
    surface.write(text, row: row, column: column + indent, role: entry.role, width: width - indent)
  }
}
