import FoundationEssentials
package import Interface
import Platform

extension Audit {
  /// A heading, one activity a row with the selected one in sight, and what went wrong, if anything.
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let opened = state.opened {
      render(opened, on: &surface)
      return surface
    }
    let shown = state.shown
    surface.write("Audit", row: 0, role: .heading)
    let hidden = state.arrivals.count - shown.count
    let words = [
      state.isFollowing ? "following" : "paused: f follows again", "\(shown.count) events",
      hidden > 0 ? "\(hidden) reads of the log hidden, r shows them" : "",
    ]
    surface.write(words.filter { !$0.isEmpty }.joined(separator: " · "), row: 0, column: 7, role: .dim)
    if shown.isEmpty {
      let text = state.hasLoaded ? "Nothing has been recorded yet." : "Reading the activity feed…"
      if state.failure == nil { surface.write(text, row: 2, column: 2, role: .dim) }
    } else {
      state.table.render(
        columns: columns, count: shown.count, into: &surface, row: 1, width: size.columns,
        height: max(0, size.rows - (state.failure == nil ? 1 : 3))
      ) { entries(for: shown[$0].activity) }
    }
    if let failure = state.failure {
      let lines = Text.wrapped("The tail is behind. " + failure.line, to: max(1, size.columns - 2)).prefix(3)
      for (index, line) in lines.enumerated() {
        let row = size.rows - lines.count + index
        surface.clear(row: row, column: 0, size: Size(columns: size.columns, rows: 1))
        surface.write((index == 0 ? "✗ " : "  ") + line, row: row, role: .warning)
      }
    }
    return surface
  }

  private static let columns = [
    Table.Column("TIME (UTC)", .fixed(19)),
    Table.Column("EVENT", .flexible(minimum: 24)),
    Table.Column("OUTCOME", .fixed(28)),
    Table.Column("ACTOR", .flexible(minimum: 22)),
    Table.Column("SUBJECT", .flexible(minimum: 30)),
  ]

  private static func entries(for activity: Activity) -> [Table.Entry] {
    [
      Table.Entry(activity.createdAt.columnText, role: .dim),
      Table.Entry(name(of: activity.type)), outcome(of: activity),
      Table.Entry(activity.actor), Table.Entry(activity.subjects.joined(separator: " "), role: .dim),
    ]
  }

  /// The type without what all of them begin with: a narrow column is better spent on what differs.
  private static func name(of type: String) -> String {
    if type == Activity.exchangeType { return "token exchange" }
    let short = type.hasPrefix("platform_") ? String(type.dropFirst("platform_".count)) : type
    return short.replacing("_", with: " ")
  }

  private static func outcome(of activity: Activity) -> Table.Entry {
    guard let outcome = activity.outcome else { return "" }
    if activity.isDenied {
      return Table.Entry("✗ denied: \(activity.reason ?? "no reason given")", role: .danger)
    }
    return Table.Entry("✓ \(outcome)", role: .good)
  }

  private static func render(_ opened: State.Opened, on surface: inout Surface) {
    let activity = opened.activity
    surface.write("Audit › ", row: 0, role: .dim)
    surface.write(activity.type, row: 0, column: 8, role: .heading)
    var lines: [(text: String, role: Role)] = [
      ("\(activity.createdAt.timestamp)  \(activity.id)", .dim), ("Actor    \(activity.actor)", .text),
    ]
    if let outcome = activity.outcome {
      let reason = activity.reason.map { ", because \($0)" } ?? ""
      lines.append(("Outcome  \(outcome)\(reason)", activity.isDenied ? .danger : .good))
    }
    lines.append(("", .text))
    lines += activity.json.pretty.split(separator: "\n", omittingEmptySubsequences: false).map { (String($0), .text) }
    let height = max(0, surface.size.rows - 2)
    let top = min(opened.top, max(0, lines.count - height))
    for (row, line) in lines.dropFirst(top).prefix(height).enumerated() {
      surface.write(line.text, row: row + 2, column: 1, role: line.role)
    }
  }
}
