/// A value of the language. Strings are compared, searched and counted by code point, never by grapheme.
package enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([Value])
  case map(Map)
  case timestamp(Timestamp)
  case duration(nanoseconds: Int64)
  case type(Kind)

  /// What a value is, and the name of that as a type value.
  package enum Kind: String, CaseIterable, Sendable {
    case null = "null_type"
    case bool, int, uint, double, string, bytes, list, map, timestamp, duration, type
  }

  package var kind: Kind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .list: .list
    case .map: .map
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type
    }
  }
}

/// What a number of a token is to a condition. The platform does not say which it takes.
package enum NumberModel: Sendable {
  /// Every JSON number is a `double`, the specification's mapping.
  case double
  /// A number written without fraction and exponent is an `int`.
  case int
}

extension Value {
  /// A number as JSON writes it.
  package init(jsonNumber digits: String, as model: NumberModel = .double) {
    if model == .int, let whole = Int64(digits) {
      self = .int(whole)
    } else if model == .int, let whole = UInt64(digits) {
      self = .uint(whole)
    } else {
      self = .double(Double(digits) ?? .nan)
    }
  }

  /// A map with text keys, such as a claim set. Of equal keys the last counts.
  package init(object members: some Sequence<(key: String, value: Value)>) {
    self = .map(Map(lastWins: members.map { (.string($0.key), $0.value) }))
  }

  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var list: [Value]? { if case .list(let value) = self { value } else { nil } }
  package var map: Map? { if case .map(let value) = self { value } else { nil } }

  /// The member of a map with text keys; nil when this is no map or has none.
  package subscript(key: String) -> Value? { map?[key] }
}

extension Value {
  /// The entries of a map, in the order they were written, found by key in constant time.
  package final class Map: Sendable {
    package let entries: [(key: Key, value: Value)]
    private let positions: [Key: Int]
    /// Up to so many entries are looked through one by one, which is quicker than hashing.
    private static let smallCount = 4

    /// - Parameter entries: with distinct keys.
    private init(distinct entries: [(key: Key, value: Value)], positions: [Key: Int]) {
      (self.entries, self.positions) = (entries, positions)
    }

    convenience init(lastWins entries: [(key: Key, value: Value)]) {
      var distinct: [(key: Key, value: Value)] = []
      var positions: [Key: Int] = [:]
      for entry in entries {
        if let known = positions[entry.key] {
          distinct[known].value = entry.value
        } else {
          positions[entry.key] = distinct.count
          distinct.append(entry)
        }
      }
      self.init(distinct: distinct, positions: positions)
    }

    /// Nil when two keys are equal.
    package convenience init?(unique entries: [(key: Key, value: Value)]) {
      self.init(lastWins: entries)
      if self.entries.count != entries.count { return nil }
    }

    package var count: Int { entries.count }

    package subscript(key: Key) -> Value? {
      if entries.count <= Self.smallCount { return entries.first { $0.key == key }?.value }
      return positions[key].map { entries[$0].value }
    }

    package subscript(key: String) -> Value? { self[.string(key)] }
  }

  /// What may be a key of a map. Numbers of different kinds with the same value are the same key.
  package enum Key: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case string(String)

    /// Nil for what cannot be a key. A whole `double` finds the entry of that number.
    package init?(_ value: Value) {
      switch value {
      case .bool(let value): self = .bool(value)
      case .int(let value): self = .int(value)
      case .uint(let value): self = .uint(value)
      case .string(let value): self = .string(value)
      case .double(let value):
        if let whole = Int64(exactly: value) {
          self = .int(whole)
        } else if let whole = UInt64(exactly: value) {
          self = .uint(whole)
        } else {
          return nil
        }
      default: return nil
      }
    }

    package var value: Value {
      switch self {
      case .bool(let value): .bool(value)
      case .int(let value): .int(value)
      case .uint(let value): .uint(value)
      case .string(let value): .string(value)
      }
    }

    package static func == (left: Key, right: Key) -> Bool {
      switch (left, right) {
      case (.string(let left), .string(let right)): left.hasSameScalars(as: right)
      case (.bool(let left), .bool(let right)): left == right
      case (.int(let left), .int(let right)): left == right
      case (.uint(let left), .uint(let right)): left == right
      case (.int(let int), .uint(let uint)), (.uint(let uint), .int(let int)): int >= 0 && UInt64(int) == uint
      default: false
      }
    }

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .bool(let value): hasher.combine(value)
      case .int(let value): hasher.combine(UInt64(bitPattern: value))
      case .uint(let value): hasher.combine(value)
      case .string(let value): value.withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      }
    }
  }
}
