package import FoundationEssentials
package import Platform

/// What a report is split by. Open set.
package enum UsageGroup: String, Hashable, Sendable {
  case actor, model
  case key = "api_key_id"
  case workspace = "workspace_id"
}

/// The span of a report's rows.
package enum UsageBucketWidth: String, Hashable, Sendable {
  case minute = "1m"
  case hour = "1h"
  case day = "1d"
}

extension PlatformClient {
  /// Usage by identity, all pages. It trails the requests by minutes.
  /// - Parameters:
  ///   - start: within the last 365 days.
  ///   - end: not itself in the report, at most 31 days after `start`.
  ///   - bucket: nil for one row for the whole span.
  package func usageByIdentity(
    from start: Date, to end: Date, by groups: [UsageGroup], bucket: UsageBucketWidth? = nil
  ) async throws(Problem) -> [UsageRow] {
    try await identityReport("usage", start, end, groups, bucket)
  }

  /// Cost by identity, as ``usageByIdentity(from:to:by:bucket:)``.
  package func costByIdentity(
    from start: Date, to end: Date, by groups: [UsageGroup], bucket: UsageBucketWidth? = nil
  ) async throws(Problem) -> [UsageRow] {
    try await identityReport("cost", start, end, groups, bucket)
  }

  private func identityReport(
    _ name: String, _ start: Date, _ end: Date, _ groups: [UsageGroup], _ bucket: UsageBucketWidth?
  ) async throws(Problem) -> [UsageRow] {
    var query = PlatformClient.span(start, end)
    if let bucket { query.append(Request.Item("time_bucket_width", bucket.rawValue)) }
    query += groups.map { Request.Item("group_by[]", $0.rawValue) }
    var call = Call.get(
      "/v1/organizations/analytics/\(name)", .keysAndUsage, query, failure: "The \(name) report was not read")
    call.betas = ["analytics-usage-cost-2026-08-24"]
    return try await all(call, .page, limit: 1000)
  }

  /// Tokens by key, account, workspace or model from the classic report, all pages.
  /// - Parameter groups: names as the report has them, `api_key_id`, `service_account_id`, `workspace_id`, `model`.
  package func usageReport(
    from start: Date, to end: Date, by groups: [String], bucket: UsageBucketWidth = .day
  ) async throws(Problem) -> [UsageBucket] {
    let query =
      PlatformClient.span(start, end) + [Request.Item("bucket_width", bucket.rawValue)]
      + groups.map { Request.Item("group_by[]", $0) }
    return try await all(
      .get(
        "/v1/organizations/usage_report/messages", .keysAndUsage, query, failure: "The usage report was not read"),
      .page, limit: bucket.most)
  }

  /// Cost a day from the classic report, all pages; the last day may be missing yet.
  /// - Parameter groups: `workspace_id`, `description`.
  package func costReport(
    from start: Date, to end: Date, by groups: [String]
  ) async throws(Problem) -> [CostBucket] {
    let query = PlatformClient.span(start, end) + groups.map { Request.Item("group_by[]", $0) }
    return try await all(
      .get("/v1/organizations/cost_report", .keysAndUsage, query, failure: "The cost report was not read"), .page,
      limit: UsageBucketWidth.day.most)
  }

  private static func span(_ start: Date, _ end: Date) -> [Request.Item] {
    [
      Request.Item("starting_at", start.timestampToSecond), Request.Item("ending_at", end.timestampToSecond),
    ]
  }
}

extension UsageBucketWidth {
  /// Buckets that one page of the classic reports may hold.
  fileprivate var most: Int {
    switch self {
    case .minute: 1440
    case .hour: 168
    case .day: 31
    }
  }
}
