/// One line of text being edited.
package struct LineEditor: Equatable, Sendable {
  /// Setting it puts the cursor at the end.
  package var text: String {
    get { String(characters) }
    set { (characters, cursor) = (Array(newValue), newValue.count) }
  }
  /// Before which character the next one goes; at most their count.
  package private(set) var cursor: Int
  private var characters: [Character]

  package init(_ text: String = "") { (characters, cursor) = (Array(text), text.count) }

  /// - Returns: whether the key was one of an editor's.
  @discardableResult
  package mutating func press(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .paste(let text): insert(Self.pasted(text))
    case .backspace, .control("h"): remove(max(0, cursor - 1)..<cursor)
    case .delete: remove(cursor..<min(characters.count, cursor + 1))
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .control("k"): remove(cursor..<characters.count)
    case .control("u"): remove(0..<cursor)
    case .control("w"): remove(wordStart..<cursor)
    case .alt("b"): cursor = wordStart
    case .alt("f"): cursor = wordEnd
    default: return false
    }
    return true
  }

  /// A pasted text as one line: breaks and tabs inside become spaces, those at its ends and other control characters
  /// go. Invisible characters stay, and show: a person must see what was copied with the rest.
  private static func pasted(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A, 0x0D, 0x09: line += " "
      case 0..<0x20, 0x7F..<0xA0: break
      default: line.unicodeScalars.append(scalar)
      }
    }
    return String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  private mutating func insert(_ text: String) {
    // A combining mark joins the character before it, so the count says where the cursor went.
    let after = characters.count - cursor
    characters = Array(String(characters[..<cursor]) + text + String(characters[cursor...]))
    cursor = max(0, characters.count - after)
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  private var wordStart: Int {
    var place = cursor
    while place > 0, !Self.isWord(characters[place - 1]) { place -= 1 }
    while place > 0, Self.isWord(characters[place - 1]) { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    var place = cursor
    while place < characters.count, !Self.isWord(characters[place]) { place += 1 }
    while place < characters.count, Self.isWord(characters[place]) { place += 1 }
    return place
  }

  /// Draws the part around the cursor that fits, on a background of `role`.
  ///
  /// - Parameters:
  ///   - isMasked: dots for every character, for a secret.
  ///   - isFocused: puts the surface's cursor here.
  package func render(
    into surface: inout Surface, row: Int, column: Int, width: Int, role: Role = .text, isMasked: Bool = false,
    isFocused: Bool = true
  ) {
    guard width > 0 else { return }
    surface.clear(row: row, column: column, size: Size(columns: width, rows: 1))
    let shown = isMasked ? Array(repeating: Character("•"), count: characters.count) : characters
    let widths = shown.map { Text.columns(String($0)) }
    // The cursor needs a column of its own behind the text.
    var (first, before) = (0, widths[..<cursor].reduce(0, +))
    while before > width - 1, first < cursor {
      before -= widths[first]
      first += 1
    }
    surface.write(String(shown[first...]), row: row, column: column, role: role, width: width)
    surface.tint(row: row, columns: column..<column + width, role: role)
    let place = Position(row: row, column: column + before)
    if isFocused, surface.contains(place) { surface.cursor = place }
  }
}
