internal import FoundationEssentials
internal import GRDB
internal import GRDBSQLite
internal import Platform

/// A batch of activities on their way into the store: gathered outside a transaction, written in one.
struct Ingest {
  /// Where new activities come in the order of arrival.
  enum Order {
    case afterAll
    /// History, which nobody waits for: before all others, so that nothing old follows what was shown.
    case beforeAll
  }

  /// An activity's parts in `bytes`, one after the other, and its type.
  private struct Entry {
    let microseconds: Int64
    let start, idEnd, jsonEnd, textEnd: Int
    let type: Int
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  private var types: [[UInt8]: Int] = [:]

  var count: Int { entries.count }
  /// What the batch takes of memory, roughly.
  var size: Int { bytes.count }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    types.removeAll(keepingCapacity: true)
  }

  mutating func add(_ activity: Activity) {
    add(
      id: activity.id.description.utf8, type: Array(activity.type.utf8), activity.createdAt.microseconds,
      json: activity.json.compact.utf8, ActivityText(activity))
  }

  /// - Parameter json: as it was received.
  mutating func add(
    id: some Collection<UInt8>, type: [UInt8], _ microseconds: Int64, json: some Collection<UInt8>,
    _ text: ActivityText
  ) {
    let start = bytes.count
    bytes += id
    let idEnd = bytes.count
    bytes += json
    let jsonEnd = bytes.count
    text.append(to: &bytes)
    let number = types[type] ?? types.count
    if number == types.count { types[type] = number }
    entries.append(
      Entry(
        microseconds: microseconds, start: start, idEnd: idEnd, jsonEnd: jsonEnd, textEnd: bytes.count, type: number))
  }

  /// Writes all that are not there yet.
  mutating func write(to database: Database, order: Order) throws -> Storage.Appended {
    // The index takes rows in their order many times faster than in any other.
    entries.sort { $0.microseconds < $1.microseconds }
    var counts = Storage.Appended()
    var added = [Int](repeating: 0, count: types.count)
    var tally = Tally()
    var places = try Places(database)
    var arrival = try firstArrival(database, order)
    let activity = try database.cachedStatement(
      sql: "INSERT OR IGNORE INTO activity (place, arrival, id, json) VALUES (?, ?, ?, ?)")
    let words = try database.cachedStatement(sql: "INSERT INTO words (rowid, text) VALUES (?, ?)")
    try bytes.withUnsafeBufferPointer { bytes in
      for entry in entries {
        let id = entry.start..<entry.idEnd
        // Without a look at a place that is taken, a page read twice would look for a free one each time.
        guard let place = try places.free(for: entry.microseconds, unless: { try Ingest.isKnown(bytes[id], database) }),
          try activity.insert((place, arrival), (id, entry.idEnd..<entry.jsonEnd), of: bytes, database)
        else {
          guard try Ingest.isKnown(bytes[id], database) else {
            throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "an activity was not taken, and is not known")
          }
          counts.duplicate += 1
          continue
        }
        _ = try words.insert((place, nil), (entry.jsonEnd..<entry.textEnd, nil), of: bytes, database)
        places.take(place)
        arrival += 1
        added[entry.type] += 1
        tally.count(at: entry.microseconds)
        counts.added += 1
      }
    }
    for (type, number) in types { tally.count(type: String(decoding: type, as: UTF8.self), by: added[number]) }
    try tally.write(to: database)
    return counts
  }
}

extension Ingest {
  private func firstArrival(_ database: Database, _ order: Order) throws -> Int64 {
    switch order {
    case .afterAll: try Int64.fetchOne(database, sql: "SELECT max(arrival) + 1 FROM activity") ?? 1
    case .beforeAll:
      try Int64.fetchOne(database, sql: "SELECT min(arrival) FROM activity").map { $0 - Int64(count) } ?? 1
    }
  }

  private static func isKnown(_ id: Slice<UnsafeBufferPointer<UInt8>>, _ database: Database) throws -> Bool {
    let known = try database.cachedStatement(sql: "SELECT 1 FROM activity WHERE id = ?")
    return try Int.fetchOne(known, arguments: [String(decoding: id, as: UTF8.self)]) != nil
  }
}

/// Finds free places for activities that come in the order of time.
private struct Places {
  private let taken: Statement
  /// Beyond this one nothing is taken but by this batch.
  private let highest: Int64
  private var last = Int64.min

  init(_ database: Database) throws {
    taken = try database.cachedStatement(sql: "SELECT 1 FROM activity WHERE place = ?")
    highest = try Int64.fetchOne(database, sql: "SELECT max(place) FROM activity") ?? .min
  }

  /// - Returns: nil when the first place is taken, and `isKnown` says that this needs none.
  func free(for microseconds: Int64, unless isKnown: () throws -> Bool) throws -> Int64? {
    var place = max(Place.first(at: microseconds), last == .min ? .min : last + 1)
    guard place <= highest, try isTaken(place) else { return place }
    guard try !isKnown() else { return nil }
    repeat { place += 1 } while try place <= highest && isTaken(place)
    return place
  }

  private func isTaken(_ place: Int64) throws -> Bool { try Int.fetchOne(taken, arguments: [place]) != nil }

  mutating func take(_ place: Int64) { last = place }
}

extension Statement {
  /// Runs an INSERT without copying its texts: passing them as arguments would take as long as the insert itself.
  /// - Parameter texts: where in `bytes` the values are that come after the numbers.
  /// - Returns: whether a row was inserted.
  fileprivate func insert(
    _ numbers: (Int64, Int64?), _ texts: (Range<Int>, Range<Int>?), of bytes: UnsafeBufferPointer<UInt8>,
    _ database: Database
  ) throws -> Bool {
    let statement = sqliteStatement
    var column: CInt = 1
    func bind(_ text: Range<Int>) {
      let part = UnsafeRawPointer(bytes.baseAddress! + text.lowerBound)  // no text here is empty
      sqlite3_bind_text64(
        statement, column, part.assumingMemoryBound(to: CChar.self), UInt64(text.count), nil, UInt8(SQLITE_UTF8))
      column += 1
    }
    for case let number? in [numbers.0, numbers.1] {
      sqlite3_bind_int64(statement, column, number)
      column += 1
    }
    bind(texts.0)
    if let text = texts.1 { bind(text) }
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    guard sqlite3_step(statement) == SQLITE_DONE else {
      let code = ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection))
      throw DatabaseError(resultCode: code, message: database.lastErrorMessage)
    }
    return sqlite3_changes(database.sqliteConnection) > 0
  }
}
