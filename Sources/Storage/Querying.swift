package import FoundationEssentials
internal import GRDB
package import Platform

/// Queries leave the caller's thread, and stop within milliseconds when its task is cancelled (a `Problem` of kind
/// `.interrupted`).
extension Storage {
  /// Newest first.
  /// - Parameter place: of the last one of the page before; nil for the first page.
  package func newest(
    _ query: ActivityQuery = ActivityQuery(), before place: Int64? = nil, limit: Int
  ) async throws(Problem) -> [StoredActivity] {
    try await page(query, .newestFirst, after: place, limit: limit)
  }

  /// Oldest first.
  package func oldest(
    _ query: ActivityQuery = ActivityQuery(), after place: Int64? = nil, limit: Int
  ) async throws(Problem) -> [StoredActivity] {
    try await page(query, .oldestFirst, after: place, limit: limit)
  }

  /// Gives the newest `limit` that pass to `body` as each is found, which a search that no index helps takes a while for.
  package func forEach(
    _ query: ActivityQuery, limit: Int, _ body: @escaping @Sendable (Activity) -> Void
  ) async throws(Problem) {
    guard limit > 0 else { return }
    try await ask { database in
      var found = 0
      try QueryPlan(query, database)?.forEach(database, .newestFirst) {
        body($0.activity)
        found += 1
        return found < limit
      }
    }
  }

  private func page(
    _ query: ActivityQuery, _ direction: QueryPlan.Direction, after place: Int64?, limit: Int
  ) async throws(Problem) -> [StoredActivity] {
    guard limit > 0 else { return [] }
    return try await ask { database in
      var page: [StoredActivity] = []
      try QueryPlan(query, database)?.forEach(database, direction, after: place) { activity in
        page.append(activity)
        return page.count < limit
      }
      return page
    }
  }

  /// Where an activity of that time would stand.
  package static func place(at date: Date) -> Int64 { Place.first(at: date.microseconds) }

  package func count(_ query: ActivityQuery = ActivityQuery()) async throws(Problem) -> Int {
    let pieces = try await ask { try QueryPlan(query, $0)?.pieces(Storage.readerCount, $0) ?? [] }
    if pieces.count == 1 { return try await ask { try pieces[0].count($0) } }
    // One after the other, a scan would leave all processors but one idle.
    let counts = await withTaskGroup(of: Result<Int, Problem>.self) { group in
      for piece in pieces {
        group.addTask {
          do throws(Problem) { return .success(try await ask { try piece.count($0) }) } catch { return .failure(error) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var sum = 0
    for count in counts { sum += try count.get() }
    return sum
  }

  /// nil when no activity with this identifier is kept.
  package func activity(_ id: ID<Activity>) throws(Problem) -> StoredActivity? {
    try read("The activity was not read") { database in
      try StoredActivity.fetch(
        database, "SELECT arrival, place, json FROM activity WHERE id = ?", [id.description]
      ).first
    }
  }

  func ask<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(Problem) -> Value {
    do {
      return try await database.read(body)
    } catch {
      return try Storage.attempt("The query was not answered") { throw error }
    }
  }
}
