import FoundationEssentials
import Platform

/// A request's query, read by name; every name must be one that the endpoint knows.
struct Query: Sendable {
  private let items: [Request.Item]

  /// - Throws: 400 for a name that is not among `names`; lists are named with their brackets and taken without too.
  init(_ call: Call, _ names: [String]) throws(Refusal) {
    items = call.request.query
    for item in items where !names.contains(item.name) && !names.contains(item.name + "[]") {
      let near = names.first { $0.hasPrefix(item.name.prefix(4)) } ?? names.first ?? ""
      throw .invalid("Unknown query parameter: \(item.name). Did you mean \(near)?")
    }
  }

  func text(_ name: String) -> String? { items.last { $0.name == name }?.value }

  /// All values of a list, written `name[]=a&name[]=b` or without the brackets.
  func list(_ name: String) -> [String] { items.filter { $0.name == name || $0.name == name + "[]" }.map(\.value) }

  func flag(_ name: String) throws(Refusal) -> Bool {
    switch text(name) {
    case nil, "false", "0": false
    case "true", "1": true
    default: throw .field(name, "Input should be a valid boolean")
    }
  }

  func number(_ name: String, _ range: ClosedRange<Int>, default fallback: Int) throws(Refusal) -> Int {
    guard let text = text(name) else { return fallback }
    guard let number = Int(text) else { throw .field(name, "Input should be a valid integer") }
    if let fault = Check.number(range)(JSON(number)) { throw .field(name, fault) }
    return number
  }

  /// One of `words`; the first when it is not there.
  func word(_ name: String, _ words: [String]) throws(Refusal) -> String {
    let word = text(name) ?? words[0]
    if let fault = Check.word(words)(.string(word)) { throw .field(name, fault) }
    return word
  }

  func time(_ name: String) throws(Refusal) -> Date? {
    guard let text = text(name) else { return nil }
    guard let date = Date(timestamp: text) else { throw .field(name, "Input should be a valid RFC 3339 datetime") }
    return date
  }
}

extension World {
  /// A page with an opaque `page` cursor (style P of the Admin API): newest first.
  /// - Parameter first: what stands before the first page's rows, beside its limit.
  func page(
    _ kind: Kind, _ query: Query, limits: ClosedRange<Int> = 1...100, default count: Int = 20,
    first: [JSON] = [], where isWanted: (Document) -> Bool, present: (Document) -> JSON
  ) throws(Refusal) -> JSON {
    let limit = try query.number("limit", limits, default: count)
    var place: Int?
    if let cursor = query.text("page"), !cursor.isEmpty {
      guard let key = Cursor.read(cursor, of: kind.rawValue), let found = self[kind].place(of: key) else {
        throw .field("page", "The cursor is not valid. Start again without it.")
      }
      place = found
    }
    let found = self[kind].newestFirst(before: place, limit: limit + 1, where: isWanted)
    let shown = found.prefix(limit)
    let next =
      found.count > limit ? shown.last.map { Cursor.make(self[kind].key(at: $0.place), of: kind.rawValue) } : nil
    let rows = (place == nil ? first : []) + shown.map { present($0.document) }
    return ["data": .array(rows), "next_page": JSON(next)]
  }

  /// A page walked by identifiers (style I): `after_id` goes to older ones, `before_id` to newer ones.
  /// - Parameters:
  ///   - id: the member that names a row; what comes before it in the table's keys is `keyPrefix`.
  func idPage(
    _ kind: Kind, _ query: Query, id: String = "id", keyPrefix: String = "",
    where isWanted: (Document) -> Bool, present: (Document) -> JSON
  ) throws(Refusal) -> JSON {
    let limit = try query.number("limit", 1...1000, default: 20)
    let (after, before) = (query.text("after_id"), query.text("before_id"))
    guard after == nil || before == nil else { throw .invalid("Only one of after_id and before_id may be given.") }
    func place(_ name: String, _ value: String) throws(Refusal) -> Int {
      guard let place = self[kind].place(of: keyPrefix + value) else {
        throw .invalid("Invalid `\(name)`. Nothing has the id \"\(value)\".")
      }
      return place
    }
    var rows: [Document]
    let hasMore: Bool
    if let before {
      rows = self[kind].newer(than: try place("before_id", before), limit: limit + 1, where: isWanted)
      hasMore = rows.count > limit
      if hasMore { rows.removeFirst() }
    } else {
      let start: Int? = if let after { try place("after_id", after) } else { nil }
      rows = self[kind].newestFirst(before: start, limit: limit + 1, where: isWanted).map(\.document)
      hasMore = rows.count > limit
      if hasMore { rows.removeLast() }
    }
    return [
      "data": .array(rows.map(present)), "has_more": .bool(hasMore),
      "first_id": rows.first?[id] ?? .null, "last_id": rows.last?[id] ?? .null,
    ]
  }
}

/// Opaque on purpose: a client that builds cursors itself should break here, not in production.
enum Cursor {
  static func make(_ key: String, of kind: String) -> String {
    Data("1 \(kind) \(key)".utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  /// The key in a cursor that was made for `kind`; nil for any other text.
  static func read(_ cursor: String, of kind: String) -> String? {
    var text = cursor.replacing("-", with: "+").replacing("_", with: "/")
    text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: text) else { return nil }
    let plain = String(decoding: data, as: UTF8.self)
    let prefix = "1 \(kind) "
    return plain.hasPrefix(prefix) ? String(plain.dropFirst(prefix.count)) : nil
  }
}
