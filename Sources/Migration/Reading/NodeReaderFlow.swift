/// Scalars and flow style.
extension NodeReader {
  mutating func scalar(parent: Int, inFlow: Bool) throws(Unreadable) -> Node {
    switch byte {
    case UInt8(ascii: "\""): return try doubleQuoted()
    case UInt8(ascii: "'"): return try singleQuoted()
    case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "%"): throw unreadable("a sign that begins no value")
    default: return inFlow ? plainInFlow() : try plain(parent: parent)
    }
  }

  private mutating func singleQuoted() throws(Unreadable) -> Node {
    let start = at
    var text: [UInt8] = []
    at += 1
    while at < bytes.count {
      if byte == UInt8(ascii: "'") {
        guard self[at + 1] == UInt8(ascii: "'") else {
          at += 1
          return Node(
            content: .scalar(String(decoding: text, as: UTF8.self)), style: .singleQuoted, range: start..<at)
        }
        at += 1
      }
      text.append(byte)
      at += 1
    }
    throw unreadable("a quote that is not closed")
  }

  private mutating func doubleQuoted() throws(Unreadable) -> Node {
    let start = at
    var text: [UInt8] = []
    at += 1
    while at < bytes.count {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return Node(content: .scalar(String(decoding: text, as: UTF8.self)), style: .doubleQuoted, range: start..<at)
      case UInt8(ascii: "\\"):
        at += 1
        text += escaped()
      default:
        text.append(byte)
        at += 1
      }
    }
    throw unreadable("a quote that is not closed")
  }

  /// What the escape behind a backslash stands for.
  private mutating func escaped() -> [UInt8] {
    let sign = byte
    at += 1
    switch sign {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "0"): return [0]
    case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
      let width = sign == UInt8(ascii: "x") ? 2 : sign == UInt8(ascii: "u") ? 4 : 8
      let end = min(bytes.count, at + width)
      defer { at = end }
      let scalar = UInt32(text(at..<end), radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
      return Array(String(Character(scalar)).utf8)
    default: return [sign]
    }
  }

  /// A plain scalar with the lines that continue it.
  private mutating func plain(parent: Int) throws(Unreadable) -> Node {
    let start = at
    var end = plainLine()
    var text = text(start..<end)
    while true {
      at = end
      skipSpaces()
      guard isAtLineEnd else { break }
      while at < bytes.count, isSpace(at) { at += 1 }
      guard at < bytes.count, !isAtMarker, byte != UInt8(ascii: "#"), column(at) > parent else { break }
      let lineStart = at
      let lineEnd = plainLine()
      guard lineEnd > lineStart else { throw unreadable("an empty value") }
      guard self[lineEnd] != UInt8(ascii: ":") else { throw unreadable("a mapping inside a value") }
      text += " " + self.text(lineStart..<lineEnd)
      end = lineEnd
    }
    at = end
    return Node(content: .scalar(text), style: .plain, range: start..<end)
  }

  /// Where the plain text on this line ends: at a comment, at a colon before a space, or with the line.
  private func plainLine() -> Int {
    var end = at
    while end < bytes.count, bytes[end] != 0x0A {
      if bytes[end] == UInt8(ascii: ":"), isSpace(end + 1) { break }
      if bytes[end] == UInt8(ascii: "#"), end > at, isSpace(end - 1) { break }
      end += 1
    }
    while end > at, isSpace(end - 1) { end -= 1 }
    return end
  }

  private mutating func plainInFlow() -> Node {
    let start = at
    var end = at
    while end < bytes.count, !NodeReader.endsPlain.contains(bytes[end]) {
      if bytes[end] == UInt8(ascii: ":"), isSpace(end + 1) || NodeReader.endsPlain.contains(self[end + 1]) { break }
      if bytes[end] == UInt8(ascii: "#"), isSpace(end - 1) { break }
      end += 1
    }
    while end > start, isSpace(end - 1) { end -= 1 }
    at = end
    return Node(content: .scalar(text(start..<end)), style: end > start ? .plain : .empty, range: start..<end)
  }

  private static let endsPlain = Array(",[]{}".utf8)

  mutating func flowNode(depth: Int = 0) throws(Unreadable) -> Node {
    guard depth < 120 else { throw unreadable("it is nested too deeply") }
    var (anchor, tag): (String?, String?)
    while byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!") {
      let isAnchor = byte == UInt8(ascii: "&")
      let name = flowWord()
      if isAnchor { anchor = name } else { tag = name }
      skipBlank()
    }
    var node =
      switch byte {
      case UInt8(ascii: "{"): try flowMapping(depth)
      case UInt8(ascii: "["): try flowSequence(depth)
      case UInt8(ascii: "*"): flowAlias()
      default: try scalar(parent: -1, inFlow: true)
      }
    (node.anchor, node.tag) = (anchor, tag)
    return node
  }

  private mutating func flowWord() -> String {
    let start = at + 1
    while at < bytes.count, !isSpace(at), !NodeReader.endsPlain.contains(byte) { at += 1 }
    return text(start..<at)
  }

  private mutating func flowAlias() -> Node {
    let start = at
    let name = flowWord()
    return Node(content: .alias(name), style: .plain, range: start..<at)
  }

  private mutating func flowMapping(_ depth: Int) throws(Unreadable) -> Node {
    let start = at
    var entries: [Node.Entry] = []
    at += 1
    while true {
      skipBlank()
      guard at < bytes.count else { throw unreadable("a brace that is not closed") }
      if byte == UInt8(ascii: "}") { break }
      let key = try scalar(parent: -1, inFlow: true)
      guard key.style != .empty, let name = key.text else { throw unreadable("a key that is no text") }
      skipBlank()
      var value = Node(content: .scalar(""), style: .empty, range: at..<at)
      if byte == UInt8(ascii: ":") {
        at += 1
        let behind = at
        skipBlank()
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") {
          value = Node(content: .scalar(""), style: .empty, range: behind..<behind)
        } else {
          value = try flowNode(depth: depth + 1)
        }
      }
      entries.append(Node.Entry(key: name, keyRange: key.range, value: value))
      try skipComma(before: UInt8(ascii: "}"))
    }
    at += 1
    return Node(content: .mapping(entries), style: .flow, range: start..<at)
  }

  private mutating func flowSequence(_ depth: Int) throws(Unreadable) -> Node {
    let start = at
    var items: [Node.Item] = []
    at += 1
    while true {
      skipBlank()
      guard at < bytes.count else { throw unreadable("a bracket that is not closed") }
      if byte == UInt8(ascii: "]") { break }
      let itemStart = at
      let value = try flowNode(depth: depth + 1)
      guard value.style != .empty else { throw unreadable("an empty item") }
      items.append(Node.Item(start: itemStart, value: value))
      try skipComma(before: UInt8(ascii: "]"))
    }
    at += 1
    return Node(content: .sequence(items), style: .flow, range: start..<at)
  }

  private mutating func skipComma(before end: UInt8) throws(Unreadable) {
    skipBlank()
    if byte == UInt8(ascii: ",") {
      at += 1
    } else if at >= bytes.count || byte != end {
      throw unreadable("a comma is missing")
    }
  }
}
