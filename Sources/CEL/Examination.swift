extension Expression {
  /// What a careful reader would say about a condition: where it lets in more than it seems to, or nothing at all.
  /// Without a vocabulary only what holds for every issuer is found. Errors of ``checkCondition()`` are not repeated.
  package func examine(with vocabulary: Vocabulary = Vocabulary()) -> [Issue] {
    var examiner = Examiner(source: source, vocabulary: vocabulary)
    examiner.examine(root)
    return examiner.issues.inOrder
  }
}

struct Examiner {
  let source: Source
  let vocabulary: Vocabulary
  private(set) var issues: [Issue] = []

  init(source: Source, vocabulary: Vocabulary) { (self.source, self.vocabulary) = (source, vocabulary) }

  mutating func report(
    _ code: Issue.Code, _ message: String, severity: Issue.Severity = .warning, at node: Node, remedy: String? = nil
  ) {
    guard issues.count < Limits.issues else { return }
    let issue = Issue(code, message, severity: severity, at: node.range, in: source, remedy: remedy)
    if !issues.contains(issue) { issues.append(issue) }
  }

  func text(_ node: Node) -> String { source[node.range] }

  mutating func examine(_ root: Node) {
    for node in root.subtree { examineAlone(node) }
    examineWhole(root)
    examineTenant(root)
    examineClaims(root)
  }

  /// What can be seen from one operation.
  private mutating func examineAlone(_ node: Node) {
    switch node.kind {
    case .call(let call): examine(call, node)
    case .macro(let macro) where macro.form == .all && !macro.operand.isLiteral:
      report(
        .alwaysTrueOnEmpty, "all() of an empty list is true, and \(text(macro.operand)) may be empty", at: node,
        remedy: "add \(text(macro.operand)).size() > 0 &&")
    case .binary(let operation, let left, let right): examine(operation, left, right, node)
    case .or(let operands): examineEscape(operands)
    default: break
    }
  }

  // MARK: Text functions

  /// What may follow, or come before, a complete name.
  private static let delimiters = Set("/:@=.".unicodeScalars)

  private mutating func examine(_ call: Node.Call, _ node: Node) {
    guard call.arguments.count == 2, call.hasReceiver || call.function == .matches else { return }
    let (subject, argument) = (call.arguments[0], call.arguments[1])
    guard !subject.isLiteral else { return }
    switch call.function {
    case .startsWith:
      guard let last = argument.lastScalar, !Self.delimiters.contains(last) else { return }
      report(
        .openPrefix, "the prefix stops inside a name, so whatever begins alike fits too", at: node,
        remedy: "end it with what closes the name, such as /, or compare with ==")
    case .endsWith:
      guard let first = argument.firstScalar, !Self.delimiters.contains(first) else { return }
      report(
        .openSuffix, "the suffix begins inside a name, so whatever ends alike fits too", at: node,
        remedy: "begin it with what comes before the name, such as @")
    case .contains where argument.firstScalar != nil:
      report(.substring, "the text may stand anywhere in \(text(subject))", at: node, remedy: "compare with ==")
    case .matches:
      guard let pattern = try? call.pattern?.get() else { return }
      examine(pattern, node)
    default: return
    }
  }

  private mutating func examine(_ pattern: Pattern, _ node: Node) {
    let tree = pattern.tree
    if tree.hasGlob {
      report(
        .globAsRegex, "* repeats what stands before it, none included: a pattern is no glob", at: node,
        remedy: "write [^/]* for a name, .* for anything")
    }
    if !tree.startsAtTextStart || !tree.endsAtTextEnd {
      report(
        .unanchoredRegex, "a match anywhere in the text is enough", at: node,
        remedy: "put ^(?: before the pattern and )$ after it")
    } else {
      if let last = tree.lastBeforeAnything, !Self.delimiters.contains(last) {
        report(.openPrefix, "anything may follow in the middle of a name", at: node)
      }
    }
    if tree.hasLiveDot {
      report(.regexDot, "an unescaped . fits any character", at: node, remedy: "write [.] for a dot")
    }
  }

  // MARK: Comparisons

  private mutating func examine(_ operation: Node.Operator, _ left: Node, _ right: Node, _ node: Node) {
    for (claim, other) in [(left, right), (right, left)] {
      guard let path = claim.claimPath, let known = vocabulary.claims[path] else { continue }
      // A list on the right of `in` is searched; what is compared are its elements.
      let compared: [Node]
      if operation == .isIn {
        if claim.range == right.range {
          if !known.kinds.isEmpty, known.kinds.isDisjoint(with: [.list, .map]) {
            report(
              .typeMismatch, "\(text(claim)) is \(known.kindText), and in needs a list", at: node, remedy: "use ==")
          }
          continue
        }
        guard case .list(let elements) = other.kind else { continue }
        compared = elements
      } else {
        compared = [other]
      }
      for operand in compared {
        guard case .constant(let value) = operand.kind else { continue }
        examine(value, against: known, claim, node)
      }
    }
  }

  private mutating func examine(_ value: Value, against known: Vocabulary.Claim, _ claim: Node, _ node: Node) {
    let kind = value.kind.isNumber ? .double : value.kind
    if !known.kinds.isEmpty, !known.kinds.contains(kind), kind != .null {
      let isList = known.kinds == [.list]
      report(
        .typeMismatch, "\(text(claim)) is \(known.kindText), and never equals \(value.text)", at: node,
        remedy: isList ? "use \(value.text) in \(text(claim))" : nil)
    } else if known.isLowerCase, let literal = value.string,
      literal.unicodeScalars.contains(where: \.properties.isUppercase)
    {
      report(.letterCase, "letter case counts, and \(literal.quoted) has capitals", at: node)
    }
  }

  // MARK: Alternatives

  private mutating func examineEscape(_ operands: [Node]) {
    let constrained = operands.map(constrainedClaims)
    let all = Set(constrained)
    for (operand, own) in zip(operands, constrained) {
      // Without knowing the tenant, what people get wrong is `a && b || c`: && binds tighter.
      let escapes =
        vocabulary.claims.isEmpty
        ? all.contains { $0.count > 1 && $0.isDisjoint(with: own) } : all.contains(where: hasTenant) && !hasTenant(own)
      guard escapes else { continue }
      report(
        .orEscape, "this alone lets a token in, without what the other side of || asks for", at: operand,
        remedy: "&& binds tighter than ||: put brackets round the alternatives")
    }
  }

  private func hasTenant(_ paths: Set<Vocabulary.Path>) -> Bool {
    paths.contains { vocabulary.claims[$0]?.pinsTenant ?? false }
  }

  /// The claims that have to have certain values for the node to be true.
  private func constrainedClaims(_ node: Node) -> Set<Vocabulary.Path> {
    switch node.kind {
    case .and(let operands): return operands.reduce(into: []) { $0.formUnion(constrainedClaims($1)) }
    case .or(let operands):
      let all = operands.map(constrainedClaims)
      return all.dropFirst().reduce(all[0]) { $0.intersection($1) }
    case .conditional(let condition, let then, let otherwise):
      let both = constrainedClaims(then).intersection(constrainedClaims(otherwise))
      if case .constant(.bool(false)) = otherwise.kind {
        return constrainedClaims(condition).union(constrainedClaims(then))
      }
      return both
    case .binary(.equal, let left, let right), .binary(.isIn, let left, let right):
      return Set([left, right].compactMap(\.claimPath))
    case .call(let call):
      guard call.function == .startsWith || call.function == .matches, let path = call.arguments.first?.claimPath else {
        return []
      }
      if path == ["sub"], let tenantSubject = vocabulary.tenantSubject {
        return tenantSubject.matches(call.arguments.last?.constantText ?? "") ? [path] : []
      }
      return [path]
    case .macro(let macro) where macro.form == .exists:
      return macro.predicate.map { $0.claimPaths.union(macro.operand.claimPaths) } ?? []
    default: return []
    }
  }

  private mutating func examineTenant(_ root: Node) {
    let conjuncts = root.conjuncts
    let isNegative = conjuncts.allSatisfy { $0.isNegation || $0.isPresence }
    if isNegative, conjuncts.contains(where: \.isNegation) {
      report(.negationOnly, "it only says what a token must not be, and anything else fits", at: root)
    }
    guard vocabulary.isShared else { return }
    let constrained = constrainedClaims(root)
    let namesTenant = hasTenant(constrained) || vocabulary.tenantSubject != nil && constrained.contains(["sub"])
    if !namesTenant {
      report(.noTenant, "the issuer signs for everybody, and nothing here names whose token it must be", at: root)
    }
  }
}

extension Vocabulary.Claim {
  fileprivate var kindText: String { kinds.map(\.phrase).sorted().joined(separator: " or ") }
}

extension Node {
  var isNegation: Bool {
    switch kind {
    case .not, .binary(.notEqual, _, _): true
    default: false
    }
  }

  var isPresence: Bool {
    switch kind {
    case .has: true
    case .binary(.isIn, let name, let map): name.constantText != nil && map.isClaimSet
    default: false
    }
  }

  /// The last scalar of the text, where that is written out.
  fileprivate var lastScalar: Unicode.Scalar? {
    if case .binary(.add, _, let right) = kind { return right.lastScalar }
    return constantText?.unicodeScalars.last
  }

  fileprivate var firstScalar: Unicode.Scalar? {
    if case .binary(.add, let left, _) = kind { return left.firstScalar }
    return constantText?.unicodeScalars.first
  }
}
