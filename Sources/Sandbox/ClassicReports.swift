import FoundationEssentials
import Platform

/// The classic usage and cost reports (Admin API, classic usage and cost).
extension World {
  private static let usageGroups = [
    "api_key_id", "workspace_id", "model", "service_tier", "context_window", "inference_geo", "speed", "account_id",
    "service_account_id",
  ]
  private static let usageFilters = [
    ("api_key_id", "api_key_ids"), ("workspace_id", "workspace_ids"), ("service_account_id", "service_account_ids"),
    ("account_id", "account_ids"), ("model", "models"), ("service_tier", "service_tiers"),
    ("context_window", "context_window"), ("inference_geo", "inference_geos"), ("speed", "speeds"),
  ]
  /// Buckets answered when no limit is given, and at most.
  private static let bucketLimits = ["1d": (7, 31), "1h": (24, 168), "1m": (60, 1440)]

  mutating func usageReport(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(
      call,
      ["starting_at", "ending_at", "bucket_width", "group_by[]", "limit", "page"]
        + Self.usageFilters.map { $0.1 + "[]" })
    let groups = try Self.groups(query, Self.usageGroups)
    let usesSpeed = groups.contains("speed") || !query.list("speeds").isEmpty
    guard !usesSpeed || call.header("anthropic-beta")?.contains("fast-mode-2026-02-01") == true else {
      throw .field("group_by", "speed requires the anthropic-beta flag fast-mode-2026-02-01")
    }
    let filters = Self.usageFilters.map { (dimension: $0.0, values: query.list($0.1)) }
    let report = try buckets(query, at: call.now, widths: ["1d", "1h", "1m"]) { uses in
      var totals: [(key: [JSON], total: Total)] = []
      var places: [[JSON]: Int] = [:]
      for use in uses where passes(use, filters) {
        let key = groups.map { classic($0, of: use) }
        let place = places[key] ?? totals.count
        if place == totals.count { totals.append((key, Total())) }
        places[key] = place
        totals[place].total.add(use)
      }
      return totals.map { key, total in
        var row = total.usage
        for name in Self.usageGroups where name != "speed" || usesSpeed {
          row[name] = groups.firstIndex(of: name).map { key[$0] } ?? .null
        }
        return .object(row)
      }
    }
    record("platform_usage_report_messages_viewed", by: call, [:])
    return report
  }

  mutating func costReport(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["starting_at", "ending_at", "bucket_width", "group_by[]", "limit", "page"])
    let groups = try Self.groups(query, ["workspace_id", "description"])
    let report = try buckets(query, at: call.now, widths: ["1d"]) { uses in
      var totals: [(key: [JSON], amount: Int, sample: (Use, Charge))] = []
      var places: [[JSON]: Int] = [:]
      for use in uses {
        for charge in Charge.all(of: use) {
          let key = groups.map { $0 == "description" ? .string(Self.title(use, charge)) : classic($0, of: use) }
          let place = places[key] ?? totals.count
          if place == totals.count { totals.append((key, 0, (use, charge))) }
          places[key] = place
          totals[place].amount += charge.amount
        }
      }
      return totals.map { Self.costRow($0.amount, groups, $0.key, $0.sample) }
    }
    record("platform_cost_report_viewed", by: call, [:])
    return report
  }

  private static func costRow(_ amount: Int, _ groups: [String], _ key: [JSON], _ sample: (Use, Charge)) -> JSON {
    let isDescribed = groups.contains("description")
    let (use, charge) = sample
    let isTokens = isDescribed && charge.tokenType != nil
    return [
      "amount": .string(Charge.text(amount)), "currency": "USD",
      "workspace_id": groups.firstIndex(of: "workspace_id").map { key[$0] } ?? .null,
      "description": isDescribed ? .string(title(use, charge)) : .null,
      "cost_type": isDescribed ? .string(charge.costType) : .null,
      "token_type": isDescribed ? JSON(charge.tokenType) : .null,
      "model": isTokens ? .string(use.model) : .null, "service_tier": isTokens ? "standard" : .null,
      "context_window": isTokens ? "0-200k" : .null, "inference_geo": isTokens ? "global" : .null,
    ]
  }

  private static func title(_ use: Use, _ charge: Charge) -> String {
    guard charge.tokenType != nil else { return "Web Search Usage" }
    let name = models.first { $0.0 == use.model }?.1 ?? use.model
    return "\(name) Usage - \(charge.title)"
  }

  /// These reports write null for the default workspace.
  private func classic(_ name: String, of use: Use) -> JSON {
    name == "workspace_id" && use.workspace == defaultWorkspace ? .null : dimension(name, of: use)
  }

  static func groups(_ query: Query, _ known: [String]) throws(Refusal) -> [String] {
    let groups = query.list("group_by")
    for group in groups {
      if let fault = Check.word(known)(.string(group)) { throw .field("group_by", fault) }
    }
    return groups
  }

  /// The report's answer: one row a bucket, each with the rows that `sum` makes of its uses.
  private func buckets(
    _ query: Query, at now: Date, widths: [String], sum: (ArraySlice<Use>) -> [JSON]
  ) throws(Refusal) -> JSON {
    let width = try query.word("bucket_width", widths)
    guard let start = try query.time("starting_at") else { throw .field("starting_at", "Field required") }
    let end = try query.time("ending_at") ?? Buckets.end(of: now)
    guard end > start else { throw .field("ending_at", "must be after starting_at") }
    let (usual, most) = Self.bucketLimits[width] ?? (7, 31)
    let limit = try query.number("limit", 1...most, default: usual)
    let minutes = Buckets.widths[width] ?? 1440
    var first = Int(start.timeIntervalSince1970) / 60
    if let page = query.text("page"), !page.isEmpty {
      guard let minute = Cursor.read(page, of: "report").flatMap({ Int($0) }) else {
        throw .field("page", "The cursor is not valid. Start again without it.")
      }
      first = minute
    }
    let buckets = Buckets(start: first, end: Int(end.timeIntervalSince1970.rounded(.up) / 60), width: minutes)
    let beginnings = Array(buckets.beginnings.prefix(limit + 1))
    let rows = beginnings.prefix(limit).map { minute -> JSON in
      [
        "starting_at": Buckets.time(minute), "ending_at": Buckets.time(minute + minutes),
        "results": .array(sum(ledger.uses(from: minute, to: minute + minutes))),
      ]
    }
    let next = beginnings.count > limit ? Cursor.make(String(beginnings[limit]), of: "report") : nil
    return ["data": .array(rows), "has_more": .bool(next != nil), "next_page": JSON(next)]
  }
}
