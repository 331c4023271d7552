import FoundationEssentials
import Interface
import Platform

extension Audit {
  /// Columns that each bar has: as many as fill the row.
  private static func columns(of spread: Strip.Spread, in width: Int) -> Int {
    max(1, width / max(1, spread.counts.count))
  }

  /// The bar at a column of the view.
  static func bar(at column: Int, _ state: State) -> Int? {
    guard let spread = state.strip.spread else { return nil }
    let bar = column / columns(of: spread, in: state.width)
    return spread.counts.indices.contains(bar) ? bar : nil
  }

  private static let levels: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Bars of all that passes, below them a sign where exchanges were refused, below that the axis.
  static func renderStrip(_ state: State, on surface: inout Surface, row: Int) {
    let height = state.strip.height(in: surface.size.rows)
    guard height > 0 else { return }
    guard let spread = state.strip.spread, !spread.counts.isEmpty else {
      surface.write(state.hasLoaded ? "counting…" : "", row: row, role: .dim)
      return
    }
    let wide = columns(of: spread, in: surface.size.columns)
    let bars = height - 2
    let most = max(1, spread.counts.max() ?? 1)
    for (index, count) in spread.counts.enumerated() where count > 0 {
      let eighths = max(1, count * bars * 8 / most)
      for line in 0..<bars {
        let filled = max(0, min(8, eighths - (bars - 1 - line) * 8))
        guard filled > 0 else { continue }
        let text = String(repeating: levels[filled], count: wide)
        surface.write(text, row: row + line, column: index * wide, role: state.strip.isStale ? .dim : .accent)
      }
    }
    for (index, denials) in spread.denials.enumerated() where denials > 0 {
      let sign = denials < 10 ? "\(denials)" : "✗"
      surface.write(sign, row: row + bars, column: index * wide, role: .danger)
    }
    if spread.denials.contains(where: { $0 > 0 }), spread.denials[0] == 0,
      spread.denials.prefix(9).allSatisfy({ $0 == 0 })
    {
      surface.write(Text.clipped("refused:", to: 8), row: row + bars, role: .dim)
    }
    renderAxis(spread, state, on: &surface, row: row + height - 1, wide: wide)
  }

  /// The time at both ends; the cursor with what is under it, or where the selection is.
  private static func renderAxis(
    _ spread: Strip.Spread, _ state: State, on surface: inout Surface, row: Int, wide: Int
  ) {
    let width = surface.size.columns
    let bar =
      state.strip.hasKeys ? state.strip.cursor : state.selected.flatMap { spread.bar(at: $0.activity.createdAt) }
    let place = bar.map { min(width - 1, $0 * wide + wide / 2) }
    let isWithSeconds = spread.width < 60
    let end = spread.start.addingTimeInterval(Double(spread.width * spread.counts.count))
    let (first, last) = (text(spread.start, isWithSeconds), text(end, isWithSeconds))
    if !state.strip.hasKeys {
      let middle = "a bar is \(words(seconds: spread.width)); the highest \(spread.counts.max() ?? 0)"
      let size = Text.columns(middle)
      // The mark comes first, the times next; what has no room beside them is left out.
      var taken = place.map { [$0 - 1..<$0 + 2] } ?? []
      func put(_ text: String, at columns: [Int]) {
        let spans = columns.map { $0..<$0 + Text.columns(text) }
        let free = spans.first { span in
          span.lowerBound >= 0 && span.upperBound <= width && !taken.contains { $0.overlaps(span) }
        }
        guard let free else { return }
        taken.append(free.lowerBound - 1..<free.upperBound + 1)
        surface.write(text, row: row, column: free.lowerBound, role: .dim)
      }
      put(first, at: [0])
      put(last, at: [width - Text.columns(last)])
      put(middle, at: [(width - size) / 2] + (place.map { [$0 - 1 - size, $0 + 2] } ?? []))
      if let place { surface.write("▲", row: row, column: place, role: .accent) }
      return
    }
    guard let bar, let place, spread.counts.indices.contains(bar) else { return }
    let start = spread.start(of: bar)
    let refused = spread.denials[bar] == 0 ? "" : ", ✗ \(spread.denials[bar]) refused"
    let said = "\(text(start, isWithSeconds)) + \(words(seconds: spread.width)): \(spread.counts[bar])\(refused)"
    let note = said + "  enter goes there, + - zoom"
    surface.write("▲", row: row, column: place, role: .selection)
    let isLeft = place < width / 2
    let room = isLeft ? width - place - 2 : place - 1
    let shown = Text.columns(note) <= room ? note : Text.clipped(said, to: room)
    surface.write(shown, row: row, column: isLeft ? place + 2 : max(0, place - 1 - Text.columns(shown)), role: .text)
  }

  private static func text(_ date: Date, _ isWithSeconds: Bool) -> String {
    String(date.columnText.prefix(isWithSeconds ? 19 : 16))
  }

  /// `15 min`.
  private static func words(seconds: Int) -> String {
    for (unit, name) in [(86400, "d"), (3600, "h"), (60, "min")] where seconds.isMultiple(of: unit) {
      return "\(seconds / unit) \(name)"
    }
    return "\(seconds) s"
  }
}
