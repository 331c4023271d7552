import Foundation
import Platform
import PlatformClient
import Testing

@Suite("The platform's client")
struct ClientTests {
  @Test("follows every page, of both kinds")
  func pages() async throws {
    let paged = ScriptedTransport(
      .ok(Sample.page([Sample.account(1), Sample.account(2)], next: "more/==")), .ok(Sample.page([Sample.account(3)])))
    #expect(
      try await PlatformClient.scripted(paged).accounts().map(\.id.description) == ["svac_1", "svac_2", "svac_3"])
    #expect(
      paged.lines == [
        "GET /v1/organizations/service_accounts?limit=100",
        "GET /v1/organizations/service_accounts?limit=100&page=more%2F%3D%3D",
      ])
    let walked = ScriptedTransport(
      .ok(Sample.idPage([Sample.workspace(1)], more: true)), .ok(Sample.idPage([Sample.workspace(2)])))
    #expect(try await PlatformClient.scripted(walked).workspaces().count == 2)
    #expect(
      walked.lines.last
        == "GET /v1/organizations/workspaces?include_default=true&limit=1000&after_id=wrkspc_1")
  }

  @Test("does not follow pages that go round in a circle")
  func circle() async throws {
    let transport = ScriptedTransport(.ok(Sample.page([Sample.account(1)], next: "same")))
    let problem = await #expect(throws: Problem.self) { try await PlatformClient.scripted(transport).accounts() }
    #expect(problem?.code == "invalid_answer")
    #expect(transport.requests.count == 2)
  }

  @Test("sends each part of the platform the credential it takes, and the version and name of this program")
  func credentials() async throws {
    let transport = ScriptedTransport(
      .ok(Sample.page([])), .ok(Sample.idPage([])), .ok(Sample.idPage([])), .ok(["id": "1f6e", "name": "Acme"]))
    let client = PlatformClient.scripted(transport)
    _ = try await client.rules()
    _ = try await client.keys()
    _ = try await client.activities(olderThan: nil, limit: 5)
    _ = try await client.organization()
    #expect(
      transport.requests.map(\.credential) == [
        .bearer(Secret("token")), .apiKey(Secret("admin")), .apiKey(Secret("compliance")), .bearer(Secret("token")),
      ])
    let headers = transport.requests[0].headers
    #expect(headers.contains(Request.Item("anthropic-version", "2026-10-21")))
    #expect(headers.contains(Request.Item("user-agent", "gatehouse/\(gatehouseVersion)")))
    #expect(headers.contains(Request.Item("anthropic-beta", "oauth-2025-04-20")))
    #expect(transport.requests[2].headers.contains(Request.Item("anthropic-version", "2023-06-01")))
  }

  @Test("says which credential is missing, and sends nothing", arguments: [Area.federation, .keysAndUsage, .feed])
  func gaps(area: Area) async throws {
    let transport = ScriptedTransport(.ok(Sample.page([])))
    let client = PlatformClient(transport: transport, credentials: Credentials())
    let problem = await #expect(throws: Problem.self) {
      switch area {
      case .federation: _ = try await client.rules()
      case .keysAndUsage: _ = try await client.keys()
      default: _ = try await client.activities(olderThan: nil, limit: 1)
      }
    }
    #expect(problem?.kind == .credential && problem?.code == "credential_missing")
    #expect(problem?.remedy.contains(area == .federation ? "gatehouse login" : "ANTHROPIC_ADMIN_KEY") == true)
    #expect(transport.requests.isEmpty)
  }

  @Test("tries the other key of the feed where the first is refused")
  func secondKey() async throws {
    let transport = ScriptedTransport(
      .refusal(403, "permission_error"), .ok(Sample.idPage([Sample.activity(1)])))
    let page = try await PlatformClient.scripted(transport).activities(olderThan: nil, limit: 1)
    #expect(page.items.count == 1)
    #expect(transport.requests.map(\.credential) == [.apiKey(Secret("compliance")), .apiKey(Secret("admin"))])
  }

  @Test("tells of the likeliest credential when all are refused, and tries no second one when the way is broken")
  func allRefused() async throws {
    let refusing = ScriptedTransport(.refusal(401, "authentication_error"), .refusal(403, "permission_error"))
    let problem = await #expect(throws: Problem.self) { try await PlatformClient.scripted(refusing).keys() }
    #expect(problem?.status == 401 && refusing.requests.count == 2)
    let broken = ScriptedTransport(.fail(.untrusted("x")))
    await #expect(throws: Problem.self) { try await PlatformClient.scripted(broken).keys() }
    #expect(broken.requests.count == 1)
  }

  @Test("asks the feed for newer and older as it reads them, without the traces of reading it")
  func feedDirections() async throws {
    let transport = ScriptedTransport(.ok(Sample.idPage([Sample.activity(1), ["id": "activity_2"]])))
    let client = PlatformClient.scripted(transport)
    let page = try await client.activities(newerThan: "activity_0", limit: 10)
    #expect(page.items.count == 1 && page.rejected == 1)
    _ = try await client.activities(
      olderThan: "activity_0", limit: 10, matching: ActivityFilter(since: Date(timeIntervalSince1970: 0)))
    #expect(
      transport.lines == [
        "GET /v1/compliance/activities?exclude_activity_types%5B%5D=compliance_api_accessed&limit=10"
          + "&before_id=activity_0",
        "GET /v1/compliance/activities?created_at.gte=1970-01-01T00%3A00%3A00.000000Z&limit=10&after_id=activity_0",
      ])
  }

  @Test("renews a refused token once, then asks once more")
  func renewal() async throws {
    struct Renewing: CredentialSource {
      func credential(insteadOf rejected: Credential?) async throws(Problem) -> Credential {
        .bearer(Secret(rejected == nil ? "old" : "new"))
      }
    }
    let transport = ScriptedTransport(.refusal(401, "authentication_error"), .ok(Sample.account(1)))
    let client = PlatformClient(transport: transport, credentials: Credentials(token: Renewing()))
    _ = try await client.account(try ID("svac_1"))
    #expect(transport.requests.map(\.credential) == [.bearer(Secret("old")), .bearer(Secret("new"))])
  }

  @Test("reports a day's cost in the currency's hundredths")
  func reports() async throws {
    let transport = ScriptedTransport(
      .ok([
        "data": [
          [
            "starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-22T00:00:00Z",
            "group": ["actor": ["type": "service_account_actor", "service_account_id": "svac_1"], "model": "claude"],
            "cost": ["amount": "123456.78", "currency": "USD", "requests": 4211],
          ]
        ], "has_more": false, "next_page": nil,
      ]))
    let day = Date(timeIntervalSince1970: 0)
    let rows = try await PlatformClient.scripted(transport).costByIdentity(
      from: day, to: day + 86400, by: [.actor, .model], bucket: .day)
    #expect(rows.map(\.actor) == [.account(try ID("svac_1"))])
    #expect(rows[0].cost == UsageRow.Cost(cents: 123456.78, currency: "USD") && rows[0].requests == 4211)
    #expect(
      transport.lines == [
        "GET /v1/organizations/analytics/cost?starting_at=1970-01-01T00%3A00%3A00Z&ending_at=1970-01-02T00%3A00%3A00Z"
          + "&time_bucket_width=1d&group_by%5B%5D=actor&group_by%5B%5D=model&limit=1000"
      ])
    #expect(transport.requests[0].headers.contains(Request.Item("anthropic-beta", "analytics-usage-cost-2026-08-24")))
  }
}
