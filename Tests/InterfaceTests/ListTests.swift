import Interface
import Testing

@Suite("A table")
struct TableTests {
  private static let columns = [
    Table.Column("NAME", .flexible(minimum: 6)), Table.Column("USES", .fixed(4), alignment: .trailing),
    Table.Column("ID", .fixed(6)),
  ]

  private func screen(_ table: Table, count: Int, columns: Int, rows: Int) -> String {
    var surface = Surface(Size(columns: columns, rows: rows))
    table.render(columns: Self.columns, count: count, into: &surface, row: 0, width: columns, height: rows) {
      [Table.Entry("name \($0)"), Table.Entry("\($0)"), Table.Entry("id_\($0)", role: .dim)]
    }
    #expect(surface.fault == nil)
    return surface.text
  }

  @Test("shows its heading, the rows in sight and a mark at the selected one") func drawing() {
    var table = Table()
    table.selected = 1
    #expect(
      screen(table, count: 3, columns: 26, rows: 5) == """
          NAME        USES  ID
          name 0         0  id_0
        ▸ name 1         1  id_1
          name 2         2  id_2

        """)
    #expect(
      screen(table, count: 3, columns: 12, rows: 3) == """
          NAME
          name 0
        ▸ name 1
        """)
  }

  @Test("asks only for the rows in sight, however many there are", arguments: [10, 10_000, 1_000_000])
  func window(count: Int) {
    var table = Table()
    table.moveToEnd(count: count)
    var asked: [Int] = []
    var surface = Surface(Size(columns: 30, rows: 6))
    table.render(columns: Self.columns, count: count, into: &surface, row: 0, width: 30, height: 6) {
      asked.append($0)
      return []
    }
    #expect(asked == Array(count - 5..<count))
  }

  @Test("keeps its selection in sight and in range", arguments: 0..<40)
  func moving(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var table = Table()
    for _ in 0..<200 {
      let count = Int.random(in: 0...50, using: &random)
      let height = Int.random(in: 0...12, using: &random)
      table.move(by: [1, -1, 7, -7, .max, .min].randomElement(using: &random) ?? 1, count: count)
      table.scroll(height: height, count: count)
      #expect(table.selected >= 0 && table.selected <= max(0, count - 1))
      let window = table.window(height: height, count: count)
      #expect(window.lowerBound == table.top && window.upperBound <= count && window.count <= max(0, height - 1))
      if height > 1, count > 0 { #expect(window.contains(table.selected)) }
    }
  }

  @Test(
    "leaves out the last columns that do not fit and gives the rest to the flexible ones",
    arguments: [(40, [26, 4, 6]), (20, [6, 4, 6]), (19, [13, 4]), (10, [10]), (3, [3]), (0, [0])])
  func widths(width: Int, expected: [Int]) { #expect(Table.widths(of: Self.columns, in: width) == expected) }
}

@Suite("A pager")
struct PagerTests {
  @Test(
    "moves within its lines",
    arguments: [("j", 1), ("jjjjjjjjjjjjjj", 7), ("G", 7), ("Gg", 0), (" ", 2), ("k", 0), ("<ctrl-d>", 1)])
  func moving(script: String, top: Int) {
    var pager = Pager((0..<10).map { "line \($0)" })
    for key in Key.script(script) { #expect(pager.press(key, height: 3) == true) }
    #expect(pager.top == top)
  }

  @Test("draws what is in sight, from the side it was moved to") func drawing() {
    var pager = Pager(["0123456789abc", "x"])
    pager.press(.right, height: 2)
    var surface = Surface(Size(columns: 5, rows: 3))
    pager.render(into: &surface, row: 1, column: 1, width: 3, height: 2)
    #expect(surface.text == "\n 89a\n")
  }
}

/// Testing has a type of the same name.
private typealias Question = Interface.Confirmation

@Suite("A question before what cannot be undone")
struct ConfirmationTests {
  @Test(
    "goes on only when the word is there",
    arguments: [
      ("<enter>", .none), ("prod<enter>", .confirmed), ("Prod<enter>", .none), ("prod <enter>", .none),
      ("prod<esc>", .cancelled),
    ]
      as [(String, Question.Outcome)])
  private func confirming(script: String, outcome: Question.Outcome) {
    var question = Question(title: "Archive", lines: ["Three rules depend on it."], word: "prod")
    var last = Question.Outcome.none
    for key in Key.script(script) { last = question.press(key) }
    #expect(last == outcome)
  }

  @Test("keeps its question in sight on any screen", arguments: 5...14)
  func small(rows: Int) {
    let question = Question(title: "Archive", lines: (0..<20).map { "rule \($0)" }, word: "prod")
    var surface = Surface(Size(columns: 40, rows: rows))
    question.render(on: &surface)
    #expect(surface.text.contains("Type prod to go on"))
    #expect(surface.cursor != nil && surface.fault == nil)
  }
}

@Suite("A form")
struct FormTests {
  private static let form = Form([
    .note("Everything here can be changed later."), .text("name", label: "Name", hint: "small letters"),
    .choice("role", label: "Role", options: ["user", "developer"]), .toggle("live", label: "Live"),
    .secret("key", label: "Key"),
  ])

  private func filled(_ script: String) -> (Form, Form.Outcome) {
    var form = Self.form
    var last = Form.Outcome.ignored
    for key in Key.script(script) { last = form.press(key) }
    return (form, last)
  }

  @Test("is filled in field after field") func filling() {
    let (form, outcome) = filled("ci<enter><right><tab> <down>secret<enter>")
    #expect(outcome == .submitted)
    #expect(
      form.value("name") == "ci" && form.value("role") == "developer" && form.isOn("live")
        && form.value("key") == "secret")
    #expect(form.value("other") == "" && form.choice("role") == 1)
  }

  @Test(
    "says what a key came to",
    arguments: [
      ("a", .changed), ("<left>", .moved), ("<tab>", .moved), ("<up>", .ignored), ("<shift-tab>", .moved),
      ("<ctrl-s>", .submitted),
      ("<esc>", .cancelled), ("<f5>", .ignored), ("<tab><left>", .changed),
    ] as [(String, Form.Outcome)])
  func outcomes(script: String, outcome: Form.Outcome) { #expect(filled(script).1 == outcome) }

  @Test("shows the reason beside the field, until it is changed") func problems() {
    var (form, _) = filled("X")
    form.setProblem("name", "small letters only")
    var surface = Surface(Size(columns: 44, rows: 9))
    form.render(into: &surface, row: 0, column: 0, width: 44, height: 9)
    #expect(
      surface.text == """
        Everything here can be changed later.
        ▸ Name  X
                ✗ small letters only
                small letters
          Role  user
          Live  [ ] no
          Key   –


        """)
    _ = form.press("y")
    #expect(form.fields[1].problem == nil)
  }

  @Test("never shows a secret") func secret() {
    let (form, _) = filled("<tab><tab><tab>hunter2")
    var surface = Surface(Size(columns: 44, rows: 9))
    form.render(into: &surface, row: 0, column: 0, width: 44, height: 9)
    #expect(surface.text.contains("•••••••") && !surface.text.contains("hunter2"))
  }

  @Test("keeps the field at hand in sight", arguments: 1...6)
  func scrolling(height: Int) {
    var form = Self.form
    for _ in 0..<4 {
      var surface = Surface(Size(columns: 30, rows: height))
      form.render(into: &surface, row: 0, column: 0, width: 30, height: height)
      #expect(surface.text.contains("▸"))
      _ = form.press(.tab)
    }
  }
}
