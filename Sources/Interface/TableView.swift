extension Table {
  static let marker = 2
  static let gap = 2

  /// A heading, then the rows in sight. Only those are asked for.
  ///
  /// The selection is a mark and the tint of the first column's text, not a bar: moving it then costs two short writes.
  ///
  /// - Parameters:
  ///   - words: in small letters, marked wherever they stand: what a filter looked for.
  ///   - isMarked: whether the row is one of those to be acted on.
  ///   - entries: the entries of a row, one for each column, hidden ones too; missing ones stay blank.
  package func render(
    columns: [Column], count: Int, into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int,
    words: [String] = [], isMarked: (Int) -> Bool = { _ in false }, entries: (Int) -> [Entry]
  ) {
    guard width > 0, height > 0 else { return }
    let shown = shown(columns)
    let widths = Self.widths(of: shown.map(\.column), in: width - Self.marker)
    let places = widths.reduce(into: [column + Self.marker]) { $0.append($0[$0.count - 1] + $1 + Self.gap) }
    for (index, room) in widths.enumerated() {
      let title = shown[index].column.title
      let arrow = sort.map { $0.column == title ? ($0.isAscending ? " ↑" : " ↓") : "" } ?? ""
      Self.write(
        Entry(Text.clipped(title, to: room - arrow.count) + arrow, role: index == columnCursor ? .selection : .heading),
        shown[index].column.alignment, into: &surface, row: row, column: places[index], width: room)
    }
    for (offset, index) in window(height: height, count: count).enumerated() {
      let line = row + 1 + offset
      let isSelected = index == min(max(0, selected), count - 1)
      // The column between the mark and the name too, so that the look changes once and not twice.
      if isSelected { surface.write("▸ ", row: line, column: column, role: .selection, width: width) }
      if isMarked(index) {
        surface.write(
          "•", row: line, column: column + 1, role: isSelected ? .selection : .accent, width: width - 1)
      }
      let entries = entries(index)
      for (place, room) in widths.enumerated() where shown[place].place < entries.count {
        var entry = entries[shown[place].place]
        if isSelected, place == 0 { entry.role = .selection }
        Self.write(
          entry, shown[place].column.alignment, words: words, into: &surface, row: line, column: places[place],
          width: room)
      }
    }
  }

  private static func write(
    _ entry: Entry, _ alignment: Column.Alignment, words: [String] = [], into surface: inout Surface, row: Int,
    column: Int, width: Int
  ) {
    var (text, used) = (entry.text, Text.columns(entry.text))
    // What fits is made harmless when it is written; words are looked for in what is seen.
    if used > width {
      text = Text.clipped(text, to: width)
      used = Text.columns(text)
    } else if !words.isEmpty {
      text = Text.harmless(text)
    }
    let indent = alignment == .trailing ? width - used : 0
    surface.write(text, row: row, column: column + indent, role: entry.role, width: width - indent)
    for word in words {
      for places in Text.places(of: word, in: text) {
        surface.tint(text, places: Array(places), row: row, column: column + indent, role: .match)
      }
    }
  }
}
