import FoundationEssentials
package import Interface
import Platform

extension Audit {
  /// A heading, the filters, the strip, one activity a row, and at the foot what is typed and what went wrong.
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let opened = state.opened {
      renderOpened(opened, on: &surface)
    } else if state.pane == .denials {
      renderDenials(state, on: &surface)
    } else if state.pane == .timeline, let timeline = state.timeline {
      renderTimeline(timeline, on: &surface)
    } else {
      renderLog(state, on: &surface)
    }
    if let failure = state.failure, state.opened == nil {
      surface.writeFailure("The tail is behind. " + failure.line, role: .warning, most: 3)
    }
    if let prompt = state.prompt { render(prompt, state, on: &surface) }
    switch state.overlay {
    case .pivot(let pivot): render(pivot, on: &surface)
    case .filters(let box): render(box, state, on: &surface)
    case .bookmarks(let box): render(box, state, on: &surface)
    case nil: break
    }
    return surface
  }

  private static func renderOpened(_ opened: Opened, on surface: inout Surface) {
    let size = surface.size
    Breadcrumb.render(["Audit", opened.activity.type], into: &surface, row: 0, width: size.columns)
    let tabs = Tabs([Tabs.Tab("Summary"), Tabs.Tab("JSON")], selected: opened.page.rawValue)
    tabs.render(into: &surface, row: 1, column: 1, width: size.columns - 2)
    let height = max(0, size.rows - 3)
    switch opened.page {
    case .summary: opened.summary.render(into: &surface, row: 3, column: 1, width: size.columns - 2, height: height)
    case .json: opened.document.render(into: &surface, row: 3, column: 1, width: size.columns - 2, height: height)
    }
  }

  private static func renderLog(_ state: State, on surface: inout Surface) {
    surface.write("Audit", row: 0, role: .heading)
    let words = headingWords(state).filter { !$0.isEmpty }.joined(separator: " · ")
    surface.write(Text.clipped(words, to: surface.size.columns - 7), row: 0, column: 7, role: .dim)
    var row = 1
    if !state.filters.stack.isEmpty {
      renderFilters(state, on: &surface, row: row)
      row += 1
    }
    renderStrip(state, on: &surface, row: row)
    if state.window.arrivals.isEmpty {
      let text =
        !state.hasLoaded
        ? "Reading the activity feed…"
        : state.reading != nil
          ? "Searching…" : state.lens.texts.isEmpty ? "Nothing has been recorded yet." : "Nothing passes this filter."
      if state.failure == nil { surface.write(text, row: state.head + 1, column: 2, role: .dim) }
      state.list.chooser?.render(on: &surface)
    } else {
      state.renderList(on: &surface)
    }
  }

  private static func headingWords(_ state: State) -> [String] {
    let place =
      state.isUnfiltered
      ? "around \(state.selected?.activity.createdAt.columnText ?? "that time"), unfiltered: esc goes back"
      : !state.homes.isEmpty
        ? "at \(state.selected?.activity.createdAt.columnText ?? "no time"): esc goes back"
        : state.isFollowing ? "following" : "paused: f follows again"
    let measure = state.measure
    let isNarrowed = !state.lens.texts.isEmpty
    return [
      place, state.unseen > 0 ? "\(state.unseen) new below" : "",
      measure.map { "\($0.passing) \(isNarrowed ? "found" : "events")" } ?? "counting…",
      state.hasMarks ? "\(state.table.marks.count) marked" : "",
      measure.map {
        $0.hiddenReads > 0 && !state.showsReads ? "\($0.hiddenReads) reads of the log hidden, r shows them" : ""
      }
        ?? "",
      state.window.late > 0 ? "\(state.window.late) came late, at their time" : "",
      state.highlight.map { "◆ \($0.text)" } ?? "",
    ]
  }

  /// `[outcome:denied] (ci: repo:acme/*)`: those in brackets are on, those in parentheses off.
  private static func renderFilters(_ state: State, on surface: inout Surface, row: Int) {
    var column = 0
    for entry in state.filters.stack {
      let name = entry.name ?? entry.text
      let isOn = entry.isOn && entry.fault == nil && !state.isUnfiltered
      let text = entry.fault != nil ? "(✗ \(name))" : isOn ? "[\(name)]" : "(\(name) off)"
      let room = surface.size.columns - column
      guard room > 3 else { break }
      let shown = Text.clipped(text, to: room)
      surface.write(shown, row: row, column: column, role: entry.fault != nil ? .warning : isOn ? .accent : .dim)
      column += Text.columns(shown) + 1
    }
    let note = "F changes them"
    if column + note.count < surface.size.columns {
      surface.write(note, row: row, column: surface.size.columns - note.count, role: .dim)
    }
  }

  private static func render(_ prompt: Prompt, _ state: State, on surface: inout Surface) {
    let (row, width) = (surface.size.rows - 1, surface.size.columns)
    guard row >= 0 else { return }
    surface.clear(row: row, column: 0, size: Size(columns: width, rows: 1))
    let label = surface.write(prompt.label, row: row, role: .accent) + 1
    let count = state.measure.map { "\($0.passing) found" }
    let isFilter = if case .filter = prompt.purpose { true } else { false }
    let said = prompt.fault ?? (isFilter && !prompt.editor.text.isEmpty ? count ?? "…" : prompt.hint)
    let note = Text.clipped(said, to: max(0, width - label - 20))
    let room = max(1, width - label - 2 - Text.columns(note))
    prompt.editor.render(into: &surface, row: row, column: label, width: room)
    surface.write(note, row: row, column: width - Text.columns(note), role: prompt.fault == nil ? .dim : .warning)
  }

  private static func renderDenials(_ state: State, on surface: inout Surface) {
    surface.write("Audit", row: 0, role: .heading)
    surface.write(
      Text.clipped(
        "refused exchanges by rule, reason and subject · enter says why · tab shows everything",
        to: surface.size.columns - 7), row: 0, column: 7, role: .dim)
    if !state.denials.hasLoaded {
      surface.write("Looking through what is kept…", row: 2, column: 2, role: .dim)
    } else if state.denials.groups.isEmpty {
      surface.write("✓ No exchange was refused, as far as is kept here.", row: 2, column: 2, role: .good)
    } else {
      state.denials.renderList(on: &surface)
    }
  }

}

extension Audit.State {
  package static let columns = [
    Table.Column("TIME (UTC)", .fixed(16)),
    Table.Column("EVENT", .flexible(minimum: 20)),
    Table.Column("OUTCOME", .fixed(22)),
    Table.Column("ACTOR", .flexible(minimum: 14)),
    Table.Column("SUBJECT", .flexible(minimum: 30)),
    Table.Column("FROM", .fixed(15)),
    Table.Column("TYPE", .fixed(36)),
    Table.Column("REQUEST", .fixed(28)),
  ]

  package func entries(for arrival: Audit.Arrival) -> [Table.Entry] {
    let activity = arrival.activity
    let isSought = highlight?.filter.accepts(activity) == true
    let isKept = bookmarks.contains { $0.activity.id == activity.id }
    // The year stands on the strip and on the page; a column is better spent on what differs.
    let time = "\(activity.createdAt.columnText.dropFirst(5)) \(isSought ? "◆" : "")\(isKept ? "★" : "")"
    return [
      Table.Entry(time, role: isSought ? .match : .dim),
      Table.Entry(ActivityCatalogue.label(of: activity.type)), Self.outcome(of: activity),
      Table.Entry(activity.actor), Table.Entry(activity.subjects.joined(separator: " "), role: .dim),
      Table.Entry(activity.json.at("actor.ip_address")?.string ?? "", role: .dim),
      Table.Entry(activity.type, role: .dim), Table.Entry(activity.requestID ?? "", role: .dim),
    ]
  }

  private static func outcome(of activity: Activity) -> Table.Entry {
    guard let outcome = activity.outcome else { return "" }
    if activity.isDenied { return Table.Entry("✗ \(activity.reason ?? "no reason given")", role: .danger) }
    return Table.Entry("✓ \(outcome)", role: .good)
  }
}
