struct Token: Sendable {
  enum Kind: Equatable, Sendable {
    case name(String)
    /// A name between backquotes, as may follow a dot.
    case quoted(String)
    /// The digits, or what follows `0x`, without a suffix.
    case integer(digits: String, radix: Int, isUnsigned: Bool)
    case double(String)
    case string(String)
    case bytes([UInt8])
    /// An operator or bracket of the language.
    case symbol(String)
    /// Something that looks like an operator and is none: `=`, `===`, `&`, `|`, `;`.
    case stray(String)
    case end
  }

  let kind: Kind
  let range: Range<Int>
}

/// Cuts the source into tokens, one when asked for, so that the first mistake in the text is the one reported.
struct Lexer {
  let source: Source
  var offset = 0

  init(_ source: Source) { self.source = source }

  func byte(_ ahead: Int = 0) -> UInt8? {
    let index = offset + ahead
    return index < source.bytes.count ? source.bytes[index] : nil
  }

  mutating func next() throws(Issue) -> Token {
    skipBlanks()
    let start = offset
    guard let first = byte() else { return Token(kind: .end, range: start..<start) }
    if let string = try stringLiteral() { return string }
    if first.startsName {
      while let byte = byte(), byte.continuesName { offset += 1 }
      return Token(kind: .name(source[start..<offset]), range: start..<offset)
    }
    if first.isDigit || first == UInt8(ascii: ".") && byte(1)?.isDigit == true { return try number() }
    if first == UInt8(ascii: "`") { return try quotedName() }
    for symbol in Self.symbols where source.bytes[start...].starts(with: symbol.utf8) {
      offset += symbol.utf8.count
      let isStray = Self.stray.contains(symbol)
      return Token(kind: isStray ? .stray(symbol) : .symbol(symbol), range: start..<offset)
    }
    throw unknownCharacter()
  }

  /// Longest first, with what people write by mistake among them.
  private static let symbols = [
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "=", "&", "|", ";", "<", ">", "!", "+", "-", "*", "/", "%", "?",
    ":", ",", ".", "(", ")", "[", "]", "{", "}",
  ]
  private static let stray: Set = ["===", "!==", "=", "&", "|", ";"]

  private mutating func skipBlanks() {
    while let byte = byte() {
      if byte.isBlank {
        offset += 1
      } else if byte == UInt8(ascii: "/"), self.byte(1) == UInt8(ascii: "/") {
        while let byte = self.byte(), byte != .lineFeed, byte != .carriageReturn { offset += 1 }
      } else {
        return
      }
    }
  }

  private mutating func number() throws(Issue) -> Token {
    let start = offset
    if byte() == UInt8(ascii: "0"), byte(1).map({ $0 | 0x20 }) == UInt8(ascii: "x"), byte(2)?.hexDigit != nil {
      offset += 2
      while byte()?.hexDigit != nil { offset += 1 }
      return try integer(digits: start + 2..<offset, radix: 16, from: start)
    }
    skipDigits()
    let digits = start..<offset
    var isDouble = false
    if byte() == UInt8(ascii: "."), byte(1)?.isDigit == true {
      isDouble = true
      offset += 1
      skipDigits()
    }
    if let exponent = byte(), exponent | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if byte(1 + sign)?.isDigit == true {
        isDouble = true
        offset += 1 + sign
        skipDigits()
      }
    }
    guard isDouble else { return try integer(digits: digits, radix: 10, from: start) }
    try endNumber(from: start)
    return Token(kind: .double(source[start..<offset]), range: start..<offset)
  }

  private mutating func integer(digits: Range<Int>, radix: Int, from start: Int) throws(Issue) -> Token {
    let isUnsigned = byte().map { $0 | 0x20 } == UInt8(ascii: "u")
    if isUnsigned { offset += 1 }
    try endNumber(from: start)
    let kind = Token.Kind.integer(digits: source[digits], radix: radix, isUnsigned: isUnsigned)
    return Token(kind: kind, range: start..<offset)
  }

  private mutating func endNumber(from start: Int) throws(Issue) {
    guard byte()?.continuesName == true else { return }
    while byte()?.continuesName == true { offset += 1 }
    throw issue("'\(source[start..<offset])' is neither a number nor a name", start..<offset)
  }

  private mutating func skipDigits() { while byte()?.isDigit == true { offset += 1 } }

  private mutating func quotedName() throws(Issue) -> Token {
    let start = offset
    offset += 1
    while let byte = byte(), byte.continuesName || ".-/ ".utf8.contains(byte) { offset += 1 }
    guard byte() == UInt8(ascii: "`"), offset > start + 1 else {
      throw issue(
        "a name between backquotes has letters, digits and _ . - / only", start..<offset,
        remedy: "use the index form: claims[\"name\"]")
    }
    offset += 1
    return Token(kind: .quoted(source[start + 1..<offset - 1]), range: start..<offset)
  }

  private func unknownCharacter() -> Issue {
    let rest = String(decoding: source.bytes[offset...].prefix(4), as: UTF8.self)
    let character = rest.unicodeScalars.first ?? "\u{FFFD}"
    let range = offset..<min(source.bytes.count, offset + UTF8.width(character))
    if "“”„‟‘’‚‛«»″′".unicodeScalars.contains(character) {
      return issue("\(character) is a typographic quote", range, remedy: "use plain quotes: \"…\"")
    }
    let isVisible = String(character).harmless == String(character) && !character.properties.isWhitespace
    return issue("\(isVisible ? "'\(character)'" : character.name) has no meaning here", range)
  }

  func issue(_ message: String, _ range: Range<Int>, remedy: String? = nil) -> Issue {
    Issue(.syntax, message, at: range, in: source, remedy: remedy)
  }
}
