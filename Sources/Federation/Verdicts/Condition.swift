internal import CEL
internal import Platform

/// A rule's `condition`, read once: true lets a token in; false, an error and any other value do not.
struct Condition: Sendable {
  let text: String
  private let reading: Result<Expression, Issue>

  init(_ text: String) {
    self.text = text
    reading = Result { () throws(Issue) in try Expression(parsing: text) }
  }

  func holds(_ claims: Claims) -> Bool {
    guard case .success(let expression) = reading else { return false }
    return expression.evaluate(claims: claims.value(.double)).isTrue
  }

  func check(_ claims: Claims) -> Check {
    func check(_ actual: String?, note: String?, holds: Bool = false) -> Check {
      Check("condition", holds, expected: text, actual: actual, note: note, reason: .condition)
    }
    switch reading {
    case .failure(let issue):
      return check(nil, note: "it cannot be read: \(issue.message) (line \(issue.line), column \(issue.column))")
    case .success(let expression):
      let result = expression.evaluate(claims: claims.value(.double))
      let note = [explanation(result), doubt(expression, result, claims)].compactMap { $0 }.joined(separator: "; ")
      switch result {
      case .success(let value): return check(value.text, note: note.isEmpty ? nil : note, holds: result.isTrue)
      case .failure: return check("error", note: note)
      }
    }
  }

  private func explanation(_ result: Result<Value, Failure>) -> String? {
    switch result {
    case .success(.bool(true)): nil
    case .success(.bool(false)): "it is false for these claims"
    case .success(let value): "its value is a \(value.kind.rawValue), and only true lets a token in"
    case .failure(let failure): "\(failure.message); an error is not a match"
    }
  }

  /// The platform does not say whether it takes a whole number for an integer; here both are tried.
  private func doubt(_ expression: Expression, _ result: Result<Value, Failure>, _ claims: Claims) -> String? {
    let other = expression.evaluate(claims: claims.value(.int))
    guard other.isTrue != result.isTrue else { return nil }
    let outcome =
      switch other {
      case .success(let value): value.text
      case .failure: "an error"
      }
    return "with whole numbers taken as integers it would be \(outcome), and the platform does not say which it does"
  }
}

extension Result<Value, Failure> {
  fileprivate var isTrue: Bool { if case .success(.bool(true)) = self { true } else { false } }
}

extension Claims {
  /// As the variable `claims` of a condition.
  func value(_ model: NumberModel) -> Value { Claims.value(json, model) }

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
