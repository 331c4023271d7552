internal import GRDB
internal import Platform

extension TokenQuery {
  /// In the language of FTS5.
  var expression: String {
    switch self {
    case .tokens(let tokens, let isPrefix):
      let text = String(decoding: tokens, as: UTF8.self).replacing("\"", with: "\"\"")
      return "\"\(text)\"" + (isPrefix ? " *" : "")
    case .any(let queries):
      // Nothing, where there is nothing to choose from.
      return queries.isEmpty
        ? TokenQuery.not(.everything).expression : "(" + queries.map(\.expression).joined(separator: " OR ") + ")"
    case .not: return TokenQuery.all([self]).expression
    case .all(let queries):
      // There NOT has two sides: what is turned round is taken away from the rest.
      var (wanted, refused): ([String], [String]) = ([], [])
      for query in queries {
        if case .not(let query) = query { refused.append(query.expression) } else { wanted.append(query.expression) }
      }
      let base = wanted.isEmpty ? TokenQuery.everything.expression : "(" + wanted.joined(separator: " AND ") + ")"
      guard !refused.isEmpty else { return base }
      return "(\(base) NOT (" + refused.joined(separator: " OR ") + "))"
    }
  }

  /// With each beginning replaced by the tokens that there are of it, when they are few: FTS5 gathers all that has a
  /// beginning before it gives the first, but walks along whole tokens.
  func expanded(_ database: Database) throws -> TokenQuery {
    switch self {
    case .tokens(let token, isPrefix: true) where !token.contains(0x20):
      try TokenQuery.tokens(beginning: token, database).map(TokenQuery.any) ?? self
    case .tokens: self
    case .all(let queries): .all(try queries.map { try $0.expanded(database) })
    case .any(let queries): .any(try queries.map { try $0.expanded(database) })
    case .not(let query): .not(try query.expanded(database))
    }
  }

  static let expansionLimit = 200

  /// - Returns: nil when there are more than ``expansionLimit``.
  private static func tokens(beginning prefix: [UInt8], _ database: Database) throws -> [TokenQuery]? {
    let next = try database.cachedStatement(sql: "SELECT term FROM occurrence WHERE term >= ? LIMIT 1")
    var found: [TokenQuery] = []
    var edge = String(decoding: prefix, as: UTF8.self)
    while let token = try String.fetchOne(next, arguments: [edge]), token.utf8.starts(with: prefix) {
      guard found.count < expansionLimit else { return nil }
      found.append(.tokens(Array(token.utf8), isPrefix: false))
      // The least that is greater: no token has a NUL.
      edge = token + "\u{1}"
    }
    return found
  }
}
