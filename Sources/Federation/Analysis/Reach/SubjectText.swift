/// The text of a matcher, read from the left against the form that a provider's values have.
struct SubjectText {
  private(set) var rest: Substring
  /// Whether more may follow: the matcher ended in a star, or was `startsWith`.
  let isPrefix: Bool
  /// Whether the text ran out before the form did, which only a prefix may.
  private(set) var hasEnded = false

  init(_ text: some StringProtocol, isPrefix: Bool) {
    rest = Substring(text)
    self.isPrefix = isPrefix
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// Steps over `literal`; false when something else stands there. A prefix may end within it.
  mutating func skip(_ literal: String) -> Bool {
    if rest.hasPrefix(literal) {
      rest = rest.dropFirst(literal.count)
      return true
    }
    guard isPrefix, literal.hasPrefix(rest) else { return false }
    (rest, hasEnded) = ("", true)
    return true
  }

  /// Reads up to one of `stops`, which stays unread, or to the end.
  mutating func take(upTo stops: String) -> Extent {
    guard !hasEnded else { return .open }
    let text = rest.prefix { !stops.contains($0) }
    rest = rest.dropFirst(text.count)
    guard rest.isEmpty, isPrefix else { return Extent(value: text) }
    hasEnded = true
    return text.isEmpty ? .open : .begins(String(text))
  }
}

/// What one value, or the beginning of one, says about a workload.
struct Reading: Hashable, Sendable {
  var extents: [Field: Extent] = [:]
  /// The names in the order they stand, for subjects made of `name:value` pairs.
  var keys: [String] = []
  /// The risk to report when no value of this form is ever issued.
  var impossibility: String?

  static func impossible(_ id: String = "GEN007") -> Reading {
    var reading = Reading()
    reading.impossibility = id
    return reading
  }

  init(_ extents: [Field: Extent] = [:], keys: [String] = []) { (self.extents, self.keys) = (extents, keys) }

  subscript(field: Field) -> Extent { extents[field] ?? .open }

  /// What either of two values says.
  func widened(by other: Reading) -> Reading {
    // Of two that are never issued, the one that was once and will not be again says more.
    if impossibility != nil { return other.impossibility == nil || impossibility != "BK007" ? other : self }
    if other.impossibility != nil { return self }
    var wide = Reading(keys: keys == other.keys ? keys : [])
    for (field, extent) in extents {
      guard let theirs = other.extents[field] else { continue }
      let both = extent.widened(by: theirs)
      if !both.isOpen { wide.extents[field] = both }
    }
    return wide
  }
}

extension Reading {
  func merging(_ other: Reading) -> Reading {
    var both = self
    both.extents.merge(other.extents) { $1 }
    return both
  }
}
