import Operations
import Platform
import PlatformClient
import Sandbox
import Storage
import Testing

@Suite("The journal of changes")
struct JournalingTests {
  typealias Act = @Sendable (Operations) async throws -> Void

  /// Each change that can be taken back without a trace in what it was made to.
  static let reversible: [(action: String, act: Act)] = [
    ("accounts.update", { _ = try await $0.updateAccount($0.account("ci").id, AccountUpdate(description: "x")) }),
    (
      "issuers.update",
      { _ = try await $0.updateIssuer($0.issuer("idp").id, IssuerUpdate(checksJTI: false, maxTokenLifetime: 77)) }
    ),
    (
      "rules.update",
      {
        let match = FederationRule.Match(subjectPrefix: "other", claims: ["a": "b"])
        _ = try await $0.updateRule(
          $0.rule("rule-0").id, RuleUpdate(description: "x", match: match, accountID: $0.account("docs").id))
      }
    ),
    (
      "accounts.add-workspace",
      {
        _ = try await $0.addWorkspace($0.workspace("default").id, to: $0.account("ci").id, role: "workspace_admin")
      }
    ),
    (
      "rules.remove-workspace", { try await $0.removeWorkspace($0.workspace("default").id, from: $0.rule("rule-0").id) }
    ),
  ]

  @Test("takes back what the platform can take back", arguments: reversible)
  func undo(_ row: (action: String, act: Act)) async throws {
    let operations = try await Workbench.small().operations
    let before = try await operations.setUp()
    try await row.act(operations)
    #expect(!before.differences(to: try await operations.setUp()).isEmpty)
    let change = try #require(try operations.journal(limit: 1).first).change
    #expect(change.action == row.action && change.outcome == .done && change.requestID?.hasPrefix("req_") == true)
    #expect(Operations.undoing(change) != nil)
    try await operations.undo(change)
    #expect(before.differences(to: try await operations.setUp()).isEmpty)
  }

  @Test("makes an archived rule again, and archives what was created")
  func undoForGood() async throws {
    let operations = try await Workbench.small().operations
    _ = try await operations.archiveRule(operations.rule("rule-1").id)
    try await operations.undo(try #require(try operations.journal(limit: 1).first).change)
    let again = try await operations.rule("rule-1-2")
    #expect(again.match.subjectPrefix == "job:1" && again.workspaceIDs.count == 1)
    // The last entry is now the creation of that rule.
    try await operations.undo(try #require(try operations.journal(limit: 1).first).change)
    #expect(try await operations.rule("rule-1-2").isArchived)
  }

  @Test("does not take back what somebody changed again since")
  func changedSince() async throws {
    let operations = try await Workbench.small().operations
    let id = try await operations.rule("rule-0").id
    _ = try await operations.updateRule(id, RuleUpdate(tokenLifetime: 100))
    let change = try #require(try operations.journal(limit: 1).first).change
    _ = try await operations.client.updateRule(id, RuleUpdate(name: "elsewhere"))
    _ = try await operations.client.updateRule(id, RuleUpdate(tokenLifetime: 200))
    let problem = await #expect(throws: Problem.self) { try await operations.undo(change) }
    #expect(problem?.cause == "it was changed again since: token_lifetime_seconds: 100 -> 200")
  }

  @Test("leaves a change open when its answer was lost, and calls a refused one failed")
  func outcomes() async throws {
    let bench = try await Workbench.small()
    let rule = try await bench.operations.rule("rule-0")
    try await bench.sandbox.setFaults([Fault("drop=after,path=/v1/organizations/federation_rules/\(rule.id)/archive")])
    let lost = await #expect(throws: Problem.self) { try await bench.operations.archiveRule(rule.id) }
    #expect(lost?.isUncertain == true)
    let open = try #require(try bench.operations.storage.openChanges().first).change
    #expect(open.action == "rules.archive" && Operations.undoing(open) == nil)
    await bench.sandbox.setFaults([])
    #expect(try await bench.operations.rule(rule.id.description).isArchived)
    await #expect(throws: Problem.self) {
      try await bench.operations.updateRule(rule.id, RuleUpdate(tokenLifetime: 100))
    }
    let failed = try #require(try bench.operations.journal(limit: 1).first).change
    guard case .failed(let line) = failed.outcome else { return #expect(Bool(false), "\(failed.outcome)") }
    #expect(line.hasPrefix("The rule was not changed"))
  }

  @Test("keeps whole lists, to be shown at once the next time")
  func lists() async throws {
    let operations = try await Workbench.small().operations
    #expect(try operations.lastSeen(FederationRule.self) == nil)
    let rules = try await operations.rules(includeArchived: true)
    #expect(try operations.lastSeen(FederationRule.self)?.items == rules)
  }
}
