package import FoundationEssentials
package import Platform

/// Which activities are asked for; the platform filters by nothing else. It is to stay the same during a walk.
package struct ActivityFilter: Hashable, Sendable {
  /// Only these, or all but those; not both.
  package var types, excludedTypes: [String]
  /// `user_…`; other actors cannot be asked for.
  package var userIDs: [String]
  /// Created at this time or later.
  package var since: Date?
  /// Created before this time.
  package var before: Date?
  /// Oldest first. Turns the meaning of both cursors round.
  package var isAscending: Bool

  package init(
    types: [String] = [], excludedTypes: [String] = [], userIDs: [String] = [], since: Date? = nil,
    before: Date? = nil, isAscending: Bool = false
  ) {
    (self.types, self.excludedTypes, self.userIDs) = (types, excludedTypes, userIDs)
    (self.since, self.before, self.isAscending) = (since, before, isAscending)
  }

  /// Everything but the traces that reading the feed leaves in it, without which a tail would never go quiet.
  package static let quiet = ActivityFilter(excludedTypes: ["compliance_api_accessed"])

  var query: [Request.Item] {
    var query = types.map { Request.Item("activity_types[]", $0) }
    query += excludedTypes.map { Request.Item("exclude_activity_types[]", $0) }
    query += userIDs.map { Request.Item("actor_ids[]", $0) }
    if let since { query.append(Request.Item("created_at.gte", since.timestamp)) }
    if let before { query.append(Request.Item("created_at.lt", before.timestamp)) }
    if isAscending { query.append(Request.Item("order", "asc")) }
    return query
  }
}

extension PlatformClient {
  /// The page just newer than `cursor`, a former page's first; newest first. Go on with this page's first while
  /// there is more.
  package func activities(
    newerThan cursor: String, limit: Int, matching filter: ActivityFilter = .quiet
  ) async throws(Problem) -> CursorPage<Activity> {
    try await activities(filter.isAscending ? "after_id" : "before_id", cursor, limit, filter)
  }

  /// The page just older than `cursor`, a former page's last; the newest page of all when that is nil. Newest first.
  package func activities(
    olderThan cursor: String?, limit: Int, matching filter: ActivityFilter = .quiet
  ) async throws(Problem) -> CursorPage<Activity> {
    try await activities(filter.isAscending ? "before_id" : "after_id", cursor, limit, filter)
  }

  private func activities(
    _ parameter: String, _ cursor: String?, _ limit: Int, _ filter: ActivityFilter
  ) async throws(Problem) -> CursorPage<Activity> {
    var query = filter.query + [Request.Item("limit", String(limit))]
    if let cursor { query.append(Request.Item(parameter, cursor)) }
    let call = Call.get("/v1/compliance/activities", .feed, query, failure: "The activity feed was not read")
    let json = try await json(call)
    let rows = try rows(json, call)
    let items = rows.compactMap { try? Activity(json: $0) }
    return CursorPage(
      items: items, hasMore: json["has_more"]?.bool ?? false, first: json["first_id"]?.string,
      last: json["last_id"]?.string, rejected: rows.count - items.count)
  }

  /// Whether activities are being recorded. What happens while they are not is never seen.
  package func isFeedEnabled() async throws(Problem) -> Bool {
    let call = Call.get(
      "/v1/organizations/compliance_settings", .keysAndUsage, failure: "It was not read whether the feed is on")
    let state = try await json(call)["state"]
    guard let text = state?["type"]?.string ?? state?.string else {
      throw Refusal.nonsense(call.failure, "state is not a string", requestID: nil)
    }
    return text == "enabled"
  }
}
