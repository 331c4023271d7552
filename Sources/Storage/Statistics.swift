package import FoundationEssentials
internal import GRDB
package import Platform

extension Storage {
  /// What the store has.
  package struct Statistics: Hashable, Sendable {
    package var activities = 0
    package var oldest, newest: Date?
    package var lastPollAt: Date?
    /// Most first.
    package var byType: [(type: String, count: Int)] = []

    package static func == (left: Statistics, right: Statistics) -> Bool { left.json == right.json }
    package func hash(into hasher: inout Hasher) { hasher.combine(activities) }

    /// As `gatehouse audit stats --json` prints it.
    package var json: JSON {
      var types = JSON.Object()
      for (type, count) in byType { types[type] = JSON(count) }
      return [
        "activities": JSON(activities), "oldest": JSON(oldest), "newest": JSON(newest),
        "last_poll_at": JSON(lastPollAt), "by_type": .object(types),
      ]
    }
  }

  package func statistics() throws(Problem) -> Statistics {
    let polledAt = try cursors().polledAt
    return try read("The store was not counted") { database in
      var statistics = Statistics()
      let tallies = try Row.fetchAll(database, sql: "SELECT type, activities FROM tally ORDER BY activities DESC, type")
      statistics.byType = tallies.map { ($0[0], $0[1]) }
      statistics.activities = statistics.byType.reduce(0) { $0 + $1.count }
      statistics.lastPollAt = polledAt
      func time(_ order: String) throws -> Date? {
        let sql = "SELECT arrival, place, json FROM activity ORDER BY place \(order) LIMIT 1"
        return try StoredActivity.fetch(database, sql, []).first?.activity.createdAt
      }
      (statistics.oldest, statistics.newest) = (try time("ASC"), try time("DESC"))
      return statistics
    }
  }

  /// The values that a field has, and in how many activities each.
  package struct Values: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
      /// In lower case, but for identifiers.
      package let value: String
      package let activities: Int
    }
    /// Most first.
    package var counts: [Count] = []
    /// Whether all activities that pass were looked at, or only the newest.
    package var isComplete = true
  }

  /// What one can pivot on. Without a filter the index answers; else up to 50,000 of the newest are looked at.
  package func values(
    of field: ActivityField, in query: ActivityQuery = ActivityQuery(), limit: Int
  ) async throws(Problem) -> Values {
    try await ask { database in
      guard let plan = try QueryPlan(query, database) else { return Values() }
      var values = Values()
      var counts: [String: Int] = [:]
      if plan.isEverything {
        let range = field.tagRange
        let rows = try Row.fetchCursor(
          database, sql: "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?",
          arguments: [range.lowerBound, range.upperBound])
        while let row = try rows.next() { counts[field.value(ofTag: row[0])] = row[1] }
      } else {
        var seen = 0
        try plan.forEach(database, .newestFirst) { stored in
          guard seen < 50_000 else {
            values.isComplete = false
            return false
          }
          seen += 1
          for value in ActivityText(stored.activity).values(of: field) { counts[value, default: 0] += 1 }
          return true
        }
      }
      values.counts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
        .map { Values.Count(value: $0.key, activities: $0.value) }
      return values
    }
  }
}
