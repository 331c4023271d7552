/// A part of an expression and where it stands in the source. Macros are expanded already.
package final class Node: Sendable {
  package enum Kind: Sendable {
    case constant(Value)
    /// A name; `isGlobal` when written with a leading dot, which skips the names that macros bind.
    case name(String, isGlobal: Bool)
    case select(Node, field: String)
    /// `has(operand.field)`.
    case has(Node, field: String)
    case index(Node, Node)
    case call(Call)
    case not(Node)
    case negate(Node)
    case binary(Operator, Node, Node)
    /// A whole chain of `&&`, so at least two operands.
    case and([Node])
    /// A whole chain of `||`, so at least two operands.
    case or([Node])
    case conditional(Node, then: Node, otherwise: Node)
    case list([Node])
    case map([Entry])
    case macro(Macro)
  }

  package enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
  }

  package struct Entry: Sendable {
    package let key, value: Node
  }

  package let kind: Kind
  /// From the first to the last character, brackets around it not counted.
  package let range: Range<Int>
  /// Where a caret points when the operation itself is at fault: the operator, the function's name, the field.
  package let anchor: Range<Int>
  /// Levels of nodes, this one counted.
  let depth: Int

  init(_ kind: Kind, _ range: Range<Int>, anchor: Range<Int>? = nil) {
    (self.kind, self.range, self.anchor) = (kind, range, anchor ?? range)
    depth = 1 + kind.children.reduce(0) { max($0, $1.depth) }
  }

  package var children: [Node] { kind.children }
}

extension Node {
  /// A function call. A receiver is the first of `arguments`.
  package final class Call: Sendable {
    package let name: String
    /// Nil when no standard function has this name.
    package let function: Function?
    package let hasReceiver: Bool
    package let arguments: [Node]
    /// A constant pattern of `matches`, read when the expression is.
    package let pattern: Result<Pattern, Pattern.Malformed>?

    init(_ name: String, receiver: Node?, arguments: [Node]) {
      (self.name, hasReceiver) = (name, receiver != nil)
      self.arguments = (receiver.map { [$0] } ?? []) + arguments
      let standard = Function(rawValue: name)
      function = standard
      guard standard == .matches, self.arguments.count == 2, case .constant(.string(let text)) = self.arguments[1].kind
      else {
        pattern = nil
        return
      }
      pattern = Result { () throws(Pattern.Malformed) in try Pattern(text) }
    }
  }

  /// A macro over the elements of a list or the keys of a map.
  package final class Macro: Sendable {
    package enum Form: String, Sendable { case all, exists, existsOne, filter, map, transformList, transformMap }

    package let form: Form
    package let name: String
    package let operand: Node
    /// One name, or two for the index and value, or key and value, of the extension's macros.
    package let variables: [String]
    /// What each element is asked: all forms but `map` and the transforms without a filter have it.
    package let predicate: Node?
    /// What each element becomes: `map` and the transforms have it.
    package let transform: Node?

    init(
      _ form: Form, name: String, operand: Node, variables: [String], predicate: Node?, transform: Node? = nil
    ) {
      (self.form, self.name, self.operand, self.variables) = (form, name, operand, variables)
      (self.predicate, self.transform) = (predicate, transform)
    }

    /// Of the standard environment, not of the extension for two variables.
    package var isStandard: Bool { variables.count == 1 && name != "existsOne" }
  }
}

extension Node.Kind {
  var children: [Node] {
    switch self {
    case .constant, .name: []
    case .select(let operand, _), .has(let operand, _), .not(let operand), .negate(let operand): [operand]
    case .index(let left, let right), .binary(_, let left, let right): [left, right]
    case .call(let call): call.arguments
    case .and(let operands), .or(let operands), .list(let operands): operands
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .macro(let macro): [macro.operand] + [macro.predicate, macro.transform].compactMap(\.self)
    }
  }
}
