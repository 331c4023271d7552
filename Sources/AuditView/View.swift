import FoundationEssentials
package import Interface
import Platform

extension Audit {
  /// A heading, one activity a row with the selected one in sight, and what went wrong, if anything.
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let opened = state.opened {
      Breadcrumb.render(["Audit", opened.activity.type], into: &surface, row: 0, width: size.columns)
      opened.page.render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 2))
    } else {
      renderHeading(state, on: &surface)
      if state.pane == .tail { renderTail(state, on: &surface) } else { renderDenials(state, on: &surface) }
      if let failure = state.failure { renderFailure(failure, on: &surface) }
    }
    if let jump = state.jump { render(jump, on: &surface) }
    if let pivot = state.pivot { render(pivot, on: &surface) }
    return surface
  }

  private static func renderHeading(_ state: State, on surface: inout Surface) {
    surface.write("Audit", row: 0, role: .heading)
    let words: [String]
    if state.pane == .denials {
      words = ["refused exchanges by rule, reason and subject", "tab shows everything"]
    } else {
      let shown = state.shown.count
      let all = state.listed
      words = [
        state.excerpt != nil
          ? "around \(state.selected?.createdAt.columnText ?? "that time"), unfiltered: esc goes back"
          : state.isFollowing ? "following" : "paused: f follows again",
        state.unseen > 0 ? "\(state.unseen) new below" : "", "\(shown) events",
        all.count > shown ? "\(all.count - shown) reads of the log hidden, r shows them" : "",
      ]
    }
    surface.write(words.filter { !$0.isEmpty }.joined(separator: " · "), row: 0, column: 7, role: .dim)
  }

  private static let columns = [
    Table.Column("TIME (UTC)", .fixed(14)),
    Table.Column("EVENT", .flexible(minimum: 20)),
    Table.Column("OUTCOME", .fixed(22)),
    Table.Column("ACTOR", .flexible(minimum: 14)),
    Table.Column("SUBJECT", .flexible(minimum: 30)),
  ]

  private static func renderTail(_ state: State, on surface: inout Surface) {
    let size = surface.size
    let shown = state.shown
    let search = state.excerpt == nil ? state.search : nil
    let bottom = (search == nil && state.jump == nil ? 0 : 1) + (state.failure == nil ? 0 : 2)
    if shown.isEmpty {
      let text =
        !state.hasLoaded
        ? "Reading the activity feed…"
        : search == nil ? "Nothing has been recorded yet." : "Nothing passes this filter."
      if state.failure == nil { surface.write(text, row: 2, column: 2, role: .dim) }
    } else {
      state.table.render(
        columns: columns, count: shown.count, into: &surface, row: 1, width: size.columns,
        height: max(0, size.rows - 1 - bottom)
      ) { entries(for: shown[$0].activity) }
    }
    if let search { render(search, shown: shown.count, on: &surface) }
  }

  private static func render(_ jump: Jump, on surface: inout Surface) {
    let (row, width) = (surface.size.rows - 1, surface.size.columns)
    surface.clear(row: row, column: 0, size: Size(columns: width, rows: 1))
    surface.write("go to", row: row, role: .accent)
    let note = Text.clipped(jump.fault ?? "12:30, -2h, yesterday, 2026-11-20 (UTC)", to: max(0, width - 26))
    jump.editor.render(into: &surface, row: row, column: 6, width: max(1, width - 8 - Text.columns(note)))
    surface.write(note, row: row, column: width - Text.columns(note), role: jump.fault == nil ? .dim : .warning)
  }

  private static func render(_ search: Search, shown: Int, on surface: inout Surface) {
    let (row, width) = (surface.size.rows - 1, surface.size.columns)
    surface.clear(row: row, column: 0, size: Size(columns: width, rows: 1))
    surface.write("/", row: row, role: .accent)
    let said =
      search.fault
      ?? (search.results.map { _ in search.isWhole ? "\(shown) found" : "the newest \(shown), g for more" } ?? "")
    let note = Text.clipped(said, to: max(0, width - 24))
    let room = max(1, width - 4 - Text.columns(note))
    if search.isTyping {
      search.editor.render(into: &surface, row: row, column: 2, width: room)
    } else {
      surface.write(Text.clipped(search.text, to: room), row: row, column: 2)
    }
    surface.write(note, row: row, column: width - Text.columns(note), role: search.fault == nil ? .dim : .warning)
  }

  private static func entries(for activity: Activity) -> [Table.Entry] {
    [
      // The year is on the page; a column is better spent on what differs.
      Table.Entry(String(activity.createdAt.columnText.dropFirst(5)), role: .dim),
      Table.Entry(ActivityCatalogue.label(of: activity.type)), outcome(of: activity),
      Table.Entry(activity.actor), Table.Entry(activity.subjects.joined(separator: " "), role: .dim),
    ]
  }

  private static func outcome(of activity: Activity) -> Table.Entry {
    guard let outcome = activity.outcome else { return "" }
    if activity.isDenied {
      return Table.Entry("✗ \(activity.reason ?? "no reason given")", role: .danger)
    }
    return Table.Entry("✓ \(outcome)", role: .good)
  }

  private static let denialColumns = [
    Table.Column("COUNT", .fixed(5), alignment: .trailing),
    Table.Column("LAST (UTC)", .fixed(11)),
    Table.Column("REASON", .fixed(22)),
    Table.Column("RULE", .flexible(minimum: 14)),
    Table.Column("SUBJECT", .flexible(minimum: 16)),
  ]

  private static func renderDenials(_ state: State, on surface: inout Surface) {
    guard let denials = state.denials else {
      surface.write("Looking through what is kept…", row: 2, column: 2, role: .dim)
      return
    }
    if denials.isEmpty {
      surface.write("✓ No exchange was refused, as far as is kept here.", row: 2, column: 2, role: .good)
      return
    }
    state.denialTable.render(
      columns: denialColumns, count: denials.count, into: &surface, row: 1, width: surface.size.columns,
      height: max(0, surface.size.rows - (state.failure == nil ? 1 : 3))
    ) { index in
      let denial = denials[index]
      let rule = state.rules.first { $0.id.description == denial.rule }?.name ?? denial.rule ?? "none recognised"
      return [
        Table.Entry("\(denial.count)", role: .danger),
        Table.Entry(String(denial.latest.createdAt.columnText.dropFirst(5).prefix(11)), role: .dim),
        Table.Entry(denial.reason ?? "no reason given", role: .danger), Table.Entry(rule),
        Table.Entry(denial.subject ?? "none verified", role: .dim),
      ]
    }
  }

  private static func render(_ pivot: Pivot, on surface: inout Surface) {
    let size = Size(columns: min(surface.size.columns, 78), rows: min(surface.size.rows, pivot.choices.count + 4))
    var box = Surface(size)
    box.frame(row: 0, column: 0, size: size, title: "All activities with the same…")
    if pivot.choices.isEmpty { box.write("Nothing here leads on. esc goes back.", row: 1, column: 2, role: .dim) }
    pivot.table.render(
      columns: [
        Table.Column("FIELD", .fixed(10)), Table.Column("VALUE", .flexible(minimum: 20)),
        Table.Column("COUNT", .fixed(8), alignment: .trailing),
      ], count: pivot.choices.count, into: &box, row: 1, column: 2, width: size.columns - 4, height: size.rows - 2
    ) { index in
      let choice = pivot.choices[index]
      return [
        Table.Entry(choice.field.rawValue, role: .dim), Table.Entry(choice.value),
        Table.Entry(choice.count.map(String.init) ?? "…", role: .accent),
      ]
    }
    surface.place(box, row: (surface.size.rows - size.rows) / 2, column: (surface.size.columns - size.columns) / 2)
  }

  private static func renderFailure(_ failure: Problem, on surface: inout Surface) {
    let lines = Text.wrapped("The tail is behind. " + failure.line, to: max(1, surface.size.columns - 2)).prefix(3)
    for (index, line) in lines.enumerated() {
      let row = surface.size.rows - lines.count + index
      surface.clear(row: row, column: 0, size: Size(columns: surface.size.columns, rows: 1))
      surface.write((index == 0 ? "✗ " : "  ") + line, row: row, role: .warning)
    }
  }
}
