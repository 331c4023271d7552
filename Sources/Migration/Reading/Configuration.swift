/// A file of Terraform's language (HCL) by its structure: blocks and attributes that know their own bytes. What an
/// expression means is not read, but for objects, whose entries are.
///
/// HCL native syntax specification, version 2.
struct Configuration {
  struct Attribute {
    let name: String
    let nameRange: Range<Int>
    let value: Range<Int>
    /// Of an object written out; nil for every other expression.
    let entries: [Attribute]?
    var range: Range<Int> { nameRange.lowerBound..<value.upperBound }
  }

  struct Body {
    var attributes: [Attribute] = []
    var blocks: [Block] = []
    func attribute(_ name: String) -> Attribute? { attributes.first { $0.name == name } }
  }

  struct Block {
    let type: String
    let labels: [String]
    /// From its type to behind its brace.
    let range: Range<Int>
    let body: Body
  }

  struct Unreadable: Error {
    /// In bytes.
    let offset: Int
  }

  let body: Body

  init(_ source: SourceText) throws(Unreadable) {
    var reader = ConfigurationReader(bytes: source.bytes, at: source.markCount)
    body = try reader.body(isTop: true)
  }
}

private struct ConfigurationReader {
  let bytes: [UInt8]
  var at: Int

  typealias Unreadable = Configuration.Unreadable

  private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }
  private func isAt(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

  mutating func body(isTop: Bool) throws(Unreadable) -> Configuration.Body {
    var body = Configuration.Body()
    while true {
      skip(lineEnds: true)
      guard let byte else {
        guard isTop else { throw Unreadable(offset: at) }
        return body
      }
      if byte == UInt8(ascii: "}") {
        guard !isTop else { throw Unreadable(offset: at) }
        return body
      }
      let start = at
      let name = try word()
      skip(lineEnds: false)
      if self.byte == UInt8(ascii: "="), !isAt("==") {
        at += 1
        body.attributes.append(try attribute(name, start..<start + name.utf8.count))
      } else {
        body.blocks.append(try block(name, from: start))
      }
    }
  }

  private mutating func block(_ type: String, from start: Int) throws(Unreadable) -> Configuration.Block {
    var labels: [String] = []
    while byte != UInt8(ascii: "{") {
      let from = at
      if byte == UInt8(ascii: "\"") {
        try passString()
        labels.append(text(from + 1..<at - 1))
      } else {
        labels.append(try word())
      }
      skip(lineEnds: false)
    }
    at += 1
    let body = try body(isTop: false)
    at += 1
    return Configuration.Block(type: type, labels: labels, range: start..<at, body: body)
  }

  /// Behind the sign between a name and its value.
  private mutating func attribute(_ name: String, _ range: Range<Int>) throws(Unreadable) -> Configuration.Attribute {
    skip(lineEnds: false)
    let start = at
    if byte == UInt8(ascii: "{") {
      if let entries = try? object() {
        let end = at
        skip(lineEnds: false)
        // `{…}` alone, and not the beginning of something longer.
        if byte == nil || "\r\n,})]#/".utf8.contains(byte ?? 0) {
          return Configuration.Attribute(name: name, nameRange: range, value: start..<end, entries: entries)
        }
      }
      at = start
    }
    try passExpression()
    guard at > start else { throw Unreadable(offset: at) }
    var end = at
    while end > start, " \t".utf8.contains(bytes[end - 1]) { end -= 1 }
    return Configuration.Attribute(name: name, nameRange: range, value: start..<end, entries: nil)
  }

  private mutating func object() throws(Unreadable) -> [Configuration.Attribute] {
    var entries: [Configuration.Attribute] = []
    at += 1
    while true {
      skip(lineEnds: true)
      if byte == UInt8(ascii: "}") {
        at += 1
        return entries
      }
      if byte == UInt8(ascii: ",") {
        at += 1
        continue
      }
      let start = at
      var name: String
      if byte == UInt8(ascii: "\"") {
        try passString()
        name = text(start + 1..<at - 1)
      } else if byte == UInt8(ascii: "(") {
        try passBrackets()
        name = ""
      } else {
        name = try word()
      }
      let end = at
      skip(lineEnds: false)
      // `for` makes entries out of others, and is none.
      guard byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":"), name != "for" else { throw Unreadable(offset: at) }
      at += 1
      entries.append(try attribute(name, start..<end))
    }
  }

  private mutating func word() throws(Unreadable) -> String {
    let start = at
    while let byte, byte.isLetterOrDigit || "_-.".utf8.contains(byte) || byte >= 0x80 { at += 1 }
    guard at > start else { throw Unreadable(offset: at) }
    return text(start..<at)
  }

  /// Up to the end of the line, or the comma or bracket that ends it.
  private mutating func passExpression() throws(Unreadable) {
    while let byte {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: ")"),
        UInt8(ascii: "]"), UInt8(ascii: "#"):
        return
      case UInt8(ascii: "/") where isAt("//"): return
      case UInt8(ascii: "/") where isAt("/*"): passRemark()
      case UInt8(ascii: "\""): try passString()
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): try passBrackets()
      case UInt8(ascii: "<") where isAt("<<"):
        if try passHeredoc() { return }
      default: at += 1
      }
    }
  }

  private mutating func passBrackets() throws(Unreadable) {
    let start = at
    var depth = 0
    while let byte {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        at += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        at += 1
        if depth == 0 { return }
      case UInt8(ascii: "\""): try passString()
      case UInt8(ascii: "#"): passLine()
      case UInt8(ascii: "/") where isAt("//"): passLine()
      case UInt8(ascii: "/") where isAt("/*"): passRemark()
      case UInt8(ascii: "<") where isAt("<<"):
        if try !passHeredoc() { at += 2 }
      default: at += 1
      }
    }
    throw Unreadable(offset: start)
  }

  /// A quoted text, with what is interpolated into it.
  private mutating func passString() throws(Unreadable) {
    let start = at
    at += 1
    while let byte, byte != UInt8(ascii: "\n") {
      switch byte {
      case UInt8(ascii: "\\"): at += 2
      case UInt8(ascii: "\""):
        at += 1
        return
      case UInt8(ascii: "$") where isAt("$${"), UInt8(ascii: "%") where isAt("%%{"): at += 3
      case UInt8(ascii: "$") where isAt("${"), UInt8(ascii: "%") where isAt("%{"):
        at += 1
        try passBrackets()
      default: at += 1
      }
    }
    throw Unreadable(offset: start)
  }

  /// - Returns: false when what begins like one is none.
  private mutating func passHeredoc() throws(Unreadable) -> Bool {
    let start = at
    at += isAt("<<-") ? 3 : 2
    let from = at
    while let byte, byte.isLetterOrDigit || byte == UInt8(ascii: "_") { at += 1 }
    let mark = text(from..<at)
    guard !mark.isEmpty, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
      at = start
      return false
    }
    passLine()
    while at < bytes.count {
      at += 1
      let line = at
      passLine()
      if text(line..<at).split(whereSeparator: { " \t\r".contains($0) }) == [mark[...]] { return true }
    }
    throw Unreadable(offset: start)
  }

  private mutating func skip(lineEnds: Bool) {
    while let byte {
      switch byte {
      case 0x20, 0x09: at += 1
      case 0x0A, 0x0D:
        guard lineEnds else { return }
        at += 1
      case UInt8(ascii: "#") where lineEnds: passLine()
      case UInt8(ascii: "/") where lineEnds && isAt("//"): passLine()
      case UInt8(ascii: "/") where isAt("/*"): passRemark()
      default: return
      }
    }
  }

  private mutating func passLine() { while let byte, byte != 0x0A { at += 1 } }

  private mutating func passRemark() {
    at += 2
    while at < bytes.count, !isAt("*/") { at += 1 }
    at = min(bytes.count, at + 2)
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
