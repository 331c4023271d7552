import AccountsView
import Console
import Foundation
import Interface
import Platform
import Testing

@Suite("The console")
struct AppTests {
  static func state(_ columns: Int = 80, _ rows: Int = 24, readOnly: String? = nil) -> App.State {
    App.State(
      size: Size(columns: columns, rows: rows),
      connection: App.Connection(profile: "acme", address: "api.anthropic.com", readOnlyReason: readOnly),
      themes: [.plain])
  }

  /// With the accounts open.
  static func accounts(readOnly: String? = nil) -> App.State {
    var state = state(readOnly: readOnly)
    state.place = .accounts
    return state
  }

  static func press(_ script: String, _ state: inout App.State) -> [App.Effect] {
    Key.script(script).flatMap { App.update(&state, .pressed($0)) }
  }

  @Test("gives each key one meaning in each view", arguments: App.Place.allCases)
  func collisions(place: App.Place) {
    // By what is open: the list of issuers adds one of its own, and arrows fold the tree of an account.
    let twice: [App.Place: Set<Key>] = [.federation: ["a"], .accounts: [.left, .right]]
    #expect(Set(App.viewKeys(place).collisions) == twice[place] ?? [])
    #expect(App.keys.collisions.isEmpty)
    // A view may not take a key that means something everywhere, but to undo what was done in it last.
    let everywhere = Set(App.keys.bindings.flatMap(\.keys)).subtracting(["u"])
    #expect(App.viewKeys(place).bindings.flatMap(\.keys).filter(everywhere.contains) == [])
  }

  static let change = App.Journal.Line(
    number: 7, at: .init(timeIntervalSince1970: 1_790_000_000), who: "ops", action: "rules.update", subject: "ci-main",
    requestID: "req_1", outcome: "done", isDone: true, changes: [], undoing: "set ci-main back to what it was")

  @Test("leads with u to what was changed, and undoes it after saying what that does")
  func undoes() {
    var state = Self.state()
    #expect(Self.press("u", &state) == [.readJournal])
    var made = Self.change
    (made.number, made.action, made.subject, made.undoing) = (8, "rules.create", "ci-new", "archive ci-new, for good")
    var over = Self.change
    (over.number, over.action, over.undoing) = (9, "issuers.archive", nil)
    _ = App.update(&state, .journalRead([over, made, Self.change]))
    // What is over is passed by.
    #expect(Self.press("<enter>", &state).isEmpty)
    #expect(App.render(state).text.contains("This will archive ci-new, for good."))
    #expect(Self.press("ci<enter>", &state).isEmpty)
    #expect(Self.press("-new<enter>", &state) == [.undo(8)])
    _ = App.update(&state, .journalFailed(Problem("Not undone", because: "it was changed again", try: "Look.")))
    #expect(App.render(state).text.contains("✗ Not undone: it was changed again. Look."))
    _ = Self.press("j<enter>", &state)
    #expect(App.render(state).text.contains("enter again: set ci-main back to what it was"))
    #expect(Self.press("<enter>", &state) == [.undo(7)])
    #expect(App.update(&state, .undone("Undone: rules.update.")) == [.overview])
    #expect(state.overlay == nil && App.render(state).text.contains("Undone: rules.update."))
  }

  @Test("undoes nothing in a session that must not change anything")
  func undoesNothing() {
    var state = Self.state(readOnly: "Read-only.")
    _ = Self.press("u", &state)
    _ = App.update(&state, .journalRead([Self.change]))
    #expect(Self.press("<enter><enter>", &state).isEmpty)
    #expect(App.render(state).text.contains("Read-only."))
  }

  @Test("writes a hand-over to the file that is named, and says beside the name why it could not")
  func saves() throws {
    var state = Self.state()
    state.place = .federation
    _ = App.update(&state, .organization(Organization(id: "0b1c", name: "Acme")))
    let rule = FederationRule(
      id: try ID("fdrl_1"), name: "ci", description: nil, issuerID: try ID("fdis_1"),
      match: .init(subjectPrefix: "repo:acme/api:ref:refs/heads/main"), accountID: try ID("svac_1"),
      scope: "workspace:inference", tokenLifetime: 600, appliesToAllWorkspaces: false,
      workspaceIDs: [try ID("wrkspc_1")], createdAt: .init(timeIntervalSince1970: 0), createdBy: nil)
    _ = App.update(&state, .rules(.loaded(rules: [rule], issuers: [])))
    _ = Self.press("w", &state)
    #expect(App.render(state).text.contains("Write the identifiers of ci to a file"))
    let text = """
      ANTHROPIC_FEDERATION_RULE_ID=fdrl_1
      ANTHROPIC_ORGANIZATION_ID=0b1c
      ANTHROPIC_SERVICE_ACCOUNT_ID=svac_1
      ANTHROPIC_WORKSPACE_ID=wrkspc_1

      """
    #expect(Self.press("<enter>", &state) == [.write(text, path: "ci.env")])
    _ = App.update(&state, .writeFailed(Problem("Not written", because: "File exists", try: "Name another.")))
    #expect(App.render(state).text.contains("✗ File exists. Name another."))
    #expect(Self.press("<ctrl-u>b.env<enter>", &state) == [.write(text, path: "b.env")])
    _ = App.update(&state, .written(path: "b.env"))
    #expect(state.overlay == nil && App.render(state).text.contains("Written to b.env."))
  }

  @Test("keeps how a list is arranged, and arranges it so again")
  func arranges() throws {
    var state = Self.accounts()
    guard case .keep(let kept)? = Self.press("o<down> ", &state).last else {
      Issue.record("nothing was kept")
      return
    }
    guard case .keep(let sorted)? = Self.press("<esc>ss", &state).last else {
      Issue.record("the sorting was not kept")
      return
    }
    #expect(kept != sorted && Arrangements(json: sorted.json) == sorted)
    // Moving about changes nothing that is kept.
    #expect(Self.press("jjG/ci<esc>", &state).isEmpty)
    // What is broken, or of another version, is passed over.
    for text in ["[]", "{\"lists\":{\"keys\":7,\"accounts\":{\"widths\":{\"NAME\":\"wide\"},\"hidden\":[1]}}}"] {
      #expect(Arrangements(json: try JSON(parsing: Array(text.utf8))) != sorted)
    }
  }

  @Test("opens with what it has, before anything has come", arguments: App.Place.allCases)
  func first(place: App.Place) {
    var state = Self.state()
    state.place = place
    let text = App.render(state).text
    #expect(text.contains("[\(place.rawValue) "))
    #expect(text.contains("q quit"))
  }

  @Test("reads the organization, the open view and the tail when it starts")
  func starts() {
    var state = Self.state()
    let effects = App.update(&state, .started)
    #expect(effects.contains(.readOrganization))
    #expect(effects.contains(.overview))
    #expect(effects.contains(.audit(.poll(after: nil, in: .zero))))
  }

  @Test("takes a theme's file as it is now, and keeps the theme when its file is broken or gone")
  func themes() throws {
    var state = Self.state()
    let blue = Theme(name: "plain", styles: [.text: Style(foreground: .ansi(4))])
    let other = Theme(name: "other", styles: [:])
    try ThemesTests.with([
      "plain.toml": ThemesTests.theme("plain", "ansi-blue"), "o.toml": ThemesTests.theme("other", "default"),
    ]) {
      directory in
      let effects = App.update(&state, .themesRead(Themes(in: [directory])))
      guard case .screen(.theme(let theme)) = effects.first else { throw ThemesTests.Missing() }
      #expect(theme[.text].foreground == blue[.text].foreground && state.themes.map(\.name) == ["plain", other.name])
      #expect(App.update(&state, .themesRead(Themes(in: [directory]))) == [])
    }
    try ThemesTests.with(["plain.toml": "name = 3"]) { directory in
      #expect(App.update(&state, .themesRead(Themes(in: [directory]))) == [])
      #expect(App.render(state).text.contains("A theme was not read") && state.themes.map(\.name) == ["plain"])
    }
    #expect(App.update(&state, .themeAsked("plain")).count == 1 && App.update(&state, .themeAsked("gone")) == [])
  }

  @Test("draws everything again from wherever one is")
  func redraws() {
    for script in ["", "a", "?", ":", "/"] {
      var state = Self.accounts()
      _ = Self.press(script, &state)
      #expect(Self.press("<ctrl-l>", &state) == [.screen(.redraw)], "after \(script)")
    }
  }

  @Test("leaves with q from the top, never with esc, and asks before typed text is lost")
  func quits() {
    var state = Self.accounts()
    _ = Self.press("<esc><esc>", &state)
    #expect(!state.isQuitting)
    _ = Self.press("a<ctrl-c>", &state)
    #expect(!state.isQuitting && App.render(state).text.contains("would be lost"))
    _ = Self.press("q", &state)
    #expect(!state.isQuitting)
    _ = Self.press("<ctrl-c><ctrl-c>", &state)
    #expect(state.isQuitting)
    var other = Self.state()
    _ = Self.press("q", &other)
    #expect(other.isQuitting)
  }

  @Test("is there before its sandbox, and says where that listens once it does")
  func startingSandbox() {
    var state = App.State(
      size: Size(columns: 120, rows: 24), connection: App.Connection(profile: "demo", address: "", isSandbox: true),
      themes: [.plain])
    #expect(App.render(state).text.contains("demo · sandbox\n"))
    #expect(App.update(&state, .addressKnown("127.0.0.1:40123")).isEmpty)
    #expect(App.render(state).text.contains("demo · sandbox · 127.0.0.1:40123\n"))
  }

  @Test("sends no change on a profile that asks for its name before that is typed")
  func holds() {
    var state = Self.accounts()
    state.connection.asksForName = true
    let creation = "aci-deploy<enter><enter><enter>"
    #expect(!Self.press(creation, &state).contains { $0.isCreation })
    #expect(App.render(state).text.contains("Type acme to go on"))
    // Keys of everywhere are letters here, and enter alone does nothing.
    #expect(Self.press("q2<enter>", &state).isEmpty && !state.isQuitting && state.place == .accounts)
    #expect(Self.press("<ctrl-u>acme<enter>", &state).map(\.isCreation) == [true])
    #expect(!App.render(state).text.contains("Type acme"))
  }

  @Test("gives a form back whose change was called off")
  func callsOff() {
    var state = Self.accounts()
    state.connection.asksForName = true
    #expect(Self.press("aci-deploy<enter><enter><enter>acm<esc>", &state).allSatisfy { !$0.isCreation })
    let text = App.render(state).text
    #expect(text.contains("the profile's name was not typed") && text.contains("ci-deploy"))
    #expect(Self.press("<enter><enter>acme<enter>", &state).contains { $0.isCreation })
    var other = Self.accounts()
    other.connection.asksForName = true
    _ = Self.press("aci-deploy<enter><enter><enter><ctrl-c>", &other)
    #expect(!other.isQuitting && App.render(other).text.contains("Nothing was sent yet"))
    _ = Self.press("<ctrl-c>", &other)
    #expect(other.isQuitting)
  }

  @Test("says why nothing can be changed")
  func readOnly() {
    var state = Self.accounts(readOnly: "This session is read-only.")
    #expect(App.render(state).text.contains("read-only"))
    _ = Self.press("a", &state)
    #expect(App.render(state).text.contains("This session is read-only."))
    #expect(state.accounts.creation == nil)
  }

  @Test("finds actions by name, and does them")
  func palette() {
    var state = Self.state()
    _ = Self.press(":go to aud<enter>", &state)
    #expect(state.place == .audit && state.overlay == nil)
    _ = Self.press("?", &state)
    #expect(App.render(state).text.contains("Help"))
    _ = Self.press("<esc>", &state)
    #expect(state.overlay == nil)
  }

  @Test("opens the view whose name is clicked")
  func click() {
    var state = Self.state()
    let header = App.render(state).text.split(separator: "\n")[0]
    let column = header.distance(from: header.startIndex, to: header.firstRange(of: "Audit")!.lowerBound)
    _ = App.update(&state, .mouse(Mouse(.click, at: Position(row: 0, column: column))))
    #expect(state.place == .audit)
  }

  @Test(
    "draws in any size",
    arguments: [(0, 0), (1, 1), (59, 14), (60, 15), (80, 24), (200, 60)], App.Place.allCases)
  func sizes(size: (Int, Int), place: App.Place) {
    var state = Self.state(size.0, size.1)
    state.place = place
    #expect(App.render(state).size == Size(columns: size.0, rows: size.1))
    _ = Self.press("?", &state)
    #expect(App.render(state).size == Size(columns: size.0, rows: size.1))
  }
}

extension App.Effect {
  fileprivate var isCreation: Bool { if case .accounts(.create) = self { true } else { false } }
}
