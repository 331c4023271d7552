/// A row of small bars, one for each value, the newest at the right.
package enum Sparkline {
  private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// As many bars as columns; more values than columns share a bar, which shows the largest of them.
  package static func text(_ values: [Double], width: Int) -> String {
    guard width > 0 else { return "" }
    let bars = gathered(values.map { $0.isFinite ? max(0, $0) : 0 }, into: width)
    let most = bars.max() ?? 0
    return String(
      bars.map { value in
        if value == 0 || most == 0 { return value == 0 ? " " : levels[0] }
        return levels[min(7, Int(value / most * 7.999))]
      })
  }

  private static func gathered(_ values: [Double], into count: Int) -> [Double] {
    guard values.count > count else { return values }
    return (0..<count).map { bar in
      values[bar * values.count / count..<(bar + 1) * values.count / count].max() ?? 0
    }
  }
}

/// Values side by side, as horizontal bars.
package struct BarChart: Equatable, Sendable {
  package struct Bar: Equatable, Sendable {
    package var label: String
    package var value: Double
    /// The value as people read it.
    package var text: String
    package var role: Role
    package init(_ label: String, _ value: Double, text: String, role: Role = .accent) {
      (self.label, self.value, self.text, self.role) = (label, value, text, role)
    }
  }

  package var bars: [Bar]
  package init(_ bars: [Bar]) { self.bars = bars }

  private static let eighths: [String] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar a row. A value above 0 shows at least a sliver; what does not fit is counted in the last row.
  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    var part = Surface(Size(columns: width, rows: height))
    let shown = bars.count > height ? Array(bars.prefix(height - 1)) : bars
    let labels = min(width / 3, bars.map { Text.columns($0.label) }.max() ?? 0)
    let numbers = min(width / 3, bars.map { Text.columns($0.text) }.max() ?? 0)
    let room = max(0, width - labels - numbers - 2)
    let most = bars.map { $0.value.isFinite ? $0.value : 0 }.max() ?? 0
    for (offset, bar) in shown.enumerated() {
      part.write(Text.clipped(bar.label, to: labels), row: offset)
      let share = most > 0 && bar.value.isFinite ? max(0, bar.value) / most : 0
      let length = max(share > 0 ? 1 : 0, Int(share * Double(room) * 8))
      let text = String(repeating: "█", count: length / 8) + Self.eighths[length % 8]
      part.write(text, row: offset, column: labels + 1, role: bar.role, width: room)
      let number = Text.clipped(bar.text, to: numbers)
      part.write(number, row: offset, column: width - Text.columns(number), role: .dim)
    }
    if shown.count < bars.count {
      part.write("and \(bars.count - shown.count) more", row: height - 1, role: .dim)
    }
    surface.place(part, row: row, column: column)
  }
}

/// How often values fall where, as upright bars over an axis.
package struct Histogram: Equatable, Sendable {
  /// How many values each part of the axis has, from the left.
  package var counts: [Int]
  /// What stands under the axis' ends.
  package var from, to: String

  package init(counts: [Int], from: String, to: String) { (self.counts, self.from, self.to) = (counts, from, to) }

  /// Sorts values into parts of equal width; a value at the very end belongs to the last part.
  package init(_ values: [Double], parts: Int, label: (Double) -> String) {
    let values = values.filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    var counts = Array(repeating: 0, count: max(1, parts))
    for value in values {
      let share = high > low ? (value - low) / (high - low) : 0
      counts[min(counts.count - 1, Int(share * Double(counts.count)))] += 1
    }
    self.init(counts: counts, from: label(low), to: label(high))
  }

  private static let levels: [String] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Bars, then the axis' ends; the largest count at the top left.
  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int) {
    guard width > 0, height > 1, !counts.isEmpty else { return }
    var part = Surface(Size(columns: width, rows: height))
    let most = counts.max() ?? 0
    let room = height - 1
    let wide = max(1, width / counts.count)
    for (index, count) in counts.enumerated() where most > 0 && count > 0 {
      let eighths = max(1, Int(Double(count) / Double(most) * Double(room) * 8))
      for line in 0..<room {
        let filled = max(0, min(8, eighths - (room - 1 - line) * 8))
        let glyph = Self.levels[filled]
        let bar = String(repeating: glyph, count: wide > 1 ? wide - 1 : 1)
        part.write(bar, row: line, column: index * wide, role: .accent, width: width - index * wide)
      }
    }
    let top = "\(most)"
    if part[0, 0].glyph == " " { part.write(top, row: 0, role: .dim) }
    let half = max(0, width / 2 - 1)
    part.write(Text.clipped(from, to: half), row: room, role: .dim)
    let end = Text.clipped(to, to: half)
    let axis = min(width, counts.count * wide)
    part.write(end, row: room, column: max(half + 1, axis - Text.columns(end)), role: .dim)
    surface.place(part, row: row, column: column)
  }
}
