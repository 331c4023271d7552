/// The state of a list that is filtered, sorted, marked and arranged by its person.
package struct List: Equatable, Sendable {
  package enum Message: Equatable, Sendable {
    case filterAsked, columnsAsked, sortAsked, markAsked
    case columnMoved(by: Int)
    /// To the next row that the filter is about, or last was, or to the one before.
    case matchAsked(by: Int)
    /// Where the mouse did something, counted from the top left of the view.
    case pointed(Mouse)
  }

  package var table = Table()
  package var filter = Filter()
  /// The choice of columns, when it is open.
  package var chooser: ColumnChooser?
  /// The places, among all, of the rows shown. Kept, because they are asked for several times at every key.
  fileprivate var order: [Int] = []
  package init() {}
}

/// A view's state that is a list of rows below a line of title: what all such views do alike.
///
/// Whatever changes the rows, what is said of them, or the filter does so in ``rearrange(_:)``.
package protocol Listing: Sendable {
  associatedtype Row
  static var columns: [Table.Column] { get }
  /// The names that a filter can use.
  static var fields: [String] { get }

  var list: List { get set }
  /// Every row, in the order in which they came.
  var all: [Row] { get }
  /// The view's extent on the screen.
  var rows: Int { get }
  var width: Int { get }
  /// Whether one of the rows is open over the list.
  var isCovered: Bool { get }
  /// Lines of the view above the table, and below it beside that of the filter.
  var head: Int { get }
  var foot: Int { get }
  /// In small letters, marked wherever they stand in a row.
  var words: [String] { get }
  /// Why the rows keep their order; nil where they can be sorted.
  var unsorted: String? { get }
  /// Whether the rows are only those of many that are near: marks on others stay.
  static var isWindow: Bool { get }

  func identifier(of row: Row) -> String
  func values(of row: Row) -> [Query.Value]
  /// One for each column.
  func entries(for row: Row) -> [Table.Entry]
}

extension Listing {
  package var head: Int { 1 }
  package var foot: Int { 0 }
  package var words: [String] { filter.query.words }
  package var unsorted: String? { nil }
  package static var isWindow: Bool { false }

  package var table: Table {
    get { list.table }
    set { list.table = newValue }
  }
  package var filter: Filter {
    get { list.filter }
    set { list.filter = newValue }
  }

  /// The rows that pass the filter, sorted as asked for.
  package var shown: [Row] { list.order.map { all[$0] } }

  package var selected: Row? {
    list.order.indices.contains(table.selected) ? all[list.order[table.selected]] : nil
  }

  package var hasMarks: Bool { !table.marks.isEmpty && !isCovered }

  /// What keys act on: the marked rows, hidden ones too, else the selected one.
  package var chosen: [Row] {
    guard hasMarks else { return selected.map { [$0] } ?? [] }
    return all.filter { table.marks.contains(identifier(of: $0)) }
  }

  /// Whether keys go into the filter or the choice of columns.
  package var isListTyping: Bool { filter.isTyping || list.chooser != nil }

  /// Rows of the table, its heading included.
  package var height: Int { max(0, rows - head - foot - (hasFilterLine ? 1 : 0)) }
  private var hasFilterLine: Bool { filter.isActive || filter.isTyping }

  /// Keeps the selection on its row, and marks on those that are still there, through a change.
  package mutating func rearrange(_ change: (inout Self) -> Void = { _ in }) {
    let selected = selected.map(identifier)
    change(&self)
    let all = all
    if hasMarks, !Self.isWindow { table.marks.formIntersection(all.map(identifier)) }
    let kept = filter.rows(of: all.count) { values(of: all[$0]) }
    list.order = kept
    if let place = Self.columns.firstIndex(where: { $0.title == table.sort?.column }) {
      list.order = table.order(of: kept.count) { row, _ in
        let entry = entries(for: all[kept[row]])[place]
        return entry.rank ?? entry.text
      }.map { kept[$0] }
    }
    table.follow(selected, in: list.order.map { identifier(of: all[$0]) })
    table.scroll(height: height, count: list.order.count)
  }

  package mutating func move(_ motion: Motion) {
    table.move(motion, count: list.order.count, height: height)
    table.scroll(height: height, count: list.order.count)
  }

  /// Puts the selection on a row, if it is shown.
  package mutating func select(_ identifier: String) {
    guard let place = list.order.firstIndex(where: { self.identifier(of: all[$0]) == identifier }) else { return }
    table.selected = place
    table.scroll(height: height, count: list.order.count)
  }

  package mutating func update(_ message: List.Message) {
    switch message {
    case .filterAsked: filter.open()
    case .columnsAsked: list.chooser = ColumnChooser(Self.columns, arrangement: table.arrangement)
    case .sortAsked where unsorted == nil: rearrange { $0.table.cycleSort(columns: Self.columns) }
    case .columnMoved(let step): table.moveColumn(by: step, columns: Self.columns, width: width)
    case .markAsked:
      guard let selected else { return }
      table.toggleMark(identifier(of: selected))
      move(.lines(1))
    case .matchAsked(let step): goToMatch(step)
    case .pointed(let mouse): point(mouse)
    case .sortAsked: break
    }
  }

  private mutating func goToMatch(_ step: Int) {
    let (order, sought) = (list.order, filter.sought)
    let places = (0..<order.count).map {
      ((table.selected + ($0 + 1) * step) % order.count + order.count) % order.count
    }
    guard let place = places.first(where: { sought.matches(values(of: all[order[$0]])) }) else { return }
    table.selected = place
    table.scroll(height: height, count: order.count)
  }

  private mutating func point(_ mouse: Mouse) {
    let count = list.order.count
    switch mouse.action {
    case .wheelUp: table.scroll(by: -3, height: height, count: count)
    case .wheelDown: table.scroll(by: 3, height: height, count: count)
    case .click:
      switch table.hit(mouse.position, columns: Self.columns, count: count, row: head, width: width, height: height) {
      case .row(let row): table.selected = row
      case .heading(let place):
        guard unsorted == nil else { return }
        table.columnCursor = place
        rearrange { $0.table.cycleSort(columns: Self.columns, place: place) }
      case .nothing: break
      }
    }
  }

  /// A key for the filter or the choice of columns.
  package mutating func typed(_ key: Key) {
    if var chooser = list.chooser {
      list.chooser = chooser.press(key) == .closed ? nil : chooser
      table.arrangement = chooser.arrangement
      return
    }
    var outcome = Filter.Outcome.none
    rearrange { outcome = $0.filter.press(key) }
    if outcome == .ignored, let motion = Motion(whileTyping: key) { move(motion) }
  }

  /// Why there is no way back here, or nil.
  package var backFault: String? {
    isCovered || filter.isActive || hasMarks ? nil : "This is the top. Press q to quit."
  }

  /// One step back: from the filter, then from the marks.
  package mutating func goBack() {
    if filter.isActive { rearrange { $0.filter.clear() } } else { table.marks = [] }
  }

  /// The table below the title, the filter at the foot, the choice of columns over them.
  package func renderList(on surface: inout Surface) {
    let (size, order) = (surface.size, list.order)
    let height = max(0, size.rows - head - foot - (hasFilterLine ? 1 : 0))
    table.render(
      columns: Self.columns, count: order.count, into: &surface, row: head, width: size.columns, height: height,
      words: words,
      isMarked: { !table.marks.isEmpty && table.marks.contains(identifier(of: all[order[$0]])) }
    ) { entries(for: all[order[$0]]) }
    if hasFilterLine {
      filter.render(
        into: &surface, row: size.rows - foot - 1, width: size.columns, shown: order.count, of: all.count,
        fields: Self.fields)
    }
    list.chooser?.render(on: &surface)
  }
}

extension List {
  /// What decides which of a list's keys work now.
  package struct Situation: Equatable, Sendable {
    /// Whether something lies over the list.
    package var isCovered: Bool
    package var hasSelection: Bool
    /// Whether anything was looked for yet.
    package var isSought: Bool
    /// Why the rows keep their order; nil where they can be sorted.
    package var unsorted: String?
    package init(isCovered: Bool, hasSelection: Bool, isSought: Bool, unsorted: String? = nil) {
      (self.isCovered, self.hasSelection) = (isCovered, hasSelection)
      (self.isSought, self.unsorted) = (isSought, unsorted)
    }

    var coverFault: String? { isCovered ? "Go back to the list first: esc." : nil }
  }
}

extension Listing {
  package var situation: List.Situation {
    List.Situation(
      isCovered: isCovered, hasSelection: selected != nil, isSought: filter.sought != .all, unsorted: unsorted)
  }
}

extension Keymap where State: Listing {
  /// What all lists have: filter, matches, sorting, columns, marks.
  package static func list(_ message: (List.Message) -> Message) -> Keymap { list(message) { $0.situation } }
}

extension Keymap {
  /// The same for a view of several lists.
  ///
  /// - Parameter situation: of the list that has the keys.
  package static func list(
    _ message: (List.Message) -> Message, in situation: @escaping @Sendable (State) -> List.Situation
  ) -> Keymap {
    let covered: @Sendable (State) -> String? = { situation($0).coverFault }
    let unsought: @Sendable (State) -> String? = {
      covered($0) ?? (situation($0).isSought ? nil : "Say what to look for first: /.")
    }
    return Keymap(
      Binding("/", help: "filter", message(.filterAsked), off: covered),
      Binding("n", help: "next match", message(.matchAsked(by: 1)), off: unsought),
      Binding("N", help: "previous match", message(.matchAsked(by: -1)), off: unsought)
    ).then(.arranging(message, in: situation)).then(
      Keymap(
        Binding(.right, help: "column to the right", message(.columnMoved(by: 1)), off: covered),
        Binding(.left, help: "column to the left", message(.columnMoved(by: -1)), off: covered)))
  }

  /// What is done to rows and columns, whatever the list is narrowed by: marks, sorting, columns.
  package static func arranging(
    _ message: (List.Message) -> Message, in situation: @escaping @Sendable (State) -> List.Situation
  ) -> Keymap {
    Keymap(
      Binding(" ", help: "mark", message(.markAsked)) {
        situation($0).coverFault ?? (situation($0).hasSelection ? nil : "There is nothing to mark.")
      },
      Binding("s", help: "sort", message(.sortAsked)) { situation($0).coverFault ?? situation($0).unsorted },
      Binding("o", help: "columns", message(.columnsAsked)) { situation($0).coverFault })
  }

  /// The keys that move through lines, as ``Motion`` reads them.
  ///
  /// - Parameter first: what the line at the top is to the reader, and `last` that at the end.
  package static func motions(
    first: String = "first", last: String = "last", _ message: (Motion) -> Message
  ) -> Keymap {
    Keymap(
      Binding("j", .down, help: "next", message(.lines(1))),
      Binding("k", .up, help: "previous", message(.lines(-1))),
      Binding(.pageDown, .control("f"), help: "page down", message(.pages(1))),
      Binding(.pageUp, .control("b"), help: "page up", message(.pages(-1))),
      Binding(.control("d"), help: "half a page down", message(.halves(1))),
      Binding(.control("u"), help: "half a page up", message(.halves(-1))),
      Binding("g", .home, help: first, message(.start)),
      Binding("G", .end, help: last, message(.end)))
  }
}
