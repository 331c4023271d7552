/// A JSON document as a tree, of which a path or a value can be copied.
package struct JSONViewer: Equatable, Sendable {
  package indirect enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    /// As it was written, because a number may be longer than any type of ours.
    case number(String)
    case string(String)
    case array([Value])
    /// In the order of the document.
    case object([(String, Value)])

    package static func == (left: Value, right: Value) -> Bool { left.text == right.text }
  }

  package enum Outcome: Equatable, Sendable {
    case moved
    /// What the person wants on the clipboard, and what it is.
    case copy(String, what: String)
    case ignored
  }

  private var tree: Tree
  private let values: [String: Value]

  package init(_ value: Value) {
    var values: [String: Value] = [:]
    let node = Self.node("", label: nil, value, values: &values)
    // The outermost braces say nothing; what is in them does.
    tree = Tree(node.children.isEmpty ? [node] : node.children, unfoldedTo: 2)
    self.values = values
  }

  package var isTyping: Bool { tree.isTyping }
  /// The path of the value under the cursor, `event_data.claims.ref` or `rules[2]`, as filters write it.
  package var path: String { tree.selectedID ?? "" }

  /// `y` copies the value, `Y` its path; `enter` folds; arrows, `/`, `n` and `N` as in every tree.
  package mutating func press(_ key: Key, height: Int) -> Outcome {
    if !tree.isTyping, let id = tree.selectedID, let value = values[id] {
      if key == "Y" { return .copy(id, what: "the path") }
      if key == "y" {
        if case .string(let text) = value { return .copy(text, what: "the value of \(id)") }
        return .copy(value.text, what: "the value of \(id)")
      }
    }
    return tree.press(key, height: height) ? .moved : .ignored
  }

  package mutating func move(_ motion: Motion, height: Int) { tree.move(motion, height: height) }

  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int) {
    tree.render(into: &surface, row: row, column: column, width: width, height: height)
  }

  private static func node(
    _ path: String, label: String?, _ value: Value, values: inout [String: Value]
  ) -> Tree.Node {
    values[path] = value
    let label = label.map { [Table.Entry($0, role: .accent), Table.Entry("  ")] } ?? []
    switch value {
    case .array(let items):
      let children = items.enumerated().map { index, item in
        node("\(path)[\(index)]", label: "\(index)", item, values: &values)
      }
      return Tree.Node(id: path, label + [Table.Entry("[\(items.count)]", role: .dim)], children: children)
    case .object(let members):
      let children = members.map { key, member in
        node(joined(path, key), label: key, member, values: &values)
      }
      return Tree.Node(id: path, label + [Table.Entry("{\(members.count)}", role: .dim)], children: children)
    case .string: return Tree.Node(id: path, label + [Table.Entry(value.text, role: .good)])
    default: return Tree.Node(id: path, label + [Table.Entry(value.text)])
    }
  }

  private static func joined(_ path: String, _ key: String) -> String {
    let isPlain =
      !key.isEmpty && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    guard isPlain else { return path + "[" + Value.string(key).text + "]" }
    return path.isEmpty ? key : "\(path).\(key)"
  }
}

extension JSONViewer.Value {
  /// As JSON (RFC 8259), on one line.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let isTrue): isTrue ? "true" : "false"
    case .number(let text): text
    case .string(let text): Self.quoted(text)
    case .array(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0)): \($1.text)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
