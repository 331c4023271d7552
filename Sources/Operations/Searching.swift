package import FoundationEssentials
package import Platform
package import Storage

/// Questions that the store answers alone: they work offline, and leave nothing in the audit log.
extension Operations {
  /// The newest activities that pass, the newest first.
  /// - Parameter place: of the last one of the page before; nil for the first page.
  package func activities(
    _ filter: ActivityFilter, since: Date? = nil, until: Date? = nil, before place: Int64? = nil, limit: Int
  ) async throws(Problem) -> [StoredActivity] {
    try await storage.newest(ActivityQuery(filter, since: since, until: until), before: place, limit: limit)
  }

  /// Nil when it is not in the store.
  package func kept(_ id: ID<Activity>) throws(Problem) -> StoredActivity? { try storage.activity(id) }

  /// The oldest ones that pass, the oldest first.
  /// - Parameter place: of the last one of the page before; nil for the first page.
  package func oldestActivities(
    _ filter: ActivityFilter, after place: Int64? = nil, limit: Int
  ) async throws(Problem) -> [StoredActivity] {
    try await storage.oldest(ActivityQuery(filter), after: place, limit: limit)
  }

  /// How many pass in each stretch of time; see ``Storage/spread(_:excluding:in:bars:)``.
  package func spread(
    _ filter: ActivityFilter, excluding excluded: [String], in range: Range<Date>?, bars: Int
  ) async throws(Problem) -> Storage.Spread? {
    try await storage.spread(filter, excluding: excluded, in: range, bars: bars)
  }

  /// Where an activity of that time would stand.
  package static func place(at date: Date) -> Int64 { Storage.place(at: date) }

  package func count(_ filter: ActivityFilter) async throws(Problem) -> Int {
    try await storage.count(ActivityQuery(filter))
  }

  /// Refused exchanges by rule, reason and subject, the latest first.
  package func denials(
    _ filter: ActivityFilter = .everything, since: Date? = nil
  ) async throws(Problem) -> [DenialGroup] {
    try await storage.denials(ActivityQuery(filter, since: since))
  }

  /// The values that a field has among what passes, most first.
  package func values(
    of field: ActivityField, in filter: ActivityFilter, limit: Int
  ) async throws(Problem) -> Storage.Values {
    try await storage.values(of: field, in: ActivityQuery(filter), limit: limit)
  }
}
