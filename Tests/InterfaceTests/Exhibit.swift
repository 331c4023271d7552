import Interface

/// A part of a surface that a widget was given.
struct Area {
  var row, column, width, height: Int
}

/// One widget with its state: something that takes keys and other data, and can be drawn.
protocol Exhibit: Sendable {
  var name: String { get }
  mutating func press(_ key: Key, height: Int)
  /// Gives it other data, such as arrives while one looks at it.
  mutating func change(_ random: inout SeededRandom)
  func draw(into surface: inout Surface, _ area: Area)
}

struct Showcase<State: Sendable>: Exhibit {
  let name: String
  var state: State
  var press: @Sendable (inout State, Key, Int) -> Void = { _, _, _ in }
  var change: @Sendable (inout State, inout SeededRandom) -> Void = { _, _ in }
  let draw: @Sendable (State, inout Surface, Area) -> Void

  mutating func press(_ key: Key, height: Int) { press(&state, key, height) }
  mutating func change(_ random: inout SeededRandom) { change(&state, &random) }
  /// Where there is no row nothing asks a widget to draw.
  func draw(into surface: inout Surface, _ area: Area) {
    if area.height > 0 { draw(state, &surface, area) }
  }
}

extension Exhibit {
  func pressing(_ script: String) -> Self {
    var copy = self
    for key in Key.script(script) { copy.press(key, height: 8) }
    return copy
  }

  func surface(_ size: Size) -> Surface {
    var surface = Surface(size)
    draw(into: &surface, Area(row: 0, column: 0, width: size.columns, height: size.rows))
    return surface
  }
}

extension Surface {
  /// Draws what covers a whole surface into a part of this one.
  fileprivate mutating func overlay(_ area: Area, _ draw: (inout Surface) -> Void) {
    var part = Surface(Size(columns: area.width, rows: area.height))
    draw(&part)
    place(part, row: area.row, column: area.column)
  }
}

extension SeededRandom {
  /// What an administrator would see, or what someone would like to do to one.
  mutating func text() -> String {
    let usual = [
      "ci-deploy", "svac_01J9", "live", "2026-03-01 10:00", "a longer description of what it is for", "12", "作者",
    ]
    return (Bool.random(using: &self) ? usual : Hostile.short).randomElement(using: &self) ?? ""
  }
  mutating func texts(_ most: Int) -> [String] {
    let count = Int.random(in: 0...most, using: &self)
    return (0..<count).map { _ in text() }
  }
}

/// Every widget, in a state worth looking at.
enum Gallery {
  static let exhibits: [any Exhibit] = lists + texts + inputs + signs

  struct Rows: Sendable {
    var table = Table()
    var rows: [String] = (1...40).map { "account-\($0)" }
    let columns = [
      Table.Column("NAME", .flexible(minimum: 12)), Table.Column("USES", .fixed(6), alignment: .trailing),
      Table.Column("STATE", .fixed(8)), Table.Column("ID", .fixed(12)),
    ]

    mutating func press(_ key: Key, _ height: Int) {
      switch key {
      case "s": table.cycleSort(columns: columns)
      case ">": table.resizeColumn(by: 2, columns: columns, width: 60)
      case "<": table.resizeColumn(by: -2, columns: columns, width: 60)
      case .left: table.moveColumn(by: -1, columns: columns)
      case .right: table.moveColumn(by: 1, columns: columns)
      case "o": table.arrangement.hidden.formSymmetricDifference(["STATE"])
      case " ": if rows.indices.contains(table.selected) { table.toggleMark(rows[table.selected]) }
      default:
        if let motion = Motion(key) { table.move(motion, count: rows.count, height: height) }
        table.scroll(height: height, count: rows.count)
      }
    }

    func draw(_ surface: inout Surface, _ area: Area) {
      table.render(
        columns: columns, count: rows.count, into: &surface, row: area.row, column: area.column, width: area.width,
        height: area.height, words: ["account-2"], isMarked: { table.marks.contains(rows[$0]) },
        entries: {
          [
            Table.Entry(rows[$0]), Table.Entry("\($0 * 7)"), Table.Entry("live", role: .good),
            Table.Entry("id_\($0)", role: .dim),
          ]
        })
    }
  }

  private static let lists: [any Exhibit] = [
    Showcase(
      name: "table", state: Rows(), press: { $0.press($1, $2) },
      change: { state, random in
        let id = state.rows.indices.contains(state.table.selected) ? state.rows[state.table.selected] : nil
        state.rows = random.texts(60)
        state.table.follow(id, in: state.rows)
      }, draw: { $0.draw(&$1, $2) }
    ).pressing("jj j <right><right>s"),
    Showcase(
      name: "tree", state: Tree(nodes(["accounts", "rules", "issuers"])), press: { $0.press($1, height: $2) },
      change: { state, random in state.replace(with: nodes(random.texts(8))) },
      draw: { $0.render(into: &$1, row: $2.row, column: $2.column, width: $2.width, height: $2.height) }
    ).pressing("j<right><right>"),
    Showcase(
      name: "json", state: JSONViewer(document), press: { _ = $0.press($1, height: $2) },
      change: { state, random in
        state = JSONViewer(.object(random.texts(6).map { ($0, .array([.string($0), .object([($0, .null)])])) }))
      }, draw: { $0.render(into: &$1, row: $2.row, column: $2.column, width: $2.width, height: $2.height) }
    ).pressing("jjj"),
    Showcase(
      name: "columns", state: ColumnChooser(Rows().columns, arrangement: .init()),
      press: { chooser, key, _ in _ = chooser.press(key) },
      draw: { state, surface, area in surface.overlay(area) { state.render(on: &$0) } }
    ).pressing("j j<right>"),
  ]

  static func nodes(_ names: [String]) -> [Tree.Node] {
    names.enumerated().map { place, name in
      Tree.Node(
        id: "\(place)", [.init(name), .init("  \(place)", role: .dim)],
        children: names.enumerated().map { under, name in
          Tree.Node(
            id: "\(place).\(under)", [.init(name)],
            children: [Tree.Node(id: "\(place).\(under).x", [.init("leaf of \(name)")])])
        })
    }
  }

  static let document = JSONViewer.Value.object([
    ("id", .string("act_01")), ("count", .number("12345678901234567890")), ("ok", .bool(true)), ("none", .null),
    (
      "event_data",
      .object([
        ("sub", .string("repo:acme/deploy:ref\u{1B}[31m")),
        ("a b", .array([.number("1"), .object([("deep", .string("\"quoted\"\n"))])])),
        ("empty", .object([])),
      ])
    ),
  ])

  private static let texts: [any Exhibit] = [
    Showcase(
      name: "pager",
      state: Pager(
        (1...30).map { "line \($0) says \($0 % 3 == 0 ? "deny" : "allow") to \(String(repeating: "x", count: $0))" }),
      press: { $0.press($1, height: $2) },
      change: { state, random in state.lines = random.texts(50).map { Pager.Line($0, role: .dim) } },
      draw: { $0.render(into: &$1, row: $2.row, column: $2.column, width: $2.width, height: $2.height) }
    ).pressing("/deny<enter>n"),
    Showcase(
      name: "help", state: Help(sections), press: { _ = $0.press($1, height: $2) },
      change: { state, random in
        state = Help([.init(random.text(), random.texts(20).map { Hint(keys: $0, help: $0, off: $0) })])
      },
      draw: { state, surface, area in surface.overlay(area) { state.render(on: &$0) } }),
    Showcase(
      name: "palette", state: Palette(sections.flatMap(\.hints)), press: { palette, key, _ in _ = palette.press(key) },
      change: { state, random in state = Palette(random.texts(30).map { Hint(keys: $0, help: $0, off: nil) }) },
      draw: { state, surface, area in surface.overlay(area) { state.render(on: &$0) } }
    ).pressing("a<down>"),
  ]

  static let sections = [
    Help.Section(
      "Accounts",
      [
        Hint(keys: "j ↓", help: "next"), Hint(keys: "a", help: "add an account", off: "The console is read only."),
        Hint(keys: "ctrl-r", help: "refresh"), Hint(keys: "x", help: "archive"),
      ]),
    Help.Section(
      "Everywhere",
      [Hint(keys: "?", help: "help"), Hint(keys: ": ctrl-p", help: "palette"), Hint(keys: "q", help: "quit")]),
  ]

  static let form = Form([
    .note("A rule says who becomes the account."),
    .text("name", label: "Name", value: "ci-deploy", hint: "small letters, digits and hyphens"),
    .choice("role", label: "Role", options: ["developer", "admin"]), .toggle("live", label: "Live", isOn: true),
    .multiChoice("spaces", label: "Workspaces", options: ["default", "production", "staging"], chosen: [1]),
    .number(
      "life", label: "Lifetime", value: 3600, units: Unit.ofTime, range: 60...86_400, hint: "how long a token lasts"),
    .secret("key", label: "Key", value: "hunter2"),
  ])

  private static let inputs: [any Exhibit] = [
    Showcase(
      name: "form", state: form, press: { form, key, _ in _ = form.press(key) },
      change: { state, random in
        for field in state.fields {
          state.setValue(field.id, random.text())
          state.setProblem(field.id, Bool.random(using: &random) ? random.text() : nil)
        }
      }, draw: { $0.render(into: &$1, row: $2.row, column: $2.column, width: $2.width, height: $2.height) }
    ).pressing("<tab><tab><tab><right><right> <tab>9999d"),
    Showcase(
      name: "wizard",
      state: Wizard([
        .init(
          id: "issuer", title: "Issuer", about: "Who signs the tokens.",
          form: Form([.choice("kind", label: "Kind", options: ["GitHub", "AWS"])])),
        .init(id: "rule", title: "Rule", about: "Which tokens are meant.", form: form),
      ]),
      press: { wizard, key, _ in if case .submitted = wizard.press(key) { wizard.advance() } },
      change: { state, random in
        state.setFields(
          "issuer", random.texts(3).map { .text($0, label: $0, value: $0, hint: $0) } + [.note(random.text())])
        state.edit("rule") { $0.setProblem("name", nil) }
      }, draw: { $0.render(into: &$1, row: $2.row, column: $2.column, width: $2.width, height: $2.height) }
    ).pressing("<enter><ctrl-s>"),
    Showcase(
      name: "confirmation",
      state: Interface.Confirmation(
        title: "Archive", lines: ["Three rules depend on it.", "They stop at once."], word: "ci-deploy"),
      press: { question, key, _ in _ = question.press(key) },
      change: { state, random in state = .init(title: random.text(), lines: random.texts(9), word: random.text()) },
      draw: { state, surface, area in surface.overlay(area) { state.render(on: &$0) } }
    ).pressing("ci-d"),
    Showcase(
      name: "filter", state: Filter("state:live -old"),
      press: { filter, key, _ in if filter.press(key) == .ignored { filter.open() } },
      change: { state, random in state.text = random.text() },
      draw: {
        $0.render(
          into: &$1, row: $2.row, column: $2.column, width: $2.width, shown: 3, of: 40, fields: ["name", "state"])
      }),
    Showcase(
      name: "editor", state: LineEditor("one two"), press: { editor, key, _ in editor.press(key) },
      change: { state, random in state.text = random.text() },
      draw: { $0.render(into: &$1, row: $2.row, column: $2.column, width: $2.width) }),
  ]

  struct Signs: Sendable {
    var names = ["Accounts", "ci-deploy", "Rules", "github-main"]
    var numbers: [Double] = [0, 1, 5, 2, 8, 13, 3, 0, 21, 4]
    var tick = 3
    mutating func change(_ random: inout SeededRandom) {
      names = random.texts(6)
      numbers = (0..<Int.random(in: 0...90, using: &random)).map { _ in
        [0, 1, -3, .nan, .infinity, 1e300, 7, 12.5].randomElement(using: &random) ?? 0
      }
    }
  }

  private static func sign(
    _ name: String, _ draw: @escaping @Sendable (Signs, inout Surface, Area) -> Void
  ) -> any Exhibit {
    Showcase(
      name: name, state: Signs(), press: { signs, _, _ in signs.tick += 1 }, change: { $0.change(&$1) }, draw: draw)
  }

  private static let signs: [any Exhibit] = [
    sign("tabs") { state, surface, area in
      let tabs = Tabs(
        state.names.map { .init($0, badge: "3") }, selected: state.names.isEmpty ? 0 : state.tick % state.names.count)
      tabs.render(into: &surface, row: area.row, column: area.column, width: area.width)
    },
    sign("breadcrumb") { Breadcrumb.render($0.names, into: &$1, row: $2.row, column: $2.column, width: $2.width) },
    sign("badges") { state, surface, area in
      Badge.render(
        state.names.map { Badge($0, role: .danger) }, into: &surface, row: area.row, column: area.column,
        width: area.width)
    },
    sign("progress") { state, surface, area in
      guard area.height > 1 else { return }
      Progress(state.names.first ?? "", done: state.tick, of: 12)
        .render(into: &surface, row: area.row, column: area.column, width: area.width, tick: 0)
      Progress("Reading", done: 340)
        .render(into: &surface, row: area.row + 1, column: area.column, width: area.width, tick: state.tick)
    },
    sign("toasts") { state, surface, area in
      var toasts = Toasts()
      for name in state.names {
        toasts.show("\(name) was archived, and nothing else changed.", role: .good, now: .zero)
      }
      surface.overlay(area) { toasts.render(on: &$0) }
    },
    sign("charts") { state, surface, area in
      surface.write(Sparkline.text(state.numbers, width: area.width), row: area.row, column: area.column, role: .accent)
      let half = max(0, area.height / 2)
      BarChart(zip(state.names, state.numbers.dropFirst()).map { .init($0, $1, text: "\($1)") })
        .render(into: &surface, row: area.row + 1, column: area.column, width: area.width, height: half - 1)
      Histogram(state.numbers, parts: 6, label: { "\($0)" })
        .render(
          into: &surface, row: area.row + half, column: area.column, width: area.width, height: area.height - half)
    },
    sign("split") { state, surface, area in
      var split = Split(.beside, share: 40, least: 12)
      split.isSecondFocused = state.tick % 2 == 0
      let inner = Split(.above, share: 50, least: 2)
      func pane(_ name: String) -> (Size) -> Surface {
        {
          var pane = Surface($0)
          pane.write(name, row: 0, role: .heading)
          return pane
        }
      }
      let drawn = split.render(
        in: Size(columns: area.width, rows: area.height), first: pane(state.names.first ?? ""),
        second: { inner.render(in: $0, first: pane("above"), second: pane("below")) })
      surface.place(drawn, row: area.row, column: area.column)
    },
    sign("small") { state, surface, area in
      let note = Surface.note(tooSmall: Size(columns: area.width, rows: area.height))
      if let note { surface.place(note, row: area.row, column: area.column) }
    },
  ]
}
