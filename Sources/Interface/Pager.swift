/// Lines that are read, not acted on: a document, a diff, the help.
package struct Pager: Equatable, Sendable {
  package struct Line: Hashable, Sendable, ExpressibleByStringLiteral {
    package var text: String
    package var role: Role
    package init(_ text: String, role: Role = .text) { (self.text, self.role) = (text, role) }
    package init(stringLiteral value: String) { self.init(value) }
  }

  package var lines: [Line] { didSet { find() } }
  /// The line at the top.
  package var top = 0
  /// Columns hidden at the left.
  package var left = 0
  private var search = Search()
  /// The lines where the word looked for stands.
  private var matches: [Int] = []
  /// Which of the matches is at hand.
  private var match: Int?
  /// Where the search began, to go back to.
  private var origin = 0

  package init(_ lines: [Line]) { self.lines = lines }
  package init(_ lines: [String]) { self.lines = lines.map { Line($0) } }

  /// Whether keys are text now, not commands.
  package var isTyping: Bool { search.isTyping }

  /// - Parameter height: rows in sight, which is how far a page goes.
  /// - Returns: whether the key was one of a pager's. `esc` is one only while something is looked for.
  @discardableResult
  package mutating func press(_ key: Key, height: Int) -> Bool {
    if search.isTyping { return type(key, height: height) }
    switch key {
    case "/":
      search.open()
      (origin, matches, match) = (top, [], nil)
    case "n" where !matches.isEmpty: go(to: ((match ?? -1) + 1) % matches.count, height: height)
    case "N" where !matches.isEmpty: go(to: ((match ?? 0) + matches.count - 1) % matches.count, height: height)
    case .escape where !search.word.isEmpty: (search, matches, match) = (Search(), [], nil)
    case .enter: top += 1
    case " ": top += max(1, height - 1)
    case .left, "h": left = max(0, left - 8)
    case .right, "l": left += 8
    default:
      guard let motion = Motion(key) else { return false }
      top = motion == .end ? lines.count : motion.applied(to: top, count: lines.count, height: height)
    }
    clamp(height: height)
    return true
  }

  private mutating func type(_ key: Key, height: Int) -> Bool {
    switch search.press(key) {
    case .changed:
      top = origin
      find()
      if let next = matches.firstIndex(where: { $0 >= origin }) ?? matches.indices.first {
        go(to: next, height: height)
      }
    case .cancelled:
      (top, matches, match) = (origin, [], nil)
    case .kept, .ignored: break
    }
    clamp(height: height)
    return true
  }

  private mutating func find() {
    let word = search.word
    matches = word.isEmpty ? [] : lines.indices.filter { lines[$0].text.lowercased().contains(word) }
    match = nil
  }

  private mutating func go(to place: Int, height: Int) {
    match = place
    let line = matches[place]
    if !(top..<top + max(1, height - 1)).contains(line) { top = line - height / 3 }
  }

  private mutating func clamp(height: Int) { top = max(0, min(top, lines.count - height)) }

  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    var part = Surface(Size(columns: width, rows: height))
    let word = search.word
    let start = max(0, min(top, lines.count - height))
    for (offset, line) in lines.dropFirst(start).prefix(height).enumerated() {
      part.write(line.text, row: offset, column: -left, role: line.role)
      if word.isEmpty { continue }
      let isAtHand = match.map { matches[$0] == start + offset } ?? false
      let shown = Text.harmless(line.text)
      for places in Text.places(of: word, in: shown) {
        part.tint(
          shown, places: Array(places), row: offset, column: -left, role: isAtHand ? .selection : .match)
      }
    }
    if search.isTyping || !word.isEmpty {
      search.render(into: &part, row: height - 1, column: 0, width: width, place: match, count: matches.count)
    }
    surface.place(part, row: row, column: column)
  }
}
