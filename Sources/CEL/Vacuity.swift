/// Conditions that hold for every token of an issuer, or for none, and what the issuer's claims say about them.
extension Examiner {
  mutating func examineWhole(_ root: Node) {
    if case .sure = truth(root) {
      report(.alwaysTrue, "it holds for every token of the issuer", at: root)
    } else if case .likely = truth(root) {
      report(.alwaysTrue, "it may hold for every token: a claim that is there is seldom empty", at: root)
    }
    if let culprit = contradiction(in: root) {
      report(.alwaysFalse, "no token fits: \(culprit)", at: root)
    }
  }

  private enum Truth { case sure, likely, open }

  /// Whether a node is true whatever the token says.
  private func truth(_ node: Node) -> Truth {
    switch node.kind {
    case .and(let operands):
      let truths = operands.map(truth)
      return truths.contains(.open) ? .open : truths.contains(.likely) ? .likely : .sure
    case .or(let operands):
      let truths = operands.map(truth)
      if truths.contains(.sure) || hasOpposites(operands) { return .sure }
      return truths.contains(.likely) ? .likely : .open
    case .binary(.notEqual, let left, let right):
      return [(left, right), (right, left)].contains { $1.constantText == "" && $0.claimPath != nil }
        ? presence(left, right) : .open
    case .binary(.greater, let left, let right): return right.isZero ? sized(left) : .open
    case .binary(.less, let left, let right): return left.isZero ? sized(right) : .open
    case .binary(.equal, let left, let right):
      guard let path = left.claimPath, path == right.claimPath else { return .open }
      return vocabulary.isAlwaysThere(path) ? .sure : .likely
    case .call(let call):
      guard [.startsWith, .endsWith, .contains].contains(call.function), let subject = call.arguments.first,
        call.arguments.last?.constantText == ""
      else { return .open }
      return presence(subject)
    case .has(let operand, let field):
      return operand.isClaimSet && vocabulary.isAlwaysThere([field]) ? .sure : .open
    default: return .open
    }
  }

  private func sized(_ node: Node) -> Truth {
    guard case .call(let call) = node.kind, call.function == .size, let subject = call.arguments.first else {
      return .open
    }
    return presence(subject)
  }

  /// How sure it is that one of the operands is a claim with something in it.
  private func presence(_ operands: Node...) -> Truth {
    guard let path = operands.compactMap(\.claimPath).first else { return .open }
    return vocabulary.isAlwaysThere(path) ? .sure : .likely
  }

  /// `x || !x`, `a == b || a != b`.
  private func hasOpposites(_ operands: [Node]) -> Bool {
    let texts = Set(operands.map(text))
    let equalities = Set(operands.compactMap { comparison($0, .equal) })
    return operands.contains { operand in
      if case .not(let inner) = operand.kind { return texts.contains(text(inner)) }
      return comparison(operand, .notEqual).map(equalities.contains) ?? false
    }
  }

  private func comparison(_ node: Node, _ operation: Node.Operator) -> [String]? {
    guard case .binary(operation, let left, let right) = node.kind else { return nil }
    return [text(left), text(right)].sorted()
  }

  // MARK: Contradictions

  /// What says that no token fits, in words.
  private func contradiction(in root: Node) -> String? {
    switch root.kind {
    case .or(let operands):
      let all = operands.map(contradiction)
      return all.contains(nil) ? nil : all.first ?? nil
    case .conditional: return nil
    default: break
    }
    let conjuncts = root.conjuncts
    for conjunct in conjuncts {
      if let path = mismatch(conjunct) { return "\(path) never has a value of that kind" }
      if case .or = conjunct.kind, let inner = contradiction(in: conjunct) { return inner }
    }
    // A claim that is pinned has only those values: try each on all that is asked of this claim alone.
    for (path, values) in pins(conjuncts) {
      let own = conjuncts.filter { $0.claimPaths == [path] && $0.freeNames(within: []) == ["claims"] }
      let fits = values.contains { value in
        let token = Value.nested(value, at: path)
        return own.allSatisfy { conjunct in
          var machine = Machine(claims: token)
          guard let result = try? machine.value(of: conjunct) else { return true }
          return result.bool ?? true
        }
      }
      if !fits { return "\(path.joined(separator: ".")) cannot be all of that at once" }
    }
    return nil
  }

  /// The claim that a comparison asks to be of a kind that it never is.
  private func mismatch(_ node: Node) -> String? {
    guard case .binary(let operation, let left, let right) = node.kind, operation == .equal else { return nil }
    for (claim, other) in [(left, right), (right, left)] {
      guard let path = claim.claimPath, let known = vocabulary.claims[path], !known.kinds.isEmpty,
        case .constant(let value) = other.kind
      else { continue }
      let kind = value.kind.isNumber ? .double : value.kind
      if kind != .null, !known.kinds.contains(kind) { return text(claim) }
    }
    return nil
  }

  /// The claims that must be equal to one of some constants.
  private func pins(_ conjuncts: [Node]) -> [(path: Vocabulary.Path, values: [Value])] {
    conjuncts.compactMap { conjunct in
      switch conjunct.kind {
      case .binary(.equal, let left, let right):
        for (claim, other) in [(left, right), (right, left)] {
          if let path = claim.claimPath, case .constant(let value) = other.kind { return (path, [value]) }
        }
      case .binary(.isIn, let left, let right):
        guard let path = left.claimPath, case .list(let elements) = right.kind else { return nil }
        let values = elements.compactMap { if case .constant(let value) = $0.kind { value } else { nil } }
        return values.count == elements.count ? (path, values) : nil
      default: break
      }
      return nil
    }
  }

  // MARK: The issuer's claims

  mutating func examineClaims(_ root: Node) {
    let guarded = root.guardedPaths
    for node in root.subtree {
      guard let path = node.claimPath, vocabulary.claims[path]?.isOptional ?? false, !guarded.contains(path) else {
        continue
      }
      report(
        .missingClaim, "not every token has \(text(node)), and without it the condition fails", at: node,
        remedy: node.guardText(source).map { "ask \($0) && first" })
    }
    let read = root.claimPaths
    for conjunct in root.conjuncts {
      for case (let path?, let node) in conjunct.subtree.map({ ($0.claimPath, $0) }) {
        guard let lasting = vocabulary.claims[path]?.lastingClaim, !read.contains([lasting]) else { continue }
        report(
          .mutableName, "a name can change hands; \(lasting) cannot", severity: .information, at: node,
          remedy: "compare claims.\(lasting) as well")
      }
    }
    examineSubject(root)
    examineEvents(root)
    if root.conjuncts.allSatisfy(\.isStatic) {
      report(
        .useStatic, "subject_prefix and claims of the rule can say the same without a condition",
        severity: .information, at: root)
    }
  }

  private mutating func examineSubject(_ root: Node) {
    guard let pattern = vocabulary.singleFormSubject else { return }
    for node in root.subtree {
      let literals: [Node]
      switch node.kind {
      case .call(let call) where call.function == .startsWith && call.arguments.first?.claimPath == ["sub"]:
        literals = Array(call.arguments.dropFirst())
      case .binary(.equal, let left, let right) where left.claimPath == ["sub"]: literals = [right]
      case .binary(.equal, let left, let right) where right.claimPath == ["sub"]: literals = [left]
      case .binary(.isIn, let left, let right) where left.claimPath == ["sub"]: literals = right.children
      default: continue
      }
      if literals.contains(where: { $0.constantText.map(pattern.matches) ?? false }) {
        report(.subjectFormat, "the issuer writes sub in two forms, and this fits only one of them", at: node)
      }
    }
  }

  /// Tries the events that strangers can bring about on what is asked of the event alone.
  private mutating func examineEvents(_ root: Node) {
    guard let (path, values) = vocabulary.strangerEvents, root.claimPaths.contains(path) else { return }
    let asked = root.conjuncts.filter { $0.claimPaths == [path] && $0.freeNames(within: []) == ["claims"] }
    let passing = values.filter { event in
      let token = Value.nested(.string(event), at: path)
      return asked.allSatisfy { conjunct in
        var machine = Machine(claims: token)
        return (try? machine.value(of: conjunct))?.bool ?? true
      }
    }
    if !passing.isEmpty {
      let names = passing.map(\.quoted).joined(separator: ", ")
      report(
        .forkPullRequest, "pull requests of strangers can pass as \(names)", at: root,
        remedy: "list the events that are allowed")
    }
  }
}

extension Value {
  /// A claim set that holds one value, at a path.
  static func nested(_ value: Value, at path: Vocabulary.Path) -> Value {
    path.reversed().reduce(value) { Value(object: [(key: $1, value: $0)]) }
  }
}

extension Node {
  fileprivate var isZero: Bool {
    switch kind {
    case .constant(.int(0)), .constant(.uint(0)): true
    case .constant(.double(let value)): value == 0
    default: false
    }
  }

  /// A claim of the top level compared with one text, which static matchers do as well.
  fileprivate var isStatic: Bool {
    guard case .binary(.equal, let left, let right) = kind else { return false }
    return [(left, right), (right, left)].contains { $0.claimPath?.count == 1 && $1.constantText != nil }
  }

  /// The claims that are asked for before they are read.
  fileprivate var guardedPaths: Set<Vocabulary.Path> {
    subtree.reduce(into: []) { paths, node in
      switch node.kind {
      case .has: paths.formUnion(node.claimPaths)
      case .binary(.isIn, let name, let map):
        guard let field = name.constantText else { return }
        if map.isClaimSet { paths.insert([field]) } else if let path = map.claimPath { paths.insert(path + [field]) }
      default: break
      }
    }
  }

  fileprivate func guardText(_ source: Source) -> String? {
    switch kind {
    case .select: "has(\(source[range]))"
    case .index(let operand, let key): "\(source[key.range]) in \(source[operand.range])"
    default: nil
    }
  }
}
