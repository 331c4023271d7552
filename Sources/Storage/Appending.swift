package import FoundationEssentials
internal import GRDB
package import Platform

/// One kept activity.
package struct StoredActivity: Hashable, Sendable {
  /// Counts up in the order in which activities came in. History, read backwards, is numbered downwards from the
  /// first, so that nothing old ever follows something that was shown.
  package let row: Int64
  /// Grows with the time of activities, and names this one alone: where a page of a query ends.
  package let place: Int64
  package let activity: Activity

  package init(row: Int64, place: Int64, activity: Activity) {
    (self.row, self.place, self.activity) = (row, place, activity)
  }
}

/// How far the feed has been read.
package struct FeedCursors: Hashable, Sendable {
  /// Where reading newer ones goes on, and reading older ones: the platform's own words, opaque.
  package var newest, oldest: String?
  /// Whether the beginning of the feed has been reached.
  package var isComplete: Bool
  package var polledAt: Date?

  package init(newest: String? = nil, oldest: String? = nil, isComplete: Bool = false, polledAt: Date? = nil) {
    (self.newest, self.oldest, self.isComplete, self.polledAt) = (newest, oldest, isComplete, polledAt)
  }
}

extension Storage {
  /// What one page brought.
  package struct Appended: Hashable, Sendable {
    package var added = 0
    /// Those that were kept before.
    package var duplicate = 0
    package init() {}
  }

  /// Keeps activities and how far the feed has been read, both or neither. Those known by their identifier are
  /// left as they are, so a page read twice changes nothing.
  /// - Parameters:
  ///   - activities: oldest first.
  ///   - newest: the new cursor to newer ones; nil leaves it.
  ///   - oldest: the new cursor to older ones; nil leaves it. A page that moves this one only is history.
  ///   - isComplete: whether the beginning of the feed has been reached; nil leaves it.
  @discardableResult
  package func append(
    _ activities: [Activity], newest: String? = nil, oldest: String? = nil, isComplete: Bool? = nil,
    polledAt: Date
  ) throws(Problem) -> Appended {
    var batch = Ingest()
    for activity in activities { batch.add(activity) }
    let order = newest == nil && oldest != nil ? Ingest.Order.beforeAll : .afterAll
    return try writeActivities("The activities were not kept") { database in
      let counts = try batch.write(to: database, order: order)
      try database.execute(
        sql: """
          UPDATE feed SET newest = coalesce(?, newest), oldest = coalesce(?, oldest),
            is_complete = coalesce(?, is_complete), polled_at = ?
          """,
        arguments: [newest, oldest, isComplete, polledAt.microseconds])
      return counts
    }
  }

  package func cursors() throws(Problem) -> FeedCursors {
    try read("The local store was not read") { database in
      let row = try Row.fetchOne(database, sql: "SELECT newest, oldest, is_complete, polled_at FROM feed")
      return FeedCursors(
        newest: row?[0], oldest: row?[1], isComplete: row?[2] ?? false,
        polledAt: (row?[3] as Int64?).map(Date.init(microseconds:)))
    }
  }

  /// Forgets where newer ones begin, when the platform no longer takes the cursor.
  package func forgetNewestCursor() throws(Problem) {
    try writeActivities("The cursor was not forgotten") { try $0.execute(sql: "UPDATE feed SET newest = NULL") }
  }

  /// The `limit` that came in last, in order of arrival.
  package func latest(limit: Int) throws(Problem) -> [StoredActivity] {
    try read("The activities were not read") { database in
      try StoredActivity.fetch(
        database, "SELECT arrival, place, json FROM activity ORDER BY arrival DESC LIMIT ?", [limit]
      ).reversed()
    }
  }

  /// Those that came in after `row`, in order of arrival.
  package func arrivals(after row: Int64, limit: Int) throws(Problem) -> [StoredActivity] {
    try read("The activities were not read") { database in
      try StoredActivity.fetch(
        database, "SELECT arrival, place, json FROM activity WHERE arrival > ? ORDER BY arrival LIMIT ?", [row, limit])
    }
  }
}

extension StoredActivity {
  /// - Parameter row: arrival, place and JSON text.
  init(_ row: Row) throws {
    let json = try JSON(parsing: row[2] as String)
    self.init(row: row[0], place: row[1], activity: try Activity(json: json))
  }

  /// - Parameter sql: gives arrival, place and JSON text.
  static func fetch(_ database: Database, _ sql: String, _ arguments: StatementArguments) throws -> [StoredActivity] {
    let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
    var found: [StoredActivity] = []
    while let row = try rows.next() { found.append(try StoredActivity(row)) }
    return found
  }
}
