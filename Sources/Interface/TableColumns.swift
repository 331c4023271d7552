extension Table {
  package struct Sort: Hashable, Sendable {
    /// The column's title.
    package var column: String
    package var isAscending: Bool
    package init(_ column: String, isAscending: Bool = true) { (self.column, self.isAscending) = (column, isAscending) }
  }

  /// Which columns someone chose, how wide and in which order, by their titles.
  package struct Arrangement: Hashable, Sendable {
    package var hidden: Set<String>
    package var widths: [String: Int]
    /// The columns after the first one; those that are not named follow as they are given.
    package var order: [String]
    package init(hidden: Set<String> = [], widths: [String: Int] = [:], order: [String] = []) {
      (self.hidden, self.widths, self.order) = (hidden, widths, order)
    }

    /// Each column with its place among those given, the first one first.
    func ordered(_ columns: [Column]) -> [(place: Int, column: Column)] {
      let all = columns.enumerated().map { (place: $0, column: $1) }
      if order.isEmpty { return all }
      func rank(_ item: (place: Int, column: Column)) -> Int {
        item.place == 0 ? -1 : order.firstIndex(of: item.column.title) ?? order.count + item.place
      }
      return all.sorted { rank($0) < rank($1) }
    }
  }

  /// The columns as arranged, each with its place among those given. The first one always stays.
  package func shown(_ columns: [Column]) -> [(place: Int, column: Column)] {
    arrangement.ordered(columns).compactMap { place, column in
      guard place == 0 || !arrangement.hidden.contains(column.title) else { return nil }
      var column = column
      if let width = arrangement.widths[column.title] { column.width = .fixed(width) }
      return (place, column)
    }
  }

  /// - Parameter width: of the table; columns that have no room in it are not gone to.
  package mutating func moveColumn(by step: Int, columns: [Column], width: Int = .max) {
    let last = Self.widths(of: shown(columns).map(\.column), in: width - Self.marker).count - 1
    columnCursor = max(0, min(last, (columnCursor ?? (step > 0 ? -1 : 1)) + step))
  }

  /// Sorts by the column under the cursor, or by the one given: upwards, then downwards, then not.
  ///
  /// - Parameter place: among the columns shown.
  package mutating func cycleSort(columns: [Column], place: Int? = nil) {
    let shown = shown(columns)
    let place = place ?? columnCursor ?? 0
    guard shown.indices.contains(place) else { return }
    let title = shown[place].column.title
    switch sort {
    case Sort(title): sort = Sort(title, isAscending: false)
    case Sort(title, isAscending: false): sort = nil
    default: sort = Sort(title)
    }
  }

  /// Makes the column under the cursor wider or narrower; at least 3 columns stay.
  ///
  /// - Parameter width: of the table, for what a flexible column has now.
  package mutating func resizeColumn(by step: Int, columns: [Column], width: Int) {
    let shown = shown(columns)
    let place = columnCursor ?? 0
    let widths = Self.widths(of: shown.map(\.column), in: width - Self.marker)
    guard widths.indices.contains(place) else { return }
    arrangement.widths[shown[place].column.title] = max(3, min(200, widths[place] + step))
  }

  /// The order in which rows are shown: their places, sorted as asked for, equal ones as they came.
  ///
  /// - Parameter text: of a row, in the column of that title.
  package func order(of count: Int, text: (_ row: Int, _ column: String) -> String) -> [Int] {
    guard let sort else { return Array(0..<count) }
    let texts = (0..<count).map { Array(text($0, sort.column).utf8)[...] }
    return (0..<count).sorted { left, right in
      let (first, second) = sort.isAscending ? (left, right) : (right, left)
      if Text.precedes(texts[first], texts[second]) { return true }
      return !Text.precedes(texts[second], texts[first]) && left < right
    }
  }

  package enum Hit: Equatable, Sendable {
    /// The place of the column among those shown.
    case heading(Int)
    case row(Int)
    case nothing
  }

  /// What a click met, in a table drawn at that place and size.
  package func hit(
    _ position: Position, columns: [Column], count: Int, row: Int, column: Int = 0, width: Int, height: Int
  ) -> Hit {
    let line = position.row - row
    let place = position.column - column
    guard (0..<width).contains(place), (0..<height).contains(line) else { return .nothing }
    if line > 0 {
      let index = window(height: height, count: count).lowerBound + line - 1
      return index < count ? .row(index) : .nothing
    }
    var edge = Self.marker
    for (index, width) in Self.widths(of: shown(columns).map(\.column), in: width - Self.marker).enumerated() {
      edge += width + Self.gap
      if place < edge { return .heading(index) }
    }
    return .nothing
  }

  /// The widths of the columns that fit, one for each from the left; the last ones are left out when they do not.
  /// Flexible columns share what is left over.
  package static func widths(of columns: [Column], in width: Int) -> [Int] {
    var kept = columns
    func needed() -> Int { kept.reduce(0) { $0 + $1.minimum } + gap * max(0, kept.count - 1) }
    while kept.count > 1, needed() > width { kept.removeLast() }
    var left = max(0, width - needed())
    var flexible = kept.count { if case .flexible = $0.width { true } else { false } }
    return kept.map { column in
      guard case .flexible = column.width else { return min(column.minimum, width) }
      let share = left / flexible
      (left, flexible) = (left - share, flexible - 1)
      return min(column.minimum + share, max(0, width))
    }
  }
}
