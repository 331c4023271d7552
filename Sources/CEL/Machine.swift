/// Evaluates the nodes of one expression over one set of variables, counting its steps.
struct Machine {
  /// The variable of a condition, kept apart because looking it up is most of what conditions do.
  private let claims: Value?
  private let bindings: [String: Value]
  /// What macros have bound, innermost last.
  private var locals: [(name: String, value: Value)] = []
  private(set) var steps = 0

  init(bindings: [String: Value]) { (claims, self.bindings) = (bindings["claims"], bindings) }
  init(claims: Value) { (self.claims, bindings) = (claims, [:]) }

  // MARK: Cost

  /// - Parameter bytes: how much text or how many elements the operation goes through.
  mutating func charge(_ node: Node, bytes: Int) throws(Failure) { try charge(node, steps: bytes >> 6) }

  mutating func charge(_ node: Node, steps more: Int) throws(Failure) {
    steps += more
    if steps > Limits.steps {
      throw Failure(.limit, "the evaluation takes more than \(Limits.steps) steps", at: node)
    }
  }

  // MARK: Nodes

  mutating func value(of node: Node) throws(Failure) -> Value {
    try charge(node, steps: 1)
    switch node.kind {
    case .constant(let value): return value
    case .name(let name, let isGlobal): return try variable(name, isGlobal, node)
    case .select(let operand, let field): return try select(field, of: try value(of: operand), node)
    case .binary(let operation, let left, let right): return try binary(operation, left, right, node)
    case .call(let call): return try self.call(call, node)
    case .and(let operands): return .bool(try every(operands))
    case .or(let operands): return .bool(try !every(operands, negated: true))
    case .not(let operand): return .bool(try !truth(of: operand, for: node))
    case .negate(let operand): return try negated(try value(of: operand), node)
    case .has(let operand, let field):
      guard case .map(let map) = try value(of: operand) else {
        throw Failure(.notAMap, "has() asks for a member of something that is no map", at: operand)
      }
      return .bool(map[field] != nil)
    case .index(let operand, let index):
      let (operand, index) = (try value(of: operand), try value(of: index))
      try charge(node, bytes: index.byteCount)
      return try element(operand, index, node)
    case .conditional(let condition, let then, let otherwise):
      return try value(of: try truth(of: condition) ? then : otherwise)
    case .list(let elements):
      var values: [Value] = []
      for element in elements { values.append(try value(of: element)) }
      return .list(values)
    case .map(let entries): return try map(entries, node)
    case .macro(let macro): return try self.macro(macro, node)
    }
  }

  /// The operand of a logical operator.
  /// - Parameter node: what is at fault when it is no boolean.
  private mutating func truth(of operand: Node, for node: Node? = nil) throws(Failure) -> Bool {
    let value = try value(of: operand)
    if case .bool(let truth) = value { return truth }
    throw Failure(.noSuchOverload, "a \(value.kind.rawValue) stands where a bool belongs", at: node ?? operand)
  }

  /// Whether all operands hold, or with `negated` whether none does. One that decides outweighs an error of another.
  private mutating func every(_ operands: [Node], negated: Bool = false) throws(Failure) -> Bool {
    var failure: Failure?
    for operand in operands {
      do throws(Failure) {
        if try truth(of: operand) == negated { return false }
      } catch {
        if error.kind == .limit { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return true
  }

  private func variable(_ name: String, _ isGlobal: Bool, _ node: Node) throws(Failure) -> Value {
    if !isGlobal, !locals.isEmpty, let local = locals.last(where: { $0.name == name }) { return local.value }
    if let claims, name == "claims" { return claims }
    if let value = bindings[name] ?? Value.Kind(typeName: name).map({ .type($0) }) { return value }
    throw Failure(.undeclaredReference, "there is no variable '\(name)'", at: node)
  }

  private func select(_ field: String, of value: Value, _ node: Node) throws(Failure) -> Value {
    guard case .map(let map) = value else {
      throw Failure(.notAMap, "a \(value.kind.rawValue) has no members, so no '\(field)'", at: node)
    }
    guard let member = map[field] else { throw Failure(.noSuchKey, "there is no '\(field)'", at: node) }
    return member
  }

  private func element(_ value: Value, _ index: Value, _ node: Node) throws(Failure) -> Value {
    switch value {
    case .map(let map):
      guard let key = Value.Key(index) else {
        if case .double = index { throw Failure(.noSuchKey, "there is no key \(index.clippedText)", at: node) }
        throw Failure(.noSuchOverload, "a \(index.kind.rawValue) cannot be a key", at: node)
      }
      guard let member = map[key] else { throw Failure(.noSuchKey, "there is no key \(index.clippedText)", at: node) }
      return member
    case .list(let elements):
      let position: Int?
      switch index {
      case .int(let index): position = Int(exactly: index)
      case .uint(let index): position = Int(exactly: index)
      case .double(let index) where index.rounded() == index: position = Int(exactly: index)
      default: throw Failure(.noSuchOverload, "a list has no index \(index.clippedText)", at: node)
      }
      guard let position, elements.indices.contains(position) else {
        throw Failure(
          .indexOutOfBounds, "the index \(index.clippedText) is out of a list of \(elements.count)", at: node)
      }
      return elements[position]
    default: throw Failure(.noSuchOverload, "a \(value.kind.rawValue) has no elements", at: node)
    }
  }

  private mutating func map(_ entries: [Node.Entry], _ node: Node) throws(Failure) -> Value {
    var members: [(key: Value.Key, value: Value)] = []
    for entry in entries {
      let key = try value(of: entry.key)
      try charge(node, bytes: key.byteCount)
      guard let name = Value.Key(key), key.kind != .double else {
        throw Failure(.noSuchOverload, "a \(key.kind.rawValue) cannot be a key", at: entry.key)
      }
      members.append((name, try value(of: entry.value)))
    }
    guard let map = Value.Map(unique: members) else { throw Failure(.duplicateKey, "a key occurs twice", at: node) }
    return .map(map)
  }

  // MARK: Macros

  /// The element, or index and value, or key and value, that a macro's names stand for in turn.
  static func elements(of value: Value, for macro: Node.Macro) -> [[Value]]? {
    switch (value, macro.variables.count) {
    case (.list(let values), 1): values.map { [$0] }
    case (.map(let map), 1): map.entries.map { [$0.key.value] }
    case (.list(let values), _): values.enumerated().map { [.int(Int64($0.offset)), $0.element] }
    case (.map(let map), _): map.entries.map { [$0.key.value, $0.value] }
    default: nil
    }
  }

  /// Runs `body` with the names of a macro bound to one element.
  mutating func with<Result>(
    _ element: [Value], bound macro: Node.Macro, _ body: (inout Machine) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    for (name, value) in zip(macro.variables, element) { locals.append((name, value)) }
    defer { locals.removeLast(macro.variables.count) }
    return try body(&self)
  }

  private mutating func macro(_ macro: Node.Macro, _ node: Node) throws(Failure) -> Value {
    let operand = try value(of: macro.operand)
    guard let elements = Self.elements(of: operand, for: macro) else {
      throw Failure(
        .noSuchOverload, "\(macro.name)() needs a list or a map, not a \(operand.kind.rawValue)", at: node)
    }
    try charge(node, bytes: elements.count)
    switch macro.form {
    case .all: return .bool(try folds(elements, macro, until: false))
    case .exists: return .bool(try !folds(elements, macro, until: true))
    case .existsOne:
      var count = 0
      for element in elements where try accepts(element, macro) { count += 1 }
      return .bool(count == 1)
    case .filter, .map, .transformList:
      var values: [Value] = []
      for element in elements where try accepts(element, macro) {
        values.append(try macro.form == .filter ? element[0] : transformed(element, macro))
      }
      return .list(values)
    case .transformMap:
      var entries: [(key: Value.Key, value: Value)] = []
      for element in elements where try accepts(element, macro) {
        if let key = Value.Key(element[0]) { entries.append((key, try transformed(element, macro))) }
      }
      return .map(Value.Map(lastWins: entries))
    }
  }

  /// Whether no element gives `decisive`; one that does outweighs an error of another.
  private mutating func folds(
    _ elements: [[Value]], _ macro: Node.Macro, until decisive: Bool
  ) throws(Failure) -> Bool {
    var failure: Failure?
    for element in elements {
      do throws(Failure) {
        if try accepts(element, macro) == decisive { return false }
      } catch {
        if error.kind == .limit { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return true
  }

  private mutating func accepts(_ element: [Value], _ macro: Node.Macro) throws(Failure) -> Bool {
    guard let predicate = macro.predicate else { return true }
    return try with(element, bound: macro) { (machine) throws(Failure) in try machine.truth(of: predicate) }
  }

  private mutating func transformed(_ element: [Value], _ macro: Node.Macro) throws(Failure) -> Value {
    guard let transform = macro.transform else { return element[0] }
    return try with(element, bound: macro) { (machine) throws(Failure) in try machine.value(of: transform) }
  }
}

extension Value.Kind {
  /// A type named in an expression. Those of time have longer names, and are functions under the short ones.
  init?(typeName: String) {
    guard let kind = Self(rawValue: typeName), kind != .timestamp, kind != .duration else { return nil }
    self = kind
  }
}
