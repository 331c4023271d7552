/// Equality, order and arithmetic.
extension Machine {
  mutating func binary(
    _ operation: Node.Operator, _ left: Node, _ right: Node, _ node: Node
  ) throws(Failure) -> Value {
    let left = try value(of: left)
    let right = try value(of: right)
    switch operation {
    case .equal: return .bool(try equal(left, right, node))
    case .notEqual: return .bool(try !equal(left, right, node))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let order = Ordering(left, right) else { throw noOverload(operation, left, right, node) }
      try charge(node, bytes: min(left.byteCount, right.byteCount))
      return .bool(order.satisfies(operation))
    case .isIn: return .bool(try contains(right, left, node))
    case .add, .subtract, .multiply, .divide, .remainder: return try arithmetic(operation, left, right, node)
    }
  }

  private func noOverload(_ operation: Node.Operator, _ left: Value, _ right: Value, _ node: Node) -> Failure {
    let kinds = "\(left.kind.rawValue) \(operation.rawValue) \(right.kind.rawValue)"
    return Failure(.noSuchOverload, "\(kinds) is not defined", at: node)
  }

  private mutating func equal(_ left: Value, _ right: Value, _ node: Node) throws(Failure) -> Bool {
    var work = 0
    let isEqual = left.equals(right, work: &work)
    try charge(node, steps: work)
    return isEqual
  }

  private mutating func contains(_ container: Value, _ element: Value, _ node: Node) throws(Failure) -> Bool {
    switch container {
    case .list(let elements):
      for candidate in elements where try equal(element, candidate, node) { return true }
      try charge(node, bytes: 8 * elements.count)
      return false
    case .map(let map):
      try charge(node, bytes: element.byteCount)
      if let key = Value.Key(element) { return map[key] != nil }
      if case .double = element { return false }
      throw noOverload(.isIn, element, container, node)
    default: throw noOverload(.isIn, element, container, node)
    }
  }

  func negated(_ value: Value, _ node: Node) throws(Failure) -> Value {
    switch value {
    case .double(let number): return .double(-number)
    case .int(let number):
      guard number != .min else { throw Failure(.range, "the result is out of the range of int", at: node) }
      return .int(-number)
    default: throw Failure(.noSuchOverload, "-\(value.kind.rawValue) is not defined", at: node)
    }
  }

  private mutating func arithmetic(
    _ operation: Node.Operator, _ left: Value, _ right: Value, _ node: Node
  ) throws(Failure) -> Value {
    switch (left, right) {
    case (.int(let left), .int(let right)): return .int(try whole(operation, left, right, "int", node))
    case (.uint(let left), .uint(let right)): return .uint(try whole(operation, left, right, "uint", node))
    case (.double(let left), .double(let right)):
      switch operation {
      case .add: return .double(left + right)
      case .subtract: return .double(left - right)
      case .multiply: return .double(left * right)
      case .divide: return .double(left / right)
      default: break
      }
    case (.string(let left), .string(let right)) where operation == .add:
      try admit(left.utf8.count + right.utf8.count, Limits.text, "bytes of text", node)
      return .string(left + right)
    case (.bytes(let left), .bytes(let right)) where operation == .add:
      try admit(left.count + right.count, Limits.text, "bytes", node)
      return .bytes(left + right)
    case (.list(let left), .list(let right)) where operation == .add:
      try admit(left.count + right.count, Limits.elements, "elements", node)
      return .list(left + right)
    case (.timestamp, _), (.duration, _):
      if let result = time(operation, left, right) {
        guard let result = result.value else { throw Failure(.range, "the time is out of range", at: node) }
        return result
      }
    default: break
    }
    throw noOverload(operation, left, right, node)
  }

  /// Keeps what `+` makes within its limit.
  private mutating func admit(_ count: Int, _ limit: Int, _ what: String, _ node: Node) throws(Failure) {
    guard count <= limit else { throw Failure(.limit, "+ makes more than \(limit) \(what)", at: node) }
    try charge(node, bytes: count)
  }

  private func whole<Number: FixedWidthInteger>(
    _ operation: Node.Operator, _ left: Number, _ right: Number, _ kind: String, _ node: Node
  ) throws(Failure) -> Number {
    let result: (partialValue: Number, overflow: Bool)
    switch operation {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    default:
      guard right != 0 else { throw Failure(.divideByZero, "division by zero", at: node) }
      result =
        operation == .divide
        ? left.dividedReportingOverflow(by: right) : left.remainderReportingOverflow(dividingBy: right)
    }
    guard !result.overflow else { throw Failure(.range, "the result is out of the range of \(kind)", at: node) }
    return result.partialValue
  }

  /// Nil when times are not combined so; a nil value when the result is out of range.
  private func time(_ operation: Node.Operator, _ left: Value, _ right: Value) -> (value: Value?, Void)? {
    func duration(_ sum: (partialValue: Int64, overflow: Bool)) -> Value? {
      sum.overflow ? nil : .duration(nanoseconds: sum.partialValue)
    }
    switch (left, operation, right) {
    case (.timestamp(let start), .add, .duration(let span)), (.duration(let span), .add, .timestamp(let start)):
      return (start.adding(Int128(span)).map { .timestamp($0) }, ())
    case (.timestamp(let end), .subtract, .duration(let span)):
      return (end.adding(-Int128(span)).map { .timestamp($0) }, ())
    case (.timestamp(let end), .subtract, .timestamp(let start)):
      return (
        Int64(exactly: end.nanosecondsSinceEpoch - start.nanosecondsSinceEpoch).map { .duration(nanoseconds: $0) }, ()
      )
    case (.duration(let left), .add, .duration(let right)): return (duration(left.addingReportingOverflow(right)), ())
    case (.duration(let left), .subtract, .duration(let right)):
      return (duration(left.subtractingReportingOverflow(right)), ())
    default: return nil
    }
  }
}
