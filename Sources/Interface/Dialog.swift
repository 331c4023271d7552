/// Asks for a word to be typed before something that cannot be undone.
package struct Confirmation: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable { case confirmed, cancelled, none }

  package let title: String
  package let lines: [String]
  /// What must be typed, exactly.
  package let word: String
  package let severity: Role
  package private(set) var editor = LineEditor()

  package init(title: String, lines: [String], word: String, severity: Role = .danger) {
    (self.title, self.lines, self.word, self.severity) = (title, lines, word, severity)
  }

  package var isConfirmed: Bool { editor.text == word }

  /// `enter` confirms once the word is there; before that it does nothing.
  package mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .escape: return .cancelled
    case .enter: return isConfirmed ? .confirmed : .none
    default:
      editor.press(key)
      return .none
    }
  }

  /// A box in the middle. When it is too small for every line, the lines are cut, never the question.
  package func render(on surface: inout Surface) {
    let width = min(surface.size.columns, 72)
    let inside = width - 4
    let question = Text.wrapped("Type \(word) to go on; esc goes back.", to: inside)
    let rows = lines.flatMap { Text.wrapped($0, to: inside) }
    let fixed = 2 + question.count + 1 + 1
    let shown = rows.prefix(max(0, surface.size.rows - fixed))
    let height = min(surface.size.rows, fixed + shown.count)
    var box = Surface(Size(columns: width, rows: height))
    box.frame(row: 0, column: 0, size: box.size, title: title, role: severity)
    var row = 1
    for line in shown {
      box.write(line, row: row, column: 2, width: inside)
      row += 1
    }
    if shown.count < rows.count, row > 1 { box.write("…", row: row - 1, column: max(2, inside), role: .dim) }
    row += 1
    for line in question {
      box.write(line, row: row, column: 2, role: severity, width: inside)
      row += 1
    }
    editor.render(
      into: &box, row: row, column: 2, width: inside, role: isConfirmed ? .good : .selection,
      isFocused: row < height - 1)
    surface.place(box, row: (surface.size.rows - height) / 2, column: (surface.size.columns - width) / 2)
  }
}

/// Lines that are read, not acted on: a document, a diff, the help.
package struct Pager: Equatable, Sendable {
  package struct Line: Hashable, Sendable, ExpressibleByStringLiteral {
    package var text: String
    package var role: Role
    package init(_ text: String, role: Role = .text) { (self.text, self.role) = (text, role) }
    package init(stringLiteral value: String) { self.init(value) }
  }

  package var lines: [Line]
  /// The line at the top.
  package var top = 0
  /// Columns hidden at the left.
  package var left = 0

  package init(_ lines: [Line]) { self.lines = lines }
  package init(_ lines: [String]) { self.lines = lines.map { Line($0) } }

  /// - Parameter height: rows in sight, which is how far a page goes.
  /// - Returns: whether the key was one of a pager's.
  @discardableResult
  package mutating func press(_ key: Key, height: Int) -> Bool {
    switch key {
    case "j", .down, .enter: top += 1
    case "k", .up: top -= 1
    case .pageDown, " ", .control("f"): top += max(1, height - 1)
    case .pageUp, .control("b"): top -= max(1, height - 1)
    case .control("d"): top += max(1, height / 2)
    case .control("u"): top -= max(1, height / 2)
    case "g", .home: top = 0
    case "G", .end: top = lines.count
    case .left, "h": left = max(0, left - 8)
    case .right, "l": left += 8
    default: return false
    }
    top = max(0, min(top, lines.count - height))
    return true
  }

  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    var part = Surface(Size(columns: width, rows: height))
    for (offset, line) in lines.dropFirst(max(0, min(top, lines.count - height))).prefix(height).enumerated() {
      part.write(line.text, row: offset, column: -left, role: line.role)
    }
    surface.place(part, row: row, column: column)
  }
}
