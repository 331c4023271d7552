/// String and bytes literals: prefixes, quotes, escapes.
extension Lexer {
  /// A string or bytes literal at the offset; nil when none begins there.
  mutating func stringLiteral() throws(Issue) -> Token? {
    let start = offset
    var index = 0
    var isBytes = false
    var isRaw = false
    if let byte = byte(), byte | 0x20 == UInt8(ascii: "b") {
      isBytes = true
      index += 1
    }
    if let byte = byte(index), byte | 0x20 == UInt8(ascii: "r") {
      isRaw = true
      index += 1
    }
    guard let quote = byte(index), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    let isLong = byte(index + 1) == quote && byte(index + 2) == quote
    offset += index + (isLong ? 3 : 1)
    var content: [UInt8] = []
    while let byte = byte() {
      if byte == quote, !isLong || self.byte(1) == quote && self.byte(2) == quote {
        offset += isLong ? 3 : 1
        let range = start..<offset
        if isBytes { return Token(kind: .bytes(content), range: range) }
        return Token(kind: .string(String(decoding: content, as: UTF8.self)), range: range)
      }
      if !isLong, byte == .lineFeed || byte == .carriageReturn { break }
      if byte == UInt8(ascii: "\\"), !isRaw {
        try escape(into: &content, isBytes: isBytes, literal: start, quote: quote, isLong: isLong)
      } else {
        content.append(byte)
        offset += 1
      }
    }
    let remedy = isLong ? "close it with three quotes" : "close it; text over several lines needs three quotes"
    throw issue("this \(isBytes ? "bytes literal" : "string") is never closed", start..<offset, remedy: remedy)
  }

  private mutating func escape(
    into content: inout [UInt8], isBytes: Bool, literal: Int, quote: UInt8, isLong: Bool
  ) throws(Issue) {
    let start = offset
    offset += 1
    guard let letter = byte() else { return }
    offset += 1
    if let plain = Self.plainEscapes[letter] {
      content.append(plain)
      return
    }
    let code: UInt32?
    switch letter {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): code = hexadecimal(2)
    case UInt8(ascii: "u") where !isBytes: code = hexadecimal(4)
    case UInt8(ascii: "U") where !isBytes: code = hexadecimal(8)
    case UInt8(ascii: "0")...UInt8(ascii: "3"): code = octal(first: letter)
    default: code = nil
    }
    if let code, isBytes {
      content.append(UInt8(truncatingIfNeeded: code))
    } else if let scalar = code.flatMap(Unicode.Scalar.init) {
      content += Array(String(Character(scalar)).utf8)
    } else {
      throw unknownEscape(start..<min(offset, source.bytes.count), literal, quote, isLong)
    }
  }

  private mutating func hexadecimal(_ count: Int) -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = byte()?.hexDigit else { return nil }
      value = value << 4 | digit
      offset += 1
    }
    return value
  }

  private mutating func octal(first: UInt8) -> UInt32? {
    var value = UInt32(first - UInt8(ascii: "0"))
    for _ in 0..<2 {
      guard let digit = byte(), digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "7") else { return nil }
      value = value << 3 | UInt32(digit - UInt8(ascii: "0"))
      offset += 1
    }
    return value
  }

  /// Points at the whole literal, for the remedy is a prefix before it.
  private func unknownEscape(_ escape: Range<Int>, _ literal: Int, _ quote: UInt8, _ isLong: Bool) -> Issue {
    var end = escape.lowerBound
    while end < source.bytes.count, source.bytes[end] != quote, isLong || source.bytes[end] != .lineFeed {
      end += source.bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    end = min(source.bytes.count, end + (isLong ? 3 : 1))
    let letter = source[escape.lowerBound + 1..<end].unicodeScalars.first.map { String($0) } ?? ""
    let message =
      "xXuU01234567".contains(letter)
      ? "the escape \(source[escape]) names no character" : "the escape \\\(letter) is unknown"
    let remedy = "write \\\\\(letter), or a raw string: r\(source[literal..<end])"
    return issue(message, literal..<end, remedy: remedy)
  }

  private static let plainEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "?"): UInt8(ascii: "?"),
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "'"): UInt8(ascii: "'"),
    UInt8(ascii: "`"): UInt8(ascii: "`"), UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
    UInt8(ascii: "n"): 0x0A,
    UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B,
  ]
}
