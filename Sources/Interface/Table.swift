/// The state of a list: which row is selected and which is at the top. The rows are given when it is drawn.
package struct Table: Equatable, Sendable {
  package struct Column: Hashable, Sendable {
    package enum Width: Hashable, Sendable { case fixed(Int), flexible(minimum: Int) }
    package enum Alignment: Hashable, Sendable { case leading, trailing }
    package var title: String
    package var width: Width
    package var alignment: Alignment

    package init(_ title: String, _ width: Width, alignment: Alignment = .leading) {
      (self.title, self.width, self.alignment) = (title, width, alignment)
    }
    package init(title: String, width: Width, alignment: Alignment = .leading) {
      self.init(title, width, alignment: alignment)
    }

    var minimum: Int {
      switch width {
      case .fixed(let columns): max(0, columns)
      case .flexible(let minimum): max(0, minimum)
      }
    }
  }

  /// What stands in one column of a row.
  package struct Entry: Hashable, Sendable, ExpressibleByStringLiteral {
    package var text: String
    package var role: Role
    /// What it is sorted by, where that is not its text.
    package var rank: String?
    package init(_ text: String, role: Role = .text, rank: String? = nil) {
      (self.text, self.role, self.rank) = (text, role, rank)
    }
    package init(stringLiteral value: String) { self.init(value) }
  }

  package var selected = 0
  /// The row at the top; drawing departs from it when the selection would be out of sight.
  package var top = 0
  /// The column that sorting and resizing are about, by its place among those shown; nil until someone goes there.
  package var columnCursor: Int?
  package var sort: Sort?
  package var arrangement = Arrangement()
  /// The identifiers of rows marked to be acted on together. They survive a filter that hides them.
  package var marks: Set<String> = []
  package init() {}

  package mutating func move(by rows: Int, count: Int) {
    let (sum, overflow) = selected.addingReportingOverflow(rows)
    selected = overflow ? (rows > 0 ? count - 1 : 0) : sum
    clamp(count: count)
  }
  package mutating func moveToStart() { selected = 0 }
  package mutating func moveToEnd(count: Int) { selected = max(0, count - 1) }
  package mutating func clamp(count: Int) { selected = min(max(0, selected), max(0, count - 1)) }

  /// - Parameter height: rows of the whole table, its heading included.
  package mutating func move(_ motion: Motion, count: Int, height: Int) {
    selected = motion.applied(to: selected, count: count, height: height - 1)
  }

  /// Keeps the selection on a row when rows come, go or change places, and that row where it stands on the screen.
  ///
  /// - Parameters:
  ///   - id: of the row that was selected; when it is gone, the selection stays at its place.
  ///   - ids: of the rows there are now, in their order.
  package mutating func follow<ID: Equatable>(_ id: ID?, in ids: some Collection<ID>) {
    if let id, let place = ids.firstIndex(of: id) {
      let index = ids.distance(from: ids.startIndex, to: place)
      top = max(0, top + index - selected)
      selected = index
    }
    clamp(count: ids.count)
  }

  package mutating func toggleMark(_ id: String) {
    if marks.remove(id) == nil { marks.insert(id) }
  }

  /// Moves the top as little as keeps the selection in sight.
  ///
  /// - Parameter height: rows of the whole table, its heading included.
  package mutating func scroll(height: Int, count: Int) { top = window(height: height, count: count).lowerBound }

  /// Moves what is in sight, and the selection only as far as it must to stay there.
  ///
  /// - Parameter height: rows of the whole table, its heading included.
  package mutating func scroll(by rows: Int, height: Int, count: Int) {
    let room = max(1, height - 1)
    top = max(0, min(window(height: height, count: count).lowerBound + rows, count - room))
    selected = max(top, min(selected, top + room - 1))
    clamp(count: count)
  }

  /// The rows in sight, in a table `height` rows high with its heading.
  package func window(height: Int, count: Int) -> Range<Int> {
    let room = max(0, height - 1)
    let last = min(max(0, selected), max(0, count - 1))
    var first = min(top, last)
    first = max(first, last - room + 1)
    first = max(0, min(first, count - room))
    return first..<max(first, min(count, first + room))
  }
}
