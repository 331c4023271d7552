package import FoundationEssentials
internal import GRDB
package import Platform

/// What a retention will remove, said before it does.
package struct RetentionPlan: Hashable, Sendable {
  /// Activities before then go.
  package let before: Date
  package let removed: Int
  /// Older ones that stay, for they are bookmarked.
  package let bookmarked: Int
  package let remaining: Int

  /// For people, before they agree.
  package var explanation: String {
    guard removed > 0 else { return "Nothing would be removed: all that is there may stay." }
    let kept = bookmarked == 0 ? "" : " \(bookmarked) older ones are bookmarked and stay."
    return "\(removed) activities before \(before.timestampToSecond) would be removed, \(remaining) would stay.\(kept)"
  }

  fileprivate let edge: Int64
}

extension Storage {
  /// What there is to remove to keep only activities from then on.
  package func retention(keepingSince date: Date) async throws(Problem) -> RetentionPlan {
    try await ask { try RetentionPlan(edge: Place.first(at: date.microseconds), $0) }
  }

  /// What there is to remove, oldest first, to bring the store down to a size. Indexes and all are counted, and
  /// shared evenly among activities, so that the size is met nearly.
  package func retention(keepingBytes size: Int) async throws(Problem) -> RetentionPlan {
    try await ask { database in
      let pages =
        try Int.fetchOne(
          database, sql: "SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count") ?? 0
      let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
      let activities = try Tally.total(database)
      let excess = Double(pages * pageSize - size) / Double(max(1, pages * pageSize))
      let surplus = Int((Double(activities) * excess).rounded(.up))
      guard surplus > 0 else { return try RetentionPlan(edge: .min, database) }
      let edge = try Int64.fetchOne(
        database, sql: "SELECT rowid FROM words WHERE words MATCH '\".\"' ORDER BY rowid LIMIT 1 OFFSET ?",
        arguments: [surplus])
      return try RetentionPlan(edge: edge ?? .max, database)
    }
  }

  /// Removes what the plan says, and no more. The file keeps its size until ``compact()``.
  /// - Parameter progress: called now and then with the number removed so far.
  package func remove(
    _ plan: RetentionPlan, progress: @Sendable (Int) -> Void = { _ in }
  ) throws(Problem) -> Int {
    var removed = 0
    while true {
      let count = try writeActivities("The old activities were not all removed") { database in
        try Removal.removeSome(before: plan.edge, database)
      }
      guard count > 0 else { return removed }
      removed += count
      progress(removed)
    }
  }
}

extension RetentionPlan {
  fileprivate init(edge: Int64, _ database: Database) throws {
    let marked = "SELECT count(*) FROM bookmark JOIN activity USING (id) WHERE place < ?"
    let older = "SELECT count(*) FROM words WHERE words MATCH '\".\"' AND rowid < ?"
    bookmarked = try Int.fetchOne(database, sql: marked, arguments: [edge]) ?? 0
    removed = try (Int.fetchOne(database, sql: older, arguments: [edge]) ?? 0) - bookmarked
    remaining = try Tally.total(database) - removed
    before = Date(microseconds: Place.microseconds(of: edge))
    self.edge = edge
  }
}

/// Takes activities out of table, index and tallies.
private enum Removal {
  /// Activities of one transaction.
  private static let portion = 5000

  static func removeSome(before edge: Int64, _ database: Database) throws -> Int {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT place, json FROM activity WHERE place < ? AND id NOT IN (SELECT id FROM bookmark)
        ORDER BY place LIMIT ?
        """, arguments: [edge, portion])
    let unindex = try database.cachedStatement(sql: "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)")
    let delete = try database.cachedStatement(sql: "DELETE FROM activity WHERE place = ?")
    var tally = Tally()
    for row in rows {
      let place: Int64 = row[0]
      let activity = try Activity(json: JSON(parsing: row[1] as String))
      // The index keeps no text: it is told again which words go.
      var text: [UInt8] = []
      ActivityText(activity).append(to: &text)
      try unindex.execute(arguments: [place, String(decoding: text, as: UTF8.self)])
      try delete.execute(arguments: [place])
      tally.count(type: activity.type, by: -1)
      tally.count(at: activity.createdAt.microseconds, by: -1)
    }
    try tally.write(to: database)
    return rows.count
  }
}
