import Foundation
import Interface
import KeysView
import Platform
import Testing

@Suite("The static keys")
struct KeysTests {
  static func key(_ name: String, status: APIKey.Status = .active, principal: APIKey.Principal? = nil) throws -> APIKey
  {
    APIKey(
      id: try ID("apikey_\(name)"), name: name, status: status, createdAt: Date(timestamp: "2026-01-02T10:00:00Z")!,
      hint: "sk-…\(name.suffix(2))", principal: principal, workspaceID: nil)
  }

  static func state() throws -> Keys.State {
    var state = Keys.State()
    let keys = [
      try key("busy", principal: .account(try ID("svac_1"))), try key("idle"), try key("off", status: .inactive),
      try key("gone", status: .archived),
    ]
    state.accountNames = [try ID("svac_1"): "ci-deploy"]
    _ = Keys.update(&state, .loaded(keys))
    _ = Keys.update(&state, .usageArrived([keys[0].id: .init(requests: 1234, tokens: 9)]))
    return state
  }

  static func press(_ script: String, _ state: inout Keys.State) -> [Keys.Effect] {
    Key.script(script).flatMap { key -> [Keys.Effect] in
      if state.isTyping { return Keys.update(&state, .typed(key)) }
      guard case .message(let message) = Keys.keys.press(key, in: state) else { return [] }
      return Keys.update(&state, message)
    }
  }

  @Test("say which are used, and whom they act as")
  func table() throws {
    let lines = Keys.render(try Self.state(), size: Size(columns: 100, rows: 8)).text.split(separator: "\n")
    #expect(lines[0].contains("4 · 2 active · 1 of them unused for seven days"))
    #expect(lines[2].contains("busy") && lines[2].contains("1234") && lines[2].contains("ci-deploy"))
    #expect(lines[3].contains("unused") && lines[4].contains("disabled"))
  }

  @Test("a used one is only disabled by name, an unused one at once, and both come back")
  func disable() throws {
    var state = try Self.state()
    let keys = state.keys
    #expect(Self.press("d", &state).isEmpty)
    #expect(Keys.render(state, size: Size(columns: 80, rows: 20)).text.contains("Disable busy"))
    #expect(Self.press("bus<enter>", &state).isEmpty)
    #expect(Self.press("y<enter>", &state) == [.change([keys[0]], .disable)])
    var disabled = keys[0]
    disabled.status = .inactive
    #expect(
      Keys.update(&state, .changed([disabled], .disable, left: [])) == [.say("busy is inactive. e turns it on again.")])
    #expect(Self.press("e", &state) == [.change([disabled], .enable)])
    _ = Keys.update(&state, .changeFailed(Problem("Not enabled", because: "x", try: "Again.")))
    #expect(Self.press("jd", &state) == [.change([keys[1]], .disable)])
  }

  @Test("of unknown use are treated as used")
  func unknownUse() throws {
    var state = Keys.State()
    _ = Keys.update(&state, .loaded([try Self.key("busy")]))
    #expect(Self.press("d", &state).isEmpty && state.pending?.confirmation != nil)
  }

  @Test("cannot be changed once they are over", arguments: ["d", "e", "x"])
  func over(key: String) throws {
    var state = try Self.state()
    _ = Self.press("G", &state)
    #expect(Keys.keys.press(Key.script(key)[0], in: state) == .off("gone is archived."))
  }

  @Test("are filtered by use")
  func filters() throws {
    var state = try Self.state()
    _ = Self.press("/used:no status:active<enter>", &state)
    #expect(state.shown.map(\.name) == ["idle"])
    _ = Self.press("<enter>", &state)
    #expect(Keys.render(state, size: Size(columns: 80, rows: 20)).text.contains("connects the workload"))
  }

  @Test("several at once are asked about in one list, those in use first, and what failed stays marked")
  func several() throws {
    var state = try Self.state()
    let keys = state.keys
    #expect(Self.press("   d", &state).isEmpty)
    let text = Keys.render(state, size: Size(columns: 90, rows: 20)).text
    #expect(text.contains("Disable 2 keys") && text.contains("1 of the marked stay as they are"))
    #expect(text.contains("! busy, 1234") && text.contains("  idle, unused") && text.contains("Type 2 to go on"))
    #expect(Self.press("1<enter>", &state).isEmpty)
    #expect(Self.press("<ctrl-u>2<enter>", &state) == [.change([keys[0], keys[1]], .disable)])
    var disabled = keys[0]
    disabled.status = .inactive
    let said = Keys.update(&state, .changed([disabled], .disable, left: ["idle: refused"]))
    #expect(said == [.say("1 of 2 keys were changed. Not changed: idle: refused")])
    #expect(Self.press("e", &state) == [.change([disabled, keys[2]], .enable)])
    _ = Keys.update(&state, .changeFailed(Problem("Not enabled", because: "x", try: "Again.")))
    _ = Self.press("<esc>", &state)
    #expect(state.table.marks.isEmpty)
  }

  @Test("are sorted by use as numbers, and by what is clicked")
  func sorting() throws {
    var state = try Self.state()
    _ = Keys.update(
      &state,
      .usageArrived([state.keys[0].id: .init(requests: 9, tokens: 9), state.keys[1].id: .init(requests: 80, tokens: 1)])
    )
    _ = Self.press("<right><right><right>ss", &state)
    #expect(state.shown.map(\.name) == ["idle", "busy", "off", "gone"] && state.selected?.name == "busy")
    let heading = Keys.render(state, size: Size(columns: 80, rows: 20)).text.split(separator: "\n")[1]
    #expect(heading.contains("7 DAYS ↓"))
    _ = Keys.update(&state, .list(.pointed(Mouse(.click, at: Position(row: 1, column: 4)))))
    #expect(state.shown.map(\.name) == ["busy", "gone", "idle", "off"])
    _ = Keys.update(&state, .list(.pointed(Mouse(.click, at: Position(row: 3, column: 40)))))
    #expect(state.selected?.name == "gone")
  }

  @Test("show the columns that were chosen, in the order chosen")
  func columns() throws {
    var state = try Self.state()
    _ = Self.press("oj jjK<enter>", &state)
    let heading = Keys.render(state, size: Size(columns: 100, rows: 20)).text.split(separator: "\n")[1]
    #expect(heading.split(separator: " ").prefix(3) == ["KEY", "ACTS", "AS"] && !heading.contains("STATUS"))
  }

  @Test("scroll with the wheel, and the selection stays in sight")
  func wheel() throws {
    var state = Keys.State()
    state.rows = 6
    _ = Keys.update(&state, .loaded(try (0..<20).map { try Self.key("k\($0)") }))
    _ = Keys.update(&state, .list(.pointed(Mouse(.wheelDown, at: Position(row: 3, column: 3)))))
    #expect(state.table.top == 3 && state.selected?.name == "k3")
    for _ in 0..<9 { _ = Keys.update(&state, .list(.pointed(Mouse(.wheelDown, at: Position(row: 3, column: 3))))) }
    #expect(state.table.top == 16 && state.selected?.name == "k16")
    _ = Keys.update(&state, .list(.pointed(Mouse(.wheelUp, at: Position(row: 3, column: 3)))))
    #expect(state.table.top == 13 && state.selected?.name == "k16")
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    #expect(Keys.render(try Self.state(), size: Size(columns: rows, rows: rows)).size.rows == rows)
  }

  @Test func keysHaveOneMeaningEach() { #expect(Keys.keys.collisions.isEmpty) }
}
