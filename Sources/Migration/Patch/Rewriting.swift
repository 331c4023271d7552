/// Changes to a file by position: every byte outside them stays.
struct Rewriting {
  let source: SourceText
  private(set) var edits: [(range: Range<Int>, text: String)] = []
  private let lineEnd: String

  init(_ source: SourceText) {
    self.source = source
    let first = source.bytes.firstIndex(of: 0x0A)
    lineEnd = first.map { $0 > 0 && source.bytes[$0 - 1] == 0x0D } == true ? "\r\n" : "\n"
  }

  var isEmpty: Bool { edits.isEmpty }

  /// An edit inside one that is made already says nothing new.
  mutating func replace(_ range: Range<Int>, with text: String) {
    guard !edits.contains(where: { $0.range.contains(range.lowerBound) && $0.range.upperBound >= range.upperBound })
    else {
      return
    }
    edits.append((range, text))
  }

  mutating func insert(_ text: String, at offset: Int) { edits.append((offset..<offset, text)) }

  /// - Parameter lines: without line ends; placed below the line that holds the last byte of `range`.
  mutating func insert(_ lines: [String], below range: Range<Int>) {
    let end = endOfLine(range)
    let isEnded = end > 0 && source.bytes[end - 1] == 0x0A
    insert((isEnded ? "" : "\n") + lines.joined(separator: "\n") + (isEnded ? "\n" : ""), at: end)
  }

  mutating func insert(_ lines: [String], above offset: Int) {
    insert(lines.map { $0 + "\n" }.joined(), at: source.lineRange(of: offset).lowerBound)
  }

  /// Takes out whole lines, and remarks right above them that stand as far in, for they speak of them.
  mutating func removeLines(_ range: Range<Int>) {
    var start = source.lineRange(of: range.lowerBound).lowerBound
    let indent = range.lowerBound - start
    while start > 0 {
      let above = source.lineRange(of: start - 1)
      let text = source.text(above)
      guard text.hasPrefix(String(repeating: " ", count: indent) + "#") else { break }
      start = above.lowerBound
    }
    replace(start..<endOfLine(range), with: "")
  }

  /// Behind the line end of the line that holds the last byte of `range`.
  func endOfLine(_ range: Range<Int>) -> Int {
    let line = source.lineRange(of: max(range.lowerBound, range.upperBound - 1))
    var end = line.upperBound
    while end < source.bytes.count, source.bytes[end] != 0x0A { end += 1 }
    return min(source.bytes.count, end + 1)
  }

  func column(_ offset: Int) -> Int { offset - source.lineRange(of: offset).lowerBound }

  /// Whether something other than space stands before `offset` on its line, such as a dash.
  func isBehindOther(_ offset: Int) -> Bool {
    source.bytes[source.lineRange(of: offset).lowerBound..<offset].contains { $0 != 0x20 }
  }

  /// The file as it will be.
  var result: [UInt8] {
    var bytes: [UInt8] = []
    var at = 0
    for edit in ordered {
      bytes += source.bytes[at..<max(at, edit.range.lowerBound)]
      bytes += Array(edit.text.replacing("\n", with: lineEnd).utf8)
      at = max(at, edit.range.upperBound)
    }
    return bytes + source.bytes[at...]
  }

  /// By position; those at one place in the order in which they were made.
  private var ordered: [(range: Range<Int>, text: String)] {
    edits.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }.map(\.element)
  }
}

extension Rewriting {
  /// Takes an entry out of a mapping, with its line or its comma.
  mutating func remove(_ entry: Node.Entry, from mapping: Node) {
    let entries = mapping.entries
    guard let index = entries.firstIndex(where: { $0.keyRange == entry.keyRange }) else { return }
    if mapping.style == .flow {
      removeFlow(
        entry.range, before: entries.dropFirst(index + 1).first?.range,
        after: index > 0 ? entries[index - 1].range : nil)
    } else if isBehindOther(entry.keyRange.lowerBound), index + 1 < entries.count {
      // The first of an item stands behind its dash, where the next one takes its place.
      replace(entry.keyRange.lowerBound..<entries[index + 1].keyRange.lowerBound, with: "")
    } else {
      removeLines(entry.range)
    }
  }

  mutating func remove(_ item: Node.Item, from sequence: Node) {
    let items = sequence.items
    guard let index = items.firstIndex(where: { $0.start == item.start }) else { return }
    if sequence.style == .flow {
      if items.count == 1 { return replace(sequence.range.lowerBound + 1..<sequence.range.upperBound - 1, with: "") }
      removeFlow(
        item.range, before: items.dropFirst(index + 1).first?.range, after: index > 0 ? items[index - 1].range : nil)
    } else {
      removeLines(item.range)
    }
  }

  private mutating func removeFlow(_ range: Range<Int>, before next: Range<Int>?, after previous: Range<Int>?) {
    if let next {
      replace(range.lowerBound..<next.lowerBound, with: "")
    } else if let previous {
      replace(previous.upperBound..<range.upperBound, with: "")
    } else {
      replace(range, with: "")
    }
  }

  /// Takes entries out of a mapping and adds others at its end.
  mutating func exchange(_ removed: [Node.Entry], for pairs: [(key: String, value: String)], in mapping: Node) {
    if mapping.style == .flow, removed.count == mapping.entries.count, let first = removed.first,
      let last = removed.last
    {
      let text = pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
      return replace(first.range.lowerBound..<last.range.upperBound, with: text)
    }
    append(pairs, to: mapping)
    for entry in removed { remove(entry, from: mapping) }
  }

  /// Adds entries at the end of a mapping in its own style.
  /// - Parameter pairs: keys and values as they are to be written.
  mutating func append(_ pairs: [(key: String, value: String)], to mapping: Node) {
    guard let last = mapping.entries.last else {
      return replace(mapping.range, with: "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}")
    }
    if mapping.style == .flow {
      insert(pairs.map { ", \($0.key): \($0.value)" }.joined(), at: last.range.upperBound)
    } else {
      let indent = String(repeating: " ", count: column(mapping.entries[0].keyRange.lowerBound))
      insert(pairs.map { "\(indent)\($0.key): \($0.value)" }, below: last.range)
    }
  }
}
