/// What a number is of: seconds, or minutes of 60 of them.
package struct Unit: Hashable, Sendable {
  package var name: String
  /// How many of the first unit make one.
  package let factor: Int

  /// - Parameter factor: at least 1.
  package init(_ name: String, _ factor: Int = 1) { (self.name, self.factor) = (name, max(1, factor)) }

  /// `hour` for one of `hours`.
  func name(for count: Int) -> String { count == 1 && name.hasSuffix("s") ? String(name.dropLast()) : name }

  package static let ofTime = [Unit("seconds"), Unit("minutes", 60), Unit("hours", 3600), Unit("days", 86_400)]
}

/// A whole number with a unit, being edited.
package struct Quantity: Equatable, Sendable {
  package let units: [Unit]
  /// Of the value, in the first unit.
  package let range: ClosedRange<Int>
  private var editor: LineEditor
  private var unit: Int

  /// - Parameter value: in the first unit; shown in the largest that it is a whole number of.
  init(_ value: Int?, units: [Unit], range: ClosedRange<Int>) {
    let units = units.isEmpty ? [Unit("")] : units
    let amount = value ?? 0
    let unit = units.lastIndex { amount != 0 && amount % $0.factor == 0 } ?? 0
    (self.units, self.range, self.unit) = (units, range, unit)
    editor = LineEditor(value.map { "\($0 / units[unit].factor)" } ?? "")
  }

  /// In the first unit; nil when it is no number, or too large for one.
  package var value: Int? {
    guard let number = Int(editor.text) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: units[unit].factor)
    return overflow ? nil : product
  }

  /// Why it will not do.
  package var fault: String? {
    if editor.text.isEmpty { return nil }
    guard let value, range.contains(value) else {
      return "between \(Self.text(range.lowerBound, units)) and \(Self.text(range.upperBound, units))"
    }
    return nil
  }

  /// A number in the largest unit that it is a whole number of.
  static func text(_ value: Int, _ units: [Unit]) -> String {
    let unit = units.last { value != 0 && value % $0.factor == 0 } ?? units.first ?? Unit("")
    return unit.name.isEmpty ? "\(value)" : "\(value / unit.factor) \(unit.name(for: value / unit.factor))"
  }

  mutating func press(_ key: Key) -> Bool {
    switch key {
    case .character(let character) where !character.isWholeNumber:
      guard let place = units.firstIndex(where: { $0.name.first == character }) else { return character == " " }
      unit = place
      return true
    case .character(let character) where !character.isASCII || editor.text.count > 18: return true
    case .paste(let text):
      let digits = text.filter { $0.isASCII && $0.isWholeNumber }
      return editor.press(.paste(String(digits.prefix(18))))
    default: return editor.press(key)
    }
  }

  func render(into surface: inout Surface, row: Int, column: Int, width: Int, isFocused: Bool) {
    let digits = min(max(0, width), 12)
    guard isFocused else {
      let text = editor.text.isEmpty ? "–" : "\(editor.text) \(units[unit].name(for: Int(editor.text) ?? 0))"
      surface.write(Text.clipped(text, to: width), row: row, column: column, role: editor.text.isEmpty ? .dim : .text)
      return
    }
    editor.render(
      into: &surface, row: row, column: column, width: digits, role: .selection,
      isFocused: row >= 0 && row < surface.size.rows)
    let others = units.indices.filter { $0 != unit }.map { units[$0].name }.filter { !$0.isEmpty }
    let choice = others.isEmpty ? "" : "  (\(others.map { "\($0.prefix(1)): \($0)" }.joined(separator: ", ")))"
    let used = surface.write(
      Text.clipped(units[unit].name, to: width - digits - 1), row: row, column: column + digits + 1)
    surface.write(
      Text.clipped(choice, to: width - digits - 1 - used), row: row, column: column + digits + 1 + used, role: .dim)
  }
}
