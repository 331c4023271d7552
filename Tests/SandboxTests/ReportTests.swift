import Platform
import Sandbox
import Testing

@Suite("Reports of the sandbox")
struct ReportTests {
  static let flag = [("anthropic-beta", "analytics-usage-cost-2026-08-24")]

  /// Two messages by a federated account, in one minute.
  private func used() async throws -> (Client, String) {
    let it = try await Exchanging()
    let token = Secret(try await it.exchange().json["access_token"]?.string ?? "")
    for _ in 1...2 {
      let message: JSON = [
        "model": "claude-sonnet-5", "max_tokens": 9, "messages": [["role": "user", "content": "hello"]],
      ]
      let reply = try await it.client.ask(.post, "/v1/messages", message, as: .token(token))
      #expect(reply.status == 200 && reply.header("anthropic-workspace-id") == it.client.workspace)
    }
    return (it.client, it.account)
  }

  @Test(
    "count a request once in each row it belongs to",
    arguments: [
      ("", 1), ("&group_by[]=actor", 1), ("&group_by[]=cost_type", 1), ("&group_by[]=token_type", 2),
      ("&time_bucket_width=1h&ending_at=2026-11-24T10:00:00Z", 1),
    ])
  func cost(query: String, rowCount: Int) async throws {
    let (client, _) = try await used()
    let rows = try await client.ask(
      .get, "analytics/cost?starting_at=2026-11-24T00:00:00Z\(query)", as: .adminKey, headers: Self.flag
    ).rows
    #expect(rows.count == rowCount && rows.allSatisfy { $0.at("cost.requests") == 2 }, "\(rows.map(\.compact))")
  }

  @Test("are filtered by identity, where an empty key stands for requests without one")
  func filters() async throws {
    let (client, account) = try await used()
    func count(_ query: String) async throws -> Int {
      try await client.ask(
        .get, "analytics/usage?starting_at=2026-11-24T00:00:00Z&\(query)", as: .adminKey, headers: Self.flag
      ).rows.count
    }
    #expect(try await count("actor_ids[]=\(account)") == 1)
    #expect(try await count("actor_ids[]=svac_01other") == 0)
    #expect(try await count("api_key_ids[]=") == 1)
    #expect(try await count("api_key_ids[]=apikey_01x") == 0)
    #expect(try await count("actor_types[]=service_account_actor&models[]=claude-sonnet-5") == 1)
  }

  @Test(
    "are refused when asked wrongly",
    arguments: [
      ("analytics/usage?starting_at=2026-11-24T00:00:00Z", "anthropic-beta"), ("analytics/usage", "starting_at"),
      ("analytics/usage?starting_at=2025-12-31T00:00:00Z", "starting_at"),
      ("analytics/usage?starting_at=2026-11-24T00:00:00Z&time_bucket_width=1d", "ending_at"),
      ("analytics/usage?starting_at=2026-10-01T00:00:00Z&ending_at=2026-11-24T00:00:00Z", "ending_at"),
      ("analytics/usage?starting_at=2026-11-24T00:00:00Z&group_by[]=colour", "group_by"),
      ("analytics/usage?starting_at=2026-11-24T00:00:00Z&group_by[]=cost_type", "group_by"),
      ("analytics/cost?starting_at=2026-11-24T00:00:00Z&order_by=requests", "order_by"),
      ("analytics/cost?starting_at=2026-11-24T00:00:00Z&exclude_deleted_users=true", "exclude_deleted_users"),
      ("usage_report/messages", "starting_at"),
      ("usage_report/messages?starting_at=2026-11-24T00:00:00Z&limit=32", "limit"),
      ("usage_report/messages?starting_at=2026-11-24T00:00:00Z&group_by[]=speed", "group_by"),
      ("cost_report?starting_at=2026-11-24T00:00:00Z&bucket_width=1h", "bucket_width"),
      ("cost_report?starting_at=yesterday", "starting_at"),
    ])
  func refused(target: String, field: String) async throws {
    let headers = field == "anthropic-beta" ? [] : Self.flag
    let reply = try await Client().ask(.get, target, as: .adminKey, headers: headers)
    #expect(reply.status == 400 && reply.message.hasPrefix(field + ": "), "\(reply.message)")
  }

  @Test("come in buckets that are there also when nothing was used, page by page")
  func buckets() async throws {
    let (client, _) = try await used()
    let start = "usage_report/messages?starting_at=2026-11-20T12:00:00Z&ending_at=2026-11-25T00:00:00Z"
    let first = try await client.ask(.get, start + "&limit=3", as: .adminKey)
    let second = try await client.ask(
      .get, start + "&limit=3&page=\(first.json["next_page"]?.string ?? "")", as: .adminKey)
    let days = (first.rows + second.rows).map { String($0["starting_at"]?.string?.prefix(10) ?? "") }
    #expect(days == (20...24).map { "2026-11-\($0)" })
    #expect(first.json["has_more"] == true && second.json["has_more"] == false)
    #expect(second.rows.last?.at("results.0.uncached_input_tokens")?.int ?? 0 > 0 && first.rows[0]["results"] == [])
  }
}
