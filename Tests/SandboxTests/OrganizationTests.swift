import Platform
import Sandbox
import Testing

@Suite("Workspaces, people and keys of the sandbox")
struct OrganizationTests {
  @Test("merge the tags of a workspace, where null takes one away")
  func tags() async throws {
    let client = try Client()
    let id = try await client.make("workspaces", ["name": "A", "tags": ["a": "1", "b": "2"]])["id"]?.string ?? ""
    let changed = try await client.make("workspaces/\(id)", ["tags": ["a": nil, "c": "3"]])
    #expect(changed["tags"] == ["b": "2", "c": "3"])
    #expect(try await client.ask(.post, "workspaces", ["name": "B", "tags": ["anthropic-x": "1"]]).status == 400)
  }

  @Test("limit a workspace, and take the limit away")
  func limits() async throws {
    let client = try Client()
    let id = try await client.make("workspaces", ["name": "A"])["id"]?.string ?? ""
    let limit = try await client.ask(.get, "rate_limits?group_type=batch").rows.first?["id"]?.string ?? ""
    func set(_ value: JSON) async throws -> Client.Reply {
      try await client.ask(
        .post, "workspaces/\(id)/rate_limits/\(limit)", ["limits": [["type": "requests_per_minute", "value": value]]])
    }
    #expect(try await set(5).json.at("limits.0.value") == 5)
    #expect(try await client.ask(.get, "workspaces/\(id)/rate_limits").rows.count == 1)
    #expect(try await set(nil).status == 200)
    #expect(try await client.ask(.get, "workspaces/\(id)/rate_limits").rows.isEmpty)
    #expect(try await set("many").message == "limits.0.value: Input should be a valid integer")
    #expect(
      try await client.feed().prefix(2).map { $0["type"] } == [
        "platform_workspace_rate_limit_deleted", "platform_workspace_rate_limit_updated",
      ])
  }

  @Test("let the demonstration's people be removed with their keys, but no administrator")
  func people() async throws {
    let client = try Client(.demo)
    func user(_ email: String) async throws -> String {
      try await client.ask(.get, "users?email=\(email)").rows.first?["id"]?.string ?? ""
    }
    let emi = try await user("emi@acme.example")
    let keys = {
      try await client.ask(.get, "api_keys?limit=100").rows.filter { $0.at("principal.user_id")?.string == emi }
    }
    #expect(try await keys().map { $0["status"] } == ["active"])
    #expect(try await client.ask(.delete, "users/\(emi)").json["type"] == "user_deleted")
    #expect(try await keys().map { $0["status"] } == ["archived"])
    #expect(try await client.ask(.delete, "users/\(try await user("bo@acme.example"))").status == 400)
  }

  @Test("stop every key of a workspace that is archived, and of an account")
  func keys() async throws {
    let client = try Client(.demo)
    let secrets = try await client.ask(.get, "/_sandbox/keys").json["keys"]?.object ?? [:]
    let keys = try await client.ask(.get, "api_keys?limit=100").rows
    func works(_ name: String) async throws -> Bool {
      let id = keys.first { $0["name"]?.string == name }?["id"]?.string ?? ""
      return try await client.ask(.get, "/v1/models", as: .key(Secret(secrets[id]?.string ?? ""))).status == 200
    }
    #expect(try await works("dele-laptop"))
    for name in ["backend-prod-2024", "old-experiment", "wiki-import"] { #expect(try await works(name) == false) }
    let staging = keys.first { $0["name"] == "dele-laptop" }?.at("scope.workspace_id")?.string ?? ""
    #expect(try await client.ask(.post, "workspaces/\(staging)/archive").status == 200)
    #expect(try await works("dele-laptop") == false)
  }

  @Test("write what each version of the contract writes")
  func versions() async throws {
    var client = try Client(.demo)
    let newer = try await client.ask(.get, "api_keys?limit=1").rows[0]
    let limit = try await client.ask(.get, "rate_limits").rows[0]
    client.version = "2023-06-01"
    let older = try await client.ask(.get, "api_keys?limit=1").rows[0]
    #expect(newer["workspace_id"] == nil && older["workspace_id"] != nil)
    #expect(limit["group_type"] == nil)
    #expect(try await client.ask(.get, "rate_limits").rows[0]["group_type"] == limit.at("group.type"))
    client.version = "2020-01-01"
    #expect(try await client.ask(.get, "me").message.hasPrefix("anthropic-version: "))
  }
}
