import Foundation
import Operations
import Platform
import PlatformClient
import Sandbox
import Testing

@Suite("What the program does")
struct OperationsTests {
  @Test("finds a thing by identifier or by name, and says how to find it otherwise")
  func references() async throws {
    let operations = try await Workbench.small().operations
    let account = try #require(try await operations.accounts().first)
    #expect(try await operations.account(account.name) == account)
    #expect(try await operations.account(account.id.description).id == account.id)
    let problem = await #expect(throws: Problem.self) { try await operations.account("nobody") }
    #expect(problem?.remedy == "gatehouse accounts list shows their names and identifiers.")
    #expect(try await operations.workspace("default").name == "Default")
  }

  @Test("refuses a name that the platform would, before it is sent, and proposes one")
  func names() async throws {
    let bench = try Workbench(.empty)
    let problem = await #expect(throws: Problem.self) {
      try await bench.operations.createAccount(AccountDraft(name: "CI Deploy!"))
    }
    #expect(problem?.kind == .usage && problem?.remedy == "Try ci-deploy.")
    #expect(bench.requests.all.isEmpty)
  }

  @Test("archives no account while rules lead to it, and names them")
  func accountDependants() async throws {
    let bench = try await Workbench.small()
    let rule = try #require(try await bench.operations.rules().first)
    let account = try await bench.operations.account(rule.accountID.description)
    let dependants = try await bench.operations.dependants(of: account.id)
    #expect(dependants.rules.contains(rule))
    let problem = await #expect(throws: Problem.self) { try await bench.operations.archiveAccount(account) }
    #expect(problem?.code == "has_dependants" && problem?.cause.contains(rule.name) == true)
    let issuer = try await bench.operations.issuer(rule.issuerID.description)
    let refusal = await #expect(throws: Problem.self) { try await bench.operations.archiveIssuer(issuer) }
    #expect(refusal?.cause.contains(rule.name) == true)
    #expect(bench.requests.changes.isEmpty)
  }

  @Test("turns a key off and on, and does not send what is so already")
  func keys() async throws {
    let bench = try Workbench(.demo)
    let key = try #require(try await bench.operations.keys(status: .active).first)
    bench.requests.forget()
    let off = try await bench.operations.disableKey(key)
    #expect(off.status == .inactive)
    #expect(try await bench.operations.disableKey(off) == off)
    #expect(try await bench.operations.enableKey(off).status == .active)
    let renamed = try await bench.operations.renameKey(key, to: "other")
    #expect(renamed.name == "other")
    let archived = try await bench.operations.archiveKey(key)
    let problem = await #expect(throws: Problem.self) { try await bench.operations.enableKey(archived) }
    #expect(problem?.code == "key_is_over")
    #expect(bench.requests.changes.count == 4)
  }

  @Test("shows what an edit of a rule changes before it is sent, and nothing when it changes nothing")
  func ruleChanges() async throws {
    let operations = try await Workbench.small().operations
    let rule = try #require(try await operations.rules().first { Scope.isManageable($0.scope) })
    var match = rule.match
    match.audience = "https://other.example"
    let update = RuleUpdate(match: match, tokenLifetime: 61)
    let changes = Operations.changes(of: rule, by: update)
    #expect(changes.map(\.field) == ["match.audience", "token_lifetime_seconds"])
    #expect(changes[1].line == "token_lifetime_seconds: \(rule.tokenLifetime) -> 61")
    #expect(Operations.changes(of: rule, by: RuleUpdate(name: rule.name, match: rule.match)).isEmpty)
    let updated = try await operations.updateRule(rule.id, update)
    #expect(FieldChange.list(from: rule.json, to: updated.json).filter { !$0.field.hasPrefix("updated") } == changes)
  }

  @Test("makes an archived rule again as it was, under a name that is free")
  func restore() async throws {
    let operations = try await Workbench.small().operations
    let rule = try #require(try await operations.rules().first { Scope.isManageable($0.scope) })
    let archived = try await operations.archiveRule(rule.id)
    #expect(archived.isArchived && archived.workspaceIDs.isEmpty)
    let again = try await operations.restore(rule)
    #expect(again.name == rule.name + "-2" && again.match == rule.match && again.workspaceIDs == rule.workspaceIDs)
  }

  @Test("tells usage by account, key and workspace, the costliest first, and without the newer reports too")
  func usage() async throws {
    let bench = try Workbench(.demo)
    let (start, end) = (Date() - 7 * 86400, Date())
    for subject in Operations.UsageSubject.allCases {
      let lines = try await bench.operations.usage(by: subject, from: start, to: end)
      let costs = lines.map { $0.cost?.cents ?? 0 }
      #expect(costs == costs.sorted(by: >) && (costs.first ?? 0) > 0)
      #expect(lines.contains { $0.name != nil })
      #expect(lines.allSatisfy { ($0.tokensByKey ?? 0) <= $0.tokens.total })
      #expect(Set(lines.map(\.subject)).count == lines.count)
      let days = try await bench.operations.usage(by: subject, from: start, to: end, bucket: .day)
      #expect(days.count > lines.count)
    }
    try await bench.sandbox.setFaults([Fault("status=403,path=/v1/organizations/analytics/*")])
    let lines = try await bench.operations.usage(by: .workspace, from: start, to: end)
    #expect(lines.contains { $0.tokens.total > 0 } && lines.contains { ($0.cost?.cents ?? 0) > 0 })
  }

  @Test(
    "splits a span into what one report covers",
    arguments: [(0, []), (1, [1]), (31, [31]), (32, [31, 1]), (100, [31, 31, 31, 7])] as [(Double, [Double])])
  func spans(days: Double, pieces: [Double]) {
    let start = Date(timeIntervalSince1970: 0)
    let spans = Operations.spans(from: start, to: start + days * 86400)
    #expect(spans.map { $1.timeIntervalSince($0) / 86400 } == pieces)
  }

  @Test("writes hundredths as money", arguments: [(123456.78, "1234.57"), (5, "0.05"), (0, "0.00"), (-5, "-0.05")])
  func money(cents: Double, text: String) { #expect(Operations.decimal(cents: cents) == text) }
}
