/// What an expression is made of at the bottom: names, literals, brackets.
extension Parser {
  mutating func primary() throws(Issue) -> Node {
    let start = token.range.lowerBound
    switch token.kind {
    case .integer, .double: return try number(signed: nil)
    case .string(let text): return try literal(.string(text))
    case .bytes(let bytes): return try literal(.bytes(bytes))
    case .name(let name): return try named(name)
    case .symbol("."):
      try advance()
      guard case .name(let name) = token.kind, !Self.literals.contains(name) else { throw unexpected("a name") }
      return try reference(name, from: start, isGlobal: true)
    case .symbol("("):
      try advance()
      let node = try inner()
      try expect(")", opening: start)
      return node
    case .symbol("["):
      try advance()
      let elements = try list(until: "]", opening: start, allowsTrailingComma: true)
      return try make(.list(elements), from: start)
    case .symbol("{"):
      try advance()
      return try map(from: start)
    default: throw unexpected("a value")
    }
  }

  private mutating func literal(_ value: Value) throws(Issue) -> Node {
    let start = token.range.lowerBound
    try advance()
    return try make(.constant(value), from: start)
  }

  private mutating func named(_ name: String) throws(Issue) -> Node {
    switch name {
    case "true": return try literal(.bool(true))
    case "false": return try literal(.bool(false))
    case "null": return try literal(.null)
    case "in": throw unexpected("a value")
    default: return try reference(name, from: token.range.lowerBound, isGlobal: false)
    }
  }

  private mutating func reference(_ name: String, from start: Int, isGlobal: Bool) throws(Issue) -> Node {
    let range = token.range
    if Self.reserved.contains(name) { throw unexpected("a value") }
    try advance()
    if isAt("(") {
      let arguments = try self.arguments()
      return try call(name, at: range, on: nil, arguments, from: start)
    }
    if name == "not", startsOperand {
      throw issue("'not' is not an operator", range, remedy: "use ! to negate")
    }
    return try make(.name(name, isGlobal: isGlobal), from: start, anchor: range)
  }

  private var startsOperand: Bool {
    switch token.kind {
    case .name(let name): name != "in"
    case .string, .bytes, .integer, .double: true
    default: false
    }
  }

  private mutating func map(from start: Int) throws(Issue) -> Node {
    var entries: [Node.Entry] = []
    while !isAt("}") {
      if isAt("?") {
        throw issue("optional entries do not belong to the standard language", token.range)
      }
      let key = try inner()
      try expect(":")
      let value = try inner()
      entries.append(Node.Entry(key: key, value: value))
      guard try skip(",") else { break }
    }
    try expect("}", opening: start)
    return try make(.map(entries), from: start)
  }

  /// The number at the token, with the minus that stands directly before it.
  mutating func number(signed: Int?) throws(Issue) -> Node {
    let start = signed ?? token.range.lowerBound
    let range = start..<token.range.upperBound
    let sign = signed == nil ? "" : "-"
    let value: Value?
    switch token.kind {
    case .integer(let digits, let radix, false): value = Int64(sign + digits, radix: radix).map { .int($0) }
    case .integer(let digits, let radix, true): value = UInt64(digits, radix: radix).map { .uint($0) }
    case .double(let digits): value = Double(sign + digits).flatMap { $0.isFinite ? .double($0) : nil }
    default: throw unexpected("a number")
    }
    guard let value else { throw issue("the number \(source[range]) is out of range", range) }
    try advance()
    return try make(.constant(value), from: start)
  }

  // MARK: Calls and macros

  func call(
    _ name: String, at anchor: Range<Int>, on receiver: Node?, _ arguments: [Node], from start: Int
  ) throws(Issue) -> Node {
    if name == "has", receiver == nil, arguments.count == 1 { return try has(arguments[0], from: start, anchor) }
    if let receiver, let macro = try macro(name, on: receiver, arguments) {
      return try make(.macro(macro), from: start, anchor: anchor)
    }
    return try make(.call(Node.Call(name, receiver: receiver, arguments: arguments)), from: start, anchor: anchor)
  }

  private func has(_ argument: Node, from start: Int, _ anchor: Range<Int>) throws(Issue) -> Node {
    if case .select(let operand, let field) = argument.kind {
      return try make(.has(operand, field: field), from: start, anchor: anchor)
    }
    var remedy = "write has(claims.name)"
    if case .index(let operand, let key) = argument.kind {
      remedy = "use \(source[key.range]) in \(source[operand.range])"
    }
    throw issue("has() wants the selection of a field", argument.range, remedy: remedy)
  }

  private func macro(_ name: String, on operand: Node, _ arguments: [Node]) throws(Issue) -> Node.Macro? {
    let form: Node.Macro.Form
    var count = 1
    var hasTransform = false
    switch (name, arguments.count) {
    case ("all", 2): form = .all
    case ("exists", 2): form = .exists
    case ("exists_one", 2), ("existsOne", 2): form = .existsOne
    case ("filter", 2): form = .filter
    case ("map", 2), ("map", 3): (form, hasTransform) = (.map, true)
    case ("all", 3): (form, count) = (.all, 2)
    case ("exists", 3): (form, count) = (.exists, 2)
    case ("exists_one", 3), ("existsOne", 3): (form, count) = (.existsOne, 2)
    case ("transformList", 3), ("transformList", 4): (form, count, hasTransform) = (.transformList, 2, true)
    case ("transformMap", 3), ("transformMap", 4): (form, count, hasTransform) = (.transformMap, 2, true)
    default: return nil
    }
    var variables: [String] = []
    for argument in arguments.prefix(count) {
      guard case .name(let variable, false) = argument.kind, !variables.contains(variable) else {
        throw issue("\(name)() wants a name of its own here, to call each element by", argument.range)
      }
      variables.append(variable)
    }
    let rest = arguments.dropFirst(count)
    let predicate = hasTransform && rest.count == 1 ? nil : rest.first
    return Node.Macro(
      form, name: name, operand: operand, variables: variables, predicate: predicate,
      transform: hasTransform ? rest.last : nil)
  }

  static let reserved: Set = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
    "namespace", "return", "var", "void", "while",
  ]

  // MARK: Mistakes

  func issue(_ message: String, _ range: Range<Int>, remedy: String? = nil) -> Issue {
    Issue(.syntax, message, at: range, in: source, remedy: remedy)
  }

  /// The token is not what belongs here. Names the operators of other languages first, for they explain the rest.
  func unexpected(_ expected: String, opening: Int? = nil) -> Issue {
    let note = opening.map { (message: "opened here", offset: $0) }
    func wrong(_ message: String, remedy: String? = nil, note: (message: String, offset: Int)? = note) -> Issue {
      Issue(.syntax, message, at: token.range, in: source, remedy: remedy, note: note)
    }
    switch token.kind {
    case .end:
      if previousEnd == 0 { return wrong("the expression is empty", remedy: "write a condition on claims") }
      return wrong("the expression ends where \(expected) belongs")
    case .stray(let text), .name(let text):
      if let operation = Self.foreign[text.lowercased()] {
        return wrong("'\(text)' is not an operator", remedy: operation, note: nil)
      }
      if Self.reserved.contains(text) { return wrong("'\(text)' is a reserved word, not a name", note: nil) }
      if let function = Function(rawValue: text), function.isMethod {
        return wrong("\(text) is a function, not an operator", remedy: "write \(function.usage)", note: nil)
      }
      return wrong("'\(text)' stands where \(expected) belongs")
    case .symbol(let text):
      if [")", "]", "}"].contains(text), opening == nil, expected.hasPrefix("an operator") {
        return wrong("'\(text)' closes nothing")
      }
      return wrong("'\(text)' stands where \(expected) belongs")
    case .string, .bytes: return wrong("a string stands where \(expected) belongs")
    case .integer, .double: return wrong("a number stands where \(expected) belongs")
    case .quoted(let name):
      return wrong("a name between backquotes may only follow a dot", remedy: "use the index form: claims[\"\(name)\"]")
    }
  }

  private static let foreign = [
    "=": "use == to compare", "===": "use == to compare", "!==": "use != to compare", "&": "use && for both",
    "|": "use || for either", ";": "a condition is one expression: join parts with && or ||", "and": "use && for both",
    "or": "use || for either", "not": "use ! to negate", "if": "use condition ? a : b",
  ]
}
