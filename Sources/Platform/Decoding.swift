package import FoundationEssentials

/// An answer that is not what the platform says it sends: which member, and what was due.
package struct Undecodable: Error, Equatable, Sendable {
  package let member: String
  package let expected: String
  package init(member: String, expected: String) { (self.member, self.expected) = (member, expected) }
}

/// Something the platform writes as a JSON object. Unknown members are ignored and unknown words kept as they
/// stand, for the platform may add both within a version.
package protocol WireObject: Sendable {
  init(json: JSON) throws(Undecodable)
}

extension JSON {
  package func required<Value>(
    _ key: String, _ expected: String, _ read: (JSON) -> Value?
  ) throws(Undecodable) -> Value {
    guard let value = self[key].flatMap(read) else { throw Undecodable(member: key, expected: expected) }
    return value
  }

  package func text(_ key: String) throws(Undecodable) -> String { try required(key, "a string", \.string) }
  package func whole(_ key: String) throws(Undecodable) -> Int { try required(key, "a whole number", \.int) }
  package func flag(_ key: String) throws(Undecodable) -> Bool { try required(key, "true or false", \.bool) }

  package func time(_ key: String) throws(Undecodable) -> Date {
    try required(key, "an RFC 3339 time") { $0.string.flatMap(Date.init(timestamp:)) }
  }

  /// A member that is an object, as it stands. Not by a closure that gives a `JSON?`: its `nil` would be read as the
  /// JSON null, and what is missing would be taken for empty.
  package func nested(_ key: String) throws(Undecodable) -> JSON { .object(try required(key, "an object", \.object)) }

  /// Absent and null are the same: nil.
  package func optionalTime(_ key: String) -> Date? { self[key]?.string.flatMap(Date.init(timestamp:)) }

  package func id<Subject>(_ key: String, of: Subject.Type = Subject.self) throws(Undecodable) -> ID<Subject> {
    try required(key, "an identifier that begins \(Subject.idPrefix)_") { $0.string.flatMap { try? ID($0) } }
  }

  package init(_ date: Date?) { self = date.map { .string($0.timestamp) } ?? .null }
  package init<Subject>(_ id: ID<Subject>?) { self.init(id?.description) }
}
