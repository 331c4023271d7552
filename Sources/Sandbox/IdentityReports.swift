import FoundationEssentials
import Platform

/// Usage and cost by identity (Admin API, usage and cost by identity).
extension World {
  fileprivate static let flag = "analytics-usage-cost-2026-08-24"
  fileprivate static let groups = [
    "actor", "actor_type", "agent_id", "api_key_id", "claude_tag_category", "claude_tag_user_id", "context_window",
    "deployment_id", "environment_id", "inference_geo", "model", "organization_id", "product", "rbac_group_id",
    "service_tier", "session_id", "slack_channel_id", "speed", "user_profile_id", "workspace_id",
  ]
  fileprivate static let filters = [
    ("actor_id", "actor_ids"), ("actor_type", "actor_types"), ("api_key_id", "api_key_ids"),
    ("workspace_id", "workspace_ids"), ("model", "models"), ("product", "products"), ("service_tier", "service_tiers"),
    ("speed", "speeds"), ("context_window", "context_windows"), ("inference_geo", "inference_geos"),
    ("organization_id", "organization_ids"), ("user_profile_id", "user_profile_ids"), ("session_id", "session_ids"),
    ("agent_id", "agent_ids"), ("deployment_id", "deployment_ids"), ("environment_id", "environment_ids"),
    ("rbac_group_id", "rbac_group_ids"), ("slack_channel_id", "slack_channel_ids"),
    ("claude_tag_category", "claude_tag_categories"), ("claude_tag_user_id", "claude_tag_user_ids"),
  ]

  func usageByIdentity(_ call: Call) throws(Refusal) -> JSON {
    let orders = ["total_tokens", "output_tokens", "uncached_input_tokens", "requests", "time"]
    let report = try IdentityReport(call, groups: Self.groups, orders: orders)
    return report.answer(report.rows(of: self) { _ in [nil] }) { total in
      var usage = total.usage
      usage["total_tokens"] = JSON(total.tokens.total)
      usage["requests"] = JSON(total.requests)
      return ("usage", .object(usage))
    }
  }

  func costByIdentity(_ call: Call) throws(Refusal) -> JSON {
    let groups = Self.groups + ["cost_type", "token_type"]
    let report = try IdentityReport(call, groups: groups, orders: ["amount", "list_amount", "time"])
    return report.answer(report.rows(of: self, cut: Charge.all)) { total in
      let amount = JSON.string(Charge.text(total.amount))
      return (
        "cost", ["amount": amount, "list_amount": amount, "currency": "USD", "requests": JSON(total.requests)]
      )
    }
  }
}

/// One request for a report by identity: what it groups by, filters by and is ordered by.
private struct IdentityReport {
  private let known, groups: [String]
  private let filters: [(dimension: String, values: [String])]
  private let withoutDeleted: Bool
  private let buckets: Buckets
  private let order: String
  private let isAscending: Bool
  private let limit, offset: Int
  private let now: Date

  init(_ call: Call, groups known: [String], orders: [String]) throws(Refusal) {
    let flags = (call.header("anthropic-beta") ?? "").split { ", ".contains($0) }
    guard flags.contains(Substring(World.flag)) else {
      throw .invalid("anthropic-beta: this endpoint requires the flag \(World.flag)")
    }
    let query = try Query(
      call,
      [
        "starting_at", "ending_at", "time_bucket_width", "group_by[]", "order_by", "order", "exclude_deleted_users",
        "limit", "page",
      ] + World.filters.map { $0.1 + "[]" })
    groups = try World.groups(query, known)
    guard groups.filter({ !["cost_type", "token_type"].contains($0) }).count <= 5 else {
      throw .field("group_by", "List should have at most 5 items")
    }
    withoutDeleted = try query.flag("exclude_deleted_users")
    guard !withoutDeleted || groups.contains("actor") else {
      throw .field("exclude_deleted_users", "requires group_by[]=actor")
    }
    order = try query.word("order_by", orders)
    isAscending = try query.word("order", ["desc", "asc"]) == "asc"
    limit = try query.number("limit", 1...1000, default: 20)
    offset = try Self.offset(query)
    buckets = try Self.span(query, at: call.now)
    filters = World.filters.map { ($0.0, query.list($0.1)) }
    (self.known, now) = (known, call.now)
  }

  struct Row {
    let start, end: Int
    let key: [JSON]
    var total = Total()
  }

  /// - Parameter cut: the lines of a bill that a use is cut into; usage is not cut, and has nil for its one line.
  func rows(of world: World, cut: (Use) -> [Charge?]) -> [Row] {
    var rows: [Row] = []
    for start in buckets.beginnings {
      let end = min(start + buckets.width, buckets.end)
      var places: [String: Int] = [:]
      for use in world.ledger.uses(from: start, to: end) where world.passes(use, filters) {
        if withoutDeleted, world.dimension("actor", of: use)["deleted"] == true { continue }
        var counted: Set<Int> = []
        for charge in cut(use) {
          let key = groups.map { name -> JSON in
            switch name {
            case "cost_type": JSON(charge?.costType)
            case "token_type": JSON(charge?.tokenType)
            default: world.dimension(name, of: use)
            }
          }
          let name = JSON.array(key).compact
          let place = places[name] ?? rows.count
          if place == rows.count {
            rows.append(Row(start: start, end: end, key: key))
            places[name] = place
          }
          // A use whose lines fall into one group is still one use.
          if counted.insert(place).inserted { rows[place].total.add(use) }
          rows[place].total.amount += charge?.amount ?? 0
        }
      }
    }
    return sorted(rows)
  }

  private func sorted(_ rows: [Row]) -> [Row] {
    // Rows of the same rank keep their order, so that pages do not overlap.
    let ranked = rows.enumerated().map { (rank: rank($1), place: $0, row: $1) }
    return ranked.sorted {
      $0.rank == $1.rank ? $0.place < $1.place : isAscending ? $0.rank < $1.rank : $0.rank > $1.rank
    }.map(\.row)
  }

  private func rank(_ row: Row) -> Int {
    switch order {
    case "time": row.start
    case "total_tokens": row.total.tokens.total
    case "output_tokens": row.total.tokens.output
    case "uncached_input_tokens": row.total.tokens.uncachedInput
    case "requests": row.total.requests
    default: row.total.amount
    }
  }

  /// - Parameter show: a total as the member of its name.
  func answer(_ rows: [Row], show: (Total) -> (name: String, value: JSON)) -> JSON {
    let shown = rows.dropFirst(offset).prefix(limit)
    let hasMore = rows.count > offset + shown.count
    return [
      "data": .array(
        shown.map { row in
          var group = Document()
          for name in known { group[name] = groups.firstIndex(of: name).map { row.key[$0] } ?? .null }
          let (name, value) = show(row.total)
          return .object([
            "starting_at": Buckets.time(row.start), "ending_at": Buckets.time(row.end), "group": .object(group),
            name: value,
          ])
        }),
      "has_more": .bool(hasMore),
      "next_page": hasMore ? .string(Cursor.make(String(offset + shown.count), of: "identity")) : .null,
      "data_refreshed_at": JSON(now),
    ]
  }

  private static func offset(_ query: Query) throws(Refusal) -> Int {
    guard let page = query.text("page"), !page.isEmpty else { return 0 }
    guard let offset = Cursor.read(page, of: "identity").flatMap({ Int($0) }) else {
      throw .field("page", "The cursor is not valid. Start again without it.")
    }
    return offset
  }

  /// The range that is asked for. Without a width it is one span, rounded down to hours.
  private static func span(_ query: Query, at now: Date) throws(Refusal) -> Buckets {
    guard let start = try query.time("starting_at") else { throw .field("starting_at", "Field required") }
    guard start >= Date(timeIntervalSince1970: 1_767_225_600), start >= now.addingTimeInterval(-365 * 86400) else {
      throw .field("starting_at", "must be within the last 365 days and no earlier than 2026-01-01T00:00:00Z")
    }
    let width = query.text("time_bucket_width")
    if let width, let fault = Check.word(["1d", "1h", "1m"])(.string(width)) {
      throw .field("time_bucket_width", fault)
    }
    guard
      let end = try query.time("ending_at")
        ?? (width == nil ? min(Buckets.end(of: now), start.addingTimeInterval(31 * 86400)) : nil)
    else { throw .field("ending_at", "Field required with time_bucket_width") }
    guard end > start else { throw .field("ending_at", "must be after starting_at") }
    let longest = width == "1m" ? 86400.0 : 31 * 86400
    guard end.timeIntervalSince(start) <= longest else {
      throw .field("ending_at", "the range may be at most \(width == "1m" ? "24 hours" : "31 days")")
    }
    let (first, last) = (Int(start.timeIntervalSince1970) / 60, Int(end.timeIntervalSince1970.rounded(.up) / 60))
    if let minutes = width.flatMap({ Buckets.widths[$0] }) { return Buckets(start: first, end: last, width: minutes) }
    // The running hour counts whole, or the newest requests would be missing.
    let (low, high) = (first / 60 * 60, (last + 59) / 60 * 60)
    return Buckets(start: low, end: high, width: max(60, high - low), isWhole: true)
  }
}
