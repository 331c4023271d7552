package import FoundationEssentials
package import Platform
internal import PlatformClient
package import Storage

extension Operations {
  /// What one reading of the feed brought.
  package struct SyncCounts: Hashable, Sendable {
    package var read = 0
    package var added = 0
    /// Rows that are none the platform should send.
    package var rejected = 0
    package init() {}
  }

  /// Activities asked for at once. The feed allows 5000; smaller pages keep a slow line answering.
  static let pageLimit = 1000

  /// How far behind the newest an event may still arrive and be caught by a ``sync(since:)``.
  static let syncOverlap: Double = 86400
  /// The same for a ``tail(after:limit:)``, which comes back every few seconds.
  static let tailOverlap: Double = 300

  /// Reads what is new since the last time and keeps it, page by page with its cursor, so that a stop between
  /// two pages loses nothing; then looks for events that arrived late behind the cursor. The first time it reads
  /// back from now to the beginning, or to `since`.
  package func sync(since: Date? = nil) async throws(Problem) -> SyncCounts {
    var counts = SyncCounts()
    let isFirst = try storage.cursors().newest == nil
    try await readNewer(&counts)
    if !isFirst { try await readLate(Operations.syncOverlap, &counts) }
    let cursors = try storage.cursors()
    if !cursors.isComplete || cursors.oldest == nil { try await readOlder(&counts, since: since) }
    return counts
  }

  /// The arrivals after `row`, after asking the platform for newer ones; the newest `limit` when `row` is nil.
  /// Arrival is a row's number in our store, not its time, so an event that comes late is not lost.
  package func tail(after row: Int64?, limit: Int = 1000) async throws(Problem) -> [StoredActivity] {
    var counts = SyncCounts()
    if try storage.cursors().newest == nil {
      counts = try await sync()
    } else {
      try await readNewer(&counts)
      try await readLate(Operations.tailOverlap, &counts)
    }
    return try kept(after: row, limit: limit)
  }

  /// As ``tail(after:limit:)``, from the store alone: works offline, and at once.
  package func kept(after row: Int64?, limit: Int = 1000) throws(Problem) -> [StoredActivity] {
    guard let row else { return try storage.latest(limit: limit) }
    return try storage.arrivals(after: row, limit: limit)
  }

  /// Follows the cursor to the present. Where there is none, or the platform no longer takes it, finds the way from
  /// the newest event kept.
  private func readNewer(_ counts: inout SyncCounts) async throws(Problem) {
    while let cursor = try storage.cursors().newest {
      let page: CursorPage<Activity>
      do throws(Problem) {
        page = try await client.activities(newerThan: cursor, limit: Operations.pageLimit)
      } catch {
        guard error.status == 400 else { throw error }
        try storage.forgetNewestCursor()
        break
      }
      try keep(page, newest: page.first, &counts)
      if !page.hasMore || page.first == nil || page.first == cursor { return }
    }
    if try storage.cursors().oldest != nil { try await readLate(Operations.tailOverlap, &counts) }
  }

  /// Reads the last `overlap` seconds before the newest event kept once more, for those that came in behind the
  /// cursor. What is known already is left as it is.
  private func readLate(_ overlap: Double, _ counts: inout SyncCounts) async throws(Problem) {
    guard let newest = try storage.latest(limit: 100).map(\.activity.createdAt).max() else { return }
    let filter = ActivityFilter(
      excludedTypes: ActivityFilter.quiet.excludedTypes, since: newest.addingTimeInterval(-overlap))
    var cursor: String?
    var first: String?
    while true {
      let page = try await client.activities(olderThan: cursor, limit: Operations.pageLimit, matching: filter)
      first = first ?? page.first
      // With the last page newer ones begin at the first: before, a stop would leave a gap.
      let isLast = !page.hasMore || page.last == nil || page.last == cursor
      let isLost = try storage.cursors().newest == nil
      try keep(page, newest: isLast && isLost ? first : nil, &counts)
      if isLast { return }
      cursor = page.last
    }
  }

  private func readOlder(_ counts: inout SyncCounts, since: Date?) async throws(Problem) {
    while true {
      let cursors = try storage.cursors()
      let page = try await client.activities(olderThan: cursors.oldest, limit: Operations.pageLimit)
      let isLast = !page.hasMore || page.last == nil || page.last == cursors.oldest
      // The first page of all also says where newer ones begin.
      let isFirst = cursors.newest == nil && cursors.oldest == nil
      try keep(page, newest: isFirst ? page.first : nil, oldest: page.last, isComplete: isLast, &counts)
      if isLast { return }
      if let since, let oldest = page.items.last?.createdAt, oldest < since { return }
    }
  }

  private func keep(
    _ page: CursorPage<Activity>, newest: String? = nil, oldest: String? = nil, isComplete: Bool? = nil,
    _ counts: inout SyncCounts
  ) throws(Problem) {
    // Oldest first, so that the order of arrival is the order in which things happened, as far as is known.
    let kept = try storage.append(
      page.items.reversed(), newest: newest, oldest: oldest, isComplete: isComplete, polledAt: now())
    counts.read += page.items.count
    counts.added += kept.added
    counts.rejected += page.rejected
  }
}
