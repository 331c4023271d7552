/// The small language that narrows a list.
///
/// `field:value` terms joined by spaces (all must hold), `or`, `-` (not), `( )`, quoted values, `*` at the end of a
/// value for those that begin so, `field>value` and `<`, `>=`, `<=` for times and numbers. A bare word is looked for
/// in the whole row. Case does not count. Whatever is unfinished is read as if it ended well, because it is read at
/// every key.
package indirect enum Query: Equatable, Sendable {
  case all
  case word(String)
  case field(String, Comparison, String)
  case not(Query)
  case and(Query, Query)
  case or(Query, Query)

  package enum Comparison: String, Equatable, Sendable {
    case equal = ":", less = "<", atMost = "<=", more = ">", atLeast = ">="
  }

  /// One column of a row, by the name that a query uses for it.
  package struct Value: Equatable, Sendable {
    package var field: String
    package var text: String
    package init(_ field: String, _ text: String) { (self.field, self.text) = (field, text) }
  }

  package init(_ text: String) {
    var parser = QueryParser(text)
    self = parser.query()
  }

  /// - Parameter row: several values of one field are allowed: one that holds is enough.
  package func matches(_ row: [Value]) -> Bool {
    switch self {
    case .all: true
    case .word(let word): row.contains { $0.text.lowercased().contains(word) }
    case .field(let name, let comparison, let wanted):
      row.contains { $0.field.lowercased() == name && comparison.holds(of: $0.text.lowercased(), wanted) }
    case .not(let query): !query.matches(row)
    case .and(let left, let right): left.matches(row) && right.matches(row)
    case .or(let left, let right): left.matches(row) || right.matches(row)
    }
  }

  /// The words that a row is shown for, to be marked in it; nothing that was excluded.
  package var words: [String] {
    switch self {
    case .all, .not: []
    case .word(let word): [word]
    case .field(_, .equal, let value): [value.last == "*" ? String(value.dropLast()) : value].filter { !$0.isEmpty }
    case .field: []
    case .and(let left, let right), .or(let left, let right): left.words + right.words
    }
  }

  /// The names of fields that it asks for, as written but in small letters.
  package var fields: [String] {
    switch self {
    case .all, .word: []
    case .field(let name, _, _): [name]
    case .not(let query): query.fields
    case .and(let left, let right), .or(let left, let right): left.fields + right.fields
    }
  }
}

extension Query.Comparison {
  /// Numbers are compared as numbers, anything else as text, which is right for RFC 3339 times of one zone.
  fileprivate func holds(of text: String, _ wanted: String) -> Bool {
    if self == .equal { return wanted.last == "*" ? text.hasPrefix(wanted.dropLast()) : text == wanted }
    if let left = Double(text), let right = Double(wanted) { return holds(left, right) }
    return holds(text, wanted)
  }

  private func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .equal: left == right
    case .less: left < right
    case .atMost: left <= right
    case .more: left > right
    case .atLeast: left >= right
    }
  }
}

/// Reads a query from left to right; `-` binds closest, then joining by spaces, then `or`.
private struct QueryParser {
  private enum Token: Equatable {
    case open, close, not, or
    case term(Query)
  }

  private var tokens: ArraySlice<Token>
  /// More than anyone types; a paste of parentheses must not nest without end.
  private static let most = 400

  init(_ text: String) {
    var tokens: [Token] = []
    var rest = Substring(text)
    while let character = rest.first {
      switch character {
      case " ", "\t": rest.removeFirst()
      case "(":
        tokens.append(.open)
        rest.removeFirst()
      case ")":
        tokens.append(.close)
        rest.removeFirst()
      case "-" where rest.dropFirst().first.map({ $0 != " " }) ?? true:
        tokens.append(.not)
        rest.removeFirst()
      default: if let token = Self.term(&rest) { tokens.append(token) }
      }
    }
    self.tokens = tokens.prefix(Self.most)
  }

  private static func term(_ rest: inout Substring) -> Token? {
    let isQuoted = rest.first == "\""
    let word = isQuoted ? quoted(&rest) : bare(&rest, until: ":<>")
    if isQuoted || word.isEmpty || rest.isEmpty || rest.first.map({ !":<>".contains($0) }) ?? true {
      if !isQuoted, word == "or" { return .or }
      // A sign of comparison without a field before it is a word's letter like any other.
      let text = word.isEmpty && !isQuoted ? bare(&rest, until: "") : word
      return text.isEmpty ? nil : .term(.word(text))
    }
    var sign = String(rest.removeFirst())
    if sign != ":", rest.first == "=" { sign += String(rest.removeFirst()) }
    let value = rest.first == "\"" ? quoted(&rest) : bare(&rest, until: "")
    guard !value.isEmpty, let comparison = Query.Comparison(rawValue: sign) else { return nil }
    return .term(.field(word, comparison, value))
  }

  private static func quoted(_ rest: inout Substring) -> String {
    rest.removeFirst()
    let text = rest.prefix { $0 != "\"" }
    rest = rest[text.endIndex...].dropFirst()
    return text.lowercased()
  }

  private static func bare(_ rest: inout Substring, until signs: String) -> String {
    let text = rest.prefix { $0 != " " && $0 != "\t" && $0 != "(" && $0 != ")" && !signs.contains($0) }
    rest = rest[text.endIndex...]
    return text.lowercased()
  }

  mutating func query() -> Query {
    var query = Query.all
    while !tokens.isEmpty {
      // A parenthesis that closes nothing is passed over.
      if tokens.first == .close { tokens.removeFirst() }
      query = Self.and(query, alternatives())
    }
    return query
  }

  private mutating func alternatives() -> Query {
    var left = conjunction()
    while tokens.first == .or {
      tokens.removeFirst()
      let right = conjunction()
      if left == .all { left = right } else if right != .all { left = .or(left, right) }
    }
    return left
  }

  private mutating func conjunction() -> Query {
    var query = Query.all
    while let token = tokens.first, token != .or, token != .close { query = Self.and(query, unary()) }
    return query
  }

  private mutating func unary() -> Query {
    switch tokens.popFirst() {
    case .term(let query): return query
    case .not:
      guard let token = tokens.first, token != .or, token != .close else { return .all }
      let query = unary()
      return query == .all ? .all : .not(query)
    case .open:
      let query = alternatives()
      if tokens.first == .close { tokens.removeFirst() }
      return query
    default: return .all
    }
  }

  private static func and(_ left: Query, _ right: Query) -> Query {
    left == .all ? right : right == .all ? left : .and(left, right)
  }
}
