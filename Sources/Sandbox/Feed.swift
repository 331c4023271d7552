import FoundationEssentials
import Platform

/// The activity feed: every event in the order of its time, ties by identifier (audit log reference, ordering).
struct Feed: Sendable {
  struct Entry: Sendable {
    let position: Position
    let type: String
    /// Of the actor, where it is a person: what `actor_ids[]` filters by.
    let user: String?
    /// The event as it is sent.
    let line: [UInt8]
  }

  /// Where an event stands. Microseconds, for that is what a timestamp shows.
  struct Position: Comparable, Hashable, Sendable {
    let microseconds: Int
    let id: String

    init(_ date: Date, _ id: String) {
      (microseconds, self.id) = (Int((date.timeIntervalSince1970 * 1_000_000).rounded()), id)
    }
    fileprivate init(microseconds: Int, id: String) { (self.microseconds, self.id) = (microseconds, id) }

    static func < (left: Position, right: Position) -> Bool {
      (left.microseconds, left.id) < (right.microseconds, right.id)
    }
  }

  private(set) var entries: [Entry] = []
  private var identifiers: [String: Int] = [:]
  /// Appended since the last ``takeNew()``.
  private var new: [Entry] = []

  /// - Returns: false when an event with this identifier is there already.
  @discardableResult
  mutating func append(_ event: Document, at date: Date) -> Bool {
    let id = event.text("id")
    guard identifiers[id] == nil else { return false }
    let position = Position(date, id)
    identifiers[id] = position.microseconds
    let entry = Entry(
      position: position, type: event.text("type"), user: event["actor"]?["user_id"]?.string,
      line: Array(JSON.object(event).compact.utf8))
    // Nearly every event is the newest; a late one goes to its place.
    if let last = entries.last, last.position > position {
      entries.insert(entry, at: firstIndex(notBefore: position))
    } else {
      entries.append(entry)
    }
    new.append(entry)
    return true
  }

  /// `now`, or a microsecond after the newest event where that is of the same moment, so that what happens later
  /// also stands later. An event from a future that the clock was moved back from does not count.
  func moment(for now: Date) -> Date {
    guard let newest = entries.last?.position.microseconds else { return now }
    let ahead = newest - Position(now, "").microseconds
    return (0..<1_000_000).contains(ahead) ? now.addingTimeInterval(Double(ahead + 1) / 1_000_000) : now
  }

  /// The index of the first entry at or after `position`.
  func firstIndex(notBefore position: Position) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].position < position { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func position(ofID id: String) -> Position? { identifiers[id].map { Position(microseconds: $0, id: id) } }

  mutating func takeNew() -> [Entry] {
    defer { new.removeAll() }
    return new
  }

  /// Which events a request is about.
  struct Filter: Sendable {
    var types: Set<String> = []
    var excludedTypes: Set<String> = []
    var users: Set<String> = []
    /// In microseconds, both included.
    var range: ClosedRange<Int> = Int.min...Int.max

    func contains(_ entry: Entry) -> Bool {
      (types.isEmpty || types.contains(entry.type)) && !excludedTypes.contains(entry.type)
        && (users.isEmpty || entry.user.map(users.contains) ?? false)
    }
  }

  /// Up to `limit` events next to `cursor` in the direction of `newer`, oldest first, and whether there are more.
  func events(
    matching filter: Filter, beside cursor: Position?, newer: Bool, limit: Int
  ) -> (found: [Entry], hasMore: Bool) {
    var low =
      filter.range.lowerBound == .min
      ? 0 : firstIndex(notBefore: Position(microseconds: filter.range.lowerBound, id: ""))
    var high =
      filter.range.upperBound == .max
      ? entries.count : firstIndex(notBefore: Position(microseconds: filter.range.upperBound + 1, id: ""))
    if let cursor {
      let place = firstIndex(notBefore: cursor)
      let isThere = place < entries.count && entries[place].position == cursor
      if newer { low = max(low, isThere ? place + 1 : place) } else { high = min(high, place) }
    }
    guard low < high else { return ([], false) }
    var found: [Entry] = []
    var index = newer ? low : high - 1
    while (low..<high).contains(index) {
      if filter.contains(entries[index]) {
        if found.count == limit { return (newer ? found : found.reversed(), true) }
        found.append(entries[index])
      }
      index += newer ? 1 : -1
    }
    return (newer ? found : found.reversed(), false)
  }
}
