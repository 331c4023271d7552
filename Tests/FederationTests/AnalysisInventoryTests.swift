import Foundation
import Platform
import Testing

@testable import Federation

@Suite("An organization as a whole")
struct AnalysisInventoryTests {
  static let now = Date(timeIntervalSince1970: 1_790_812_800)

  private static func issuer(
    _ id: String, _ url: String, keys: Issuer.Keys = .discovery(base: nil, certificate: nil)
  ) throws -> Issuer {
    Issuer(
      id: try ID(id), name: id, issuerURL: url, keys: keys, checksJTI: true, maxTokenLifetime: 3600,
      createdAt: now - 200 * 86400, createdBy: nil)
  }

  private static func rule(
    _ id: String, _ match: FederationRule.Match, issuer: String = "fdis_gh", account: String = "svac_a",
    scope: String = "workspace:inference", workspaces: [String] = ["wrkspc_1"]
  ) throws -> FederationRule {
    FederationRule(
      id: try ID(id), name: id, description: nil, issuerID: try ID(issuer), match: match, accountID: try ID(account),
      scope: scope, tokenLifetime: 600, appliesToAllWorkspaces: false, workspaceIDs: try workspaces.map { try ID($0) },
      createdAt: now - 100 * 86400, createdBy: nil)
  }

  private static func account(_ id: String) throws -> ServiceAccount {
    ServiceAccount(
      id: try ID(id), name: id, description: nil, organizationRole: .developer, createdAt: now - 100 * 86400,
      createdBy: nil)
  }

  private static func inventory() throws -> Inventory {
    let audience = serviceAudience
    return Inventory(
      issuers: [
        try issuer("fdis_gh", "https://token.actions.githubusercontent.com"),
        try issuer("fdis_eks", "https://oidc.eks.us-west-2.amazonaws.com/id/6FA42E7BFDE8549CB0A1C2D3E4F50617"),
      ],
      accounts: [try account("svac_a"), try account("svac_b"), try account("svac_c")],
      rules: [
        try rule("fdrl_main", .init(subjectPrefix: "repo:acme/api:ref:refs/heads/main", audience: audience)),
        try rule("fdrl_wide", .init(subjectPrefix: "repo:acme/*", audience: audience)),
        try rule(
          "fdrl_web", .init(subjectPrefix: "repo:acme/web:ref:refs/heads/main", audience: audience), account: "svac_b",
          workspaces: ["wrkspc_2"]),
        try rule(
          "fdrl_pod", .init(subjectPrefix: "system:serviceaccount:ml:worker", audience: audience), issuer: "fdis_eks",
          account: "svac_b"),
      ], now: now)
  }

  private func codes(_ inventory: Inventory, _ rule: String) -> Set<String> {
    let found = inventory.findings(showing: false).first { $0.rule.id.description == rule }?.findings ?? []
    return Set(found.filter { $0.severity > .info }.map(\.id))
  }

  @Test("finds what only shows between objects")
  func between() throws {
    var inventory = try Self.inventory()
    #expect(codes(inventory, "fdrl_main") == ["OPS004"])
    #expect(codes(inventory, "fdrl_wide") == ["GH003"])
    #expect(codes(inventory, "fdrl_web") == ["PRV006"])
    inventory.rules[1].match = inventory.rules[0].match
    #expect(codes(inventory, "fdrl_main") == ["OPS003"])
    inventory.rules[1].archivedAt = Self.now
    #expect(codes(inventory, "fdrl_main") == [])
    inventory.accounts[0].archivedAt = Self.now
    #expect(codes(inventory, "fdrl_main") == ["OPS002"])
  }

  @Test("knows what was used, as far as the log reaches back")
  func use() throws {
    var inventory = try Self.inventory()
    inventory.rules.remove(at: 1)
    inventory.historyStart = Self.now - 10 * 86400
    #expect(codes(inventory, "fdrl_main") == [])
    inventory.historyStart = Self.now - 120 * 86400
    #expect(codes(inventory, "fdrl_main") == ["OPS001"])
    inventory.lastExchanges[inventory.rules[0].id] = Self.now - 86400
    #expect(codes(inventory, "fdrl_main") == [])
    #expect(inventory.unusedAccounts().map(\.name) == ["svac_b", "svac_c"])
  }

  @Test("judges what is larger than its use needs by the use, where that is known, else by the settings")
  func needs() throws {
    var inventory = try Self.inventory()
    let rule = inventory.rules[0]
    (inventory.rules[0].scope, inventory.rules[0].tokenLifetime) = (Scope.developer, 86400)
    inventory.rules[0].appliesToAllWorkspaces = true
    func messages() -> [String: String] {
      let found = inventory.findings(showing: false).first { $0.rule.id == rule.id }?.findings ?? []
      return Dictionary(found.filter { $0.id.hasPrefix("PRV") }.map { ($0.id, $0.message) }) { first, _ in first }
    }
    #expect(Set(messages().keys) == ["PRV002", "PRV003", "PRV005"])
    #expect(!messages().values.contains { $0.contains("30 days") })
    inventory.uses[rule.id] = .init(workspaces: ["wrkspc_1"], longestToken: 300, otherActivities: [])
    #expect(messages()["PRV005"]?.contains("nothing but call models") == true)
    #expect(messages()["PRV003"]?.contains("used in wrkspc_1 alone") == true)
    #expect(messages()["PRV002"]?.contains("lived up to 600 s") == true)
    inventory.uses[rule.id] = .init(
      workspaces: ["wrkspc_1", "wrkspc_2"], longestToken: 86400, otherActivities: ["platform_file_uploaded"])
    #expect(messages()["PRV005"] == nil)
    #expect(!messages().values.contains { $0.contains("30 days") })
  }

  @Test("tells which rules one token may choose between")
  func overlaps() throws {
    let pairs = try Self.inventory().overlaps().map { [$0.first.name, $0.second.name] }
    #expect(pairs == [["fdrl_wide", "fdrl_web"]])
  }

  @Test("says no overlap of what surely excludes each other, and finds the same ones among many")
  func manyOverlaps() throws {
    var inventory = try Self.inventory()
    let audience = serviceAudience
    inventory.rules = [
      try Self.rule("fdrl_main", .init(subjectPrefix: "repo:acme/api:ref:refs/heads/main", audience: audience)),
      try Self.rule(
        "fdrl_env", .init(subjectPrefix: "repo:acme/api:environment:prod", audience: audience), account: "svac_b"),
      try Self.rule("fdrl_all", .init(subjectPrefix: "repo:acme/*", audience: audience), account: "svac_c"),
    ]
    for number in 0..<60 {
      inventory.rules.append(
        try Self.rule(
          "fdrl_\(number)",
          .init(subjectPrefix: "repo:acme/r\(number % 30):ref:refs/heads/main", audience: audience),
          account: number < 30 ? "svac_a" : "svac_b"))
    }
    let pairs = inventory.overlaps().map { "\($0.first.name) \($0.second.name)" }
    #expect(Set(pairs).count == pairs.count)
    #expect(!pairs.contains("fdrl_main fdrl_env"))
    #expect(pairs.contains("fdrl_main fdrl_all") && pairs.contains("fdrl_env fdrl_all"))
    #expect(pairs.contains("fdrl_0 fdrl_30") && !pairs.contains("fdrl_0 fdrl_31"))
    // The wide one with each other account's, and each repository's two.
    #expect(pairs.count == 62 + 30)
  }

  @Test("two records of one issuer share its keys, unless the keys differ")
  func sharedKeys() throws {
    var inventory = try Self.inventory()
    let url = inventory.issuers[0].issuerURL
    inventory.issuers.append(try Self.issuer("fdis_again", url))
    #expect(codes(inventory, "fdrl_wide").contains("ISS004"))
    inventory.issuers[2].keys = .inline([["kty": "RSA", "n": "AQAB", "e": "AQAB"]])
    #expect(!codes(inventory, "fdrl_wide").contains("ISS004"))
  }

  @Test("tells what a repository, a role and an issuer reach, and who becomes an account")
  func blastRadius() throws {
    let inventory = try Self.inventory()
    let api = BlastRadius(of: .repository("acme/api"), in: inventory)
    #expect(api.paths.map(\.rule.name) == ["fdrl_main", "fdrl_wide"])
    #expect(api.accountIDs.map(\.description) == ["svac_a"])
    #expect(BlastRadius(of: .repository("mallory/api"), in: inventory).paths.isEmpty)
    let web = BlastRadius(of: .repository("acme/web"), in: inventory)
    #expect(web.accountIDs.map(\.description) == ["svac_a", "svac_b"])
    #expect(web.workspaceIDs.map(\.description) == ["wrkspc_1", "wrkspc_2"])
    let pod = BlastRadius(of: .subject("system:serviceaccount:ml:worker"), in: inventory)
    #expect(pod.paths.map(\.rule.name) == ["fdrl_pod"])
    let issuer = BlastRadius(of: .issuer(try ID("fdis_eks")), in: inventory)
    #expect(issuer.paths.map(\.bearers) == ["namespace ml, account worker"])
    let account = BlastRadius(of: .account(try ID("svac_b")), in: inventory)
    #expect(
      account.paths.map(\.bearers) == [
        "owner acme, repository web, ref refs/heads/main, ref type branch", "namespace ml, account worker",
      ])
    #expect(account.json["paths"]?.array?.count == 2)
  }

  @Test(
    "names a claim as people write it", arguments: [("ownerID", "owner id"), ("refType", "ref type"), ("ref", "ref")])
  func fieldWords(field: String, words: String) throws {
    #expect(try #require(Field(rawValue: field)).words == words)
  }
}
