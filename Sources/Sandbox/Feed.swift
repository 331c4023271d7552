import FoundationEssentials
import Platform

/// The activity feed: every event in the order of its time, ties by identifier (audit log reference, ordering). A
/// million of them must fit, so an event is kept as its text, and only what is compared is kept beside it.
struct Feed: Sendable {
  /// Where an event stands. Microseconds since 1970, for that is what a timestamp shows.
  struct Position: Comparable, Hashable, Sendable {
    let microseconds: Int
    let id: String

    init(_ date: Date, _ id: String) {
      self.init(microseconds: Int((date.timeIntervalSince1970 * 1_000_000).rounded()), id: id)
    }
    init(microseconds: Int, id: String) { (self.microseconds, self.id) = (microseconds, id) }

    static func < (left: Position, right: Position) -> Bool {
      (left.microseconds, left.id) < (right.microseconds, right.id)
    }
  }

  struct Entry: Sendable {
    let microseconds: Int
    fileprivate let chunk, start, count: Int32
    /// Number in ``Feed/frames``, or -1, and how much of the text stands before what the frame puts between.
    fileprivate let frame, split: Int32
    /// Numbers of texts in ``Feed/names``; the user's is that of the empty text when nobody's.
    fileprivate let type, user: Int32
  }

  private(set) var entries: [Entry] = []
  /// The texts of events, a few megabytes together, so that growing copies little.
  private var chunks: [[UInt8]] = [[]]
  private static let chunkSize = 4 << 20
  /// What many events have in common, kept once: it stands between the two parts of their text, and after it.
  private var frames: [(between: [UInt8], after: [UInt8])] = []
  private var names: [String] = [""]
  private var numbers: [String: Int32] = ["": 0]
  /// Appended since the last ``takeNew()``.
  private var new: [Entry] = []

  var count: Int { entries.count }

  /// - Parameter event: with its `id` and `type`.
  mutating func append(_ event: Document, at date: Date) {
    var event = event
    let id = event.text("id")
    // Its identifier comes first, where it is found again.
    if event.keys.first != "id" {
      event["id"] = nil
      var ordered: Document = ["id": .string(id)]
      for (key, value) in event { ordered[key] = value }
      event = ordered
    }
    append(
      line: Array(JSON.object(event).compact.utf8), type: event.text("type"),
      user: event["actor"]?["user_id"]?.string ?? "", at: Position(date, id))
  }

  mutating func addFrame(between: String, after: String) -> Int32 {
    frames.append((Array(between.utf8), Array(after.utf8)))
    return Int32(frames.count - 1)
  }

  /// - Parameters:
  ///   - line: begins `{"id":"…"`.
  ///   - frame: what ``addFrame(between:after:)`` gave, and where in `line` it opens; the line is then not yet whole.
  mutating func append(
    line: [UInt8], type: String, user: String, at position: Position, frame: (number: Int32, split: Int)? = nil
  ) {
    if chunks[chunks.count - 1].count > Self.chunkSize { chunks.append([]) }
    let chunk = chunks.count - 1
    let entry = Entry(
      microseconds: position.microseconds, chunk: Int32(chunk), start: Int32(chunks[chunk].count),
      count: Int32(line.count), frame: frame?.number ?? -1, split: Int32(frame?.split ?? line.count),
      type: number(of: type), user: number(of: user))
    chunks[chunk] += line
    // Nearly every event is the newest; a late one goes to its place.
    if let last = entries.last, self.position(of: last) > position {
      entries.insert(entry, at: firstIndex(notBefore: position))
    } else {
      entries.append(entry)
    }
    new.append(entry)
  }

  private mutating func number(of name: String) -> Int32 {
    if let number = numbers[name] { return number }
    let number = Int32(names.count)
    names.append(name)
    numbers[name] = number
    return number
  }

  private func text(of entry: Entry) -> ArraySlice<UInt8> {
    chunks[Int(entry.chunk)][Int(entry.start)..<Int(entry.start + entry.count)]
  }

  /// The event as it is sent.
  func line(of entry: Entry) -> [UInt8] {
    let text = text(of: entry)
    guard entry.frame >= 0 else { return Array(text) }
    let frame = frames[Int(entry.frame)]
    return text.prefix(Int(entry.split)) + frame.between + text.dropFirst(Int(entry.split)) + frame.after
  }

  func position(of entry: Entry) -> Position {
    let id = text(of: entry).dropFirst(#"{"id":""#.utf8.count).prefix { $0 != UInt8(ascii: "\"") }
    return Position(microseconds: entry.microseconds, id: String(decoding: id, as: UTF8.self))
  }

  /// `now`, or a microsecond after the newest event where that is of the same moment, so that what happens later
  /// also stands later. An event from a future that the clock was moved back from does not count.
  func moment(for now: Date) -> Date {
    guard let newest = entries.last?.microseconds else { return now }
    let ahead = newest - Position(now, "").microseconds
    return (0..<1_000_000).contains(ahead) ? now.addingTimeInterval(Double(ahead + 1) / 1_000_000) : now
  }

  /// The index of the first entry at or after `position`.
  func firstIndex(notBefore position: Position) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      let isBefore =
        entries[middle].microseconds == position.microseconds
        ? self.position(of: entries[middle]) < position : entries[middle].microseconds < position.microseconds
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func contains(_ position: Position) -> Bool {
    let index = firstIndex(notBefore: position)
    return index < entries.count && self.position(of: entries[index]) == position
  }

  /// Looks through everything: cursors say where they stand, only a plain identifier does not.
  func position(ofID id: String) -> Position? {
    entries.lazy.map(position).first { $0.id == id }
  }

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
  }

  /// Up to `limit` events next to `cursor` in the direction of `newer`, oldest first, and whether there are more.
  func events(
    matching filter: Filter, beside cursor: Position?, newer: Bool, limit: Int
  ) -> (found: [Entry], hasMore: Bool) {
    func index(at microseconds: Int) -> Int { firstIndex(notBefore: Position(microseconds: microseconds, id: "")) }
    var low = filter.range.lowerBound == .min ? 0 : index(at: filter.range.lowerBound)
    var high = filter.range.upperBound == .max ? entries.count : index(at: filter.range.upperBound + 1)
    if let cursor {
      let place = firstIndex(notBefore: cursor)
      let isThere = place < entries.count && position(of: entries[place]) == cursor
      if newer { low = max(low, isThere ? place + 1 : place) } else { high = min(high, place) }
    }
    guard low < high else { return ([], false) }
    let (types, excluded, users) = (numbers(filter.types), numbers(filter.excludedTypes), numbers(filter.users))
    var found: [Entry] = []
    var index = newer ? low : high - 1
    while (low..<high).contains(index) {
      let entry = entries[index]
      index += newer ? 1 : -1
      guard filter.types.isEmpty || types.contains(entry.type), !excluded.contains(entry.type),
        filter.users.isEmpty || users.contains(entry.user)
      else { continue }
      if found.count == limit { return (newer ? found : found.reversed(), true) }
      found.append(entry)
    }
    return (newer ? found : found.reversed(), false)
  }

  /// Names that no event has are left out.
  private func numbers(_ names: Set<String>) -> Set<Int32> { Set(names.compactMap { numbers[$0] }) }
}
