import Operations
import Platform
import PlatformClient
import Sandbox
import Testing

@Suite("The set-up as one document")
struct SetUpTests {
  @Test("comes back the same from its text, and does not differ from what is live")
  func roundTrip() async throws {
    let operations = try await Workbench.small().operations
    let setUp = try await operations.setUp()
    let read = try SetUp(json: JSON(parsing: setUp.json.pretty))
    #expect(read.json == setUp.json)
    #expect(read.differences(to: try await operations.setUp()).isEmpty)
    #expect(!setUp.json.compact.contains("_at\":"), "times would differ from day to day")
  }

  @Test("tells what came, went and changed")
  func differences() async throws {
    let operations = try await Workbench.small().operations
    let before = try await operations.setUp()
    let rule = try #require(try await operations.rules().first { Scope.isManageable($0.scope) })
    let other = try #require(try await operations.rules().last { Scope.isManageable($0.scope) })
    _ = try await operations.updateRule(rule.id, RuleUpdate(name: "renamed", tokenLifetime: 77))
    _ = try await operations.archiveRule(other.id)
    let account = try await operations.createAccount(AccountDraft(name: "new"))
    let workspace = try await operations.workspace("default")
    _ = try await operations.addWorkspace(workspace.id, to: account.id, role: "workspace_developer")
    let differences = before.differences(to: try await operations.setUp())
    #expect(Set(differences.map(\.id)) == [rule.id.description, other.id.description, account.id.description])
    let changed = try #require(differences.first { $0.kind == .changed })
    #expect(changed.changes.map(\.field) == ["name", "token_lifetime_seconds"])
    #expect(differences.first { $0.kind == .removed }?.name == other.name)
    #expect(differences.first { $0.kind == .added }?.section == .accounts)
  }

  @Test("compares another organization's by name")
  func otherOrganization() async throws {
    let setUp = try await Workbench.small().operations.setUp()
    var json = setUp.json.object ?? [:]
    json["organization_id"] = "another"
    json["service_accounts"] = .array(
      (json["service_accounts"]?.array ?? []).map { item in
        var item = item.object ?? [:]
        item["id"] = "svac_elsewhere"
        return .object(item)
      })
    #expect(setUp.differences(to: try SetUp(json: .object(json))).isEmpty)
  }

  @Test("says what is wrong with a document that is none", arguments: ["{}", "[]", #"{"format":"gatehouse-setup/1"}"#])
  func invalid(text: String) throws {
    let problem = #expect(throws: Problem.self) { try SetUp(json: JSON(parsing: text)) }
    #expect(problem?.kind == .usage)
  }

  @Test("counts null and absent as the same, and goes into objects but not into lists")
  func fieldChanges() {
    let changes = FieldChange.list(
      from: ["a": nil, "b": ["c": 1, "d": [1, 2]], "e": 1], to: ["b": ["c": 2, "d": [2, 1]], "e": 1, "f": ["g": 0]])
    #expect(changes.map(\.line) == ["b.c: 1 -> 2", "b.d: [1,2] -> [2,1]", "f.g: none -> 0"])
  }
}
