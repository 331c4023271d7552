import AccountsView
import Console
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
    #expect(App.viewKeys(place).collisions.isEmpty)
    #expect(App.keys.collisions.isEmpty)
    // A view may not take a key that means something everywhere.
    let everywhere = Set(App.keys.bindings.flatMap(\.keys))
    #expect(App.viewKeys(place).bindings.flatMap(\.keys).filter(everywhere.contains) == [])
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
