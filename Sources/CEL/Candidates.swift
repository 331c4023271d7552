extension Expression {
  /// Values of a claim at which the expression may change its mind: what it compares the claim with, and what comes
  /// near that. The claim's absence is for the caller to try.
  /// - Parameter seed: a value that the claim really has; what is made from a prefix then ends as that does.
  package func candidates(for path: Vocabulary.Path, seed: Value? = nil) -> [Value] {
    var finder = CandidateFinder(path: path, seed: seed)
    for node in root.subtree { finder.read(node) }
    return finder.values
  }
}

private struct CandidateFinder {
  let path: Vocabulary.Path
  let seed: Value?
  private(set) var values: [Value] = []

  init(path: Vocabulary.Path, seed: Value?) { (self.path, self.seed) = (path, seed) }

  private mutating func add(_ value: Value) { if !values.contains(value) { values.append(value) } }
  private mutating func add(_ texts: [String]) { for text in texts { add(.string(text)) } }

  mutating func read(_ node: Node) {
    switch node.kind {
    case .binary(let operation, let left, let right):
      if left.claimPath == path { read(right, isMember: false, isList: operation == .isIn) }
      if right.claimPath == path { read(left, isMember: operation == .isIn, isList: false) }
    case .call(let call):
      guard let first = call.arguments.first, first.claimPath == path else { return }
      if let text = call.arguments.last?.constantText, call.arguments.count == 2 { read(call, text) }
    case .macro(let macro) where macro.operand.claimPath == path:
      add(.list([]))
      let texts = (macro.predicate?.subtree ?? []).compactMap(\.constantText)
      for text in texts { add(.list([.string(text)])) }
      add(.list([.string("x")]))
    default:
      if node.claimPath == path, seed?.bool != nil || seed == nil { for truth in [true, false] { add(.bool(truth)) } }
    }
  }

  /// What the claim is compared with.
  /// - Parameter isMember: looked for in the claim, which then is a list.
  private mutating func read(_ other: Node, isMember: Bool, isList: Bool) {
    if isList, case .list(let elements) = other.kind {
      for element in elements { read(element, isMember: false, isList: false) }
      return
    }
    guard case .constant(let value) = other.kind else {
      if let text = other.constantText { add(Self.variants(of: text)) }
      return
    }
    if isMember {
      add(.list([]))
      add(.list([value]))
      if let text = value.string { add(.list([.string(text + "-evil")])) }
      return
    }
    switch value {
    case .string(let text): add(Self.variants(of: text))
    case .bool: for truth in [true, false] { add(.bool(truth)) }
    case .int(let number): for step in -1...1 { add(.double(Double(number) + Double(step))) }
    case .uint(let number): for step in -1...1 { add(.double(Double(number) + Double(step))) }
    case .double(let number): for step in [-1.0, 0, 1] { add(.double(number + step)) }
    default: add(value)
    }
  }

  private mutating func read(_ call: Node.Call, _ text: String) {
    let real = seed?.string ?? ""
    switch call.function {
    case .startsWith:
      // The rest of a real value keeps the form: repo:acme becomes repo:acme-evil/app:….
      let rest = real.startsWith(text) ? String(decoding: real.utf8.dropFirst(text.utf8.count), as: UTF8.self) : ""
      add([text + "-evil" + rest, text + "x" + rest, text + rest, text, "x" + text + rest, "other"])
    case .endsWith:
      let start = real.endsWith(text) ? String(decoding: real.utf8.dropLast(text.utf8.count), as: UTF8.self) : ""
      add([start + "evil-" + text, start + "x" + text, start + text, text, start + text + "x", "other"])
    case .contains: add([text, "x" + text, text + "x", "evil-" + text + "-x", "x/" + text + "-x"])
    case .matches: add((try? call.pattern?.get())?.samples() ?? [])
    default: break
    }
  }

  /// A text and its neighbours: extended, cut, in other letters, nothing.
  private static func variants(of text: String) -> [String] {
    let scalars = text.unicodeScalars
    let recased = text == text.lowercased() ? text.uppercased() : text.lowercased()
    return [
      text, text + "-evil", text + "x", "x" + text, String(String.UnicodeScalarView(scalars.dropLast())), recased, "",
    ]
  }
}
