extension Value {
  /// The value as an expression would write it, on one line, nothing left that could draw on a screen:
  /// `"refs/heads/dev"`, `["a", "b"]`, `1790000000`.
  package var text: String { text(limit: .max) }

  /// ``text``, cut where a person stops reading. A token may hold far more than that.
  var clippedText: String { text(limit: 160) }

  private func text(limit: Int) -> String {
    var writer = ValueWriter(room: limit)
    writer.write(self)
    return writer.text
  }

  /// The bytes of text that it holds itself.
  var byteCount: Int {
    switch self {
    case .string(let value): value.utf8.count
    case .bytes(let value): value.count
    default: 0
    }
  }
}

private struct ValueWriter {
  private(set) var text = ""
  /// Code points of values that may still be written; brackets and quotes are not counted.
  private var room: Int

  init(room: Int) { self.room = room }

  mutating func write(_ value: Value) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .uint(let value): text += "\(value)u"
    case .double(let value): text += value.shortest
    case .string(let value):
      let head = value.unicodeScalars.prefix(max(room, 0))
      let isWhole = head.endIndex == value.unicodeScalars.endIndex
      text += String(String.UnicodeScalarView(head)).quoted + (isWhole ? "" : "…")
      room -= head.count
    case .bytes(let value):
      let head = value.prefix(max(room, 0))
      let characters = head.map { $0.isPrintable ? String(Character(Unicode.Scalar($0))) : $0.escaped }
      text += "b\"\(characters.joined())\"" + (head.count == value.count ? "" : "…")
      room -= head.count
    case .list(let values): write(values, "[", "]") { $0.write($1) }
    case .map(let map):
      write(map.entries, "{", "}") { writer, entry in
        writer.write(entry.key.value)
        writer.text += ": "
        writer.write(entry.value)
      }
    case .timestamp(let value): text += "timestamp(\"\(value.text)\")"
    case .duration(let value): text += "duration(\"\(DurationText.text(nanoseconds: value))\")"
    case .type(let kind): text += kind.rawValue
    }
  }

  private mutating func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, _ write: (inout ValueWriter, Element) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += ", " }
      guard room > 0 else {
        text += "…"
        break
      }
      write(&self, element)
      room -= 1
    }
    text += close
  }
}

extension Value {
  /// A length of time, written `60.001s`.
  package static func durationText(nanoseconds: Int64) -> String { DurationText.text(nanoseconds: nanoseconds) }

  /// Reads a length of time such as `-1h2.5s`; nil when it has another form or is out of range.
  package init?(durationText: String) {
    guard let nanoseconds = try? DurationText.parse(durationText) else { return nil }
    self = .duration(nanoseconds: nanoseconds)
  }
}

extension Double {
  /// The shortest digits that read back, whole numbers without a fraction.
  var shortest: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
    let digits = description
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }
}

extension String {
  /// A literal that stands for this text.
  package var quoted: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.isHarmless: result.unicodeScalars.append(scalar)
      default: result += scalar.value > 0xFFFF ? "\\U" + scalar.hex(8) : "\\u" + scalar.hex(4)
      }
    }
    return result + "\""
  }

  /// One column for each scalar, with control and direction characters replaced, so that carets line up and
  /// claims cannot draw on the screen.
  package var harmless: String {
    if unicodeScalars.allSatisfy(\.isHarmless) { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(scalar.isHarmless ? scalar : scalar == "\t" ? " " : "\u{FFFD}") }
    return String(result)
  }
}

extension Unicode.Scalar {
  /// Draws one visible thing where it stands, or a space.
  fileprivate var isHarmless: Bool {
    if isASCII { return value >= 0x20 && value != 0x7F }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: return false
    default: return true
    }
  }

  /// As `U+00A0`.
  var name: String { "U+" + hex(4).uppercased() }

  fileprivate func hex(_ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension UInt8 {
  fileprivate var isPrintable: Bool { self >= 0x20 && self < 0x7F && self != 0x22 && self != 0x5C }
  fileprivate var escaped: String { "\\x" + (self < 16 ? "0" : "") + String(self, radix: 16) }
}
