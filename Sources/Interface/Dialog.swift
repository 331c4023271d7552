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
