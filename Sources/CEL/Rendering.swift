extension Value {
  /// The value as a person reads it and as an expression would write it, on one line, nothing left that could
  /// draw on a screen: `"refs/heads/dev"`, `["a", "b"]`, `1790000000`.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): "\(value)u"
    case .double(let value): value.shortest
    case .string(let value): value.quoted
    case .bytes(let value):
      "b\"\(value.map { $0.isPrintable ? String(Character(Unicode.Scalar($0))) : $0.escaped }.joined())\""
    case .list(let values): "[\(values.map(\.text).joined(separator: ", "))]"
    case .map(let map): "{\(map.entries.map { "\($0.key.value.text): \($0.value.text)" }.joined(separator: ", "))}"
    case .timestamp(let value): "timestamp(\"\(value.text)\")"
    case .duration(let value): "duration(\"\(DurationText.text(nanoseconds: value))\")"
    case .type(let kind): kind.rawValue
    }
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
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
          let digits = String(scalar.value, radix: 16)
          let width = digits.count > 4 ? 8 : 4
          let zeros = String(repeating: "0", count: width - digits.count)
          result += "\\\(width == 8 ? "U" : "u")\(zeros)\(digits)"
        default: result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

extension UInt8 {
  fileprivate var isPrintable: Bool { self >= 0x20 && self < 0x7F && self != 0x22 && self != 0x5C }
  fileprivate var escaped: String { "\\x" + (self < 16 ? "0" : "") + String(self, radix: 16) }
}
