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
  /// No value of this form is ever issued.
  var isImpossible = false

  static let impossible = Reading(isImpossible: true)

  init(_ extents: [Field: Extent] = [:], keys: [String] = [], isImpossible: Bool = false) {
    (self.extents, self.keys, self.isImpossible) = (extents, keys, isImpossible)
  }

  subscript(field: Field) -> Extent { extents[field] ?? .open }

  /// What either of two values says.
  func widened(by other: Reading) -> Reading {
    var wide = Reading(keys: keys == other.keys ? keys : [], isImpossible: isImpossible && other.isImpossible)
    if isImpossible { return other }
    if other.isImpossible { return self }
    for (field, extent) in extents {
      guard let theirs = other.extents[field] else { continue }
      let both = extent.widened(by: theirs)
      if !both.isOpen { wide.extents[field] = both }
    }
    return wide
  }
}
