import Interface
import Testing

@Suite("A table that someone arranged")
struct TableArrangementTests {
  private static let columns = [
    Table.Column("NAME", .flexible(minimum: 8)), Table.Column("STATE", .fixed(6)), Table.Column("ID", .fixed(4)),
  ]
  private static let names = ["rule 10", "Rule 2", "rule 1", "alpha"]

  @Test("is sorted as people sort: numbers as numbers, then the other way, then not") func sorting() {
    var table = Table()
    func order() -> [Int] { table.order(of: 4) { row, column in column == "NAME" ? Self.names[row] : "" } }
    #expect(order() == [0, 1, 2, 3])
    table.cycleSort(columns: Self.columns)
    #expect(table.sort == .init("NAME") && order() == [3, 2, 1, 0])
    table.cycleSort(columns: Self.columns)
    #expect(order() == [0, 1, 2, 3])
    table.cycleSort(columns: Self.columns)
    #expect(table.sort == nil)
    table.cycleSort(columns: Self.columns, place: 1)
    #expect(table.sort == .init("STATE") && order() == [0, 1, 2, 3])
  }

  @Test("keeps equal rows in their order, both ways") func stable() {
    var table = Table()
    table.sort = .init("X", isAscending: false)
    #expect(table.order(of: 5) { row, _ in "\(row % 2)" } == [1, 3, 0, 2, 4])
  }

  @Test("leaves out hidden columns but never the first, and keeps chosen widths") func arranging() {
    var table = Table()
    table.arrangement = .init(hidden: ["NAME", "STATE"], widths: ["ID": 9])
    #expect(table.shown(Self.columns).map(\.place) == [0, 2])
    #expect(table.shown(Self.columns)[1].column.width == .fixed(9))
    table.moveColumn(by: 1, columns: Self.columns)
    table.moveColumn(by: 1, columns: Self.columns)
    table.resizeColumn(by: -20, columns: Self.columns, width: 40)
    #expect(table.columnCursor == 1 && table.arrangement.widths["ID"] == 3)
  }

  @Test(
    "stays on its row, and that row where it stands",
    arguments: [
      (["x", "y", "a", "b", "c"], 3, 2), (["b"], 0, 0), (["c", "b", "a"], 1, 0), (["x", "y"], 1, 1), ([], 0, 1),
    ] as [([String], Int, Int)])
  func following(ids: [String], selected: Int, top: Int) {
    var table = Table()
    (table.selected, table.top) = (1, 0)
    if ids.count == 2 || ids.isEmpty { table.top = 1 }
    table.follow("b", in: ids)
    #expect(table.selected == selected && table.top == top)
  }

  @Test(
    "knows what a click met",
    arguments: [
      (Position(row: 1, column: 3), .heading(0)), (Position(row: 1, column: 21), .heading(1)),
      (Position(row: 2, column: 0), .row(4)),
      (Position(row: 4, column: 10), .row(6)), (Position(row: 5, column: 10), .row(7)),
      (Position(row: 6, column: 1), .nothing),
      (Position(row: 0, column: 3), .nothing),
      (Position(row: 2, column: 40), .nothing),
    ] as [(Position, Table.Hit)])
  func clicks(position: Position, hit: Table.Hit) {
    var table = Table()
    (table.selected, table.top) = (6, 5)
    #expect(table.hit(position, columns: Self.columns, count: 8, row: 1, width: 30, height: 5) == hit)
  }
}

@Suite("A search in a text")
struct SearchTests {
  private func pager(_ script: String) -> Pager {
    var pager = Pager((0..<20).map { $0 % 5 == 3 ? "Needle \($0)" : "hay \($0)" })
    for key in Key.script(script) { pager.press(key, height: 4) }
    return pager
  }

  @Test(
    "goes to matches with every letter, around the end, and back with esc",
    arguments: [
      ("/needle", 2, "1 of 4"), ("/NEEDLE<enter>n", 7, "2 of 4"), ("/needle<enter>nnnn", 2, "1 of 4"),
      ("/needle<enter>N", 16, "4 of 4"), ("jj/needle<esc>", 2, nil), ("/zzz", 0, "not found"),
      ("/needle<enter><esc>", 2, nil),
      ("jjjjjjjjj/ne", 12, "3 of 4"),
    ] as [(String, Int, String?)])
  func finding(script: String, top: Int, says: String?) {
    let pager = pager(script)
    #expect(pager.top == top)
    var surface = Surface(Size(columns: 30, rows: 4))
    pager.render(into: &surface, row: 0, width: 30, height: 4)
    #expect(surface.text.contains(says ?? "hay"))
    #expect(says != nil || !surface.text.contains("/"))
  }

  @Test("takes letters as text while one types") func typing() {
    #expect(pager("/gG").isTyping && pager("/gG").top == 0)
    #expect(!pager("/g<enter>").isTyping)
  }

  @Test(
    "marks a word where it stands, whatever surrounds it",
    arguments: [
      ("作者 rule RULE", "rule", [3..<7, 8..<12]), ("aaaa", "aa", [0..<2, 2..<4]), ("abc", "", []), ("İx", "x", [1..<2]),
    ] as [(String, String, [Range<Int>])])
  func places(text: String, word: String, places: [Range<Int>]) { #expect(Text.places(of: word, in: text) == places) }
}

@Suite("A tree")
struct TreeTests {
  private func tree(_ script: String) -> Tree {
    var tree = Tree(Gallery.nodes(["a", "b"]), unfoldedTo: 0)
    for key in Key.script(script) { tree.press(key, height: 5) }
    return tree
  }

  @Test(
    "folds, unfolds and goes where one looks",
    arguments: [
      ("", "0", 2), ("<right>", "0", 4), ("<right><right>", "0.0", 4), ("<right><right><left>", "0", 4),
      ("<right><left>", "0", 2),
      ("+G", "1.1.x", 10), ("+G-", "1", 2), ("<enter>j<enter>j", "0.0.x", 5), ("jj", "1", 2),
      ("/leaf of b", "0.1.x", 5),
      ("/leaf of b<enter>n", "1.1.x", 8), ("/leaf of b<enter>N", "1.1.x", 8), ("/nowhere", "0", 2),
    ])
  func moving(script: String, selected: String, count: Int) {
    let tree = tree(script)
    #expect(tree.selectedID == selected && tree.count == count)
  }

  @Test("stays where one is when other data comes") func replacing() {
    var tree = tree("<right><right>")
    tree.replace(with: [Tree.Node(id: "new", ["new"])] + Gallery.nodes(["a", "b"]))
    #expect(tree.selectedID == "0.0" && tree.count == 5)
    tree.replace(with: [])
    #expect(tree.selectedID == nil && tree.count == 0)
    for key in Key.script("+-<right><left><enter>G/x<enter>nN") { tree.press(key, height: 3) }
  }
}

@Suite("A JSON document")
struct JSONViewerTests {
  private func copied(_ script: String) -> JSONViewer.Outcome {
    var viewer = JSONViewer(Gallery.document)
    var last = JSONViewer.Outcome.ignored
    for key in Key.script(script) { last = viewer.press(key, height: 9) }
    return last
  }

  @Test(
    "gives the value or its path, as filters write it",
    arguments: [
      ("y", "act_01"), ("jy", "12345678901234567890"), ("jjjjY", "event_data"), ("jjjjjY", "event_data.sub"),
      ("jjjjjy", "repo:acme/deploy:ref\u{1B}[31m"), ("jjjjjjY", "event_data[\"a b\"]"),
      ("/deep<enter>Y", "event_data[\"a b\"][1].deep"),
      ("/deep<enter>y", "\"quoted\"\n"), ("jjjjjjy", "[1, {\"deep\": \"\\\"quoted\\\"\\n\"}]"), ("jjjy", "null"),
    ])
  func copying(script: String, text: String) {
    guard case .copy(let copy, _) = copied(script) else { return #expect(Bool(false), "nothing was copied") }
    #expect(copy == text)
  }

  @Test("shows a value that has no parts") func scalar() {
    var surface = Surface(Size(columns: 20, rows: 2))
    JSONViewer(.number("1")).render(into: &surface, row: 0, width: 20, height: 2)
    #expect(surface.text == "▸   1\n")
    JSONViewer(.object([])).render(into: &surface, row: 0, width: 20, height: 2)
    #expect(surface.text == "▸   {0}\n")
  }
}

@Suite("A number with a unit")
struct QuantityTests {
  private func form(_ script: String, value: Int? = nil) -> Form {
    var form = Form([.number("life", label: "Lifetime", value: value, units: Unit.ofTime, range: 60...86_400)])
    for key in Key.script(script) { _ = form.press(key) }
    return form
  }

  @Test(
    "is worth what its unit says",
    arguments: [
      ("90", "90", nil), ("2m", "120", nil), ("1h", "3600", nil), ("1d", "86400", nil),
      ("2d", "172800", "between 1 minute and 1 day"),
      ("5", "5", "between 1 minute and 1 day"), ("5m", "300", nil), ("x7-0", "70", nil), ("", "", nil),
      ("99999999999999999999h", "", "between 1 minute and 1 day"),
    ] as [(String, String, String?)])
  func worth(script: String, value: String, problem: String?) {
    let form = form(script)
    #expect(form.value("life") == value && form.fields[0].problem == problem)
  }

  @Test(
    "begins in the largest unit that fits",
    arguments: [(7200, "2 hours"), (90, "90 seconds"), (86_400, "1 day"), (0, "0 seconds")])
  func beginning(value: Int, shown: String) {
    var form = Form([
      .text("a", label: "A"), .number("life", label: "L", value: value, units: Unit.ofTime, range: 0...86_400),
    ])
    form.focus(on: "a")
    var surface = Surface(Size(columns: 30, rows: 2))
    form.render(into: &surface, row: 0, column: 0, width: 30, height: 2)
    #expect(surface.text.hasSuffix(shown))
  }

  @Test("of several choices gives those in order") func several() {
    var form = Form([.multiChoice("w", label: "W", options: ["a", "b", "c"], chosen: [2])])
    for key in Key.script("<left> <right><right><right> ") { _ = form.press(key) }
    #expect(form.value("w") == "a" && form.choices("w") == [0])
    form.setValue("w", "c, b")
    #expect(form.value("w") == "b, c")
  }
}

@Suite("A wizard")
struct WizardTests {
  private func wizard() -> Wizard {
    Wizard([
      .init(id: "one", title: "One", form: Form([.text("a", label: "A")])),
      .init(id: "two", title: "Two", form: Form([.text("b", label: "B"), .secret("c", label: "C")])),
    ])
  }

  @Test("goes forth when all is well, back without loss, and ends with what was agreed to") func walking() {
    var wizard = wizard()
    #expect(wizard.press("x") == .changed(step: "one"))
    #expect(wizard.press(.enter) == .submitted(step: "one"))
    wizard.edit("one") { $0.setProblem("a", "no") }
    #expect(wizard.advance() == false)
    wizard.edit("one") { $0.setProblem("a", nil) }
    #expect(wizard.advance() == true)
    for key in Key.script("yy<enter>hunter2") { _ = wizard.press(key) }
    #expect(wizard.press(.escape) == .moved && wizard.step?.id == "one" && wizard.value("a") == "x")
    #expect(wizard.advance() == true)
    #expect(wizard.value("b") == "yy" && wizard.press(.enter) == .submitted(step: "two"))
    #expect(wizard.advance() == true && wizard.isAtSummary)
    var surface = Surface(Size(columns: 40, rows: 10))
    wizard.render(into: &surface, row: 0, column: 0, width: 40, height: 10)
    #expect(surface.text.contains("yy") && !surface.text.contains("hunter2"))
    #expect(wizard.press("1") == .moved && wizard.step?.id == "one")
    #expect(wizard.press(.escape) == .cancelled)
  }

  @Test("keeps what was filled in when a step gets other fields") func refitting() {
    var wizard = wizard()
    _ = wizard.press("x")
    wizard.setFields("one", [.toggle("t", label: "T"), .text("a", label: "A")])
    #expect(wizard.value("a") == "x" && wizard.step?.form.focusedID == "a")
  }
}

@Suite("Signs")
struct SignTests {
  @Test(
    "show values by height",
    arguments: [
      ([], 5, ""), ([1, 2, 4, 8], 4, "▁▂▄█"), ([0, 0], 2, "  "), ([1, 9, 1, 1, 7, 1], 3, "█▁▇"),
      ([.nan, .infinity, -1, 5], 4, "   █"), ([1], 0, ""),
    ] as [([Double], Int, String)])
  func sparklines(values: [Double], width: Int, text: String) { #expect(Sparkline.text(values, width: width) == text) }

  @Test("count values in parts of equal width") func histogram() {
    #expect(Histogram([0, 1, 2, 3, 10, .nan], parts: 5, label: { "\($0)" }).counts == [2, 2, 0, 0, 1])
    #expect(Histogram([], parts: 3, label: { "\($0)" }).counts == [0, 0, 0])
    #expect(Histogram([4, 4], parts: 2, label: { "\($0)" }).counts == [2, 0])
  }

  @Test("go when their time has come, and do not repeat themselves") func toasts() {
    var toasts = Toasts()
    toasts.show("one", now: .seconds(1))
    toasts.show("one", now: .seconds(2))
    toasts.show("two", now: .seconds(3), for: .seconds(1))
    #expect(toasts.toasts.map(\.text) == ["one", "two"] && toasts.nextExpiry == .seconds(4))
    #expect(toasts.expire(now: .seconds(4)) == true)
    #expect(toasts.expire(now: .seconds(5)) == false)
    #expect(toasts.toasts.map(\.text) == ["one"])
  }

  @Test("say so kindly where there is no room, and nothing where there is") func small() {
    #expect(Surface.note(tooSmall: Size(columns: 60, rows: 15)) == nil)
    let note = Surface.note(tooSmall: Size(columns: 59, rows: 15))
    #expect(note?.text.contains("59 × 15") == true)
    #expect(Surface.note(tooSmall: Size(columns: 1, rows: 1))?.fault == nil)
  }

  @Test("of tabs are found again by a click") func tabs() {
    let tabs = Tabs([.init("One"), .init("Two", badge: "3"), .init("Three")], selected: 1)
    var surface = Surface(Size(columns: 40, rows: 1))
    tabs.render(into: &surface, row: 0, column: 2, width: 30)
    #expect(surface.text == "   One  [Two 3]  Three")
    #expect([2, 8, 18, 25].map { tabs.tab(at: $0, column: 2, width: 30) } == [0, 1, 2, nil])
  }

  @Test(
    "of two panes give way to one where there is no room for both",
    arguments: [(50, 19, 30), (49, 24, 24), (48, nil, nil), (200, 79, 120)] as [(Int, Int?, Int?)])
  func panes(columns: Int, first: Int?, second: Int?) {
    let sizes = Split(.beside, share: 40, least: 24).sizes(in: Size(columns: columns, rows: 9))
    guard let second else { return #expect(sizes.first?.columns == columns && sizes.second == nil) }
    #expect((sizes.first?.columns ?? 0) + (sizes.second?.columns ?? 0) + 1 == columns)
    #expect(sizes.first?.columns == max(24, first ?? 0) && sizes.second?.columns == min(second, columns - 25))
  }
}
