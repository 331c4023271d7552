internal import CEL

/// Names, constants and what can be decided without a token.
extension AtomReader {
  /// The claim that a chain of selections and constant indexes stands for.
  func path(_ node: Node) -> ClaimPath? {
    var names: [String] = []
    var node = node
    while true {
      switch node.kind {
      case .select(let operand, let field):
        names.append(field)
        node = operand
      case .index(let operand, let key):
        guard let name = string(key) else { return nil }
        names.append(name)
        node = operand
      case .name("claims", _): return names.isEmpty ? nil : ClaimPath(names.reversed())
      default: return nil
      }
    }
  }

  /// A text that is written out, bound by a macro, or put together from such texts.
  func string(_ node: Node) -> String? {
    switch node.kind {
    case .constant(.string(let text)): return text
    case .name(let name, _): return bindings[name]
    case .binary(.add, let left, let right):
      guard let start = string(left), let end = string(right) else { return nil }
      return start + end
    default: return nil
    }
  }

  /// What a claim is; nil where that is not known.
  func kind(of path: ClaimPath) -> Kind? {
    if let kind = form.kind(of: path) { return kind }
    if path.names == ["aud"] { return nil }
    let isKnown = path == .subject || !form.touched(by: path).isEmpty || form.everywhere.contains(path.names[0])
    return isKnown && path.names.count == 1 ? .text : nil
  }

  /// Every claim that is read anywhere in it.
  func paths(in node: Node) -> Set<ClaimPath> {
    if let path = path(node) { return [path] }
    if case .has(let operand, let field) = node.kind, let path = path(of: operand, field) { return [path] }
    return node.children.reduce(into: []) { $0.formUnion(paths(in: $1)) }
  }

  /// Claims that are asked for before they are read.
  func guarded(in node: Node) -> Set<ClaimPath> {
    if case .has(let operand, let field) = node.kind, let path = path(of: operand, field) { return [path] }
    if case .binary(.isIn, let name, let map) = node.kind, case .name("claims", _) = map.kind, let name = string(name) {
      return [ClaimPath([name])]
    }
    return node.children.reduce(into: []) { $0.formUnion(guarded(in: $1)) }
  }

  private func path(of operand: Node, _ field: String) -> ClaimPath? {
    if case .name("claims", _) = operand.kind { return ClaimPath([field]) }
    return path(operand).map { ClaimPath($0.names + [field]) }
  }

  /// Whether static matchers could say it.
  func isStatic(_ pins: [Pin]) -> Bool {
    pins.allSatisfy { pin in
      guard pin.path.names.count == 1, pin.values.count == 1, kind(of: pin.path) ?? .text == .text else { return false }
      return pin.path == .subject || pin.place == .whole && !pin.values.contains { $0.contains(Extent.gap) }
    }
  }

  // MARK: Truth

  /// What it comes to for every token, where that can be seen.
  func truth(of node: Node) -> Bool? {
    switch node.kind {
    case .constant(.bool(let value)): return value
    case .not(let operand): return truth(of: operand).map { !$0 }
    case .and(let operands):
      let truths = operands.map(truth)
      if truths.contains(false) { return false }
      return truths.allSatisfy { $0 == true } ? true : nil
    case .or(let operands):
      let truths = operands.map(truth)
      if truths.contains(true) || hasOpposites(operands) { return true }
      return truths.allSatisfy { $0 == false } ? false : nil
    case .binary(.equal, let left, let right) where isSame(left, right): return true
    case .call(let call):
      let takesAll: [Function] = [.startsWith, .endsWith, .contains]
      guard let function = call.function, takesAll.contains(function), call.arguments.count == 2 else { break }
      if string(call.arguments[1])?.isEmpty ?? false, path(call.arguments[0]) != nil { return true }
    default: break
    }
    guard bindings.isEmpty, !readsClaims(node), let whole = try? Expression(parsing: text(of: node)) else { return nil }
    return try? whole.evaluate(with: [:]).get().bool
  }

  /// `x || !x`, and `x == y || x != y`.
  private func hasOpposites(_ operands: [Node]) -> Bool {
    operands.contains { operand in
      switch operand.kind {
      case .not(let inner): operands.contains { isSame($0, inner) }
      case .binary(.notEqual, let left, let right):
        operands.contains { other in
          guard case .binary(.equal, let first, let second) = other.kind else { return false }
          return isSame(left, first) && isSame(right, second) || isSame(left, second) && isSame(right, first)
        }
      default: false
      }
    }
  }

  private func isSame(_ left: Node, _ right: Node) -> Bool {
    if let path = path(left) { return path == self.path(right) }
    if let text = string(left) { return text == string(right) }
    return text(of: left) == text(of: right)
  }

  private func readsClaims(_ node: Node) -> Bool {
    if case .name = node.kind { return true }
    return node.children.contains(where: readsClaims)
  }

  /// `has(claims.x)`, `"x" in claims`, `claims.x != ""`, `size(claims.x) > 0` and their like.
  func presence(_ node: Node) -> Atom? {
    switch node.kind {
    case .has: return .presence
    case .binary(.isIn, let name, let map):
      if case .name("claims", _) = map.kind, string(name) != nil { return .presence }
    case .binary(.notEqual, let left, let right):
      if isSized(left), isZero(right) || isSized(right), isZero(left) { return .presence }
      if path(left) != nil || path(right) != nil {
        let value = path(left) == nil ? left : right
        if string(value) == "" { return .presence }
        if case .constant(.null) = value.kind { return .presence }
      }
    case .binary(.greater, let left, let right) where isSized(left) && isZero(right): return .presence
    case .binary(.less, let left, let right) where isZero(left) && isSized(right): return .presence
    case .binary(.greaterOrEqual, let left, let right) where isSized(left) && number(right) ?? 2 <= 1: return .presence
    default: break
    }
    return nil
  }

  /// Whether it compares how long a claim is, which is nobody's name.
  func comparesSize(_ node: Node) -> Bool {
    guard case .binary(_, let left, let right) = node.kind else { return false }
    return isSized(left) || isSized(right)
  }

  private func isSized(_ node: Node) -> Bool {
    guard case .call(let call) = node.kind, call.function == .size, let operand = call.arguments.first else {
      return false
    }
    return path(operand) != nil
  }

  private func isZero(_ node: Node) -> Bool { number(node) == 0 }

  private func number(_ node: Node) -> Double? {
    guard case .constant(let constant) = node.kind else { return nil }
    switch constant {
    case .int(let value): return Double(value)
    case .uint(let value): return Double(value)
    case .double(let value): return value
    default: return nil
    }
  }
}
