/// Pages of which one is open.
package struct Tabs: Equatable, Sendable {
  package struct Tab: Equatable, Sendable {
    package var title: String
    /// Beside the title: how many there are, or nothing.
    package var badge: String?
    package init(_ title: String, badge: String? = nil) { (self.title, self.badge) = (title, badge) }
    var text: String { badge.map { "\(title) \($0)" } ?? title }
  }

  package var tabs: [Tab]
  package var selected: Int

  package init(_ tabs: [Tab], selected: Int = 0) { (self.tabs, self.selected) = (tabs, selected) }

  /// Goes to a neighbour, around the ends.
  package mutating func move(by step: Int) {
    guard !tabs.isEmpty else { return }
    selected = ((selected + step) % tabs.count + tabs.count) % tabs.count
  }

  /// One row. The open tab is in brackets too, for those who see no colour. Tabs at the left go when there is no room.
  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int) {
    for (index, range) in places(column: column, width: width) {
      let isOpen = index == selected
      let text = isOpen ? "[\(tabs[index].text)]" : " \(tabs[index].text) "
      surface.write(
        Text.clipped(text, to: range.count), row: row, column: range.lowerBound, role: isOpen ? .selection : .dim)
    }
  }

  /// The tab at a column of a row drawn so, for a click.
  package func tab(at place: Int, column: Int = 0, width: Int) -> Int? {
    places(column: column, width: width).first { $0.columns.contains(place) }?.index
  }

  private func places(column: Int, width: Int) -> [(index: Int, columns: Range<Int>)] {
    let widths = tabs.map { Text.columns($0.text) + 3 }
    guard tabs.indices.contains(selected) else { return [] }
    var first = 0
    while first < selected, widths[first...selected].reduce(0, +) > width { first += 1 }
    var (places, place) = ([(index: Int, columns: Range<Int>)](), column)
    for index in tabs.indices.dropFirst(first) where place < column + width {
      places.append((index, place..<min(column + width, place + widths[index] - 1)))
      place += widths[index]
    }
    return places
  }
}

/// Two panes beside or above each other, of which one has the keys.
package struct Split: Equatable, Sendable {
  package enum Direction: Equatable, Sendable { case beside, above }

  package var direction: Direction
  /// Of the first pane, in hundredths.
  package private(set) var share: Int
  package var isSecondFocused = false
  /// Columns or rows that a pane needs; where both have less, only the one with the keys is shown.
  package var least: Int

  package init(_ direction: Direction, share: Int = 50, least: Int? = nil) {
    (self.direction, self.share) = (direction, max(10, min(90, share)))
    self.least = least ?? (direction == .beside ? 24 : 4)
  }

  package mutating func resize(by hundredths: Int) { share = max(10, min(90, share + hundredths)) }

  /// The sizes of the panes; nil for one that is not shown.
  package func sizes(in size: Size) -> (first: Size?, second: Size?) {
    let whole = (direction == .beside ? size.columns : size.rows) - 1
    guard whole >= 2 * least else { return isSecondFocused ? (nil, size) : (size, nil) }
    let first = max(least, min(whole - least, whole * share / 100))
    switch direction {
    case .beside:
      return (Size(columns: first, rows: size.rows), Size(columns: whole - first, rows: size.rows))
    case .above:
      return (Size(columns: size.columns, rows: first), Size(columns: size.columns, rows: whole - first))
    }
  }

  /// Draws both panes with a line between, brighter at the side that has the keys.
  package func render(in size: Size, first: (Size) -> Surface, second: (Size) -> Surface) -> Surface {
    var surface = Surface(size)
    let sizes = sizes(in: size)
    guard let one = sizes.first, let other = sizes.second else {
      if let one = sizes.first { surface.place(first(one), row: 0, column: 0) }
      if let other = sizes.second { surface.place(second(other), row: 0, column: 0) }
      return surface
    }
    // The pane with the keys goes last, so that its cursor is the one shown.
    let parts = [
      (focused: !isSecondFocused, surface: first(one), row: 0, column: 0),
      (
        focused: isSecondFocused, surface: second(other), row: direction == .above ? one.rows + 1 : 0,
        column: direction == .beside ? one.columns + 1 : 0
      ),
    ]
    for part in parts.sorted(by: { !$0.focused && $1.focused }) {
      surface.place(part.surface, row: part.row, column: part.column)
    }
    switch direction {
    case .beside:
      for row in 0..<surface.size.rows { surface.write("│", row: row, column: one.columns, role: .border) }
      surface.write(isSecondFocused ? "▸" : "◂", row: 0, column: one.columns, role: .accent)
    case .above:
      surface.write(String(repeating: "─", count: surface.size.columns), row: one.rows, role: .border)
      surface.write(isSecondFocused ? "▼" : "▲", row: one.rows, role: .accent)
    }
    return surface
  }
}
