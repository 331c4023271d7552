/// What of an activity can be searched, as tokens parted by spaces: the words of every value in the order they are
/// written, then a tag `a=ada@acme.example` for each value of each ``ActivityField``, then the token `.`, which all
/// activities have. The store indexes this text and ``ActivityFilter`` is answered from it, so that both agree.
///
/// Not in it: names of members, and the envelope's `id`, `created_at` and organization, which are the same for all
/// or have terms of their own. The store keeps none of it but its index: what changes here needs that made again.
package struct ActivityText: Equatable, Sendable {
  private var words: [UInt8] = []
  private var tags: [UInt8] = []
  private var actorType: [UInt8] = []
  private var hasActor = false

  package init() {}

  package init(_ activity: Activity) {
    for (key, value) in activity.json.object ?? [:] {
      add(value, to: Place(ActivityKey(key), isTop: true, isActor: key == "actor"))
    }
    finish()
  }

  /// Appends the tokens, each with a space before it.
  package func append(to bytes: inout [UInt8]) {
    bytes += words
    bytes += tags
    bytes += ActivityText.everyActivity
  }

  static let everyActivity: [UInt8] = Array(" .".utf8)

  /// Where in an activity a value stands.
  struct Place {
    /// The name of the member that holds it, also through arrays.
    var key: ActivityKey
    /// Whether that member is one of the activity itself.
    var isTop: Bool
    /// Whether it is inside `actor`.
    var isActor: Bool

    init(_ key: ActivityKey, isTop: Bool, isActor: Bool) {
      (self.key, self.isTop, self.isActor) = (key, isTop, isActor)
    }
  }

  private mutating func add(_ value: JSON, to place: Place) {
    switch value {
    case .null, .bool: break
    case .number(var text): text.withUTF8 { number($0, at: place) }
    case .string(var text): text.withUTF8 { string($0, at: place) }
    case .array(let values): for value in values { add(value, to: place) }
    case .object(let object):
      for (key, value) in object {
        add(value, to: Place(ActivityKey(key), isTop: false, isActor: place.isActor))
      }
    }
  }

  // MARK: Taking values, in the order they are written

  mutating func number(_ digits: UnsafeBufferPointer<UInt8>, at place: Place) {
    Words.append(digits, to: &words)
  }

  mutating func string(_ value: UnsafeBufferPointer<UInt8>, at place: Place) {
    if place.isTop, place.key == .envelope || value.isEmpty { return }
    let isActor = place.isActor && ![.ip, .program, .type].contains(place.key)
    // An identifier or an address is one tag and no words: words of these would be half of the index.
    let named = place.key == .type ? nil : Identifier.field(of: value)
    if let named, named != .actor || isActor {
      tag(named, value)
    } else if place.key != .ip || !value.isAddress {
      Words.append(value, to: &words)
    }
    if isActor {
      hasActor = true
      if named != .actor { tag(.actor, value) }
    } else if place.isActor, place.key == .type, actorType.isEmpty {
      actorType = Array(value)
    }
    if let field = place.key.field, field != named { tag(field, value) }
    if place.isTop, place.key == .type { tag(.type, value) }
    if place.key == .subject, value.hasPrefix("repo:") { repository(value) }
  }

  /// The kind of an actor stands for one that has nothing else to be known by.
  mutating func finish() {
    if !hasActor, !actorType.isEmpty { actorType.withUnsafeBufferPointer { tag(.actor, $0) } }
  }

  mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    tags.removeAll(keepingCapacity: true)
    actorType.removeAll(keepingCapacity: true)
    hasActor = false
  }

  /// GitHub writes `repo:OWNER/NAME:…`, since 2025 also `repo:OWNER@ID/NAME@ID:…`.
  private mutating func repository(_ subject: UnsafeBufferPointer<UInt8>) {
    var repository: [UInt8] = []
    var isNumber = false
    for byte in subject.dropFirst(5) {
      if byte == UInt8(ascii: ":") { break }
      if byte == UInt8(ascii: "@") { isNumber = true } else if byte == UInt8(ascii: "/") { isNumber = false }
      if !isNumber { repository.append(byte) }
    }
    repository.withUnsafeBufferPointer { tag(.repo, $0) }
  }

  private mutating func tag(_ field: ActivityField, _ value: UnsafeBufferPointer<UInt8>) {
    tags.append(0x20)
    tags.append(field.letter)
    tags.append(UInt8(ascii: "="))
    FoldedValue.append(value, to: &tags)
  }

  // MARK: Answering filters

  /// The values of a field, each once, in the form in which they are compared.
  package func values(of field: ActivityField) -> Set<String> {
    let tag = [field.letter, UInt8(ascii: "=")]
    return Set(
      tags.split(separator: 0x20).filter { $0.starts(with: tag) }.map { FoldedValue.unfolded($0.dropFirst(2)) })
  }

  /// - Parameter tokens: one or more, parted by spaces, without one at the ends.
  func contains(_ tokens: [UInt8], isPrefix: Bool) -> Bool {
    let needle = [0x20] + tokens + (isPrefix ? [] : [0x20])
    return ActivityText.contains(words, needle) || ActivityText.contains(tags, needle)
  }

  /// As if a space followed the text.
  private static func contains(_ text: [UInt8], _ needle: [UInt8]) -> Bool {
    var start = 0
    while start + needle.count <= text.count + 1 {
      var index = 0
      while index < needle.count, needle[index] == (start + index < text.count ? text[start + index] : 0x20) {
        index += 1
      }
      if index == needle.count { return true }
      start += 1
    }
    return false
  }
}
