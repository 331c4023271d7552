/// Which types the operators and functions take, and what they give.
extension Checker {
  mutating func negated(_ operand: StaticType, _ node: Node) -> StaticType {
    if operand.isDyn || operand == .int || operand == .double { return operand }
    noOverload("-\(operand.text)", at: node.anchor)
    return .dyn
  }

  mutating func binary(
    _ operation: Node.Operator, _ left: StaticType, _ right: StaticType, _ node: Node
  ) -> StaticType {
    let form = "\(left.text) \(operation.rawValue) \(right.text)"
    checkNumberModel(operation, left, right, node)
    switch operation {
    case .equal, .notEqual:
      if !left.isCompatible(with: right) { noOverload(form, at: node.anchor, remedy: conversion(left, right, node)) }
      return .bool
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      let isOrdered: Bool =
        switch (left, right) {
        case (.dyn, let other), (let other, .dyn), (.unknown, let other), (let other, .unknown): other.hasOrder
        // Numbers of different kinds do compare, but implementations refuse it where they see it beforehand.
        default: left.hasOrder && left == right
        }
      if !isOrdered { noOverload(form, at: node.anchor, remedy: conversion(left, right, node)) }
      return .bool
    case .isIn:
      let isMember: Bool =
        switch right {
        case .dyn, .unknown: true
        case .list(let element): left.isCompatible(with: element)
        case .map(let key, _): left.isCompatible(with: key) || left.isNumber && key.isNumber
        default: false
        }
      let remedy = right == .string ? "use contains() to look into a text" : nil
      if !isMember { noOverload(form, at: node.anchor, remedy: remedy) }
      return .bool
    default:
      if let type = arithmetic(operation, left, right) { return type }
      noOverload(form, at: node.anchor, remedy: conversion(left, right, node))
      return .dyn
    }
  }

  /// Nil when there is no overload.
  private func arithmetic(_ operation: Node.Operator, _ left: StaticType, _ right: StaticType) -> StaticType? {
    if left.isDyn && right.isDyn { return .dyn }
    switch (left, right) {
    case (.list, .list) where operation == .add: return left.joined(with: right)
    case (.timestamp, .duration) where operation == .add || operation == .subtract: return .timestamp
    case (.duration, .timestamp) where operation == .add: return .timestamp
    case (.timestamp, .timestamp) where operation == .subtract: return .duration
    case (.timestamp, .timestamp): return nil
    default: break
    }
    // A time and something unknown may come to a moment or to a length.
    let isTimeWithDyn = (left.isDyn || right.isDyn) && [left, right].contains { $0 == .timestamp || $0 == .duration }
    if isTimeWithDyn { return operation == .add || operation == .subtract ? .dyn : nil }
    guard left.isCompatible(with: right) else { return nil }
    let type = left.isDyn ? right : left
    let isDefined: Bool =
      switch type {
      case .int, .uint: true
      case .double: operation != .remainder
      case .string, .bytes, .list: operation == .add
      case .duration: operation == .add || operation == .subtract
      default: false
      }
    return isDefined ? type : nil
  }

  /// Warns where a number of a token would give something else as an `int` than as a `double`.
  private mutating func checkNumberModel(
    _ operation: Node.Operator, _ left: StaticType, _ right: StaticType, _ node: Node
  ) {
    guard left.isDyn || right.isDyn, case .binary(_, let first, let second) = node.kind else { return }
    switch operation {
    case .add, .subtract, .multiply, .divide, .remainder:
      let other = left.isDyn ? right : left
      guard other.isNumber || operation == .remainder else { return }
      let (number, operand) = left.isDyn ? (other, first) : (other, second)
      let kind = number.isDyn || number == .double ? "double" : number.text
      reportNumberModel(
        "\(source[operand.range]) must be \(kind == "int" ? "an" : "a") \(kind) here, and a number of a token may be another kind",
        at: node.range, remedy: "use \(kind)(\(source[operand.range]))")
    default:
      for operand in [first, second] where operand.isBeyondExactDoubles {
        reportNumberModel("beyond 2^53 a double cannot tell neighbouring numbers apart", at: operand.range)
      }
    }
  }

  private mutating func reportNumberModel(_ message: String, at range: Range<Int>, remedy: String? = nil) {
    report(.numberModel, message, severity: .warning, at: range, remedy: remedy)
  }

  private func conversion(_ left: StaticType, _ right: StaticType, _ node: Node) -> String? {
    guard case .binary(_, let first, let second) = node.kind else { return nil }
    for (type, other, operand) in [(left, right, second), (right, left, first)] {
      let name = source[operand.range]
      if type == .string, other.isNumber || other == .bool { return "use string(\(name)), or a text: \"\(name)\"" }
      if type.isNumber, other.isNumber { return "use \(type.text)(\(name))" }
    }
    return nil
  }

  // MARK: Functions

  mutating func call(_ call: Node.Call, _ node: Node) -> StaticType {
    if call.name == "quote", call.hasReceiver, case .name("strings", _) = call.arguments[0].kind {
      _ = call.arguments.dropFirst().map { type(of: $0) }
      reportExtension("strings.quote", at: node.anchor)
      return .dyn
    }
    let types = call.arguments.map { type(of: $0) }
    guard let function = call.function else {
      unknown(call, node)
      return .dyn
    }
    guard call.hasReceiver ? function.isMethod : function.isGlobal, function.arity.contains(types.count) else {
      let message = "\(call.name)() is not called so, with \(types.count) argument\(types.count == 1 ? "" : "s")"
      report(.noOverload, message, at: node.anchor, remedy: "write \(function.usage)")
      return .dyn
    }
    guard let result = result(of: function, types) else {
      let form = call.hasReceiver ? "\(types[0].text).\(call.name)" : call.name
      let arguments = types.dropFirst(call.hasReceiver ? 1 : 0).map(\.text).joined(separator: ", ")
      noOverload("\(form)(\(arguments))", at: node.anchor, remedy: "write \(function.usage)")
      return .dyn
    }
    checkConstants(call, function, node)
    if function == .type || function == .string, types[0].isDyn {
      reportNumberModel("of a number from a token, \(call.name)() depends on how it is read", at: node.range)
    }
    return result
  }

  /// Nil when the function does not take these types.
  private func result(of function: Function, _ types: [StaticType]) -> StaticType? {
    let first = types[0]
    func takes(_ accepted: StaticType...) -> Bool { first.isDyn || accepted.contains(first) }
    switch function {
    case .size:
      switch first {
      case .list, .map: return .int
      default: return takes(.string, .bytes) ? .int : nil
      }
    case .contains, .startsWith, .endsWith, .matches:
      return types.allSatisfy { $0.isCompatible(with: .string) } ? .bool : nil
    case .type: return .type(first)
    case .dyn: return .dyn
    case .bool: return takes(.bool, .string) ? .bool : nil
    case .int: return takes(.int, .uint, .double, .string, .timestamp) ? .int : nil
    case .uint: return takes(.int, .uint, .double, .string) ? .uint : nil
    case .double: return takes(.int, .uint, .double, .string) ? .double : nil
    case .string:
      return takes(.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration) ? .string : nil
    case .bytes: return takes(.bytes, .string) ? .bytes : nil
    case .timestamp: return takes(.timestamp, .string, .int) ? .timestamp : nil
    case .duration: return takes(.duration, .string) ? .duration : nil
    case _ where types == [.duration]:
      return [.getHours, .getMinutes, .getSeconds, .getMilliseconds].contains(function) ? .int : nil
    default: return takes(.timestamp) && types.dropFirst().allSatisfy { $0.isCompatible(with: .string) } ? .int : nil
    }
  }

  /// Refuses what is sure to fail: a constant that is no pattern, or that does not convert.
  private mutating func checkConstants(_ call: Node.Call, _ function: Function, _ node: Node) {
    if case .failure(let malformed) = call.pattern {
      let place = "at character \(malformed.offset + 1) of the pattern: \(malformed.message)"
      let isGlob = call.arguments[1].constantText?.hasPrefix("*") ?? false
      report(
        .badPattern, "not a valid RE2 pattern, \(place)", at: call.arguments[1].range,
        remedy: isGlob ? "a pattern is no glob: [^/]* stands for a name, .* for anything" : nil)
    }
    guard call.arguments.count == 1, case .constant(let value) = call.arguments[0].kind else { return }
    do throws(Conversion.Refused) {
      _ = try Conversion.convert(value, to: function)
    } catch {
      // The types went together, or this would not be reached: what is left is the value.
      guard error != .noOverload else { return }
      let what = error == .range ? "out of the range of" : "not the text of"
      report(.badConversion, "\(value.text) is \(what) a \(function.rawValue)", at: call.arguments[0].range)
    }
  }

  private mutating func unknown(_ call: Node.Call, _ node: Node) {
    if Function.extensions.contains(call.name) { return reportExtension(call.name, at: node.anchor) }
    let known = Function.allCases.map(\.rawValue) + ["all", "exists", "exists_one", "filter", "map", "has"]
    let remedy: String?
    if let operation = Self.operators[call.name.lowercased()] {
      remedy = "use \(operation)"
    } else if known.contains(call.name) {
      remedy = "write \(Self.macroUsage[call.name] ?? call.name + "(x)")"
    } else if let name = Self.foreignFunctions[call.name.lowercased()] {
      remedy = Function.extensions.contains(name) ? "an extension has \(name)()" : "did you mean \(name)()?"
    } else {
      remedy = call.name.nearest(in: known).map { "did you mean \($0)()?" }
    }
    report(.unknownFunction, "there is no function \(call.name)()", at: node.anchor, remedy: remedy)
  }

  private static let operators = ["not": "! to negate", "and": "&& for both", "or": "|| for either"]

  private static let macroUsage = [
    "all": "list.all(x, condition on x)", "exists": "list.exists(x, condition on x)",
    "exists_one": "list.exists_one(x, condition on x)", "filter": "list.filter(x, condition on x)",
    "map": "list.map(x, expression with x)", "has": "has(claims.name)",
  ]

  /// What the same is called in other languages.
  private static let foreignFunctions = [
    "any": "exists", "some": "exists", "every": "all", "lower": "lowerAscii", "lowercase": "lowerAscii",
    "tolower": "lowerAscii", "tolowercase": "lowerAscii", "upper": "upperAscii", "toupper": "upperAscii",
    "touppercase": "upperAscii", "uppercase": "upperAscii", "hasprefix": "startsWith", "beginswith": "startsWith",
    "starts_with": "startsWith", "hassuffix": "endsWith", "ends_with": "endsWith", "includes": "contains",
    "match": "matches", "regex": "matches", "regexmatch": "matches", "length": "size", "len": "size",
    "count": "size", "exists1": "exists_one", "tostring": "string", "str": "string", "strip": "trim",
    "typeof": "type", "defined": "has",
  ]
}

extension Node {
  /// A whole number that a double may stand for without being equal.
  fileprivate var isBeyondExactDoubles: Bool {
    switch kind {
    case .constant(.int(let value)): value.magnitude >= 1 << 53
    case .constant(.uint(let value)): value >= 1 << 53
    case .list(let elements): elements.contains(where: \.isBeyondExactDoubles)
    default: false
    }
  }
}

extension StaticType {
  var hasOrder: Bool {
    switch self {
    case .dyn, .unknown, .int, .uint, .double, .string, .bytes, .bool, .timestamp, .duration: true
    default: false
    }
  }
}
