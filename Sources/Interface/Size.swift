/// The extent of a screen or a part of it, in cells.
package struct Size: Hashable, Sendable {
  package var columns, rows: Int
  package init(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }
}

/// A cell's place, counted from 0 at the top left.
package struct Position: Hashable, Sendable {
  package var row, column: Int
  package init(row: Int, column: Int) { (self.row, self.column) = (row, column) }
}

/// What a cell is for. A theme gives each role its look.
package enum Role: String, CaseIterable, Sendable {
  case text, dim, heading, selection, accent, good, warning, danger, match, border

  /// The place in `allCases`, without making the array.
  package var place: Int {
    switch self {
    case .text: 0
    case .dim: 1
    case .heading: 2
    case .selection: 3
    case .accent: 4
    case .good: 5
    case .warning: 6
    case .danger: 7
    case .match: 8
    case .border: 9
    }
  }

  static let byPlace = Role.allCases
}
