package import CEL
internal import Platform

/// A rule's `condition`, read once: true lets a token in; false, an error and any other value do not.
package struct Condition: Sendable {
  package let text: String
  private let reading: Result<Expression, Issue>

  package init(_ text: String) {
    self.text = text
    reading = Result { () throws(Issue) in try Expression(parsing: text) }
  }

  func holds(_ claims: Claims) -> Bool {
    guard case .success(let expression) = reading else { return false }
    return expression.decide(claims: claims.value(.double)).isSuccess(true)
  }

  func check(_ claims: Claims) -> Check {
    switch reading {
    case .failure(let issue):
      let note = "it cannot be read: \(issue.message) (line \(issue.line), column \(issue.column))"
      return Check("condition", false, expected: text, actual: nil, note: note, reason: .condition)
    case .success(let expression):
      let explanation = expression.explain(claims: claims.value(.double))
      let notes = [explanation.summary, doubt(expression, explanation.outcome, claims)].compactMap { $0 }
      return Check(
        "condition", explanation.outcome.isSuccess(true), expected: text, actual: explanation.outcome.word,
        note: notes.isEmpty ? nil : notes.joined(separator: "; "), parts: explanation.leaves.map(Check.Part.init),
        reason: .condition)
    }
  }

  /// The platform does not say whether it takes a whole number for an integer; here both are tried.
  private func doubt(_ expression: Expression, _ outcome: Result<Bool, Failure>, _ claims: Claims) -> String? {
    let other = expression.decide(claims: claims.value(.int))
    guard other.isSuccess(true) != outcome.isSuccess(true) else { return nil }
    return
      "with whole numbers taken as integers it would be \(other.word), and the platform does not say which it does"
  }
}

extension Condition {
  /// Why the platform would refuse a rule with this condition, or nil: it cannot be read, is no test of claims, or is
  /// true for every token.
  package static func fault(in text: String) -> String? {
    Expression.issues(inCondition: text).first { $0.severity == .error }.map { issue in
      "\(issue.message) (line \(issue.line), column \(issue.column))"
    }
  }

  /// The top-level claims that a condition speaks of, in whatever way; none when it cannot be read.
  package static func claims(in text: String) -> Set<String> {
    guard case .success(let expression) = Condition(text).reading else { return [] }
    return expression.root.claimNames
  }
}

extension Node {
  /// `claims.x`, `claims["x"]`, `has(claims.x)` and `"x" in claims`, here and below.
  fileprivate var claimNames: Set<String> {
    switch kind {
    case .select(let operand, let field) where operand.isClaimSet,
      .has(let operand, let field) where operand.isClaimSet:
      return [field]
    case .index(let operand, let name) where operand.isClaimSet,
      .binary(.isIn, let name, let operand) where operand.isClaimSet:
      if case .constant(.string(let name)) = name.kind { return [name] }
      return name.claimNames
    // A macro that binds the name `claims` does not speak of the token within.
    case .macro(let macro) where macro.variables.contains("claims"): return macro.operand.claimNames
    default: return children.reduce(into: []) { $0.formUnion($1.claimNames) }
    }
  }
}

extension Explanation {
  /// What was false or in error, with the values it saw; nil when the condition is true.
  fileprivate var summary: String? {
    guard !outcome.isSuccess(true) else { return nil }
    let decisive = leaves.filter { $0.role == .decisive }
    let parts = decisive.map { leaf in
      let remarks = leaf.remarks.isEmpty ? "" : " (\(leaf.remarks.joined(separator: "; ")))"
      return "`\(leaf.text)` \(leaf.result.failure == nil ? "is \(leaf.result.word)" : "fails")\(remarks)"
    }
    let count = leaves.count > 1 ? "\(decisive.count) of \(leaves.count) parts decided: " : ""
    return count + parts.joined(separator: ", ")
  }
}

extension Result<Bool, Failure> {
  fileprivate var word: String {
    switch self {
    case .success(let truth): truth ? "true" : "false"
    case .failure: "an error"
    }
  }
}

extension Check.Part {
  fileprivate init(_ leaf: Explanation.Leaf) {
    self.init(
      text: leaf.text, outcome: leaf.result.failure == nil ? leaf.result.isSuccess(true) : nil,
      isDecisive: leaf.role == .decisive, remarks: leaf.remarks, parts: leaf.inner.map(Check.Part.init))
  }
}

extension Claims {
  /// As the variable `claims` of a condition.
  package func value(_ model: NumberModel) -> Value { Claims.value(json, model) }

  private static func value(_ json: JSON, _ model: NumberModel) -> Value {
    switch json {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let digits): Value(jsonNumber: digits, as: model)
    case .string(let text): .string(text)
    case .array(let values): .list(values.map { value($0, model) })
    case .object(let object): Value(object: object.map { (key: $0.key, value: value($0.value, model)) })
    }
  }
}
