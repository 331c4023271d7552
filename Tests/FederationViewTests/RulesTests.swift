import Federation
import FederationView
import Foundation
import Interface
import Platform
import Testing

@Suite("Rules and issuers")
struct RulesTests {
  static func rule(_ name: String, _ subject: String, scope: String = "workspace:developer") throws -> FederationRule {
    FederationRule(
      id: try ID("fdrl_\(name.filter(\.isLetter))"), name: name, description: nil, issuerID: try ID("fdis_gh"),
      match: .init(subjectPrefix: subject, audience: "https://api.anthropic.com"), accountID: try ID("svac_1"),
      scope: scope, tokenLifetime: 600, appliesToAllWorkspaces: false, workspaceIDs: [try ID("wrkspc_1")],
      createdAt: Date(timestamp: "2026-11-01T10:00:00Z")!, createdBy: nil)
  }

  static func issuer() throws -> Issuer {
    Issuer(
      id: try ID("fdis_gh"), name: "github", issuerURL: "https://token.actions.githubusercontent.com",
      keys: .discovery(base: nil, certificate: nil), checksJTI: true, maxTokenLifetime: 3600,
      createdAt: Date(timestamp: "2026-11-01T10:00:00Z")!, createdBy: nil)
  }

  static func state() throws -> Rules.State {
    var state = Rules.State()
    let rules = [
      try rule("ci-main", "repo:acme/api:ref:refs/heads/main"), try rule("ci-all", "repo:acme/*"),
      try rule("admin", "repo:acme/ops:ref:refs/heads/main", scope: "org:admin"),
    ]
    _ = Rules.update(&state, .loaded(rules: rules, issuers: [try issuer()]))
    return state
  }

  static func press(_ script: String, _ state: inout Rules.State) -> [Rules.Effect] {
    Key.script(script).flatMap { key -> [Rules.Effect] in
      if state.isTyping { return Rules.update(&state, .typed(key)) }
      guard case .message(let message) = Rules.keys.press(key, in: state) else { return [] }
      return Rules.update(&state, message)
    }
  }

  @Test("say who gets in and how bad that is, without opening anything")
  func table() throws {
    let lines = Rules.render(try Self.state(), size: Size(columns: 110, rows: 8)).text.split(separator: "\n")
    #expect(lines[0].contains("▸ Rules 3") && lines[0].contains("Issuers 1"))
    #expect(lines[2].contains("ci-main") && lines[2].contains("branch main of acme/api"))
    #expect(lines[3].contains("! 1 high") && lines[3].contains("any repository of acme"))
  }

  @Test("lead from a rule to its issuer and back to the lists")
  func opens() throws {
    var state = try Self.state()
    _ = Self.press("j<enter>", &state)
    let rule = Rules.render(state, size: Size(columns: 100, rows: 40)).text
    #expect(rule.contains("Gets in: any job of any repository of acme") && rule.contains("GH003"))
    #expect(rule.contains("mend: "))
    _ = Self.press("<enter>", &state)
    let issuer = Rules.render(state, size: Size(columns: 100, rows: 40)).text
    #expect(issuer.contains("Rules that trust it") && issuer.contains("ci-main"))
    _ = Self.press("<esc><tab>", &state)
    #expect(state.opened == nil && state.pane == .issuers)
    #expect(Rules.render(state, size: Size(columns: 100, rows: 8)).text.contains("discovery"))
  }

  @Test("are filtered by finding, severity and subject")
  func filters() throws {
    var state = try Self.state()
    _ = Self.press("/finding:gh003", &state)
    #expect(state.ruleList.shown.map(\.name) == ["ci-all"])
    _ = Self.press("<esc>/subject:branch*", &state)
    #expect(state.ruleList.shown.count == 2)
  }

  @Test("are archived after saying what stops, and only by name")
  func archive() throws {
    var state = try Self.state()
    let id = state.rules[0].id
    _ = Self.press("x", &state)
    let text = Rules.render(state, size: Size(columns: 100, rows: 24)).text
    #expect(text.contains("Archive the rule ci-main") && text.contains("Still leading there: ci-all, admin."))
    #expect(Self.press("ci<enter>", &state).isEmpty)
    #expect(Self.press("-main<enter>", &state) == [.archive([.rule(id)])])
    _ = Rules.update(&state, .archiveFailed(Problem("Not archived", because: "x", try: "Again.")))
    #expect(state.archive?.isSending == false)
    _ = Self.press("<esc>jj", &state)
    #expect(Rules.keys.press("x", in: state) == .off("A rule with the scope org:admin is managed in the web Console."))
  }

  @Test("are edited with the difference shown, and widened only by typing the account's name")
  func edit() throws {
    var state = try Self.state()
    let rule = state.rules[0]
    #expect(Self.press("e<ctrl-s>", &state) == [.say("Nothing was changed.")] && state.edit == nil)
    _ = Self.press("e<down><down><ctrl-u>*<ctrl-s>", &state)
    #expect(state.edit?.stage == .form)
    _ = Self.press("<ctrl-u>repo:acme/api:*<ctrl-s>", &state)
    let review = Rules.render(state, size: Size(columns: 90, rows: 24)).text
    #expect(review.contains("- repo:acme/api:ref:refs/heads/main") && review.contains("+ repo:acme/api:*"))
    #expect(review.contains("every branch, tag, environment and pull request") && review.contains("GH005"))
    #expect(Self.press("<enter>", &state).isEmpty && state.edit?.confirmation != nil)
    var match = rule.match
    match.subjectPrefix = "repo:acme/api:*"
    #expect(Self.press("svac_1<enter>", &state) == [.update(rule, RuleUpdate(match: match))])
    _ = Rules.update(&state, .updateFailed(Problem("Not changed", because: "x", try: "Again.")))
    #expect(state.edit?.form.value("subject") == "repo:acme/api:*")
    _ = Self.press("<esc>jj", &state)
    #expect(Rules.keys.press("e", in: state) == .off("A rule with the scope org:admin is managed in the web Console."))
  }

  @Test("keep what was there when reading fails")
  func failure() throws {
    var state = try Self.state()
    _ = Rules.update(&state, .loadFailed(Problem("The rules were not read", because: "429", try: "Wait.")))
    let text = Rules.render(state, size: Size(columns: 100, rows: 12)).text
    #expect(text.contains("ci-main") && text.contains("✗ The rules were not read: 429. Wait."))
  }

  @Test(
    "are filtered by provider, account, issuer and workspace too",
    arguments: [
      ("provider:github", 3), ("provider:aws", 0), ("account:svac_1", 3), ("issuer:github", 3),
      ("workspace:wrkspc_1", 3),
      ("scope:org:admin", 1), ("state:live -name:admin", 2),
    ])
  func moreFilters(text: String, count: Int) throws {
    var state = try Self.state()
    _ = Self.press("/\(text)<enter>", &state)
    #expect(state.ruleList.shown.count == count)
  }

  @Test("are sorted by how bad they are, from the keys and by a click, and the selection stays on its rule")
  func sorts() throws {
    var state = try Self.state()
    state.width = 110
    _ = Self.press("<right><right>ss", &state)
    #expect(state.ruleList.shown.map(\.name).first == "ci-all" && state.ruleList.selected?.name == "ci-main")
    _ = Rules.update(&state, .list(.pointed(Mouse(.click, at: Position(row: 1, column: 4)))))
    #expect(state.ruleList.shown.map(\.name) == ["admin", "ci-all", "ci-main"])
    _ = Rules.update(&state, .list(.pointed(Mouse(.click, at: Position(row: 2, column: 9)))))
    #expect(state.ruleList.selected?.name == "admin")
    _ = Rules.update(&state, .list(.pointed(Mouse(.click, at: Position(row: 0, column: 14)))))
    #expect(state.pane == .issuers)
  }

  @Test("show the columns that were chosen")
  func columns() throws {
    var state = try Self.state()
    _ = Self.press("oj <enter>", &state)
    let heading = Rules.render(state, size: Size(columns: 100, rows: 12)).text.split(separator: "\n")[1]
    #expect(heading.contains("WHO GETS IN") && !heading.contains("FINDINGS"))
  }

  @Test("several at once are archived after one question, and what failed stays marked")
  func several() throws {
    var state = try Self.state()
    let rules = state.rules
    _ = Self.press("   x", &state)
    let text = Rules.render(state, size: Size(columns: 100, rows: 24)).text
    #expect(text.contains("Archive 2 rules") && text.contains("1 of the marked stay"), "\(text)")
    #expect(text.contains("ci-all: any repository of acme"))
    #expect(Self.press("2<enter>", &state) == [.archive([.rule(rules[0].id), .rule(rules[1].id)])])
    let effects = Rules.update(&state, .archived([.rule(rules[0].id)], left: ["ci-all: refused"]))
    #expect(effects.first == .say("1 archived. Not archived: ci-all: refused"))
    #expect(state.ruleList.chosen.map(\.name) == ["ci-all", "admin"])
    _ = Self.press("<esc>", &state)
    #expect(!state.ruleList.hasMarks)
  }

  @Test("an issuer that live rules trust is not archived, and says by which")
  func trusted() throws {
    var state = try Self.state()
    _ = Self.press("<tab>x", &state)
    #expect(state.archive == nil)
    #expect(state.failure?.line.contains("live rules trust it: ci-main, ci-all, admin") == true)
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    var state = try Self.state()
    #expect(Rules.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
    _ = Self.press("e<ctrl-s>", &state)
    #expect(Rules.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
    _ = Self.press("a<enter>", &state)
    #expect(Rules.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
  }

  @Test("a adds what the open list has; no other key has two meanings")
  func keysHaveOneMeaningEach() throws {
    #expect(Rules.keys.collisions == ["a"])
    var state = try Self.state()
    #expect(Rules.keys.press("a", in: state) == .message(.connectAsked))
    state.pane = .issuers
    #expect(Rules.keys.press("a", in: state) == .message(.issuerAsked))
  }
}

@Suite("The connect wizard")
struct ConnectTests {
  static func account(_ name: String) throws -> ServiceAccount {
    ServiceAccount(
      id: try ID("svac_\(name)"), name: name, description: nil, organizationRole: .developer,
      createdAt: Date(timestamp: "2026-11-01T10:00:00Z")!, createdBy: nil)
  }

  static func grounds(_ accounts: String...) throws -> Rules.Connect.Grounds {
    let workspace = Workspace(
      id: try ID("wrkspc_1"), name: "Default", createdAt: Date(timestamp: "2026-11-01T10:00:00Z")!)
    return Rules.Connect.Grounds(accounts: try accounts.map(account), workspaces: [workspace])
  }

  @Test("keeps what was filled in when lists come late, or twice")
  func lateGrounds() throws {
    var state = Rules.State()
    #expect(Rules.update(&state, .connectAsked) == [.connect(.prepare)])
    #expect(RulesTests.press("<enter>acme/api<enter><enter>main<ctrl-s>", &state).isEmpty)
    _ = Rules.update(&state, .connect(.prepared(try Self.grounds())))
    #expect(state.connect?.account.value("name") == "gha-acme-api-main")
    _ = RulesTests.press("<ctrl-u>mine<ctrl-s>", &state)
    _ = Rules.update(&state, .connect(.prepared(try Self.grounds())))
    #expect(state.connect?.wish?.account == .new("mine"))
  }

  @Test("says what to do when the lists do not come")
  func noGrounds() throws {
    var state = Rules.State()
    _ = Rules.update(&state, .connectAsked)
    _ = RulesTests.press("<enter>acme/api<enter><enter>main<ctrl-s>", &state)
    _ = Rules.update(&state, .connect(.prepareFailed(Problem("Not read", because: "no answer", try: "Try again."))))
    #expect(Rules.render(state, size: Size(columns: 80, rows: 20)).text.contains("✗ Not read: no answer. Try again."))
    #expect(RulesTests.press("<ctrl-r><ctrl-r>", &state) == [.connect(.prepare)])
  }

  @Test("shows who else becomes an account that is there")
  func existing() throws {
    var state = try RulesTests.state()
    _ = Rules.update(&state, .connectAsked)
    _ = Rules.update(&state, .connect(.prepared(try Self.grounds("1"))))
    _ = RulesTests.press("<enter>acme/api<enter><enter>main<ctrl-s><left>", &state)
    let text = Rules.render(state, size: Size(columns: 90, rows: 24)).text
    #expect(text.contains("Who else becomes 1") && text.contains("ci-all: any repository of acme"))
    _ = RulesTests.press("<right>", &state)
    #expect(state.connect?.account.value("name") == "gha-acme-api-main")
  }
}

@Suite("The form of a workload")
struct WorkloadFormTests {
  @Test("shows one of the fields that stand for one another, and keeps what was typed in the others")
  func alternatives() {
    var form = WorkloadForm(.github)
    func press(_ script: String) { for key in Key.script(script) { _ = form.press(key) } }
    press("acme/api<enter>")
    press("<enter>main")
    #expect(form.workload?.match.subjectPrefix == "repo:acme/api:ref:refs/heads/main")
    press("<up><right><down>prod")
    #expect(form.workload?.match.subjectPrefix == "repo:acme/api:environment:prod")
    press("<up><left>")
    #expect(form.values["ref"] == "main" && form.values["environment"] == nil)
  }

  @Test("says what is wrong while one types, and what is missing only when asked to go on")
  func faults() {
    var form = WorkloadForm(.github)
    for key in Key.script("acme") { _ = form.press(key) }
    #expect(form.form.fields.first { $0.id == "repository" }?.problem?.contains("OWNER/NAME") == true)
    #expect(form.form.fields.first { $0.id == "ref" }?.problem == nil)
    let isFine = form.check(showingMissing: true)
    #expect(!isFine)
    #expect(form.form.focusedID == "repository")
  }

  @Test("can be filled in for every provider", arguments: ProviderTemplate.all.map(\.id))
  func all(id: ProviderTemplate.ID) {
    let template = ProviderTemplate.of(id)
    var values: [String: String] = [:]
    var groups: Set<String> = []
    for field in template.fields where field.isRequired && !field.example.isEmpty {
      if let group = field.alternative, !groups.insert(group).inserted { continue }
      values[field.id] = field.example
    }
    var form = WorkloadForm(id)
    // Twice around, for the field that a choice puts in.
    for _ in 0..<2 * form.form.fields.count {
      if let focused = form.form.focusedID, let value = values[focused], form.form.value(focused).isEmpty {
        for character in value { _ = form.press(.character(character)) }
      }
      _ = form.press(.tab)
    }
    #expect(form.workload != nil, "\(form.values)")
  }
}
