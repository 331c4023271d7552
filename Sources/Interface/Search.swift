/// The line in which one types what to find in a text.
package struct Search: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable { case changed, kept, cancelled, ignored }

  private var editor = LineEditor()
  package private(set) var isTyping = false

  package init() {}

  /// What is looked for, in small letters: case does not count.
  package var word: String { editor.text.lowercased() }

  package mutating func open() { (editor, isTyping) = (LineEditor(), true) }

  package mutating func press(_ key: Key) -> Outcome {
    guard isTyping else { return .ignored }
    switch key {
    case .escape:
      self = Search()
      return .cancelled
    case .enter:
      isTyping = false
      return .kept
    default:
      return editor.press(key) ? .changed : .ignored
    }
  }

  /// One row: what is looked for, and which of how many it is.
  ///
  /// - Parameter place: of the match at hand, from 0.
  func render(into surface: inout Surface, row: Int, column: Int, width: Int, place: Int?, count: Int) {
    surface.clear(row: row, column: column, size: Size(columns: width, rows: 1))
    let said = count == 0 ? "not found" : place.map { "\($0 + 1) of \(count)" } ?? "\(count)"
    let room = width - 2 - said.count - 2
    guard room > 0 else { return }
    surface.write("/", row: row, column: column, role: .accent)
    if isTyping {
      editor.render(into: &surface, row: row, column: column + 2, width: room)
    } else {
      surface.write(Text.clipped(editor.text, to: room), row: row, column: column + 2, role: .dim)
    }
    if !word.isEmpty {
      surface.write(said, row: row, column: column + width - said.count, role: count == 0 ? .warning : .dim)
    }
  }
}
