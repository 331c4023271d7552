import Platform
import Sandbox
import Testing

@Suite("Service accounts of the sandbox")
struct AccountTests {
  @Test("are made, read, listed newest first and archived")
  func lifecycle() async throws {
    let client = try Client()
    let first = try await client.account("first")
    let second = try await client.account("second")
    #expect(try await client.ask(.get, "service_accounts").rows.map { $0["id"]?.string } == [second, first])
    #expect(try await client.ask(.get, "service_accounts/\(first)").json["name"] == "first")
    let archived = try await client.ask(.post, "service_accounts/\(first)/archive").json
    #expect(archived["archived_at"] == "2026-11-24T09:00:00.000000Z")
    #expect(try await client.ask(.get, "service_accounts").rows.count == 1)
    #expect(try await client.ask(.get, "service_accounts?include_archived=true").rows.count == 2)
    #expect(try await client.ask(.post, "service_accounts/\(first)/archive").json == archived)
  }

  @Test(
    "are refused with the field in front",
    arguments: [
      ([:], "name: Field required"),
      (["name": ""], "name: String should have at least 1 character"),
      (["name": "Bad Name"], "name: String should match pattern '^[a-z0-9-]+$'"),
      (["name": 3], "name: Input should be a valid string"),
      (["name": "a", "description": 3], "description: Input should be a valid string"),
      (["name": "a", "organization_role": "owner"], "organization_role: Input should be 'developer' or 'admin'"),
      (["name": "a", "colour": "red"], "colour: Extra inputs are not permitted"),
    ] as [(JSON, String)])
  func validation(body: JSON, message: String) async throws {
    let reply = try await Client().ask(.post, "service_accounts", body)
    #expect((reply.status, reply.type, reply.message) == (400, "invalid_request_error", message))
    #expect(reply.header("request-id") == reply.json["request_id"]?.string)
  }

  @Test("keep their names when archived, and never change them")
  func names() async throws {
    let client = try Client()
    let id = try await client.account("once")
    _ = try await client.ask(.post, "service_accounts/\(id)/archive")
    let again = try await client.ask(.post, "service_accounts", ["name": "once"])
    #expect((again.status, again.type) == (409, "conflict_error"))
    #expect(try await client.ask(.post, "service_accounts/\(id)", ["description": "x"]).status == 400)
    let other = try await client.account("other")
    #expect(try await client.ask(.post, "service_accounts/\(other)", ["name": "new"]).status == 400)
    let cleared = try await client.ask(.post, "service_accounts/\(other)", ["description": nil])
    #expect(cleared.json["description"] == "")
  }

  @Test("come in pages without gap or repeat, and a made-up cursor is refused")
  func pages() async throws {
    let client = try Client()
    for number in 1...45 { _ = try await client.account("account-\(number)") }
    var (seen, sizes, cursor) = ([String](), [Int](), "")
    repeat {
      let page = try await client.ask(.get, "service_accounts?limit=20&page=\(cursor)")
      seen += page.rows.compactMap { $0["name"]?.string }
      sizes.append(page.rows.count)
      cursor = page.json["next_page"]?.string ?? ""
    } while !cursor.isEmpty
    #expect(sizes == [20, 20, 5])
    #expect(seen == (1...45).reversed().map { "account-\($0)" })
    #expect(try await client.ask(.get, "service_accounts?page=abc").status == 400)
    #expect(
      try await client.ask(.get, "service_accounts?limit=101").message
        == "limit: Input should be less than or equal to 100")
  }

  @Test("belong to the default workspace of themselves, and to others by either side")
  func memberships() async throws {
    let client = try Client()
    let id = try await client.account()
    let path = "service_accounts/\(id)/workspaces"
    #expect(try await client.ask(.get, path).rows.map { $0["implicit"] } == [true])
    let other = try await client.make("workspaces", ["name": "Other"])["id"]?.string ?? ""
    _ = try await client.make(
      "workspaces/\(other)/service_accounts", ["service_account_id": .string(id), "workspace_role": "workspace_user"])
    _ = try await client.make(path, ["workspace_id": .string(other), "workspace_role": "workspace_admin"])
    #expect(
      try await client.ask(.get, path).rows.map { $0["workspace_role"] } == ["workspace_user", "workspace_admin"])
    #expect(try await client.ask(.get, path + "?limit=1").rows.count == 2)
    #expect(try await client.ask(.get, "workspaces/\(client.workspace)/service_accounts").rows.isEmpty)
    #expect(
      try await client.ask(.get, "workspaces/\(client.workspace)/service_accounts/\(id)").json["implicit"] == true)
    #expect(
      try await client.ask(
        .post, "workspaces/\(client.workspace)/service_accounts/\(id)", ["workspace_role": "workspace_admin"]
      ).status == 404)
    for _ in 1...2 { #expect(try await client.ask(.delete, "\(path)/\(other)").status == 200) }
    #expect(try await client.ask(.get, path).rows.count == 1)
    let types = try await client.feed().compactMap { $0["type"]?.string }.filter { $0.contains("member") }
    #expect(types.map { $0.split(separator: "_").last } == ["removed", "updated", "added"])
  }
}
