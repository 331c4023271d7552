extension JSON {
  /// On one line, without spaces, ready to send or to be one line of JSON Lines.
  package var compact: String {
    var bytes: [UInt8] = []
    write(into: &bytes, indent: nil)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Two spaces a level, for people. Control characters are escaped, so it may be printed.
  package var pretty: String {
    var bytes: [UInt8] = []
    write(into: &bytes, indent: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(into bytes: inout [UInt8], indent: Int?) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let digits): bytes += digits.utf8
    case .string(let text): JSON.quote(text, into: &bytes)
    case .array(let values):
      JSON.writeList("[", "]", values, into: &bytes, indent: indent) { value, bytes, inner in
        value.write(into: &bytes, indent: inner)
      }
    case .object(let object):
      JSON.writeList("{", "}", object.members, into: &bytes, indent: indent) { member, bytes, inner in
        JSON.quote(member.key, into: &bytes)
        bytes += (inner == nil ? ":" : ": ").utf8
        member.value.write(into: &bytes, indent: inner)
      }
    }
  }

  private static func writeList<Item>(
    _ open: String, _ close: String, _ items: [Item], into bytes: inout [UInt8], indent: Int?,
    item write: (Item, inout [UInt8], Int?) -> Void
  ) {
    bytes += open.utf8
    let inner = indent.map { $0 + 2 }
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(&bytes, inner)
      write(item, &bytes, inner)
    }
    if !items.isEmpty { breakLine(&bytes, indent) }
    bytes += close.utf8
  }

  private static func breakLine(_ bytes: inout [UInt8], _ indent: Int?) {
    guard let indent else { return }
    bytes.append(0x0A)
    bytes += repeatElement(0x20, count: indent)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func quote(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      // Beside what RFC 8259 §7 asks for: C1 controls and direction marks, so that a printed line is harmless.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200B}"..."\u{200F}", "\u{2028}"..."\u{202E}",
        "\u{2060}"..."\u{206F}", "\u{61C}", "\u{FEFF}":
        bytes += "\\u".utf8
        for shift in [12, 8, 4, 0] { bytes.append(digits[Int(scalar.value >> UInt32(shift) & 15)]) }
      default: bytes += UTF8.encode(scalar)!  // every scalar has a UTF-8 form
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
