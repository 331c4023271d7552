/// The line under a list that narrows it while one types.
package struct Filter: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    /// Other rows match now.
    case changed
    /// Typing is over and the filter stays.
    case kept
    /// Typing is over and there is no filter any more.
    case cleared
    /// Not a key of this line.
    case ignored
    case none
  }

  private var editor = LineEditor()
  /// Whether keys go here.
  package private(set) var isTyping = false
  package private(set) var query = Query.all
  /// What was looked for before the filter was taken away.
  private var last = Query.all

  package init(_ text: String = "") { self.text = text }

  package var text: String {
    get { editor.text }
    set { (editor.text, query) = (newValue, Query(newValue)) }
  }

  package var isActive: Bool { query != .all }

  /// What going from match to match is about: the filter, or the last one there was.
  package var sought: Query { isActive ? query : last }

  /// Starts typing; what was there before stays to be changed.
  package mutating func open() { isTyping = true }

  package mutating func clear() {
    let sought = sought
    self = Filter()
    last = sought
  }

  /// `enter` keeps the filter, `esc` takes it away. Arrows are left to the list.
  package mutating func press(_ key: Key) -> Outcome {
    guard isTyping else { return .ignored }
    switch key {
    case .escape:
      clear()
      return .cleared
    case .enter:
      isTyping = false
      return isActive ? .kept : .cleared
    default:
      let before = text
      guard editor.press(key) else { return .ignored }
      guard text != before else { return .none }
      query = Query(text)
      return .changed
    }
  }

  /// The places of the rows that match, in their order.
  package func rows(of count: Int, values: (Int) -> [Query.Value]) -> [Int] {
    query == .all ? Array(0..<count) : (0..<count).filter { query.matches(values($0)) }
  }

  /// One row: the filter, how many rows match, and what it asks for that there is not.
  ///
  /// - Parameter fields: the names a query can use here.
  package func render(
    into surface: inout Surface, row: Int, column: Int = 0, width: Int, shown: Int, of count: Int, fields: [String]
  ) {
    guard width > 2 else { return }
    surface.clear(row: row, column: column, size: Size(columns: width, rows: 1))
    surface.write("/", row: row, column: column, role: .accent)
    let unknown = query.fields.first { name in !fields.contains { $0.lowercased() == name } }
    let note = unknown.map { "no field is called \($0); there is \(fields.joined(separator: ", "))" }
    let said = Text.clipped(note ?? "\(shown) of \(count)", to: max(0, width - 24))
    let room = max(1, width - 2 - Text.columns(said) - 2)
    if isTyping {
      editor.render(into: &surface, row: row, column: column + 2, width: room)
    } else {
      surface.write(Text.clipped(text, to: room), row: row, column: column + 2)
    }
    surface.write(
      said, row: row, column: column + width - Text.columns(said), role: note == nil ? .dim : .warning)
  }
}
