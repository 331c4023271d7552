/// Why a text is not JSON, and where.
package struct InvalidJSON: Error, Equatable, Sendable {
  package let reason: String
  /// Bytes before the mistake.
  package let offset: Int
}

extension JSON {
  /// What to do when an object names a member twice. RFC 8259 §4 leaves it open; a token that does is an attack.
  package enum Duplicates: Sendable { case refused, lastWins }

  /// Deeper nesting than this is refused, so that no text can exhaust the stack.
  package static let depthLimit = 128

  /// - Throws: ``InvalidJSON`` for anything RFC 8259 does not allow, for invalid UTF-8, for nesting deeper than
  ///   ``depthLimit`` and, unless `duplicates` says otherwise, for a member named twice.
  package init(parsing bytes: some Sequence<UInt8>, duplicates: Duplicates = .refused) throws(InvalidJSON) {
    var parser = JSONParser(bytes: Array(bytes), duplicates: duplicates)
    self = try parser.document()
  }

  package init(parsing text: String, duplicates: Duplicates = .refused) throws(InvalidJSON) {
    try self.init(parsing: text.utf8, duplicates: duplicates)
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let duplicates: JSON.Duplicates
  var position = 0

  init(bytes: [UInt8], duplicates: JSON.Duplicates) {
    (self.bytes, self.duplicates) = (bytes, duplicates)
  }

  mutating func document() throws(InvalidJSON) -> JSON {
    let value = try self.value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw mistake("text after the value") }
    return value
  }

  func mistake(_ reason: String) -> InvalidJSON { InvalidJSON(reason: reason, offset: position) }
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(InvalidJSON) -> JSON {
    guard depth <= JSON.depthLimit else { throw mistake("nested deeper than \(JSON.depthLimit)") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw mistake("the text ends where a value is due")
    default: return try number()
    }
  }

  mutating func word(_ word: StaticString, _ value: JSON) throws(InvalidJSON) -> JSON {
    let count = word.utf8CodeUnitCount
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: count)
    guard bytes[position...].starts(with: expected) else { throw mistake("an unknown word") }
    position += count
    return value
  }

  mutating func object(depth: Int) throws(InvalidJSON) -> JSON {
    position += 1
    var members: [(key: String, value: JSON)] = []
    var places: [String: Int] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(JSON.Object()) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw mistake("a member's name is due") }
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw mistake("a colon is due") }
      let value = try self.value(depth: depth + 1)
      // A dictionary only for long objects: most have few members, and this runs for every activity.
      let place = members.count < 16 ? members.firstIndex { $0.key == key } : places[key]
      if let place {
        guard duplicates == .lastWins else { throw mistake("the member \(key.debugDescription) is there twice") }
        members[place].value = value
      } else {
        members.append((key, value))
        if members.count == 16 {
          for (index, member) in members.enumerated() { places[member.key] = index }
        } else if members.count > 16 {
          places[key] = members.count - 1
        }
      }
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw mistake("a comma or a closing brace is due") }
    return .object(JSON.Object(distinct: members))
  }

  mutating func array(depth: Int) throws(InvalidJSON) -> JSON {
    position += 1
    var values: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw mistake("a comma or a closing bracket is due") }
    return .array(values)
  }

  mutating func number() throws(InvalidJSON) -> JSON {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  mutating func digits() throws(InvalidJSON) {
    guard next?.isASCIIDigit == true else { throw mistake("a digit is due") }
    while next?.isASCIIDigit == true { position += 1 }
  }

  mutating func string() throws(InvalidJSON) -> String {
    position += 1
    let start = position
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if next == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try text(bytes[start..<position])
    }
    var unescaped = Array(bytes[start..<position])
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw mistake("a control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") { try escape(into: &unescaped) } else { unescaped.append(byte) }
    }
    guard take(UInt8(ascii: "\"")) else { throw mistake("the string does not end") }
    return try text(unescaped[...])
  }

  func text(_ bytes: ArraySlice<UInt8>) throws(InvalidJSON) -> String {
    // ASCII, as most is, needs no check: it takes longer than all the rest.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw mistake("a string is not UTF-8") }
    return text
  }

  mutating func escape(into text: inout [UInt8]) throws(InvalidJSON) {
    guard let byte = next else { throw mistake("the string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try hexadecimal()
      if (0xD800...0xDBFF).contains(unit), take(UInt8(ascii: "\\")) {
        guard take(UInt8(ascii: "u")) else { throw mistake("half a surrogate pair") }
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low) else { throw mistake("half a surrogate pair") }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw mistake("half a surrogate pair") }
      text.append(contentsOf: UTF8.encode(scalar)!)  // every scalar has a UTF-8 form
    default: throw mistake("an unknown escape")
    }
  }

  mutating func hexadecimal() throws(InvalidJSON) -> UInt32 {
    guard position + 4 <= bytes.count else { throw mistake("four hexadecimal digits are due") }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard byte.isASCIIAlphanumeric, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw mistake("four hexadecimal digits are due")
      }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
