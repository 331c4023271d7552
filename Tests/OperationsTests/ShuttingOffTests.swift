import Operations
import Platform
import PlatformClient
import Sandbox
import Testing

@Suite("Shutting an account off")
struct ShuttingOffTests {
  @Test("archives exactly the rules that lead to it, and touches no other account")
  func exactly() async throws {
    let bench = try await Workbench.small()
    let account = try await bench.operations.account("ci")
    let before = try await bench.operations.rules()
    bench.requests.forget()
    let plan = try await bench.operations.shutOff(account)
    #expect(bench.requests.changes.isEmpty)
    #expect(plan.rules.count == 2 && Set(plan.rules) == Set(before.filter { $0.accountID == account.id }))
    let outcome = await bench.operations.carryOut(plan, disablingKeys: false)
    #expect(outcome.archived == plan.rules && outcome.left.isEmpty)
    let after = try await bench.operations.rules()
    #expect(Set(before).subtracting(after) == Set(plan.rules))
    #expect(bench.requests.changes == plan.rules.map { "POST /v1/organizations/federation_rules/\($0.id)/archive" })
  }

  @Test("goes on after one that fails, and says what is left")
  func left() async throws {
    let bench = try await Workbench.small()
    let account = try await bench.operations.account("ci")
    let plan = try await bench.operations.shutOff(account)
    let stubborn = try #require(plan.rules.first)
    try await bench.sandbox.setFaults([
      Fault("status=403,path=/v1/organizations/federation_rules/\(stubborn.id)/archive")
    ])
    let outcome = await bench.operations.carryOut(plan, disablingKeys: true)
    #expect(outcome.left.map(\.name) == [stubborn.name])
    #expect(outcome.archived == Array(plan.rules.dropFirst()))
    #expect(outcome.disabledKeys.count == plan.keys?.count)
  }

  @Test("says that keys were not looked at, where no credential may")
  func withoutKeys() async throws {
    let bench = try await Workbench.small(withoutKeys: true)
    try await bench.sandbox.setFaults([Fault("status=403,path=/v1/organizations/api_keys*")])
    let plan = try await bench.operations.shutOff(try await bench.operations.account("ci"))
    #expect(plan.keys == nil && plan.json["api_keys"] == .null)
  }

  @Test("names issuers that no rule trusts afterwards, and how long tokens live on")
  func idleIssuers() async throws {
    let operations = try await Workbench.small().operations
    let plan = try await operations.shutOff(try await operations.account("ci"))
    #expect(plan.idleIssuers == [try await operations.issuer("cluster").id] && plan.longestTokenLife == 601)
  }
}
