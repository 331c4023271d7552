import Foundation
import Platform
import PlatformClient
import Testing

@Suite("Transports around a transport")
struct WrappersTests {
  @Test("read-only lets no change through, whatever asks for it")
  func readOnly() async throws {
    let transport = ScriptedTransport(.ok(Sample.page([])))
    let client = PlatformClient.scripted(ReadOnlyTransport(transport))
    _ = try await client.rules()
    for change in [
      { _ = try await client.createAccount(AccountDraft(name: "ci")) },
      { _ = try await client.archiveRule(try ID("fdrl_1")) },
      { try await client.removeMembership(account: try ID("svac_1"), workspace: try ID("wrkspc_1")) },
      { _ = try await client.updateKey(try ID("apikey_1"), KeyUpdate(status: .inactive)) },
    ] as [@Sendable () async throws -> Void] {
      let problem = await #expect(throws: Problem.self) { try await change() }
      #expect(problem?.code == "read_only")
    }
    #expect(transport.requests.allSatisfy { $0.method == .get })
  }

  @Test("a dry run shows each request of a story, and sends none that changes anything")
  func dryRun() async throws {
    let transport = ScriptedTransport(.ok(Sample.account(3)))
    let dry = DryRunTransport(transport, now: { Date(timeIntervalSince1970: 0) })
    let client = PlatformClient.scripted(dry)
    let issuer = try await client.createIssuer(
      IssuerDraft(name: "gha", issuerURL: "https://i.example", keys: .discovery(base: nil, certificate: nil)))
    let account = try await client.createAccount(AccountDraft(name: "ci"))
    _ = try await client.addMembership(account: account.id, workspace: try ID("wrkspc_1"), role: "workspace_user")
    #expect(try await client.memberships(of: account.id).isEmpty, "the platform is not asked about what is not there")
    let rule = try await client.createRule(
      RuleDraft(
        name: "r", issuerID: issuer.id, match: FederationRule.Match(subjectPrefix: "repo:a/b:x"),
        accountID: account.id, scope: Scope.developer, tokenLifetime: 600, workspaceID: try ID("wrkspc_1")))
    let renamed = try await client.updateRule(rule.id, RuleUpdate(name: "s"))
    let archived = try await client.archiveAccount(try ID("svac_3"))
    try await client.removeMembership(account: archived.id, workspace: try ID("wrkspc_1"))
    #expect(renamed.name == "s" && renamed.match == rule.match && archived.isArchived)
    #expect(
      dry.requests.map { "\($0.method.rawValue) \($0.path)" } == [
        "POST /v1/organizations/federation_issuers", "POST /v1/organizations/service_accounts",
        "POST /v1/organizations/service_accounts/svac_new2/workspaces", "POST /v1/organizations/federation_rules",
        "POST /v1/organizations/federation_rules/fdrl_new3", "POST /v1/organizations/service_accounts/svac_3/archive",
        "DELETE /v1/organizations/service_accounts/svac_3/workspaces/wrkspc_1",
      ])
    #expect(dry.requests.allSatisfy { $0.credential == nil })
    #expect(transport.requests.allSatisfy { $0.method == .get })
  }

  @Test("a log says what was sent and answered, and no credential")
  func logged() async throws {
    let lines = Lines()
    let transport = ScriptedTransport(.refusal(404, "not_found_error"))
    let client = PlatformClient.scripted(LoggedTransport(transport) { lines.append($0) })
    _ = try? await client.account(try ID("svac_1"))
    #expect(lines.all == ["GET /v1/organizations/service_accounts/svac_1 -> 404, 72 bytes, req_1"])
  }
}
