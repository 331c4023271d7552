import Foundation
import Platform
import Sandbox
import Testing

@Suite("A sandbox with a state file")
struct JournalTests {
  private func withFile(_ body: (String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "sandbox-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  private func open(_ path: String, seed: UInt64 = 3) throws -> Client {
    Client(try Sandbox(seed: seed, now: { Client.now }, state: path))
  }

  @Test("goes on where it stopped, with all that it answered, whatever the seed is now")
  func reopened() async throws {
    try await withFile { path in
      var before = Client.Reply.none
      var (token, key) = (Secret(""), Secret(""))
      do {
        let it = try await Exchanging(clientAt: try open(path))
        _ = try await it.client.ask(.post, "service_accounts/\(try await it.client.account("gone"))/archive")
        token = Secret(try await it.exchange().json["access_token"]?.string ?? "")
        before = try await it.client.ask(.get, "service_accounts?include_archived=true")
        key = it.client.sandbox.credentials.adminKey
        #expect(try await it.client.feed().count == 6)
      }
      let client = try open(path, seed: 99)
      #expect(try await client.ask(.get, "service_accounts?include_archived=true").json == before.json)
      #expect(try await client.ask(.get, "/v1/models", as: .token(token)).status == 200)
      #expect(client.sandbox.credentials.adminKey == key)
      #expect(try await client.feed().count == 6)
      let again = try await client.account("new")
      #expect(!before.rows.contains { $0["id"]?.string == again })
    }
  }

  @Test("keeps the example organization whole, what it used and what happened in it included")
  func example() async throws {
    try await withFile { path in
      func look() async throws -> [JSON] {
        let client = Client(try Sandbox(scenario: .demo, seed: 3, now: { Client.now }, state: path))
        let cost = "cost_report?starting_at=2026-11-01T00:00:00Z&limit=31&group_by[]=description"
        var seen: [JSON] = []
        for path in ["federation_rules?include_archived=true&limit=100", "api_keys?limit=100", cost] {
          seen.append(try await client.ask(.get, path).json)
        }
        let feed = try await client.ask(
          .get, "/v1/compliance/activities?activity_types[]=platform_federated_authentication&limit=5000", as: .adminKey
        )
        return seen + [feed.json]
      }
      let (before, after) = (try await look(), try await look())
      #expect(before == after && before[3]["data"]?.array?.count ?? 0 > 800)
    }
  }

  @Test("still refuses a jti that was used before it stopped")
  func replay() async throws {
    try await withFile { path in
      let token: Secret
      do {
        let it = try await Exchanging(clientAt: try open(path))
        token = try it.client.sandbox.issuer.key.sign(it.claims())
        #expect(try await it.exchange(token).status == 200)
      }
      let client = try open(path)
      let it = try await Exchanging(existing: client)
      #expect(try await it.exchange(token).status == 401)
    }
  }

  @Test("leaves out a last line that was cut, and goes on behind what is whole")
  func torn() async throws {
    try await withFile { path in
      do { _ = try await open(path).account("kept") }
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      try (whole + Data(#"{"accounts":{"svac_x"#.utf8)).write(to: URL(fileURLWithPath: path))
      do {
        let client = try open(path)
        #expect(try await client.ask(.get, "service_accounts").rows.count == 1)
        _ = try await client.account("next")
      }
      #expect(try await open(path).ask(.get, "service_accounts").rows.map { $0["name"] } == ["next", "kept"])
    }
  }

  @Test("begins anew when even its beginning was cut")
  func cutBeginning() async throws {
    try await withFile { path in
      try Data(#"{"feed":[]}"#.utf8 + [0x0A] + #"{"feed":[],"acc"#.utf8).write(to: URL(fileURLWithPath: path))
      #expect(try await open(path).ask(.get, "me").status == 200)
      #expect(try await open(path).ask(.get, "me").status == 200)
    }
  }

  @Test("is for one sandbox at a time, for its owner only, and must be a journal")
  func guarded() async throws {
    try await withFile { path in
      let client = try open(path)
      #expect(throws: Problem.self) { try open(path) }
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      _ = client
      try Data("not a journal\n".utf8).write(to: URL(fileURLWithPath: path + "x"))
      #expect(throws: Problem.self) { try open(path + "x") }
      try FileManager.default.removeItem(atPath: path + "x")
    }
  }
}
