import Foundation
import Interface
import Migration
import MigrationView
import Platform
import Testing

@Suite("The way off static keys")
struct MigrationTests {
  static let now = Date(timestamp: "2026-11-24T12:00:00Z")!

  static func day(_ days: Int) -> Date { now.addingTimeInterval(Double(days) * 86400) }

  static func key(_ name: String, _ status: APIKey.Status = .active) throws -> APIKey {
    APIKey(id: try ID("apikey_\(name)"), name: name, status: status, createdAt: day(-400), hint: "sk-…\(name)")
  }

  static func rule() throws -> FederationRule {
    FederationRule(
      id: try ID("fdrl_1"), name: "ci-main", description: nil, issuerID: try ID("fdis_1"),
      match: .init(subjectPrefix: "repo:acme/web"), accountID: try ID("svac_1"), scope: Scope.developer,
      tokenLifetime: 600, appliesToAllWorkspaces: true, workspaceIDs: [], createdAt: day(-9), createdBy: nil)
  }

  /// What was seen a day ago of a key that was silent for so many days.
  static func verified(_ key: APIKey, silent days: Int, isCutOver: Bool = true) throws -> Course.Taken {
    var evidence = Evidence(
      at: day(-1), keyID: key.id, ruleID: try ID("fdrl_1"), accountID: try ID("svac_1"), readFrom: day(-1 - days))
    (evidence.exchanges, evidence.accountTokens) = isCutOver ? (3, 900) : (0, 0)
    return Course.Taken(.verify, at: day(-1), who: "ann", record: evidence.json)
  }

  static func line(_ key: APIKey, _ steps: [Course.Taken] = []) -> Migrating.Line {
    Migrating.Line(
      course: Course(key: key, steps: steps, soak: Soak(use: nil, history: 93)), use: nil, history: 93,
      month: key.name == "busy" ? .init(tokens: 1200, cost: "4.20 USD") : nil)
  }

  static func state() throws -> Migrating.State {
    var board = Migrating.Board()
    let (soaking, ready, off) = (try key("soaking"), try key("ready"), try key("off", .inactive))
    board.lines = [
      line(try key("gone", .archived)), line(off, [Course.Taken(.disable, at: day(-2), who: "ann")]),
      line(ready, [try verified(ready, silent: 100)]), line(soaking, [try verified(soaking, silent: 12)]),
      line(try key("busy")),
    ]
    (board.rules, board.at) = ([try rule()], now)
    var state = Migrating.State()
    _ = Migrating.update(&state, .loaded(board))
    return state
  }

  static func press(_ script: String, _ state: inout Migrating.State) -> [Migrating.Effect] {
    Key.script(script).flatMap { key -> [Migrating.Effect] in
      if state.isTyping { return Migrating.update(&state, .typed(key)) }
      guard case .message(let message) = Migrating.keys.press(key, in: state) else { return [] }
      return Migrating.update(&state, message)
    }
  }

  static func text(_ state: Migrating.State) -> String {
    Migrating.render(state, size: Size(columns: 80, rows: 21)).text
  }

  @Test("is a board of the keys by how far they are, with what blocks each")
  func board() throws {
    let lines = Self.text(try Self.state()).split(separator: "\n")
    #expect(lines[0].contains("5 keys · 1 in use · 1 soaking · 1 ready · 1 watching · 1 retired"))
    let wanted = [
      ["busy", "in use", "4.20 USD", "no plan yet"], ["soaking", "silent 12 of 90 days"], ["ready", "none in 93 d"],
      ["off", "watching", "until 2026-12-22"], ["gone", "retired"],
    ]
    for (line, words) in zip(lines.dropFirst(2), wanted) { #expect(words.allSatisfy(line.contains), "\(line)") }
  }

  @Test(
    "opens a page that says the next step, and copies the same as a command",
    arguments: [
      ("", "gatehouse migrate plan PATH"), ("j", "gatehouse migrate verify apikey_soaking --rule fdrl_1"),
      ("jj", "gatehouse migrate disable apikey_ready --copy-kept"), ("jjj", "gatehouse migrate rollback apikey_off"),
      ("G", "gatehouse migrate report apikey_gone"),
    ])
  func page(way: String, command: String) throws {
    var state = try Self.state()
    #expect(Self.press(way + "<enter>y", &state) == [.copy(command, what: command)])
    if way != "G" { #expect(Self.text(state).contains("$ \(command)")) }
    var seen = Self.text(state)
    for _ in 0..<5 {
      _ = Self.press("<pgdn>", &state)
      seen += Self.text(state)
    }
    #expect(seen.contains("gatehouse migrate scan PATH") && seen.contains("no report has them"))
    #expect(Self.press("<esc>y", &state) == [.copy(command, what: command)])
  }

  @Test("looks for proof by the rule of last time, and says what was seen")
  func verify() throws {
    var state = try Self.state()
    #expect(Self.press("jv", &state).isEmpty)
    #expect(Self.text(state).contains("--rule fdrl_1 --since -24h"))
    let course = state.board.lines[1].course
    #expect(Self.press("<enter><enter>", &state) == [.take(.verify(try Self.rule(), hours: 24), course)])
    #expect(state.isSending && Self.text(state).contains("Looking for proof of soaking…"))
    let said = Migrating.update(&state, .taken(.verify, course, at: Self.now))
    #expect(said == [.say("soaking: The workload federates: 3 exchanges, 900 tokens billed to the account.")])
  }

  @Test("disables by name once somebody says that the stored copy is there")
  func disable() throws {
    var state = try Self.state()
    let course = state.board.lines[2].course
    #expect(Self.press("jjd<enter>", &state).isEmpty)
    #expect(Self.text(state).contains("✗ without it there is no way back"))
    #expect(Self.press(" <enter>", &state).isEmpty)
    #expect(Self.text(state).contains("gatehouse migrate disable apikey_ready --copy-kept"))
    #expect(Self.press("read<enter>", &state).isEmpty)
    #expect(Self.press("y<enter>", &state) == [.take(.disable(waiver: nil), course)])
  }

  @Test("sets a guard aside only with a reason, and never one that cannot be")
  func waive() throws {
    var state = try Self.state()
    #expect(Migrating.keys.press("d", in: state) == .off("Nothing was verified: run gatehouse migrate verify first."))
    let course = state.board.lines[1].course
    _ = Self.press("jd <enter><enter>", &state)
    #expect(Self.text(state).contains("silent for 12 days") && Self.text(state).contains("✗ say why"))
    let effects = Self.press("its owner's word<enter>soaking<enter>", &state)
    #expect(effects == [.take(.disable(waiver: "its owner's word"), course)])
    #expect(Migrating.update(&state, .stepFailed(Problem("Not disabled", because: "x", try: "y"))).isEmpty)
    #expect(!state.isSending && Self.text(state).contains("✗ Not disabled"))
  }

  @Test("goes back in one key press, from the board and from the page", arguments: ["jjju", "jjj<enter>u", "ju"])
  func rollback(script: String) throws {
    var state = try Self.state()
    let course = state.board.lines[script == "ju" ? 1 : 3].course
    #expect(Self.press(script, &state) == [.take(.rollback, course)])
    var key = course.key
    key.status = .active
    let steps = course.steps + [Course.Taken(.rollback, at: Self.now, who: "ann")]
    _ = Migrating.update(
      &state, .taken(.rollback, Course(key: key, steps: steps, soak: course.soak), at: Self.now))
    #expect(state.selected?.course.state(at: Self.now) == .rolledBack && state.selected?.key.id == key.id)
    #expect(Migrating.keys.press("d", in: state) == .off("Nothing was verified: run gatehouse migrate verify first."))
  }

  @Test("says the way back on the page of every step that has one, what was seen, and when a brown-out ends")
  func page() throws {
    var state = try Self.state()
    let off = Course.Taken(
      .brownOut, at: Self.now, who: "ann", record: ["until": JSON(Self.now.addingTimeInterval(3600))])
    var board = state.board
    board.lines.append(Self.line(try Self.key("brown", .inactive), [off]))
    _ = Migrating.update(&state, .loaded(board))
    var seen: [String: String] = [:]
    for line in state.board.lines {
      state.select(line.key.id.description)
      _ = Self.press("<enter>", &state)
      seen[line.key.name] = Self.text(state)
      _ = Self.press("<esc>", &state)
    }
    for name in ["soaking", "ready", "off", "brown"] {
      #expect(seen[name]?.contains("u takes the way back, until it is archived.") == true, "\(name)")
    }
    for name in ["busy", "gone"] { #expect(seen[name]?.contains("u takes") == false, "\(name)") }
    #expect(
      seen["brown"]?.contains("[brown-out]") == true && seen["brown"]?.contains("2026-11-24 13:00:00 UTC") == true)
    #expect(seen["ready"]?.contains("3 exchanges, 900 tokens billed to the account") == true)
  }

  @Test("is sorted, marked, filtered and pointed at as every list is")
  func list() throws {
    var state = try Self.state()
    func first() -> String { String(Self.text(state).split(separator: "\n")[2].prefix(12)) }
    #expect(first().contains("busy"))
    _ = Self.press("ss", &state)
    #expect(first().contains("soaking"), "by name, backwards")
    _ = Self.press("s", &state)
    _ = Migrating.update(&state, .list(.pointed(Mouse(.click, at: Position(row: 3, column: 2)))))
    #expect(state.selected?.key.name == "soaking")
    _ = Self.press("/state:ready<enter>", &state)
    #expect(state.shown.map(\.key.name) == ["ready"])
    _ = Self.press("<esc>", &state)
    #expect(state.shown.count == 5)
  }

  @Test("archives by name, with a reason while the watch goes on, and nothing that is on")
  func archive() throws {
    var state = try Self.state()
    #expect(
      Migrating.keys.press("x", in: state) == .off("It is archived only after it was disabled and watched."))
    _ = Self.press("jjjx<enter>", &state)
    #expect(Self.text(state).contains("✗ say why"))
    let course = state.board.lines[3].course
    #expect(Self.press("leaked<enter>off<enter>", &state) == [.take(.archive(waiver: "leaked"), course)])
  }

  @Test("changes nothing when nothing may be changed, but looks for proof")
  func readOnly() throws {
    var state = try Self.state()
    state.readOnlyReason = "Changes are off."
    _ = Self.press("jjj", &state)
    for key in ["u", "x"] { #expect(Migrating.keys.press(Key.script(key)[0], in: state) == .off("Changes are off.")) }
    #expect(Migrating.keys.press("v", in: state) == .message(.stepAsked(.verify)))
  }

  @Test("shows the auditors' report, and copies it")
  func report() throws {
    var state = try Self.state()
    #expect(Self.press("r", &state) == [.report(nil)])
    _ = Migrating.update(&state, .reported("# Migration off static keys\n\nAll."))
    #expect(Self.text(state).contains("Migration › Report") && Self.text(state).contains("All."))
    #expect(Self.press("y", &state) == [.copy("# Migration off static keys\n\nAll.", what: "the report")])
    _ = Self.press("<esc><enter>", &state)
    #expect(Self.press("r", &state) == [.report(state.board.lines[0].course.key)])
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    var state = try Self.state()
    for script in ["", "jd", "<esc><enter>"] {
      _ = Self.press(script, &state)
      #expect(Migrating.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
    }
  }

  @Test func keysHaveOneMeaningEach() { #expect(Migrating.keys.collisions.isEmpty) }
}
