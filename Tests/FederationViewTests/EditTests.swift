import Federation
import FederationView
import Foundation
import Interface
import Platform
import Testing

@Suite("A rule being edited")
struct RuleEditTests {
  static let day = Date(timestamp: "2026-11-01T10:00:00Z")!

  /// Three rules with two accounts and three workspaces around them.
  static func state() throws -> Rules.State {
    var state = try RulesTests.state()
    let accounts = try ["1": "ci-deploy", "2": "nightly"].map { id, name in
      ServiceAccount(
        id: try ID("svac_\(id)"), name: name, description: nil, organizationRole: .developer, createdAt: day,
        createdBy: nil)
    }
    let workspaces = try ["Default", "Research", "Staging"].enumerated().map { index, name in
      Workspace(id: try ID("wrkspc_\(index + 1)"), name: name, createdAt: day)
    }
    let inventory = Inventory(
      issuers: state.issuers, accounts: accounts, rules: state.rules, workspaces: workspaces, now: day)
    _ = Rules.update(&state, .surveyed(Rules.Survey(inventory, accepted: [])))
    return state
  }

  static func screen(_ state: Rules.State, _ columns: Int = 80, _ rows: Int = 24) -> String {
    Rules.render(state, size: Size(columns: columns, rows: rows)).text
  }

  @Test("is sent at once when it only takes away")
  func narrower() throws {
    var state = try Self.state()
    let rule = state.rules[1]
    _ = RulesTests.press("je<down><down><ctrl-u>repo:acme/web:ref:refs/heads/main<ctrl-s>", &state)
    #expect(Self.screen(state).contains("+ repo:acme/web:ref:refs/heads/main"))
    var match = rule.match
    match.subjectPrefix = "repo:acme/web:ref:refs/heads/main"
    #expect(RulesTests.press("<enter>", &state) == [.update(rule, RuleUpdate(match: match))])
  }

  @Test("that lets in others asks for its name, though the analyser has nothing against it")
  func other() throws {
    var state = try Self.state()
    let rule = state.rules[0]
    _ = RulesTests.press("e<down><down><ctrl-u>repo:acme/api:ref:refs/heads/next<ctrl-s>", &state)
    #expect(RulesTests.press("<enter>", &state).isEmpty)
    let text = Self.screen(state)
    #expect(text.contains("gives more than before") && text.contains("tokens that were refused before"), "\(text)")
    #expect(RulesTests.press("ci-main<enter>", &state).count == 1)
    #expect(state.edit?.stage == .sending && state.edit?.rule == rule)
  }

  @Test("leads to another account, by its name, with what that means said")
  func account() throws {
    var state = try Self.state()
    let rule = state.rules[0]
    _ = RulesTests.press("e<down><down><down><down><down><down><ctrl-u>night", &state)
    #expect(Self.screen(state).contains("there is no live account called night"))
    #expect(Self.screen(state).contains("the name of an account: nightly"))
    _ = RulesTests.press("ly<ctrl-s>", &state)
    #expect(Self.screen(state).contains("Whoever gets in becomes nightly instead of ci-deploy"))
    _ = RulesTests.press("<enter>", &state)
    #expect(RulesTests.press("ci-main<enter>", &state) == [.update(rule, RuleUpdate(accountID: try ID("svac_2")))])
  }

  @Test("is moved to another workspace in one request, and to more in requests of their own")
  func workspaces() throws {
    var state = try Self.state()
    let rule = state.rules[0]
    let toWorkspaces = "e" + String(repeating: "<down>", count: 9)
    _ = RulesTests.press(toWorkspaces + " <right> <ctrl-s>", &state)
    #expect(Self.screen(state).contains("+ Research"), "\(Self.screen(state))")
    _ = RulesTests.press("<enter>", &state)
    #expect(RulesTests.press("ci-main<enter>", &state) == [.update(rule, RuleUpdate(workspaceID: try ID("wrkspc_2")))])
    _ = Rules.update(&state, .updateFailed(Problem("Not changed", because: "x", try: "Again.")))
    _ = RulesTests.press("<left> <ctrl-s><enter>", &state)
    #expect(
      RulesTests.press("ci-main<enter>", &state) == [
        .update(rule, RuleUpdate(), adding: [try ID("wrkspc_2")])
      ])
    _ = Rules.update(&state, .updateFailed(Problem("Not changed", because: "x", try: "Again.")))
    _ = RulesTests.press(" <right> <ctrl-s>", &state)
    #expect(state.edit?.stage == .form)
    #expect(Self.screen(state).contains("without a workspace it can mint no token"))
  }

  @Test("says what is wrong with it while one types")
  func live() throws {
    var state = try Self.state()
    _ = RulesTests.press("e<down><down><ctrl-u>repo:acme/*", &state)
    let text = Self.screen(state)
    #expect(text.contains("Gets in: any job of any repository of acme") && text.contains("GH003"), "\(text)")
  }
}

@Suite("An issuer being edited")
struct IssuerEditTests {
  static func state() throws -> Rules.State {
    var state = try RulesTests.state()
    _ = Rules.update(&state, .loaded(rules: Array(state.rules.prefix(2)), issuers: state.issuers))
    state.pane = .issuers
    return state
  }

  @Test("is registered from a form that asks what the keys' source needs")
  func creates() throws {
    var state = try Self.state()
    _ = RulesTests.press("a<ctrl-s>", &state)
    #expect(RuleEditTests.screen(state).contains("a name is needed"))
    _ = RulesTests.press("cluster<down>http://k8s.acme.internal", &state)
    #expect(RuleEditTests.screen(state).contains("the platform reads keys from https:// addresses alone"))
    _ = RulesTests.press("<down><right><right>", &state)
    #expect(RuleEditTests.screen(state).contains("JWK set") && !RuleEditTests.screen(state).contains("Discovery at"))
    let key = #"{"keys":[{"kty":"RSA","kid":"one","n":"AQAB","e":"AQAB"}]}"#
    _ = RulesTests.press("<down>\(key)<ctrl-s>", &state)
    let review = RuleEditTests.screen(state, 80, 40)
    #expect(review.contains("POST /v1/organizations/federation_issuers") && review.contains("k8s.acme.internal"))
    guard case .issuerEdit(.create(let draft))? = RulesTests.press("<enter>", &state).first else {
      Issue.record("nothing was sent")
      return
    }
    #expect(draft.issuerURL == "http://k8s.acme.internal" && draft.checksJTI == true && draft.maxTokenLifetime == 3600)
    guard case .inline(let keys) = draft.keys else {
      Issue.record("\(draft.keys)")
      return
    }
    #expect(keys.map { $0["kid"]?.string } == ["one"])
  }

  @Test("is changed with the rules that trust it shown, and asks for its name when others are trusted then")
  func changes() throws {
    var state = try Self.state()
    let issuer = state.issuers[0]
    _ = RulesTests.press("e<down><ctrl-u>https://idp.acme.example<ctrl-s>", &state)
    let review = RuleEditTests.screen(state, 80, 50)
    #expect(review.contains("- https://token.actions.githubusercontent.com"))
    #expect(review.contains("+ https://idp.acme.example") && review.contains("Rules that trust it"))
    #expect(review.contains("ci-all") && review.contains("! Tokens of another address are trusted."), "\(review)")
    #expect(RulesTests.press("<enter>", &state).isEmpty)
    #expect(
      RulesTests.press("github<enter>", &state) == [
        .issuerEdit(.update(issuer, IssuerUpdate(issuerURL: "https://idp.acme.example")))
      ])
    _ = Rules.update(&state, .issuerEdit(.failed(Problem("Not changed", because: "409", try: "Again."))))
    #expect(RuleEditTests.screen(state).contains("✗ Not changed: 409. Again."))
    #expect(RuleEditTests.screen(state).contains("https://idp.acme.example"))
  }

  @Test("is sent at once when it trusts less")
  func narrower() throws {
    var state = try Self.state()
    let issuer = state.issuers[0]
    _ = RulesTests.press("e" + String(repeating: "<down>", count: 6) + "<ctrl-u>30m<ctrl-s>", &state)
    #expect(
      RulesTests.press("<enter>", &state) == [.issuerEdit(.update(issuer, IssuerUpdate(maxTokenLifetime: 1800)))],
      "\(RuleEditTests.screen(state))")
  }

  @Test("takes its keys from a file, and says beside the field what is wrong with that")
  func files() throws {
    var state = try Self.state()
    #expect(
      RulesTests.press("e<down><down><right><right><down>/etc/keys.json<ctrl-s>", &state) == [
        .issuerEdit(.readFiles(["/etc/keys.json"]))
      ])
    let problem = Problem("The file was not read", because: "/etc/keys.json cannot be opened", try: "See who.")
    _ = Rules.update(&state, .issuerEdit(.fileFailed("/etc/keys.json", problem)))
    #expect(RuleEditTests.screen(state).contains("✗ /etc/keys.json cannot be opened"))
    _ = RulesTests.press("<ctrl-s>", &state)
    let secret = #"{"keys":[{"kty":"RSA","kid":"one","n":"AQAB","e":"AQAB","d":"AQAB"}]}"#
    _ = Rules.update(&state, .issuerEdit(.filesRead(["/etc/keys.json": secret])))
    #expect(RuleEditTests.screen(state).contains("key 1 is a private one"))
  }

  @Test("is left alone where a rule for the web Console trusts it")
  func console() throws {
    var state = try RulesTests.state()
    state.pane = .issuers
    #expect(
      Rules.keys.press("e", in: state)
        == .off("The rule admin with the scope org:admin trusts it: managed in the web Console."))
  }
}
