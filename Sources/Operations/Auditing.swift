package import FoundationEssentials
package import Platform
package import Storage

extension Operations {
  /// What one reading of the feed brought.
  package struct SyncCounts: Hashable, Sendable {
    package var read = 0
    package var added = 0
    package init() {}
  }

  /// Activities asked for at once. The feed allows 5000; smaller pages keep a slow line answering.
  static let pageLimit = 1000

  /// Reads what is new since the last time and keeps it, page by page with its cursor, so that a stop between
  /// two pages loses nothing. The first time it reads back from now to the beginning, or to `since`.
  package func sync(since: Date? = nil) async throws(Problem) -> SyncCounts {
    var counts = SyncCounts()
    let cursors = try storage.cursors()
    if cursors.newest != nil { try await readNewer(&counts) }
    if cursors.newest == nil || !cursors.isComplete { try await readOlder(&counts, since: since) }
    return counts
  }

  /// The arrivals after `row`, after asking the platform for newer ones; the newest `limit` when `row` is nil.
  /// Arrival is a row's number in our store, not its time, so an event that comes late is not lost.
  package func tail(after row: Int64?, limit: Int = 1000) async throws(Problem) -> [StoredActivity] {
    _ = try await sync()
    return try kept(after: row, limit: limit)
  }

  /// As ``tail(after:limit:)``, from the store alone: works offline, and at once.
  package func kept(after row: Int64?, limit: Int = 1000) throws(Problem) -> [StoredActivity] {
    guard let row else { return try storage.latest(limit: limit) }
    return try storage.arrivals(after: row, limit: limit)
  }

  private func readNewer(_ counts: inout SyncCounts) async throws(Problem) {
    while let cursor = try storage.cursors().newest {
      let page = try await client.activities(newerThan: cursor, limit: Operations.pageLimit)
      try keep(page.items, newest: page.first, &counts)
      guard page.hasMore, page.first != nil, page.first != cursor else { return }
    }
  }

  private func readOlder(_ counts: inout SyncCounts, since: Date?) async throws(Problem) {
    while true {
      let cursors = try storage.cursors()
      let page = try await client.activities(olderThan: cursors.oldest, limit: Operations.pageLimit)
      let isLast = !page.hasMore || page.last == nil || page.last == cursors.oldest
      // The first page of all also says where newer ones begin.
      try keep(
        page.items, newest: cursors.newest == nil ? page.first : nil, oldest: page.last, isComplete: isLast, &counts)
      if isLast { return }
      if let since, let oldest = page.items.last?.createdAt, oldest < since { return }
    }
  }

  private func keep(
    _ activities: [Activity], newest: String? = nil, oldest: String? = nil, isComplete: Bool? = nil,
    _ counts: inout SyncCounts
  ) throws(Problem) {
    // Oldest first, so that the order of arrival is the order in which things happened, as far as is known.
    let kept = try storage.append(
      activities.reversed(), newest: newest, oldest: oldest, isComplete: isComplete, polledAt: now())
    counts.read += activities.count
    counts.added += kept.added
  }
}
