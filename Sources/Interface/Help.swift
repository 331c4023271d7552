/// What the keys do here, from the same table that reads them, narrowed by typing.
package struct Help: Equatable, Sendable {
  package struct Section: Equatable, Sendable {
    package var title: String
    package var hints: [Hint]
    package init(_ title: String, _ hints: [Hint]) { (self.title, self.hints) = (title, hints) }
  }

  package enum Outcome: Equatable, Sendable { case closed, none }

  package let sections: [Section]
  package private(set) var query = LineEditor()
  private var top = 0

  package init(_ sections: [Section]) { self.sections = sections }

  /// `esc` takes back what was typed, then closes; `enter` and `?` close too.
  ///
  /// - Parameter height: rows of the screen, which is how far a page goes.
  package mutating func press(_ key: Key, height: Int) -> Outcome {
    switch key {
    case .escape where query.text.isEmpty, .enter: return .closed
    case "?" where query.text.isEmpty: return .closed
    case .escape: (query, top) = (LineEditor(), 0)
    default:
      if let motion = Motion(whileTyping: key) {
        let (count, room) = (lines.count, Self.room(in: height))
        top = motion.applied(to: top, count: max(1, count - room + 1), height: room)
      } else {
        let before = query.text
        query.press(key)
        if query.text != before { top = 0 }
      }
    }
    return .none
  }

  private static func room(in height: Int) -> Int { max(1, height - 4) }

  private enum Line: Equatable { case heading(String), hint(Hint), gap }

  /// The sections of what is looked for, without those where there is nothing. Letters must stand together in one of
  /// the words here: a page that is read wants fewer lines, not likely ones.
  private var lines: [Line] {
    let words = query.text.lowercased().split(separator: " ")
    var lines: [Line] = []
    for section in sections {
      let hints = section.hints.filter { hint in
        let text = "\(hint.keys) \(hint.help)".lowercased()
        return words.allSatisfy { text.contains($0) }
      }
      if hints.isEmpty { continue }
      if !lines.isEmpty { lines.append(.gap) }
      lines.append(.heading(section.title))
      lines += hints.map { .hint($0) }
    }
    return lines
  }

  /// Fills the surface but for a margin.
  package func render(on surface: inout Surface) {
    let size = surface.size
    let width = min(size.columns, 84)
    var box = Surface(Size(columns: width, rows: size.rows))
    box.frame(row: 0, column: 0, size: box.size, title: "Help")
    let inside = width - 4
    box.write("/", row: 1, column: 2, role: .accent)
    query.render(into: &box, row: 1, column: 4, width: inside - 2, isFocused: size.rows > 2)
    if query.text.isEmpty { box.write("type to search", row: 1, column: 5, role: .dim, width: inside - 3) }
    let lines = lines
    let room = Self.room(in: size.rows)
    let keys = min(20, inside / 3)
    for (offset, line) in lines.dropFirst(max(0, min(top, lines.count - room))).prefix(room).enumerated() {
      let row = 3 + offset
      guard row < size.rows - 1 else { break }
      switch line {
      case .gap: break
      case .heading(let title): box.write(Text.clipped(title, to: inside), row: row, column: 2, role: .heading)
      case .hint(let hint):
        box.write(Text.clipped(hint.keys, to: keys), row: row, column: 2, role: hint.off == nil ? .accent : .dim)
        let why = hint.off.map { "  \($0)" } ?? ""
        let text = Text.clipped(hint.help + why, to: inside - keys - 2)
        box.write(text, row: row, column: 2 + keys + 2, role: hint.off == nil ? .text : .dim)
      }
    }
    if lines.isEmpty, size.rows > 4 {
      box.write("No key does that here.", row: 3, column: 2, role: .dim, width: inside)
    }
    surface.place(box, row: 0, column: (size.columns - width) / 2)
  }
}
