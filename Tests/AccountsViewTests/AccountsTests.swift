import AccountsView
import Foundation
import Interface
import Platform
import Testing

@Suite("The service accounts")
struct AccountsTests {
  static func account(_ name: String, description: String? = nil) throws -> ServiceAccount {
    ServiceAccount(
      id: try ID("svac_\(name.filter(\.isLetter))"), name: name, description: description, organizationRole: .developer,
      createdAt: Date(timestamp: "2026-11-01T10:00:00Z")!, createdBy: "user_1")
  }

  static func rule(_ name: String, to account: ServiceAccount, subject: String) throws -> FederationRule {
    FederationRule(
      id: try ID("fdrl_\(name.filter(\.isLetter))"), name: name, description: nil, issuerID: try ID("fdis_gh"),
      match: .init(subjectPrefix: subject, audience: "https://api.anthropic.com"), accountID: account.id,
      scope: "workspace:developer", tokenLifetime: 600, appliesToAllWorkspaces: false,
      workspaceIDs: [try ID("wrkspc_1")],
      createdAt: Date(timestamp: "2026-11-01T10:00:00Z")!, createdBy: nil)
  }

  static func issuer() throws -> Issuer {
    Issuer(
      id: try ID("fdis_gh"), name: "github", issuerURL: "https://token.actions.githubusercontent.com",
      keys: .discovery(base: nil, certificate: nil), checksJTI: true, maxTokenLifetime: 3600,
      createdAt: Date(timestamp: "2026-11-01T10:00:00Z")!, createdBy: nil)
  }

  static func state() throws -> Accounts.State {
    var state = Accounts.State()
    let (ci, batch) = (try account("ci-deploy", description: "release pipeline"), try account("batch"))
    let rules = [
      try rule("ci-main", to: ci, subject: "repo:acme/api:ref:refs/heads/main"),
      try rule("ci-any", to: ci, subject: "repo:acme/api:*"),
    ]
    _ = Accounts.update(&state, .loaded([ci, batch], rules: rules, issuers: [try issuer()]))
    _ = Accounts.update(
      &state, .usageArrived([ci.id: .init(requests: 42, tokens: 1000, cents: 105, daily: [0, 1, 2, 3, 4, 5, 6])]))
    return state
  }

  static func press(_ script: String, _ state: inout Accounts.State) -> [Accounts.Effect] {
    Key.script(script).flatMap { key -> [Accounts.Effect] in
      if state.isTyping { return Accounts.update(&state, .typed(key)) }
      guard case .message(let message) = Accounts.keys.press(key, in: state) else { return [] }
      return Accounts.update(&state, message)
    }
  }

  @Test("are a table that says how each is used and how open it is")
  func table() throws {
    let lines = Accounts.render(try Self.state(), size: Size(columns: 100, rows: 6)).text.split(separator: "\n")
    #expect(lines[2].contains("ci-deploy") && lines[2].contains("! high") && lines[2].contains("$1.05"))
    #expect(lines[2].contains("42") && lines[2].contains("█"))
    #expect(lines[3].contains("batch") && lines[3].contains("✓ none") && lines[3].contains("$0.00"))
  }

  @Test("open on who becomes them, in words")
  func detail() throws {
    var state = try Self.state()
    #expect(Self.press("<enter>", &state) == [.loadDetail(state.accounts[0].id)])
    let text = Accounts.render(state, size: Size(columns: 100, rows: 30)).text
    #expect(text.contains("github  https://token.actions.githubusercontent.com"))
    #expect(text.contains("▾ ci-any") && text.contains("every branch, tag, environment and pull request"))
    #expect(text.contains("GH005"))
    _ = Self.press("<tab><tab><tab>", &state)
    #expect(Accounts.render(state, size: Size(columns: 100, rows: 30)).text.contains("requests  42"))
  }

  @Test("are shut off by exactly the rules that lead there, after the name was typed, and brought back")
  func shutOff() throws {
    var state = try Self.state()
    let account = state.accounts[0]
    #expect(Self.press("X", &state) == [.readDependants([account], .shutOff)])
    let rules = state.rules
    _ = Accounts.update(
      &state,
      .dependantsArrived(.init(rules: rules, unmanageable: [], keys: [], workspaces: 1, longestTokenLife: 600)))
    let text = Accounts.render(state, size: Size(columns: 100, rows: 30)).text
    #expect(text.contains("ci-main") && text.contains("Type ci-deploy to go on") && text.contains("at most 600 s"))
    #expect(Self.press("ci-deplo<enter>", &state).isEmpty)
    #expect(Self.press("y<enter>", &state) == [.shutOff(account)])
    let undo = Accounts.Undo(account: account, rules: rules, keys: [])
    _ = Accounts.update(&state, .shutOff(undo, left: []))
    #expect(Self.press("u", &state) == [.restore(undo)])
  }

  @Test("are not archived while rules lead to them")
  func archive() throws {
    var state = try Self.state()
    _ = Self.press("x", &state)
    let dependants = Accounts.Dependants(
      rules: state.rules, unmanageable: [], keys: nil, workspaces: 1, longestTokenLife: 600)
    _ = Accounts.update(&state, .dependantsArrived(dependants))
    #expect(Accounts.render(state, size: Size(columns: 100, rows: 20)).text.contains("Shut it off first with X"))
    _ = Self.press("<esc>", &state)
    #expect(state.closing == nil)
  }

  @Test("are archived together after one question, once no rule leads to any of them")
  func archiveSeveral() throws {
    var state = try Self.state()
    _ = Accounts.update(&state, .created(try Self.account("spare")))
    let (spare, ci, batch) = (state.accounts[0], state.accounts[1], state.accounts[2])
    _ = Self.press("g  ", &state)
    #expect(Self.press("x", &state) == [.readDependants([spare, ci], .archive)])
    let led = Accounts.Dependants(rules: state.rules, unmanageable: [], keys: [], workspaces: 2, longestTokenLife: 600)
    _ = Accounts.update(&state, .dependantsArrived(led))
    #expect(Accounts.render(state, size: Size(columns: 100, rows: 20)).text.contains("live rules lead to ci-deploy"))
    _ = Self.press("<esc>gj  ", &state)
    #expect(Self.press("x", &state) == [.readDependants([spare, batch], .archive)])
    let free = Accounts.Dependants(rules: [], unmanageable: [], keys: [], workspaces: 2, longestTokenLife: 0)
    _ = Accounts.update(&state, .dependantsArrived(free))
    let text = Accounts.render(state, size: Size(columns: 100, rows: 20)).text
    #expect(text.contains("Archive 2 accounts") && text.contains("  batch") && text.contains("Type 2 to go on"))
    #expect(Self.press("2<enter>", &state) == [.archive([spare, batch])])
    _ = Accounts.update(&state, .archived([spare], left: ["batch: refused"]))
    #expect(state.chosen == [batch])
    #expect(
      Accounts.keys.press("X", in: state) == .off("Accounts are shut off one at a time: esc takes the marks away."))
  }

  @Test("are sorted by the worst finding, and gone through from match to match")
  func sorting() throws {
    var state = try Self.state()
    _ = Accounts.update(&state, .created(try Self.account("batch-two")))
    _ = Self.press("<right><right><right><right>ss", &state)
    #expect(state.shown.map(\.name) == ["ci-deploy", "batch-two", "batch"])
    _ = Self.press("g/batch<enter><esc>", &state)
    #expect(state.shown.count == 3 && state.selected?.name == "batch-two")
    _ = Self.press("n", &state)
    #expect(state.selected?.name == "batch")
    _ = Self.press("n", &state)
    #expect(state.selected?.name == "batch-two")
    _ = Self.press("N", &state)
    #expect(state.selected?.name == "batch")
  }

  @Test("are edited with the difference shown first, and nothing sent when there is none")
  func edit() throws {
    var state = try Self.state()
    let account = state.accounts[0]
    #expect(Self.press("e<ctrl-s>", &state).isEmpty && state.edit == nil)
    #expect(Self.press("e<ctrl-u>deploys the API<ctrl-s>", &state).isEmpty)
    let text = Accounts.render(state, size: Size(columns: 80, rows: 20)).text
    #expect(text.contains("- release pipeline") && text.contains("+ deploys the API"))
    #expect(Self.press("<enter>", &state) == [.update(account, AccountUpdate(description: "deploys the API"))])
    let problem = Problem("It was not changed", because: "no answer came", try: "Try again.")
    _ = Accounts.update(&state, .updateFailed(problem))
    #expect(state.edit?.form.value("description") == "deploys the API")
  }

  @Test("are made with a name that can be one, and what was typed survives a failure")
  func create() throws {
    var state = try Self.state()
    #expect(Self.press("aCI Deploy<enter><enter>", &state).isEmpty)
    #expect(Accounts.render(state, size: Size(columns: 80, rows: 20)).text.contains("only small letters"))
    _ = Self.press("<up><ctrl-u>ci-deploy<enter><enter>", &state)
    #expect(Accounts.render(state, size: Size(columns: 80, rows: 20)).text.contains("an account of this name exists"))
    #expect(Self.press("<up><ctrl-u>ci-two<ctrl-s><enter>", &state) == [.create(AccountDraft(name: "ci-two"))])
    _ = Accounts.update(&state, .creationFailed(Problem("No", because: "x", try: "Try again.")))
    #expect(state.creation?.form.value("name") == "ci-two")
  }

  @Test("keep the selection when the list is read again or filtered")
  func selection() throws {
    var state = try Self.state()
    _ = Self.press("j", &state)
    let accounts = [try Self.account("newer")] + state.accounts
    _ = Accounts.update(&state, .loaded(accounts, rules: [], issuers: []))
    #expect(state.selected?.name == "batch")
    _ = Self.press("/name:ba*<enter>", &state)
    #expect(state.shown.map(\.name) == ["batch"] && state.selected?.name == "batch")
    _ = Self.press("<esc>", &state)
    #expect(state.shown.count == 3 && state.selected?.name == "batch")
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    var state = try Self.state()
    _ = Self.press("<enter>", &state)
    #expect(Accounts.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
  }

  @Test("the arrows fold a tree, and go from column to column in the list; no other key has two meanings")
  func keysHaveOneMeaningEach() { #expect(Set(Accounts.keys.collisions) == [.left, .right]) }
}
