/// Every action by name: typed at, narrowed, chosen.
package struct Palette: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    /// The place of the chosen action in the hints given at the start.
    case chosen(Int)
    /// The chosen action does not work here: why.
    case off(String)
    case cancelled, none
  }

  package let hints: [Hint]
  package private(set) var query = LineEditor()
  private var selected = 0
  private var found: [Found]

  private struct Found: Equatable {
    var index: Int
    /// The letters of the help that were meant.
    var places: [Int]
  }

  /// - Parameter hints: in the order of the table of keys, so that ``Outcome/chosen(_:)`` names a binding.
  package init(_ hints: [Hint]) {
    self.hints = hints
    found = hints.indices.map { Found(index: $0, places: []) }
  }

  package mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .escape: return .cancelled
    case .enter:
      guard found.indices.contains(selected) else { return .none }
      let index = found[selected].index
      return hints[index].off.map { .off($0) } ?? .chosen(index)
    default: break
    }
    if let motion = Motion(whileTyping: key) {
      selected = motion.applied(to: selected, count: found.count, height: Self.page)
      return .none
    }
    let before = query.text
    query.press(key)
    if query.text != before { search() }
    return .none
  }

  private mutating func search() {
    selected = 0
    found = Fuzzy.ranked(Array(hints.enumerated()), by: query.text) { $0.element.help }.map { item, match in
      Found(index: item.offset, places: match.places)
    }
  }

  private static let page = 10

  /// A box over the upper middle: what is typed, then the actions that match, best first.
  package func render(on surface: inout Surface) {
    let width = min(surface.size.columns, 76)
    let height = min(surface.size.rows, max(5, min(found.count, 16) + 4))
    var box = Surface(Size(columns: width, rows: height))
    box.frame(row: 0, column: 0, size: box.size, title: "Actions")
    let inside = width - 4
    box.write(":", row: 1, column: 2, role: .accent)
    query.render(into: &box, row: 1, column: 4, width: inside - 2, isFocused: height > 2)
    let room = max(0, height - 4)
    let top = max(0, min(selected - room + 1, found.count - room))
    for (offset, item) in found.dropFirst(top).prefix(room).enumerated() {
      draw(item, isSelected: top + offset == selected, into: &box, row: 3 + offset, width: inside)
    }
    if found.isEmpty, room > 0 {
      box.write("No action is called that.", row: 3, column: 4, role: .dim, width: inside - 2)
    }
    surface.place(
      box, row: min(2, (surface.size.rows - height) / 2), column: (surface.size.columns - width) / 2)
  }

  private func draw(_ item: Found, isSelected: Bool, into box: inout Surface, row: Int, width: Int) {
    let hint = hints[item.index]
    if isSelected { box.write("▸", row: row, column: 2, role: .selection) }
    let keys = Text.clipped(hint.keys, to: min(16, width / 3))
    let room = width - 2 - Text.columns(keys) - 2
    let role: Role = hint.off != nil ? .dim : isSelected ? .selection : .text
    let help = Text.clipped(hint.help, to: max(0, room))
    box.write(help, row: row, column: 4, role: role)
    box.tint(help, places: item.places, row: row, column: 4, role: .match)
    let used = Text.columns(help)
    if let off = hint.off, room - used > 4 {
      box.write(Text.clipped(off, to: room - used - 2), row: row, column: 4 + used + 2, role: .dim)
    }
    box.write(keys, row: row, column: 2 + width - Text.columns(keys), role: .dim)
  }
}

extension Surface {
  /// Gives some characters of a text written at that place a role, wherever they have come to stand.
  mutating func tint(_ text: String, places: [Int], row: Int, column: Int, role: Role) {
    let characters = Array(text)
    for place in places where place < characters.count {
      let start = column + Text.columns(String(characters[..<place]))
      tint(row: row, columns: start..<start + max(1, Text.columns(String(characters[place]))), role: role)
    }
  }
}
