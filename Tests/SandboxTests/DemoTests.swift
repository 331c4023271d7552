import Platform
import Sandbox
import Testing

@Suite("The example organization")
struct DemoTests {
  @Test("has what a person would expect to find, and the same every time")
  func content() async throws {
    let clients = [try Client(.demo), try Client(.demo)]
    var counts: [String: Int] = [:]
    for path in ["service_accounts", "federation_issuers", "federation_rules", "api_keys", "users", "workspaces"] {
      let query =
        path.contains("service") || path.contains("federation") ? "?include_archived=true&limit=100" : "?limit=100"
      let lists = [
        try await clients[0].ask(.get, path + query).json, try await clients[1].ask(.get, path + query).json,
      ]
      #expect(lists[0] == lists[1])
      counts[path] = lists[0]["data"]?.array?.count
    }
    #expect(
      counts == [
        "service_accounts": 12, "federation_issuers": 8, "federation_rules": 20, "api_keys": 25, "users": 8,
        "workspaces": 3,
      ])
  }

  @Test("tells of 30 days, with exchanges that were refused for several reasons")
  func history() async throws {
    let client = try Client(.demo)
    let events = try await client.ask(
      .get, "/v1/compliance/activities?activity_types[]=platform_federated_authentication&limit=5000", as: .adminKey
    ).rows
    #expect(events.count > 800)
    let reasons = Set(events.compactMap { $0.at("status.reason")?.string })
    #expect(reasons.isSuperset(of: ["match_subject_prefix", "workspace_id_required", "rule_archived"]))
    let oldest = try #require(events.last?["created_at"]?.string)
    #expect(oldest < "2026-10-26" && oldest > "2026-10-24")
  }

  @Test("has use that the reports agree on")
  func reports() async throws {
    let client = try Client(.demo)
    let flag = [("anthropic-beta", "analytics-usage-cost-2026-08-24")]
    let range = "starting_at=2026-11-01T00:00:00Z&ending_at=2026-11-08T00:00:00Z"
    func cents(_ rows: [JSON], _ path: String) -> Double {
      rows.reduce(0) { $0 + (Double($1.at(path)?.string ?? "") ?? .nan) }
    }
    let classic = try await client.ask(.get, "cost_report?\(range)&group_by[]=workspace_id", as: .adminKey).rows
    let days = classic.flatMap { $0["results"]?.array ?? [] }
    for groups in [
      "", "&group_by[]=actor&limit=1000", "&group_by[]=model&group_by[]=token_type&limit=1000",
      "&time_bucket_width=1d&limit=1000",
    ] {
      let rows = try await client.ask(.get, "analytics/cost?\(range)\(groups)", as: .adminKey, headers: flag).rows
      #expect(abs(cents(rows, "cost.amount") - cents(days, "amount")) < 0.001, "\(groups)")
    }
    let usage = try await client.ask(.get, "usage_report/messages?\(range)", as: .adminKey).rows
    let output = usage.reduce(0) { $0 + ($1.at("results.0.output_tokens")?.int ?? 0) }
    let whole = try await client.ask(.get, "analytics/usage?\(range)", as: .adminKey, headers: flag).rows
    #expect(whole.count == 1 && whole[0].at("usage.output_tokens")?.int == output)
  }

  @Test("comes in any size", arguments: [1, 30])
  func scale(size: Int) async throws {
    let client = try Client(.size(size))
    #expect(try await client.ask(.get, "federation_rules?limit=100").rows.count == size)
    #expect(try await client.ask(.get, "/v1/compliance/activities?limit=5000", as: .adminKey).rows.count == 100 * size)
  }
}
