import Interface
import Testing

@Suite("A table of keys")
struct KeymapTests {
  private static let keys = Keymap<Bool, String>(
    Binding("j", .down, help: "next", "moved"),
    Binding(.enter, help: "open", "opened") { $0 ? "It is open already." : nil },
    Binding(.enter, help: "close", "closed") { $0 ? nil : "It is not open." },
    Binding("a", help: "add an account", "added") { _ in "It is read only." },
    Binding(.pageDown, .control("d"), help: "page down", "paged"))

  @Test("gives the first binding that is not off, or says why none is") func pressing() {
    #expect(Self.keys.press(.down, in: false) == .message("moved"))
    #expect(Self.keys.press(.enter, in: false) == .message("opened"))
    #expect(Self.keys.press(.enter, in: true) == .message("closed"))
    #expect(Self.keys.press("a", in: true) == .off("It is read only."))
    #expect(Self.keys.press("z", in: true) == .unbound)
    #expect(Self.keys.collisions == [.enter])
  }

  @Test("gives hints in its order, with why an action is off") func hints() {
    #expect(
      Self.keys.hints(in: true).prefix(2) == [
        Hint(keys: "j ↓", help: "next"), Hint(keys: "enter", help: "open", off: "It is open already."),
      ])
  }

  @Test("serves a parent that holds its state") func mapped() {
    let parent: Keymap<[Bool], [String]> = Self.keys.map(state: { $0[0] }, message: { [$0] })
    #expect(parent.press(.enter, in: [true]) == .message(["closed"]))
    #expect(
      parent.then(Keymap(Binding("j", "q", help: "quit", ["quit"]))).press("j", in: [true]) == .message(["moved"]))
  }

  @Test("takes other keys by the names of actions") func rebinding() {
    let (keys, faults) = Self.keys.rebound(["next": ["n", "ctrl-n"], "page-down": [], "open": ["o"]])
    #expect(faults.isEmpty)
    #expect(keys.press("n", in: false) == .message("moved"))
    #expect(keys.press("j", in: false) == .unbound)
    #expect(keys.press(.pageDown, in: false) == .unbound)
    #expect(keys.press("o", in: false) == .message("opened"))
    #expect(keys.press(.enter, in: true) == .message("closed"))
  }

  @Test(
    "says what cannot be, and keeps the keys it had",
    arguments: [
      (["nxt": ["n"]], [.unknownAction("nxt")]),
      (["next": ["ctrl-"]], [.unknownKey("ctrl-", action: "next")]),
      (["next": ["a"]], [.clash(key: "a", actions: ["next", "add-an-account"])]),
      (["next": ["z"], "page-down": ["z"]], [.clash(key: "z", actions: ["next", "page-down"])]),
    ] as [([String: [String]], [RebindingFault])])
  func faults(keys: [String: [String]], faults: [RebindingFault]) {
    let result = Self.keys.rebound(keys)
    #expect(result.faults == faults)
    #expect(result.keymap.press("j", in: false) == .message("moved"))
    #expect(result.faults.allSatisfy { !$0.description.isEmpty })
  }

  @Test("lets two actions swap their keys") func swapping() {
    let (keys, faults) = Self.keys.rebound(["next": ["a"], "add-an-account": ["j"]])
    #expect(faults.isEmpty)
    #expect(keys.press("a", in: false) == .message("moved"))
    #expect(keys.press("j", in: false) == .off("It is read only."))
  }

  @Test(
    "reads the names of keys as it writes them",
    arguments: [
      "j", "ctrl-r", "alt-x", "enter", "esc", "tab", "shift-tab", "f5", "space", "pgup", "home", "ctrl-space",
    ])
  func names(name: String) { #expect(Key(name: name)?.description == name) }

  @Test("knows what is no key", arguments: ["", "ctrl-", "f0", "f99", "alt-ab", "return", "ctrl-alt-x"])
  func noNames(name: String) { #expect(Key(name: name) == nil) }

  @Test("reads scripts of keys") func scripts() {
    #expect(
      Key.script("a<enter><ctrl-r><lt>x<nope>") == ["a", .enter, .control("r"), "<", "x"] + Key.script("<lt>nope>"))
  }
}
