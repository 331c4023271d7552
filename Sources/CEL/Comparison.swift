extension Value {
  /// Equality over all kinds: numbers by value, everything else of different kinds unequal.
  /// - Parameter work: raised by the steps that the comparison took.
  func equals(_ other: Value, work: inout Int) -> Bool {
    switch (self, other) {
    case (.string(let left), .string(let right)):
      work += min(left.utf8.count, right.utf8.count) >> 6
      return left.hasSameScalars(as: right)
    case (.bool(let left), .bool(let right)): return left == right
    case (.null, .null): return true
    case (.bytes(let left), .bytes(let right)):
      work += min(left.count, right.count) >> 6
      return left == right
    case (.list(let left), .list(let right)):
      guard left.count == right.count else { return false }
      for (left, right) in zip(left, right) {
        work += 1
        if !left.equals(right, work: &work) { return false }
      }
      return true
    case (.map(let left), .map(let right)):
      guard left.count == right.count else { return false }
      for entry in left.entries {
        work += 1 + entry.key.value.byteCount >> 6
        guard let match = right[entry.key], entry.value.equals(match, work: &work) else { return false }
      }
      return true
    case (.timestamp(let left), .timestamp(let right)): return left == right
    case (.duration(let left), .duration(let right)): return left == right
    case (.type(let left), .type(let right)): return left == right
    default: return Ordering(numbers: self, other) == .equal
    }
  }
}

/// How two values lie to one another.
enum Ordering {
  case less, equal, greater
  /// NaN takes part.
  case unordered

  private init<Element: Comparable>(_ left: Element, _ right: Element) {
    self = left < right ? .less : left == right ? .equal : left > right ? .greater : .unordered
  }

  /// Numbers of any kinds; nil when one is none. A `double` makes it a comparison of doubles.
  init?(numbers left: Value, _ right: Value) {
    switch (left, right) {
    case (.int(let left), .int(let right)): self.init(left, right)
    case (.uint(let left), .uint(let right)): self.init(left, right)
    case (.int(let left), .uint(let right)): self = left < 0 ? .less : Ordering(UInt64(left), right)
    case (.uint(let left), .int(let right)): self = right < 0 ? .greater : Ordering(left, UInt64(right))
    case (.double(let left), .double(let right)): self.init(left, right)
    case (.double(let left), .int(let right)): self.init(left, Double(right))
    case (.int(let left), .double(let right)): self.init(Double(left), right)
    case (.double(let left), .uint(let right)): self.init(left, Double(right))
    case (.uint(let left), .double(let right)): self.init(Double(left), right)
    default: return nil
    }
  }

  /// Nil when the kinds have no order.
  init?(_ left: Value, _ right: Value) {
    switch (left, right) {
    case (.string(let left), .string(let right)):
      self = left.hasSameScalars(as: right) ? .equal : left.precedes(right) ? .less : .greater
    case (.bytes(let left), .bytes(let right)):
      self = left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
    case (.bool(let left), .bool(let right)): self.init(left ? 1 : 0, right ? 1 : 0)
    case (.timestamp(let left), .timestamp(let right)): self.init(left, right)
    case (.duration(let left), .duration(let right)): self.init(left, right)
    default: self.init(numbers: left, right)
    }
  }

  func satisfies(_ operation: Node.Operator) -> Bool {
    switch operation {
    case .less: self == .less
    case .lessOrEqual: self == .less || self == .equal
    case .greater: self == .greater
    case .greaterOrEqual: self == .greater || self == .equal
    default: false
    }
  }
}

extension Value: Equatable {
  /// The same kind and the same value, which ``equals(_:work:)`` does not ask of numbers. NaN is NaN.
  package static func == (left: Value, right: Value) -> Bool {
    guard left.kind == right.kind else { return false }
    switch (left, right) {
    case (.double(let left), .double(let right)): return left == right || left.isNaN && right.isNaN
    case (.list(let left), .list(let right)): return left == right
    case (.map(let left), .map(let right)):
      return left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    default:
      var work = 0
      return left.equals(right, work: &work)
    }
  }
}
