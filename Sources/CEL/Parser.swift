/// Reads an expression by recursive descent, one level of binding strength a function.
struct Parser {
  let source: Source
  private var lexer: Lexer
  private(set) var token: Token
  /// Where the token before ``token`` ended.
  private(set) var previousEnd = 0
  /// Brackets, unary runs, right arms of `?:` and macros around the place being read.
  private var nesting = 0

  init(_ source: Source) throws(Issue) {
    self.source = source
    lexer = Lexer(source)
    if source.bytes.count > Limits.source {
      let range = source.bytes.count..<source.bytes.count
      throw Issue(.limit, "the expression is longer than \(Limits.source) bytes", at: range, in: source)
    }
    token = try lexer.next()
  }

  mutating func parse() throws(Issue) -> Node {
    let root = try expression()
    guard token.kind == .end else { throw unexpected("an operator or the end") }
    return root
  }

  // MARK: Tokens

  mutating func advance() throws(Issue) {
    previousEnd = token.range.upperBound
    token = try lexer.next()
  }

  func isAt(_ symbol: String) -> Bool {
    if case .symbol(symbol) = token.kind { true } else { false }
  }

  mutating func skip(_ symbol: String) throws(Issue) -> Bool {
    guard isAt(symbol) else { return false }
    try advance()
    return true
  }

  /// - Parameter opening: where the bracket stands that `symbol` closes.
  mutating func expect(_ symbol: String, opening: Int? = nil) throws(Issue) {
    if try skip(symbol) { return }
    throw unexpected("'\(symbol)'", opening: opening)
  }

  /// To be called before reading what may hold the same again: it could overflow the stack. ``leave(_:)`` goes with it.
  mutating func enter(_ levels: Int = 1) throws(Issue) {
    nesting += levels
    if nesting > Limits.nesting { throw tooDeep(token.range) }
  }

  mutating func leave(_ levels: Int = 1) { nesting -= levels }

  /// An expression within brackets.
  mutating func inner() throws(Issue) -> Node {
    try enter()
    let node = try expression()
    leave()
    return node
  }

  private func tooDeep(_ range: Range<Int>) -> Issue {
    Issue(.limit, "the expression is nested deeper than \(Limits.nesting) levels", at: range, in: source)
  }

  func make(_ kind: Node.Kind, from start: Int, anchor: Range<Int>? = nil) throws(Issue) -> Node {
    let node = Node(kind, start..<previousEnd, anchor: anchor)
    guard node.depth <= Limits.depth else {
      throw Issue(
        .limit, "more than \(Limits.depth) operations hang on one another", at: node.anchor, in: source)
    }
    return node
  }

  // MARK: Operators

  mutating func expression() throws(Issue) -> Node {
    let start = token.range.lowerBound
    let condition = try disjunction()
    let mark = token.range
    guard try skip("?") else { return condition }
    try enter()
    let then = try disjunction()
    if !isAt(":") { throw unexpected("':'", opening: mark.lowerBound) }
    try advance()
    let otherwise = try expression()
    leave()
    return try make(.conditional(condition, then: then, otherwise: otherwise), from: start, anchor: mark)
  }

  /// A chain of `||` becomes one flat node, however long, and so does one of `&&`.
  private mutating func disjunction() throws(Issue) -> Node {
    let start = token.range.lowerBound
    let first = try conjunction()
    let mark = token.range
    guard isAt("||") else { return first }
    var operands = [first]
    while try skip("||") { operands.append(try conjunction()) }
    return try make(.or(operands), from: start, anchor: mark)
  }

  private mutating func conjunction() throws(Issue) -> Node {
    let start = token.range.lowerBound
    let first = try binary(0)
    let mark = token.range
    guard isAt("&&") else { return first }
    var operands = [first]
    while try skip("&&") { operands.append(try binary(0)) }
    return try make(.and(operands), from: start, anchor: mark)
  }

  /// Operands joined by operators that bind at least so strongly: relations 0, sums 1, products 2.
  private mutating func binary(_ weakest: Int) throws(Issue) -> Node {
    let start = token.range.lowerBound
    var left = try unary()
    while let symbol = operatorAtToken, symbol.strength >= weakest {
      let mark = token.range
      try advance()
      let right = try binary(symbol.strength + 1)
      left = try make(.binary(symbol, left, right), from: start, anchor: mark)
    }
    return left
  }

  private var operatorAtToken: Node.Operator? {
    switch token.kind {
    case .symbol(let text): Node.Operator(rawValue: text)
    case .name("in"): .isIn
    default: nil
    }
  }

  private mutating func unary() throws(Issue) -> Node {
    guard isAt("!") || isAt("-") else { return try postfix() }
    let isNegation = isAt("!")
    var marks: [Range<Int>] = []
    while isAt(isNegation ? "!" : "-") {
      marks.append(token.range)
      try advance()
      if nesting + marks.count > Limits.nesting { throw tooDeep(token.range) }
    }
    var signed: Int?
    if !isNegation, isSignedNumber, marks.last?.upperBound == token.range.lowerBound {
      signed = marks.removeLast().lowerBound
    }
    try enter(marks.count)
    var node = try postfix(signed: signed)
    leave(marks.count)
    for mark in marks.reversed() {
      node = try make(isNegation ? .not(node) : .negate(node), from: mark.lowerBound, anchor: mark)
    }
    return node
  }

  /// A minus belongs to it; of an unsigned number it is an operator that has no overload.
  private var isSignedNumber: Bool {
    switch token.kind {
    case .integer(_, _, isUnsigned: false), .double: true
    default: false
    }
  }

  // MARK: Selection, index, calls

  /// - Parameter signed: where the minus stands that belongs to the number at the token.
  private mutating func postfix(signed: Int? = nil) throws(Issue) -> Node {
    let start = signed ?? token.range.lowerBound
    var node = if let signed { try number(signed: signed) } else { try primary() }
    while true {
      let mark = token.range
      if try skip(".") {
        node = try selection(of: node, from: start)
      } else if try skip("[") {
        if isAt("?") { throw unsupported("optional index", token.range) }
        let index = try inner()
        try expect("]", opening: mark.lowerBound)
        node = try make(.index(node, index), from: start, anchor: mark.lowerBound..<previousEnd)
      } else if isAt("{"), node.isDottedName {
        throw unsupported("message literal", node.range.lowerBound..<token.range.upperBound)
      } else {
        return node
      }
    }
  }

  private mutating func selection(of operand: Node, from start: Int) throws(Issue) -> Node {
    let range = token.range
    switch token.kind {
    case .symbol("?"): throw unsupported("optional selection", range)
    case .quoted(let field):
      try advance()
      return try make(.select(operand, field: field), from: start, anchor: range)
    case .name(let name) where !Self.literals.contains(name):
      try advance()
      guard isAt("(") else { return try typeName(.select(operand, field: name), from: start, anchor: range) }
      let arguments = try self.arguments()
      return try call(name, at: range, on: operand, arguments, from: start)
    default: throw unexpected("a name")
    }
  }

  /// `google.protobuf.Timestamp` and `Duration` are the only names with dots that mean something by themselves.
  private func typeName(_ kind: Node.Kind, from start: Int, anchor: Range<Int>) throws(Issue) -> Node {
    let node = try make(kind, from: start, anchor: anchor)
    guard case .select(let package, let type) = kind, package.isSelection("protobuf", of: "google") else { return node }
    switch type {
    case "Timestamp": return try make(.constant(.type(.timestamp)), from: start)
    case "Duration": return try make(.constant(.type(.duration)), from: start)
    default: return node
    }
  }

  mutating func arguments() throws(Issue) -> [Node] {
    let opening = token.range.lowerBound
    try advance()
    return try list(until: ")", opening: opening, allowsTrailingComma: false)
  }

  mutating func list(until close: String, opening: Int, allowsTrailingComma: Bool) throws(Issue) -> [Node] {
    var elements: [Node] = []
    while !isAt(close) {
      if isAt("?"), close == "]" { throw unsupported("optional element", token.range) }
      elements.append(try inner())
      guard try skip(",") else { break }
      if isAt(close), !allowsTrailingComma { throw unexpected("an argument") }
    }
    try expect(close, opening: opening)
    return elements
  }

  private func unsupported(_ what: String, _ range: Range<Int>) -> Issue {
    Issue(.syntax, "\(what)s do not belong to the standard language", at: range, in: source)
  }

  static let literals: Set = ["true", "false", "null", "in"]
}

extension Node.Operator {
  /// How strongly it binds.
  fileprivate var strength: Int {
    switch self {
    case .multiply, .divide, .remainder: 2
    case .add, .subtract: 1
    default: 0
    }
  }
}

extension Node {
  fileprivate func isSelection(_ field: String, of root: String) -> Bool {
    if case .select(let operand, field) = kind, case .name(root, _) = operand.kind { true } else { false }
  }

  fileprivate var isDottedName: Bool {
    switch kind {
    case .name: true
    case .select(let operand, _): operand.isDottedName
    default: false
    }
  }
}
