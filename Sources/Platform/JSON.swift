/// One JSON value. Members keep the order, and numbers the digits, they were written with, so that what the
/// platform sent can be shown, kept and sent on unchanged.
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The digits as written (RFC 8259 §6); ``int`` and ``double`` read them.
  case number(String)
  case string(String)
  case array([JSON])
  case object(Object)

  package init(_ value: Int) { self = .number(String(value)) }

  /// Members in the order they were written.
  package struct Object: Hashable, Sendable, ExpressibleByDictionaryLiteral, Sequence {
    package private(set) var members: [(key: String, value: JSON)] = []

    package init() {}
    package init(dictionaryLiteral elements: (String, JSON)...) {
      for (key, value) in elements { self[key] = value }
    }
    init(distinct members: [(key: String, value: JSON)]) { self.members = members }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }
    package var keys: [String] { members.map(\.key) }

    package subscript(key: String) -> JSON? {
      get { members.first { $0.key == key }?.value }
      set {
        let index = members.firstIndex { $0.key == key }
        switch (index, newValue) {
        case (let index?, let value?): members[index].value = value
        case (let index?, nil): members.remove(at: index)
        case (nil, let value?): members.append((key, value))
        case (nil, nil): break
        }
      }
    }

    package func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> { members.makeIterator() }

    /// Objects are equal when they have the same members, in any order (RFC 8259 §4).
    package static func == (left: Object, right: Object) -> Bool {
      left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }
    package func hash(into hasher: inout Hasher) {
      for key in keys.sorted() { hasher.combine(key) }
    }
  }
}

extension JSON {
  /// The member called `key`, or nil when this is no object or has none.
  package subscript(key: String) -> JSON? { object?[key] }

  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
  package var object: Object? { if case .object(let object) = self { object } else { nil } }
  package var isNull: Bool { self == .null }
  package var double: Double? { if case .number(let digits) = self { Double(digits) } else { nil } }

  /// A whole number, also when written `1e3` or `5.0`; nil outside the range of `Int`.
  package var int: Int? {
    guard case .number(let digits) = self else { return nil }
    return Int(digits) ?? Double(digits).flatMap { Int(exactly: $0) }
  }

  /// The value at a dotted path, `event_data.oidc_token.claims.sub`; numbers index arrays.
  package func at(_ path: String) -> JSON? {
    path.split(separator: ".").reduce(JSON?.some(self)) { value, step in
      if let array = value?.array { return Int(step).flatMap { array.indices.contains($0) ? array[$0] : nil } }
      return value?[String(step)]
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self.init(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    var object = Object()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
  package init(nilLiteral: ()) { self = .null }

  /// The text, or `null`.
  package init(_ text: String?) { self = text.map(JSON.string) ?? .null }
}
