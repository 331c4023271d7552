/// Reads YAML 1.2 as it is written in configuration (JSON is a part of it) into ``Node``s. What it does not read it
/// refuses: complex keys (`? …`), collections as keys, and text that is no YAML, such as most templates.
struct NodeReader {
  typealias Unreadable = Node.Unreadable

  let bytes: [UInt8]
  var at: Int
  private var depth = 0

  /// Deeper nesting is nobody's configuration, and would use up the stack.
  private static let maximumDepth = 120

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The documents of a file in order.
  /// - Parameter isLenient: whether a document that cannot be read is passed over, up to the next `---`.
  static func documents(in bytes: [UInt8], isLenient: Bool = false) throws(Unreadable) -> [Node] {
    var reader = NodeReader(bytes)
    var documents: [Node] = []
    while true {
      try reader.skipToDocument()
      guard reader.at < bytes.count else { return documents }
      do throws(Unreadable) {
        documents.append(try reader.blockValue(parent: -1, isEntry: false))
        reader.skipBlank()
        guard reader.at >= bytes.count || reader.isAtMarker else { throw reader.unreadable("text behind the document") }
      } catch {
        guard isLenient else { throw error }
        reader.depth = 0
        repeat { reader.skipToNextLine() } while reader.at < bytes.count && !reader.isAtMarker
      }
    }
  }

  private mutating func skipToNextLine() {
    skipLine()
    at = min(at + 1, bytes.count)
  }

  func unreadable(_ reason: String) -> Unreadable { Unreadable(reason: reason, offset: at) }

  subscript(offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : UInt8(ascii: "\n") }
  var byte: UInt8 { self[at] }
  var isAtLineEnd: Bool { at >= bytes.count || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  func isSpace(_ offset: Int) -> Bool {
    offset >= bytes.count || [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset])
  }

  /// Bytes between the beginning of the line and `offset`.
  func column(_ offset: Int) -> Int {
    var start = offset
    while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
    return offset - start - (start == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
  }

  mutating func skipSpaces() { while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 } }
  mutating func skipLine() { while at < bytes.count, bytes[at] != 0x0A { at += 1 } }

  /// To the next byte that is neither white space nor in a comment.
  mutating func skipBlank() {
    while at < bytes.count {
      if isSpace(at) {
        at += 1
      } else if byte == UInt8(ascii: "#"), at == 0 || isSpace(at - 1) {
        skipLine()
      } else {
        return
      }
    }
  }

  /// `---` or `...` at the beginning of a line.
  var isAtMarker: Bool {
    guard at + 3 <= bytes.count, isSpace(at + 3), at == 0 || bytes[at - 1] == 0x0A else { return false }
    let mark = bytes[at..<at + 3]
    return mark.elementsEqual("---".utf8) || mark.elementsEqual("...".utf8)
  }

  private mutating func skipToDocument() throws(Unreadable) {
    while true {
      skipBlank()
      if isAtMarker {
        at += 3
      } else if at < bytes.count, byte == UInt8(ascii: "%"), at == 0 || bytes[at - 1] == 0x0A {
        skipLine()
      } else {
        return
      }
    }
  }

  // MARK: Block style

  /// The value behind a colon, a dash, or at the beginning of a document.
  /// - Parameters:
  ///   - parent: the column of the collection that holds it; a value on lines of its own stands further right.
  ///   - isEntry: whether it is an entry's: then a sequence may stand in the column of its key.
  mutating func blockValue(parent: Int, isEntry: Bool) throws(Unreadable) -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth < NodeReader.maximumDepth else { throw unreadable("it is nested too deeply") }
    let behind = at
    var (anchor, tag): (String?, String?)
    var isOnOwnLine = parent < 0
    while true {
      skipSpaces()
      if isAtLineEnd || (byte == UInt8(ascii: "#") && (at == 0 || isSpace(at - 1))) {
        skipBlank()
        let column = column(at)
        let isSequence = byte == UInt8(ascii: "-") && isSpace(at + 1)
        guard at < bytes.count, !isAtMarker, column > parent || (isEntry && isSequence && column == parent) else {
          at = behind
          return Node(content: .scalar(""), style: .empty, range: behind..<behind, anchor: anchor, tag: tag)
        }
        isOnOwnLine = true
      }
      if byte == UInt8(ascii: "&") {
        anchor = word()
      } else if byte == UInt8(ascii: "!") {
        tag = word()
      } else {
        break
      }
    }
    var node = try blockContent(parent: parent, isOnOwnLine: isOnOwnLine || self[behind - 1] == UInt8(ascii: "-"))
    (node.anchor, node.tag) = (anchor, tag)
    return node
  }

  /// An anchor's or a tag's name, without its sign.
  private mutating func word() -> String {
    let start = at + 1
    while at < bytes.count, !isSpace(at), ![UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(byte) {
      at += 1
    }
    return text(start..<at)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func blockContent(parent: Int, isOnOwnLine: Bool) throws(Unreadable) -> Node {
    switch byte {
    case UInt8(ascii: "-") where isSpace(at + 1): return try blockSequence()
    case UInt8(ascii: "?") where isSpace(at + 1): throw unreadable("a key of its own (?)")
    case UInt8(ascii: "|"), UInt8(ascii: ">"): return try blockScalar(parent: parent)
    case UInt8(ascii: "*"):
      let start = at
      let name = word()
      try endOfLine()
      return Node(content: .alias(name), style: .plain, range: start..<at)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let node = try flowNode()
      try endOfLine()
      return node
    default:
      if isOnOwnLine, keyEnd() != nil { return try blockMapping() }
      let node = try scalar(parent: parent, inFlow: false)
      try endOfLine()
      return node
    }
  }

  /// - Throws: when there is more than a comment on the line.
  private mutating func endOfLine() throws(Unreadable) {
    let end = at
    skipSpaces()
    guard isAtLineEnd || (byte == UInt8(ascii: "#") && at > end) else { throw unreadable("text behind a value") }
    at = end
  }

  private mutating func blockSequence() throws(Unreadable) -> Node {
    let (start, column) = (at, column(at))
    var items: [Node.Item] = []
    var end = at
    while true {
      let dash = at
      at += 1
      items.append(Node.Item(start: dash, value: try blockValue(parent: column, isEntry: false)))
      end = max(at, dash + 1)
      skipBlank()
      let isNext = at < bytes.count && !isAtMarker && byte == UInt8(ascii: "-") && isSpace(at + 1)
      guard isNext, self.column(at) == column else { break }
    }
    if at < bytes.count, !isAtMarker, self.column(at) > column { throw unreadable("an indent that fits nothing") }
    at = end
    return Node(content: .sequence(items), style: .block, range: start..<end)
  }

  private mutating func blockMapping() throws(Unreadable) -> Node {
    let (start, column) = (at, column(at))
    var entries: [Node.Entry] = []
    var end = at
    while true {
      let keyStart = at
      guard let keyEnd = keyEnd() else { throw unreadable("a key without a colon") }
      let key = try scalar(parent: column, inFlow: false)
      while byte != UInt8(ascii: ":") { at += 1 }
      at += 1
      let value = try blockValue(parent: column, isEntry: true)
      entries.append(Node.Entry(key: key.text ?? "", keyRange: keyStart..<keyEnd, value: value))
      end = at
      skipBlank()
      guard at < bytes.count, !isAtMarker, self.column(at) == column else { break }
      if byte == UInt8(ascii: "-"), isSpace(at + 1) { break }
    }
    if at < bytes.count, !isAtMarker, self.column(at) > column { throw unreadable("an indent that fits nothing") }
    at = end
    return Node(content: .mapping(entries), style: .block, range: start..<end)
  }

  /// Where the key that begins here ends, if one does: it is on one line and a colon follows it.
  private func keyEnd() -> Int? {
    var end = at
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      let quote = byte
      end += 1
      while end < bytes.count, bytes[end] != quote, bytes[end] != 0x0A {
        end += bytes[end] == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") ? 2 : 1
      }
      guard self[end] == quote else { return nil }
      end += 1
      var colon = end
      while self[colon] == 0x20 { colon += 1 }
      return self[colon] == UInt8(ascii: ":") && isSpace(colon + 1) ? end : nil
    }
    while end < bytes.count, bytes[end] != 0x0A {
      if bytes[end] == UInt8(ascii: ":"), isSpace(end + 1) {
        while end > at, bytes[end - 1] == 0x20 { end -= 1 }
        return end
      }
      if bytes[end] == UInt8(ascii: "#"), isSpace(end - 1) { return nil }
      end += 1
    }
    return nil
  }

  /// `|` or `>`, its indicators, and the lines that belong to it.
  private mutating func blockScalar(parent: Int) throws(Unreadable) -> Node {
    let start = at
    var indent: Int?
    let isFolded = byte == UInt8(ascii: ">")
    var chomping: UInt8?
    at += 1
    while !isSpace(at) {
      if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(byte) { indent = max(0, parent) + Int(byte - 0x30) }
      if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") { chomping = byte }
      at += 1
    }
    var end = at
    skipLine()
    var lines: [String] = []
    while at < bytes.count {
      var first = at + 1
      while first < bytes.count, bytes[first] == 0x20 { first += 1 }
      let lineStart = at + 1
      guard lineStart < bytes.count else { break }
      var lineEnd = first
      while lineEnd < bytes.count, bytes[lineEnd] != 0x0A { lineEnd += 1 }
      let isBlank = (first..<lineEnd).allSatisfy { isSpace($0) }
      if !isBlank {
        let column = first - lineStart
        let least = indent ?? column
        guard column >= least, least > parent else { break }
        indent = least
        end = lineEnd
        if bytes[end - 1] == 0x0D { end -= 1 }
        lines.append(text(lineStart + least..<end))
      } else {
        lines.append("")
      }
      at = lineEnd
    }
    at = end
    let blank = lines.reversed().prefix { $0.isEmpty }.count
    lines.removeLast(blank)
    var text = isFolded ? NodeReader.folded(lines) : lines.joined(separator: "\n")
    // Without an indicator one line end is kept, with a plus all of them.
    if chomping != UInt8(ascii: "-"), !lines.isEmpty, end < bytes.count { text += "\n" }
    if chomping == UInt8(ascii: "+") { text += String(repeating: "\n", count: blank) }
    return Node(content: .scalar(text), style: .literal, range: start..<end)
  }

  /// Lines of a folded scalar: a single line end between two of them is a space, but for those further in.
  private static func folded(_ lines: [String]) -> String {
    var (text, blank) = ("", 0)
    var wasIndented = true
    for line in lines {
      guard !line.isEmpty else {
        blank += 1
        continue
      }
      let isIndented = line.hasPrefix(" ") || line.hasPrefix("\t")
      if !text.isEmpty {
        let isKept = isIndented || wasIndented
        text +=
          isKept ? String(repeating: "\n", count: blank + 1) : blank > 0 ? String(repeating: "\n", count: blank) : " "
      }
      text += line
      (wasIndented, blank) = (isIndented, 0)
    }
    return text
  }
}
