/// What checking found out before any evaluation.
package struct Check: Sendable {
  package let type: StaticType
  /// In the order of the text.
  package let issues: [Issue]

  package var isValid: Bool { issues.allSatisfy { $0.severity < .error } }
}

extension Expression {
  /// Checks names, functions, types, constant patterns and conversions. Evaluation does not need it and gives the
  /// same results; checking only refuses, and warns of what other implementations may not have.
  /// - Parameter variables: the types of the variables by name.
  package func check(declaring variables: [String: StaticType]) -> Check {
    var checker = Checker(source: source, variables: variables)
    let type = checker.type(of: root)
    return Check(type: type, issues: checker.issues.inOrder)
  }
}

/// Works out the type of each node from those below it.
struct Checker {
  let source: Source
  let variables: [String: StaticType]
  private(set) var issues: [Issue] = []
  /// What macros have bound, innermost last.
  private var locals: [(name: String, type: StaticType)] = []

  init(source: Source, variables: [String: StaticType]) { (self.source, self.variables) = (source, variables) }

  mutating func report(
    _ code: Issue.Code, _ message: String, severity: Issue.Severity = .error, at range: Range<Int>,
    remedy: String? = nil
  ) {
    guard issues.count < Limits.issues else { return }
    issues.append(Issue(code, message, severity: severity, at: range, in: source, remedy: remedy))
  }

  mutating func type(of node: Node) -> StaticType {
    switch node.kind {
    case .constant(let value): return constant(value)
    case .name(let name, let isGlobal): return variable(name, isGlobal, node)
    case .select(let operand, let field): return member(field, of: type(of: operand), node)
    case .has(let operand, let field):
      _ = member(field, of: type(of: operand), node)
      return .bool
    case .index(let operand, let index): return element(of: type(of: operand), at: type(of: index), node)
    case .call(let call): return self.call(call, node)
    case .not(let operand):
      let found = type(of: operand)
      if !found.isCompatible(with: .bool) { noOverload("!\(found.text)", at: node.anchor) }
      return .bool
    case .negate(let operand): return negated(type(of: operand), node)
    case .binary(let operation, let left, let right):
      return binary(operation, type(of: left), type(of: right), node)
    case .and(let operands): return chain("&&", operands)
    case .or(let operands): return chain("||", operands)
    case .conditional(let condition, let then, let otherwise): return conditional(condition, then, otherwise, node)
    case .list(let elements):
      return .list(elements.reduce(StaticType.unknown) { $0.joined(with: type(of: $1)) })
    case .map(let entries): return map(entries)
    case .macro(let macro): return self.macro(macro, node)
    }
  }

  mutating func noOverload(_ form: String, at range: Range<Int>, remedy: String? = nil) {
    report(.noOverload, "\(form) is not defined", at: range, remedy: remedy)
  }

  private func constant(_ value: Value) -> StaticType {
    if case .type(let kind) = value { return .type(StaticType(kind)) }
    return StaticType(value.kind)
  }

  private mutating func variable(_ name: String, _ isGlobal: Bool, _ node: Node) -> StaticType {
    if !isGlobal, let local = locals.last(where: { $0.name == name }) { return local.type }
    if let type = variables[name] { return type }
    if let kind = Value.Kind(typeName: name) { return .type(StaticType(kind)) }
    report(.undeclaredName, "there is no variable '\(name)'", at: node.range, remedy: remedy(forName: name))
    return .dyn
  }

  private func remedy(forName name: String) -> String? {
    guard variables.keys.contains("claims") else {
      return name.nearest(in: variables.keys.sorted()).map { "did you mean \($0)?" }
    }
    if Self.foreignNames.contains(name.lowercased()) { return "the claim set is called claims here" }
    if name.nearest(in: ["claims"]) != nil { return "did you mean claims?" }
    return "a claim is written claims.\(name), a text \"\(name)\""
  }

  /// What other products with conditions call the claim set, or what stands for the token there.
  private static let foreignNames: Set = [
    "assertion", "attribute", "attributes", "google", "token", "jwt", "principal", "subject", "request", "auth",
    "identity", "payload", "user", "object", "self", "input", "context",
  ]

  private mutating func member(_ field: String, of operand: StaticType, _ node: Node) -> StaticType {
    switch operand {
    case .dyn, .unknown: return operand
    case .map(_, let value): return value
    default:
      noOverload("\(operand.text).\(field)", at: node.anchor)
      return .dyn
    }
  }

  private mutating func element(of operand: StaticType, at index: StaticType, _ node: Node) -> StaticType {
    switch operand {
    case .dyn, .unknown: return operand
    case .list(let element) where index.isDyn || index == .int: return element
    case .map(let key, let value) where key.isCompatible(with: index) || key.isNumber && index.isNumber: return value
    default:
      noOverload("\(operand.text)[\(index.text)]", at: node.anchor)
      return .dyn
    }
  }

  private mutating func chain(_ symbol: String, _ operands: [Node]) -> StaticType {
    var previous: Node?
    for operand in operands {
      let found = type(of: operand)
      if !found.isCompatible(with: .bool) {
        let (before, after) = previous.map { ($0, operand) } ?? (operands[0], operands[1])
        let mark = source.first(symbol, in: before.range.upperBound..<after.range.lowerBound)
        let form = previous == nil ? "\(found.text) \(symbol) …" : "… \(symbol) \(found.text)"
        noOverload(
          form, at: mark, remedy: "each side must be true or false: \(source[operand.range]) is a \(found.text)")
      }
      previous = operand
    }
    return .bool
  }

  private mutating func conditional(
    _ condition: Node, _ then: Node, _ otherwise: Node, _ node: Node
  ) -> StaticType {
    let (found, left, right) = (type(of: condition), type(of: then), type(of: otherwise))
    if !found.isCompatible(with: .bool) || !left.isCompatible(with: right) {
      noOverload("\(found.text) ? \(left.text) : \(right.text)", at: node.anchor)
    }
    return left.joined(with: right)
  }

  private mutating func map(_ entries: [Node.Entry]) -> StaticType {
    var (keys, values) = (StaticType.unknown, StaticType.unknown)
    var known: Set<Value.Key> = []
    for entry in entries {
      let key = type(of: entry.key)
      if !key.isDyn, ![.bool, .int, .uint, .string].contains(key) {
        noOverload("a key of type \(key.text)", at: entry.key.range)
      }
      if case .constant(let value) = entry.key.kind, let name = Value.Key(value), !known.insert(name).inserted {
        report(.duplicateKey, "the key \(value.text) occurs twice", at: entry.key.range)
      }
      keys = keys.joined(with: key)
      values = values.joined(with: type(of: entry.value))
    }
    return .map(keys, values)
  }

  private mutating func macro(_ macro: Node.Macro, _ node: Node) -> StaticType {
    let operand = type(of: macro.operand)
    if !macro.isStandard { reportExtension(macro.name, at: node.anchor) }
    let (key, element): (StaticType, StaticType)
    switch operand {
    case .dyn, .unknown: (key, element) = (.dyn, .dyn)
    case .list(let type): (key, element) = (.int, type)
    case .map(let keys, let values): (key, element) = (keys, macro.variables.count == 1 ? keys : values)
    default:
      noOverload("\(operand.text).\(macro.name)()", at: node.anchor, remedy: "\(macro.name)() needs a list or a map")
      (key, element) = (.dyn, .dyn)
    }
    let types = macro.variables.count == 1 ? [element] : [key, element]
    for (name, type) in zip(macro.variables, types) { locals.append((name, type)) }
    defer { locals.removeLast(macro.variables.count) }
    if let predicate = macro.predicate {
      let found = type(of: predicate)
      if !found.isCompatible(with: .bool) {
        report(
          .noOverload, "\(macro.name)() asks each element a question, and a \(found.text) answers none",
          at: predicate.range)
      }
    }
    let made = macro.transform.map { type(of: $0) } ?? element
    switch macro.form {
    case .all, .exists, .existsOne: return .bool
    case .filter, .map, .transformList: return .list(made)
    case .transformMap: return .map(key, made)
    }
  }

  mutating func reportExtension(_ name: String, at range: Range<Int>) {
    report(
      .unknownFunction, "\(name)() is an extension, not in the standard environment; the platform may refuse it",
      severity: .warning, at: range)
  }
}

extension Source {
  /// Where a symbol first stands in a range; the range itself when it does not.
  func first(_ symbol: String, in range: Range<Int>) -> Range<Int> {
    let symbol = Array(symbol.utf8)
    let start = range.first { bytes[$0..<range.upperBound].starts(with: symbol) }
    return start.map { $0..<$0 + symbol.count } ?? range
  }
}

extension String {
  /// The name that is likely meant, one or two slips away.
  package func nearest(in names: some Collection<String>) -> String? {
    names.map { ($0, distance(to: $0)) }.filter { $0.1 <= ($0.0.count > 4 ? 2 : 1) }.min { $0.1 < $1.1 }?.0
  }

  /// Insertions, deletions, replacements and swaps of neighbours that make one text the other.
  private func distance(to other: String) -> Int {
    let (left, right) = (
      Array(lowercased().unicodeScalars.prefix(64)), Array(other.lowercased().unicodeScalars.prefix(64))
    )
    var rows = [Array(0...right.count)]
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      for (j, b) in right.enumerated() {
        var cost = Swift.min(rows[i][j] + (a == b ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = Swift.min(cost, rows[i - 1][j - 1] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
