/// A grid of cells, `rows × columns`, row by row: what a view draws and a terminal shows.
///
/// Anything outside the grid is cut off without complaint, so that drawing needs no care for small screens.
package struct Surface: Equatable, Sendable {
  package let size: Size
  /// Where the terminal's cursor shows; nil hides it.
  package var cursor: Position?
  private(set) var cells: [Cell]

  /// - Parameter size: a negative extent counts as 0.
  package init(_ size: Size) {
    self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
    cells = Array(repeating: .blank, count: self.size.columns * self.size.rows)
  }

  package func contains(_ place: Position) -> Bool {
    (0..<size.rows).contains(place.row) && (0..<size.columns).contains(place.column)
  }

  /// A blank outside the grid.
  package subscript(row: Int, column: Int) -> Cell {
    guard contains(Position(row: row, column: column)) else { return .blank }
    return cells[row * size.columns + column]
  }

  /// The rows without trailing blanks, one a line.
  package var text: String { (0..<size.rows).map(text(ofRow:)).joined(separator: "\n") }

  private func text(ofRow row: Int) -> String {
    let line = cells[row * size.columns..<(row + 1) * size.columns]
    guard let last = line.lastIndex(where: { !$0.isBlank && !$0.isContinuation }) else { return "" }
    var text = ""
    for cell in line[...last] { cell.append(to: &text) }
    return text
  }

  /// Writes one line, made harmless.
  ///
  /// - Parameters:
  ///   - column: where the text starts; when negative, the glyphs left of the edge are cut off.
  ///   - width: the most columns to use; the surface's edge always holds. A wide glyph that does not fit is left out.
  /// - Returns: columns used, from `column` on.
  @discardableResult
  package mutating func write(
    _ text: String, row: Int, column: Int = 0, role: Role = .text, width: Int? = nil
  ) -> Int {
    guard row >= 0, row < size.rows, column < size.columns else { return 0 }
    let end = width.map { min(size.columns, column + max(0, $0)) } ?? size.columns
    let start = row * size.columns
    let reached =
      column >= 0 && text.isPlain
      ? writePlain(text, start: start, column: column, end: end, role: role)
      : writeGlyphs(text, start: start, column: column, end: end, role: role)
    return max(0, reached - column)
  }

  private mutating func writePlain(_ text: String, start: Int, column: Int, end: Int, role: Role) -> Int {
    guard column < end else { return column }
    var position = column
    for byte in text.utf8 {
      guard position < end else { break }
      set(Cell(glyph: Glyph(base: Unicode.Scalar(byte), width: 1), role: role), start: start, column: position)
      position += 1
    }
    return position
  }

  private mutating func writeGlyphs(_ text: String, start: Int, column: Int, end: Int, role: Role) -> Int {
    var position = column
    Glyph.each(in: text) { glyph in
      guard position + glyph.width <= end else { return false }
      let cell = Cell(glyph: glyph, role: role)
      if position >= 0 {
        set(cell, start: start, column: position)
        if glyph.width == 2 { set(cell.continuation(), start: start, column: position + 1, joined: true) }
      } else if position == -1, glyph.width == 2 {
        set(cell.blanked(), start: start, column: 0)
      }
      position += glyph.width
      return true
    }
    return position
  }

  /// Replaces one cell, and blanks what is left of a wide glyph it cut in half.
  private mutating func set(_ cell: Cell, start: Int, column: Int, joined: Bool = false) {
    let index = start + column
    let old = cells[index]
    if old.isContinuation, !joined, column > 0 { cells[index - 1] = cells[index - 1].blanked() }
    if old.isWide, column + 1 < size.columns { cells[index + 1] = cells[index + 1].blanked() }
    cells[index] = cell
  }

  /// Gives the cells of a row, or some columns of it, a role.
  package mutating func tint(row: Int, columns: Range<Int>? = nil, role: Role) {
    guard row >= 0, row < size.rows else { return }
    var range = (columns ?? 0..<size.columns).clamped(to: 0..<size.columns)
    guard !range.isEmpty else { return }
    let start = row * size.columns
    if cells[start + range.lowerBound].isContinuation { range = range.lowerBound - 1..<range.upperBound }
    if cells[start + range.upperBound - 1].isWide { range = range.lowerBound..<range.upperBound + 1 }
    for column in range { cells[start + column].role = role }
  }

  /// Replaces every cell by another of the same place; `body` must give both halves of a wide glyph or neither.
  mutating func replaceCells(_ body: (Cell) -> Cell) {
    for index in cells.indices { cells[index] = body(cells[index]) }
  }

  /// Lays another surface over this one. Its cursor, where in sight, becomes this one's.
  package mutating func place(_ other: Surface, row: Int, column: Int) {
    let columns = max(0, -column)..<max(max(0, -column), min(other.size.columns, size.columns - column))
    for line in 0..<other.size.rows where row + line >= 0 && row + line < size.rows {
      if columns.count == size.columns, columns.count == other.size.columns {
        // Whole rows, which is how a view is laid into the screen: no glyph can be cut.
        let (from, to) = (line * size.columns, (row + line) * size.columns)
        cells.replaceSubrange(to..<to + size.columns, with: other.cells[from..<from + size.columns])
        continue
      }
      for place in columns {
        let cell = other.cells[line * other.size.columns + place]
        let isCut =
          (cell.isContinuation && place == columns.lowerBound) || (cell.isWide && place + 1 == columns.upperBound)
        set(
          isCut ? cell.blanked() : cell, start: (row + line) * size.columns, column: column + place,
          joined: cell.isContinuation && !isCut)
      }
    }
    guard let cursor = other.cursor else { return }
    let moved = Position(row: cursor.row + row, column: cursor.column + column)
    if contains(moved) { self.cursor = moved }
  }

  /// Blanks a rectangle.
  package mutating func clear(row: Int, column: Int, size area: Size) {
    place(Surface(clampedToGrid(area, row: row, column: column)), row: row, column: column)
  }

  /// A box with a title in its top edge; inside it is blank. Nothing is drawn below 2 × 2.
  package mutating func frame(row: Int, column: Int, size area: Size, title: String, role: Role = .border) {
    guard area.columns >= 2, area.rows >= 2 else { return }
    clear(row: row, column: column, size: area)
    let bar = String(repeating: "─", count: area.columns - 2)
    write("┌" + bar + "┐", row: row, column: column, role: role)
    write("└" + bar + "┘", row: row + area.rows - 1, column: column, role: role)
    for line in row + 1..<row + area.rows - 1 {
      write("│", row: line, column: column, role: role)
      write("│", row: line, column: column + area.columns - 1, role: role)
    }
    if !title.isEmpty, area.columns > 6 {
      write(" \(Text.clipped(title, to: area.columns - 6)) ", row: row, column: column + 2, role: role)
    }
  }

  /// Keeps a huge rectangle from costing more than the grid does.
  private func clampedToGrid(_ area: Size, row: Int, column: Int) -> Size {
    Size(columns: min(area.columns, size.columns - min(0, column)), rows: min(area.rows, size.rows - min(0, row)))
  }

  /// Most rows are as they were, and are compared at once.
  private func isRowEqual(at start: Int, in old: Surface) -> Bool {
    cells.withUnsafeBufferPointer { new in
      old.cells.withUnsafeBufferPointer { old in
        var place = start
        while place < start + size.columns, new[place].bits == old[place].bits { place += 1 }
        return place == start + size.columns
      }
    }
  }

  /// The cells that differ, left to right and top to bottom; every row whole when `old` has another size.
  /// A run never starts or ends within a wide glyph.
  package func changes(since old: Surface) -> [Run] {
    guard old.size == size else {
      return (0..<size.rows).map {
        Run(row: $0, column: 0, cells: Array(cells[$0 * size.columns..<($0 + 1) * size.columns]))
      }
    }
    var runs: [Run] = []
    for row in 0..<size.rows {
      let start = row * size.columns
      if isRowEqual(at: start, in: old) { continue }
      var column = 0
      while column < size.columns {
        guard cells[start + column] != old.cells[start + column] else {
          column += 1
          continue
        }
        var first = column
        while first > 0, cells[start + first].isContinuation { first -= 1 }
        while column < size.columns,
          cells[start + column] != old.cells[start + column] || cells[start + column].isContinuation
        {
          column += 1
        }
        runs.append(Run(row: row, column: first, cells: Array(cells[start + first..<start + column])))
      }
    }
    return runs
  }
}
