import Federation
import Foundation
import Interface
import OverviewView
import Platform
import Testing

@Suite("The overview")
struct OverviewTests {
  static let day = Date(timestamp: "2026-11-01T10:00:00Z")!

  static func facts() throws -> Overview.Facts {
    var facts = Overview.Facts()
    let accounts = try ["ci", "batch", "old"].map {
      ServiceAccount(
        id: try ID("svac_\($0)"), name: $0, description: nil, organizationRole: .developer, createdAt: day,
        createdBy: nil)
    }
    var issuer = Issuer(
      id: try ID("fdis_gh"), name: "github", issuerURL: "https://token.actions.githubusercontent.com",
      keys: .discovery(base: nil, certificate: nil), checksJTI: true, maxTokenLifetime: 3600, createdAt: day,
      createdBy: nil)
    issuer.pollingDisabledAt = day
    func rule(_ name: String, _ subject: String, _ account: Int) throws -> FederationRule {
      FederationRule(
        id: try ID("fdrl_\(name)"), name: name, description: nil, issuerID: issuer.id,
        match: .init(subjectPrefix: subject, audience: "https://api.anthropic.com"), accountID: accounts[account].id,
        scope: "workspace:developer", tokenLifetime: 600, appliesToAllWorkspaces: false, workspaceIDs: [],
        createdAt: day, createdBy: nil)
    }
    facts.rules = [
      try rule("a", "repo:acme/api:ref:refs/heads/main", 0), try rule("b", "repo:acme*", 0),
      try rule("c", "repo:acme/*", 1),
    ]
    (facts.issuers, facts.accounts) = ([issuer], accounts)
    facts.worst = [try ID("fdrl_b"): .critical, try ID("fdrl_c"): .high]
    facts.keys = try ["used", "idle"].map { APIKey(id: try ID("apikey_\($0)"), name: $0, createdAt: day) }
    facts.usedKeys = [try ID("apikey_used")]
    facts.usedAccounts = [try ID("svac_ci")]
    facts.denials = [.init(reason: "match_subject_prefix", count: 3)]
    return facts
  }

  @Test("puts the worst first, and each line leads to what it is about")
  func lines() throws {
    var state = Overview.State()
    #expect(Overview.update(&state, .opened) == [.load])
    _ = Overview.update(&state, .loaded(try Self.facts()))
    let text = Overview.render(state, size: Size(columns: 90, rows: 16)).text
    for line in [
      "! 1 rule lets strangers in (critical)", "! 1 rule lets in far more than one workload (high)",
      "! The keys of the issuer github are not fetched any more",
      "✗ 3 exchanges refused in the last day: match_subject_prefix", "▲ 1 static key still in use",
      "▲ 1 active key unused for seven days", "· 1 account that nothing can become",
      "· 1 account with rules but no request for seven days",
    ] { #expect(text.contains(line), "\(line)\n\(text)") }
    #expect(state.lines.first?.role == .danger && state.lines.last?.role == .accent)
    #expect(Overview.update(&state, .followAsked) == [.go(.federation, filter: "worst:critical")])
  }

  @Test("says what is well, and what could not be looked at")
  func quiet() {
    var facts = Overview.Facts()
    (facts.rules, facts.worst, facts.keys, facts.denials) = ([], [:], [], [])
    facts.problems = [Problem("Usage was not read", because: "no Admin API key", try: "Set ANTHROPIC_ADMIN_KEY.")]
    var state = Overview.State()
    _ = Overview.update(&state, .loaded(facts))
    #expect(
      Overview.render(state, size: Size(columns: 90, rows: 8)).text == """
        What needs you now  audit log not read yet

        ▸ · Refused exchanges: not known before the audit log is read
          ✓ 0 live rules, none wider than it should be
          ✓ No static key is active
          ✗ Not looked at: Usage was not read: no Admin API key. Set ANTHROPIC_ADMIN_KEY.


        """)
    facts.polledAt = Date(timeIntervalSince1970: 1_790_000_000)
    _ = Overview.update(&state, .loaded(facts))
    #expect(state.lines.contains { $0.text == "✓ No exchange was refused in the last day" })
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    var state = Overview.State()
    _ = Overview.update(&state, .loaded(try Self.facts()))
    #expect(Overview.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
  }

  @Test func keysHaveOneMeaningEach() { #expect(Overview.keys.collisions.isEmpty) }
}
