import Interface
import Testing

@Suite("Finding by a few letters")
struct FuzzyTests {
  @Test(
    "takes letters in their order, with others between",
    arguments: [
      ("", "refresh", true), ("rfs", "refresh", true), ("srf", "refresh", false), ("pd", "page down", true),
      ("down page", "page down", true), ("PAGE", "page down", true), ("pagedownx", "page down", false),
      ("作", "作者", true),
    ])
  func matching(query: String, text: String, matches: Bool) {
    #expect((Fuzzy.match(query, in: text) != nil) == matches)
  }

  @Test("puts words that begin so first, and says which letters were meant") func ranking() {
    let actions = ["open the rule", "copy identifier", "add an account", "archive", "reload accounts"]
    #expect(Fuzzy.ranked(actions, by: "aa") { $0 }.first?.0 == "add an account")
    #expect(
      Fuzzy.ranked(actions, by: "acc") { $0 }.map(\.0).prefix(2).sorted() == ["add an account", "reload accounts"])
    #expect(Fuzzy.ranked(actions, by: "") { $0 }.map(\.0) == actions)
    #expect(Fuzzy.match("acc", in: "add an account")?.places == [7, 8, 9])
  }
}

@Suite("The language of filters")
struct QueryTests {
  private static let row: [Query.Value] = [
    .init("Name", "CI-Deploy"), .init("state", "live"), .init("created", "2026-03-01T10:00:00Z"), .init("uses", "12"),
    .init("tag", "blue"), .init("tag", "green"),
  ]

  @Test(
    "decides whether a row is shown",
    arguments: [
      ("", true), ("deploy", true), ("nothing", false), ("name:ci-deploy", true), ("name:ci", false),
      ("name:ci*", true),
      ("state:live deploy", true), ("state:archived or deploy", true), ("-state:live", false), ("-nothing", true),
      ("-(state:live name:ci*)", false), ("(state:archived or state:live) -uses:13", true), ("uses>9", true),
      ("uses>12", false),
      ("uses>=12", true), ("uses<100", true), ("uses<=11", false), ("created>2026-02", true),
      ("created<2026-02", false),
      ("tag:green", true), ("\"ci-deploy\"", true), ("name:\"ci-deploy\"", true), ("\"live 2026\"", false),
      ("other:x", false),
      ("deploy or", true), ("or", true), ("-", true), ("name:", true), ("(deploy", true), ("deploy)", true),
      ("\"deploy", true),
      ("a or b deploy or live", true), ("nothing or -live or deploy", true), (")(", true), (":", true), (">x", false),
      ("name:ci* -", true),
    ])
  func deciding(text: String, isShown: Bool) { #expect(Query(text).matches(Self.row) == isShown) }

  @Test("binds not before and before or") func binding() {
    #expect(Query("a b or -c d") == .or(.and(.word("a"), .word("b")), .and(.not(.word("c")), .word("d"))))
    #expect(Query("A:b*") == .field("a", .equal, "b*"))
  }

  @Test("says which words to mark and which fields it asks for") func words() {
    let query = Query("deploy state:li* -old (uses>3 or other)")
    #expect(query.words == ["deploy", "li", "other"])
    #expect(query.fields == ["state", "uses"])
  }

  @Test(
    "reads anything",
    arguments: Hostile.texts + [String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000)])
  func anything(text: String) { _ = Query(text).matches(Self.row) }
}

@Suite("A filter under a list")
struct FilterTests {
  @Test("narrows with every key, and esc takes it away") func typing() {
    var filter = Filter()
    #expect(filter.press("a") == .ignored)
    filter.open()
    #expect(filter.press("a") == .changed)
    #expect(filter.rows(of: 3) { [.init("name", ["a", "b", "ab"][$0])] } == [0, 2])
    #expect(filter.press(.down) == .ignored && filter.press(.left) == .none)
    #expect(filter.press(.enter) == .kept && !filter.isTyping && filter.isActive)
    filter.open()
    #expect(filter.press(.escape) == .cleared && !filter.isActive && filter.text.isEmpty)
  }

  @Test("shows how many match, and which field there is not") func drawing() {
    var surface = Surface(Size(columns: 50, rows: 1))
    Filter("stat:x").render(into: &surface, row: 0, width: 50, shown: 0, of: 4, fields: ["name", "state"])
    #expect(surface.text == "/ stat:x                no field is called stat; …")
    Filter("state:x").render(into: &surface, row: 0, width: 50, shown: 2, of: 4, fields: ["name", "State"])
    #expect(surface.text == "/ state:x                                   2 of 4")
  }
}

@Suite("The palette")
struct PaletteTests {
  private static let hints = [
    Hint(keys: "j ↓", help: "next"), Hint(keys: "a", help: "add an account", off: "The console is read only."),
    Hint(keys: "ctrl-r", help: "refresh"), Hint(keys: "", help: "archive"),
  ]

  private func palette(_ script: String) -> (Palette, Palette.Outcome) {
    var palette = Palette(Self.hints)
    var last = Palette.Outcome.none
    for key in Key.script(script) { last = palette.press(key) }
    return (palette, last)
  }

  @Test(
    "finds, moves and chooses",
    arguments: [
      ("<enter>", .chosen(0)), ("<down><down><enter>", .chosen(2)), ("ref<enter>", .chosen(2)),
      ("arch<enter>", .chosen(3)),
      ("acc<enter>", .off("The console is read only.")), ("zzz<enter>", .none), ("<esc>", .cancelled),
      ("<up><enter>", .chosen(0)), ("ref<ctrl-u><enter>", .chosen(0)),
    ] as [(String, Palette.Outcome)])
  func choosing(script: String, outcome: Palette.Outcome) { #expect(palette(script).1 == outcome) }

  @Test("shows each action with its key, and why one is off") func drawing() {
    var surface = Surface(Size(columns: 60, rows: 9))
    palette("a").0.render(on: &surface)
    #expect(
      surface.text == """

        ┌─ Actions ────────────────────────────────────────────────┐
        │ : a                                                      │
        │                                                          │
        │ ▸ archive                                                │
        │   add an account  The console is read only.            a │
        └──────────────────────────────────────────────────────────┘


        """)
  }
}

@Suite("The help")
struct HelpTests {
  private static let sections = [
    Help.Section("Accounts", [Hint(keys: "j ↓", help: "next"), Hint(keys: "a", help: "add", off: "It is read only.")]),
    Help.Section("Everywhere", [Hint(keys: "?", help: "help"), Hint(keys: "q", help: "quit")]),
  ]

  @Test("shows every key in its section, and narrows by typing") func searching() {
    var help = Help(Self.sections)
    var surface = Surface(Size(columns: 44, rows: 12))
    help.render(on: &surface)
    #expect(
      surface.text == """
        ┌─ Help ───────────────────────────────────┐
        │ /  type to search                        │
        │                                          │
        │ Accounts                                 │
        │ j ↓            next                      │
        │ a              add  It is read only.     │
        │                                          │
        │ Everywhere                               │
        │ ?              help                      │
        │ q              quit                      │
        │                                          │
        └──────────────────────────────────────────┘
        """)
    for key in Key.script("qui") { #expect(help.press(key, height: 12) == .none) }
    surface = Surface(Size(columns: 44, rows: 6))
    help.render(on: &surface)
    #expect(surface.text.contains("quit") && !surface.text.contains("Accounts"))
    #expect(help.press(.escape, height: 12) == .none && help.query.text.isEmpty)
    #expect(help.press(.escape, height: 12) == .closed)
    #expect(help.press("?", height: 12) == .closed)
  }

  @Test("scrolls no further than its end") func scrolling() {
    var help = Help(Self.sections)
    for _ in 0..<50 { _ = help.press(.pageDown, height: 8) }
    var surface = Surface(Size(columns: 44, rows: 8))
    help.render(on: &surface)
    #expect(surface.text.contains("quit"))
  }
}
