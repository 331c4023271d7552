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
    #expect(Self.press("y<enter>", &state) == [.change(keys[0], .disable)])
    var disabled = keys[0]
    disabled.status = .inactive
    #expect(Keys.update(&state, .changed(disabled, .disable)) == [.say("busy is inactive. e turns it on again.")])
    #expect(Self.press("e", &state) == [.change(disabled, .enable)])
    _ = Keys.update(&state, .changeFailed(Problem("Not enabled", because: "x", try: "Again.")))
    #expect(Self.press("jd", &state) == [.change(keys[1], .disable)])
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

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    #expect(Keys.render(try Self.state(), size: Size(columns: rows, rows: rows)).size.rows == rows)
  }

  @Test func keysHaveOneMeaningEach() { #expect(Keys.keys.collisions.isEmpty) }
}
