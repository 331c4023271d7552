package import FoundationEssentials
internal import GRDB
package import Platform

extension Storage {
  /// How many activities there are in each of equal stretches of time, one after the other.
  package struct Spread: Hashable, Sendable {
    /// A multiple of the width since 1970.
    package let start: Date
    /// Of a stretch, in seconds.
    package let width: Int
    package let counts: [Int]
    /// Of the counts, refused exchanges.
    package let denials: [Int]
  }

  /// What is counted as a refused exchange: as the index tells them, which knows of a reason or an outcome but not
  /// where it stands. A claim of that name is taken for one; ``denials(_:)`` looks closer.
  package static let refusals = ActivityFilter.denials.and(
    .any([
      .field(.reason, FilterValue("", isPrefix: true)), .field(.outcome, FilterValue("", isPrefix: true)),
    ]))

  /// Widths of a stretch that people can read off an axis, in seconds.
  static let spreadWidths = [
    1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 30 * 86400, 90 * 86400, 365 * 86400,
  ]

  /// How activities spread over time, in at most `bars` stretches.
  ///
  /// Each stretch is counted in the index by itself, so that nothing outside is walked over. What is taken away is
  /// counted and subtracted: of everything, whole hours are known, and what is taken away is mostly little.
  ///
  /// - Parameters:
  ///   - excluded: types of activities that do not count.
  ///   - range: nil for all of the log.
  /// - Returns: nil when nothing is kept.
  package func spread(
    _ filter: ActivityFilter, excluding excluded: [String] = [], in range: Range<Date>? = nil, bars: Int
  ) async throws(Problem) -> Spread? {
    try await ask { database in
      guard let range = try range ?? Storage.extent(database) else { return nil }
      let length = range.upperBound.timeIntervalSince(range.lowerBound)
      // One more than fits in, for both ends lie inside of a stretch.
      let width =
        Storage.spreadWidths.first { Int(length / Double($0)) + 2 <= max(2, bars) }
        ?? (Int(length) / max(1, bars - 2) + 1)
      let first = Int((range.lowerBound.timeIntervalSince1970 / Double(width)).rounded(.down))
      let last = Int((range.upperBound.timeIntervalSince1970 / Double(width)).rounded(.down))
      let stretches = (first...max(first, last)).map { bar in
        let start = Date(timeIntervalSince1970: Double(bar * width))
        return start..<start.addingTimeInterval(Double(width))
      }
      let all = try Storage.counts(filter, in: stretches, database)
      let taken = ActivityFilter.any(excluded.map { .field(.type, FilterValue($0)) })
      let surplus = excluded.isEmpty ? [] : try Storage.counts(filter.and(taken), in: stretches, database)
      let hasDenials = !excluded.contains(Activity.exchangeType)
      return Spread(
        start: stretches[0].lowerBound, width: width,
        counts: surplus.isEmpty ? all : zip(all, surplus).map { $0 - $1 },
        denials: hasDenials
          ? try Storage.counts(filter.and(Storage.refusals), in: stretches, database) : stretches.map { _ in 0 })
    }
  }

  private static func counts(
    _ filter: ActivityFilter, in stretches: [Range<Date>], _ database: Database
  ) throws -> [Int] {
    guard let first = stretches.first, let last = stretches.last else { return [] }
    let hour = Double(Tally.secondsPerHour)
    let isInHours =
      stretches.allSatisfy { $0.lowerBound.timeIntervalSince1970.remainder(dividingBy: hour) == 0 }
      && first.upperBound.timeIntervalSince(first.lowerBound).remainder(dividingBy: hour) == 0
    if filter == .everything, isInHours { return try hours(in: stretches, database) }
    let query = ActivityQuery(filter, since: first.lowerBound, until: last.upperBound)
    guard let whole = try QueryPlan(query, database) else { return stretches.map { _ in 0 } }
    if whole.needsLooking {
      // Each candidate is looked at, so once for all stretches.
      var counts = stretches.map { _ in 0 }
      let width = first.upperBound.timeIntervalSince(first.lowerBound)
      let start = first.lowerBound.microseconds
      try whole.forEachPlace(database) {
        let bar = Int((Place.microseconds(of: $0) - start) / Int64(width * 1_000_000))
        if counts.indices.contains(bar) { counts[bar] += 1 }
      }
      return counts
    }
    return try stretches.map { stretch in
      try Task.checkCancellation()
      return try whole.within(stretch)?.count(database) ?? 0
    }
  }

  private static func hours(in stretches: [Range<Date>], _ database: Database) throws -> [Int] {
    let statement = try database.cachedStatement(
      sql: "SELECT coalesce(sum(activities), 0) FROM hour WHERE hour >= ? AND hour < ?")
    return try stretches.map { stretch in
      let hours = [stretch.lowerBound, stretch.upperBound].map {
        Int64($0.timeIntervalSince1970) / Int64(Tally.secondsPerHour)
      }
      return try Int.fetchOne(statement, arguments: [hours[0], hours[1]]) ?? 0
    }
  }

  /// From the oldest activity to the newest.
  private static func extent(_ database: Database) throws -> Range<Date>? {
    guard let first = try Int64.fetchOne(database, sql: "SELECT min(place) FROM activity"),
      let last = try Int64.fetchOne(database, sql: "SELECT max(place) FROM activity")
    else { return nil }
    return Date(microseconds: Place.microseconds(of: first))..<Date(microseconds: Place.microseconds(of: last) + 1)
  }
}
