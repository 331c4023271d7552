/// What the platform asks of the `condition` of a rule: an expression over `claims` that is true or false, and not
/// the same for every token.
extension Expression {
  /// The variables of a condition. The values of claims are not known before there is a token.
  package static let conditionVariables: [String: StaticType] = ["claims": .map(.string, .dyn)]

  /// All that there is to say about a condition, in the order of the text: its one syntax error, or what
  /// ``checkCondition()`` and ``examine(with:)`` find. One that is an error keeps a rule from being written.
  package static func issues(inCondition text: String, with vocabulary: Vocabulary = Vocabulary()) -> [Issue] {
    do throws(Issue) {
      let expression = try Expression(parsing: text)
      let issues = expression.checkCondition().issues
      // Of what is wrong already, or the same for every token, there is no more to say.
      if issues.contains(where: { $0.severity == .error || $0.code == .constant }) { return issues }
      return (issues + expression.examine(with: vocabulary)).inOrder
    } catch {
      return [error]
    }
  }

  /// As ``check(declaring:)``, and that the result is a boolean that depends on the token.
  package func checkCondition() -> Check {
    let check = check(declaring: Self.conditionVariables)
    var issues = check.issues
    func add(_ code: Issue.Code, _ severity: Issue.Severity, _ message: String, remedy: String? = nil) {
      issues.append(Issue(code, message, severity: severity, at: root.range, in: source, remedy: remedy))
    }
    let constant = check.isValid || check.type != .bool ? constantResult : nil
    switch constant {
    case .success(.bool(true)):
      add(.constant, .error, "the condition is true for every token, which the platform refuses")
    case .success(let value): add(.constant, .warning, "the condition is \(value.clippedText) for every token")
    case .failure(let failure): add(.constant, .warning, "the condition fails for every token: \(failure.message)")
    case nil: break
    }
    if !check.type.isDyn, check.type != .bool {
      add(.resultType, .error, "the result is a \(check.type.text), and a condition must be true or false")
    } else if check.type.isDyn, constant == nil {
      let remedy = root.isClaim ? "write \(source[root.range]) == true" : "compare it with true"
      add(.dynResult, .warning, "whether this is true or false is known only when there is a token", remedy: remedy)
    }
    return Check(type: check.type, issues: issues.inOrder)
  }

  /// Whether a token with these claims may pass. All but `true` refuses it.
  package func decide(claims: Value) -> Result<Bool, Failure> { root.truth(of: evaluate(claims: claims)) }

  /// What the expression gives whatever the claims are; nil when it depends on them.
  package var constantResult: Result<Value, Failure>? { root.constantResult }
}

extension Node {
  /// A value as the truth of this node; what is no boolean is an error.
  func truth(of value: Result<Value, Failure>) -> Result<Bool, Failure> {
    value.flatMap { value in
      if case .bool(let truth) = value { return .success(truth) }
      return .failure(Failure(.noSuchOverload, "the result is a \(value.kind.rawValue), not true or false", at: self))
    }
  }

  /// A selection or index from `claims` downwards.
  package var isClaim: Bool {
    switch kind {
    case .select(let operand, _), .index(let operand, _): operand.isClaim || operand.isClaimSet
    default: false
    }
  }

  package var isClaimSet: Bool { if case .name("claims", _) = kind { true } else { false } }

  /// Folds what does not depend on a variable, and what `&&`, `||` and `?:` make of it.
  fileprivate var constantResult: Result<Value, Failure>? {
    if freeNames(within: []).isEmpty {
      var machine = Machine(bindings: [:])
      return Result { () throws(Failure) in try machine.value(of: self) }
    }
    switch kind {
    case .and(let operands): return operands.contains { $0.isConstantly(false) } ? .success(.bool(false)) : nil
    case .or(let operands): return operands.contains { $0.isConstantly(true) } ? .success(.bool(true)) : nil
    case .not(let operand):
      guard case .success(.bool(let truth)) = operand.constantResult else { return nil }
      return .success(.bool(!truth))
    case .conditional(let condition, let then, let otherwise):
      guard case .success(.bool(let truth)) = condition.constantResult else { return nil }
      return (truth ? then : otherwise).constantResult
    default: return nil
    }
  }

  private func isConstantly(_ truth: Bool) -> Bool {
    if case .success(.bool(truth)) = constantResult { true } else { false }
  }

  /// The names that no macro within binds, types left out.
  func freeNames(within bound: Set<String>) -> Set<String> {
    switch kind {
    case .name(let name, let isGlobal):
      return !isGlobal && bound.contains(name) || Value.Kind(typeName: name) != nil ? [] : [name]
    case .macro(let macro):
      let inner = bound.union(macro.variables)
      return [macro.predicate, macro.transform].compactMap(\.self)
        .reduce(macro.operand.freeNames(within: bound)) { $0.union($1.freeNames(within: inner)) }
    default: return children.reduce([]) { $0.union($1.freeNames(within: bound)) }
    }
  }
}
