/// A parsed expression. Evaluating it has no effects and cannot run away: see ``Limits``.
package struct Expression: Sendable {
  package let source: Source
  package let root: Node

  /// - Throws: the first syntax error, or a limit that the text breaks.
  package init(parsing text: String) throws(Issue) {
    source = Source(text)
    var parser = try Parser(source)
    root = try parser.parse()
  }

  package var text: String { source.text }

  /// The value of the expression, or the error at its innermost cause.
  /// - Parameter bindings: the variables by name; a condition has one, `claims`, a map.
  package func evaluate(with bindings: [String: Value]) -> Result<Value, Failure> {
    evaluate(root, Machine(bindings: bindings))
  }

  /// As ``evaluate(with:)`` for a condition, whose one variable is `claims`.
  package func evaluate(claims: Value) -> Result<Value, Failure> { evaluate(root, Machine(claims: claims)) }

  private func evaluate(_ node: Node, _ machine: consuming Machine) -> Result<Value, Failure> {
    Result { () throws(Failure) in try machine.value(of: node) }
  }
}
