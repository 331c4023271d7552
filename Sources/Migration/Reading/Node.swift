/// A part of a YAML or JSON document that knows its own bytes, so that a change can replace those and no others.
package struct Node: Sendable {
  package enum Content: Sendable {
    case scalar(String)
    case mapping([Entry])
    case sequence([Item])
    /// The name of the anchor it stands for.
    case alias(String)
  }

  package enum Style: Sendable { case block, flow, plain, singleQuoted, doubleQuoted, literal, empty }

  package struct Entry: Sendable {
    package let key: String
    /// Quotes included.
    package let keyRange: Range<Int>
    package let value: Node
    /// From the key to behind the value.
    package var range: Range<Int> { keyRange.lowerBound..<max(keyRange.upperBound, value.range.upperBound) }
  }

  package struct Item: Sendable {
    /// Where its dash stands; in flow style where the item begins.
    package let start: Int
    package let value: Node
    package var range: Range<Int> { start..<max(start, value.range.upperBound) }
  }

  package let content: Content
  package let style: Style
  /// Quotes and brackets included, anchor and tag not; of a block scalar from its indicator to its last line that is
  /// not blank. Where there is no value, the empty range behind the colon or the dash.
  package let range: Range<Int>
  package var anchor: String?
  package var tag: String?

  package struct Unreadable: Error {
    package let reason: String
    /// In bytes.
    package let offset: Int
  }

  /// The documents of a file in order.
  package static func documents(in bytes: [UInt8]) throws(Unreadable) -> [Node] { try NodeReader.documents(in: bytes) }

  /// Those documents of a file that can be read.
  static func readableDocuments(in bytes: [UInt8]) -> [Node] {
    (try? NodeReader.documents(in: bytes, isLenient: true)) ?? []
  }

  package var text: String? { if case .scalar(let text) = content { text } else { nil } }
  package var entries: [Entry] { if case .mapping(let entries) = content { entries } else { [] } }
  package var items: [Item] { if case .sequence(let items) = content { items } else { [] } }
  package var isMapping: Bool { if case .mapping = content { true } else { false } }
  package var isSequence: Bool { if case .sequence = content { true } else { false } }

  package func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }
  package subscript(key: String) -> Node? { entry(key)?.value }
  package subscript(path: [String]) -> Node? { path.reduce(Node?.some(self)) { $0?[$1] } }

  /// Where the text of a scalar begins: behind its quote.
  package var textStart: Int {
    style == .singleQuoted || style == .doubleQuoted ? range.lowerBound + 1 : range.lowerBound
  }
}

/// One step from a node to one of its parts.
package enum Step: Hashable, Sendable {
  case key(String)
  case index(Int)

  package var key: String? { if case .key(let key) = self { key } else { nil } }
}

extension [Step] {
  /// `jobs.review.steps[1].env`.
  package var text: String {
    reduce(into: "") { text, step in
      switch step {
      case .key(let key): text += text.isEmpty ? key : "." + key
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  package var keys: [String] { compactMap(\.key) }
}

extension Node {
  /// Calls `body` with every scalar below, in the order of the text, and the way to it.
  package func scalars(_ path: [Step] = [], _ body: ([Step], Node) -> Void) {
    switch content {
    case .scalar: body(path, self)
    case .alias: break
    case .mapping(let entries): for entry in entries { entry.value.scalars(path + [.key(entry.key)], body) }
    case .sequence(let items):
      for (index, item) in items.enumerated() { item.value.scalars(path + [.index(index)], body) }
    }
  }

  /// The way to the innermost part that holds the byte at `offset`.
  package func path(to offset: Int) -> [Step]? {
    switch content {
    case .scalar, .alias: return range.contains(offset) ? [] : nil
    case .mapping(let entries):
      guard let entry = entries.last(where: { $0.range.lowerBound <= offset }), entry.range.contains(offset) else {
        return nil
      }
      if entry.keyRange.contains(offset) { return [.key(entry.key)] }
      return entry.value.path(to: offset).map { [.key(entry.key)] + $0 }
    case .sequence(let items):
      guard let index = items.lastIndex(where: { $0.range.lowerBound <= offset }) else { return nil }
      return items[index].value.path(to: offset).map { [.index(index)] + $0 }
    }
  }
}

extension Node {
  /// Calls `body` with this node and every one below it.
  func walk(_ body: (Node) -> Void) {
    body(self)
    entries.forEach { $0.value.walk(body) }
    items.forEach { $0.value.walk(body) }
  }

  /// The anchors that something stands for: a change below one would change more than what is shown.
  var aliased: Set<String> {
    var names: Set<String> = []
    walk { if case .alias(let name) = $0.content { names.insert(name) } }
    return names
  }
}
