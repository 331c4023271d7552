package import Federation
import FoundationEssentials
import Interface
package import Platform

extension Audit {
  /// Whose story is told.
  package enum Identity: Equatable, Sendable {
    case account(ID<ServiceAccount>)
    /// `OWNER/NAME`.
    case repository(String)

    var name: String {
      switch self {
      case .account(let id): id.description
      case .repository(let name): name
      }
    }
  }

  /// What an identity did, in sessions.
  package struct Chronicle: Equatable, Sendable {
    package let identity: Identity
    /// Nil until it has come.
    package var timeline: Timeline?
    /// What is not in it.
    package var gaps: [String] = []
    var table = Table()

    enum Line: Equatable {
      case session(Timeline.Session)
      case step(Timeline.Step)
      case use(Timeline.Use, Timeline.Tie)
    }

    var lines: [Line] {
      (timeline?.sessions ?? []).flatMap { session in
        [.session(session)] + session.steps.map { .step($0) } + session.uses.map { .use($0.use, $0.tie) }
      }
    }

    /// The activity of the line at hand; of a session's, its first.
    var selected: Activity? {
      let lines = lines
      guard lines.indices.contains(table.selected) else { return nil }
      return switch lines[table.selected] {
      case .session(let session): session.steps.first?.activity
      case .step(let step): step.activity
      case .use: nil
      }
    }
  }

  /// The account in an activity: who acted, else who was asked for or spoken of.
  static func identity(in activity: Activity?) -> Identity? {
    let paths = ["actor.service_account_id", "event_data.requested_service_account_id", "service_account_id"]
    let id = paths.lazy.compactMap { activity?.json.at($0)?.string }.first
    return id.flatMap { try? ID<ServiceAccount>($0) }.map { .account($0) }
  }

  static func tell(_ identity: Identity, _ state: inout State) -> [Effect] {
    (state.opened, state.overlay, state.pane) = (nil, nil, .timeline)
    state.timeline = Chronicle(identity: identity)
    return [.readTimeline(identity)]
  }

  static func renderTimeline(_ chronicle: Chronicle, on surface: inout Surface) {
    Breadcrumb.render(
      ["Audit", "Story of \(chronicle.identity.name)"], into: &surface, row: 0, width: surface.size.columns)
    guard chronicle.timeline != nil else {
      surface.write("Reading what is kept of the last seven days…", row: 2, column: 2, role: .dim)
      return
    }
    let lines = chronicle.lines
    if lines.isEmpty {
      surface.write("Nothing is kept of it in the last seven days.", row: 2, column: 2, role: .dim)
    }
    var foot = chronicle.gaps
    foot.append("No event names its token: probably is where one token fits, possibly where several do.")
    let notes = foot.flatMap { Text.wrapped($0, to: max(1, surface.size.columns - 2)) }.suffix(4)
    chronicle.table.render(
      columns: timelineColumns, count: lines.count, into: &surface, row: 1, width: surface.size.columns,
      height: max(0, surface.size.rows - 1 - notes.count)
    ) { entries(of: lines[$0]) }
    for (index, note) in notes.enumerated() {
      surface.write(note, row: surface.size.rows - notes.count + index, role: .dim)
    }
  }

  private static let timelineColumns = [
    Table.Column("TIME (UTC)", .fixed(16)), Table.Column("WHAT", .flexible(minimum: 30)),
    Table.Column("TIE", .fixed(8)), Table.Column("BECAUSE", .flexible(minimum: 18)),
  ]

  private static func entries(of line: Chronicle.Line) -> [Table.Entry] {
    func time(_ date: Date, _ indent: String) -> Table.Entry {
      Table.Entry(indent + date.columnText.dropFirst(5), role: .dim)
    }
    switch line {
    case .session(let session):
      let until = session.endsAt.map {
        "until \(String($0.columnText.dropFirst(11))), if its rule's lifetime was then as now"
      }
      return [
        Table.Entry(String(session.startsAt.columnText.prefix(16)), role: .heading),
        Table.Entry(words(of: session), role: session.kind == .refused ? .danger : .heading), "",
        Table.Entry(until ?? "", role: .dim),
      ]
    case .step(let step):
      let activity = step.activity
      let outcome = activity.isDenied ? "✗ \(activity.reason ?? "refused")" : activity.outcome.map { "✓ \($0)" }
      let what = [ActivityCatalogue.label(of: activity.type), outcome ?? "", activity.subjects.joined(separator: " ")]
      return [
        time(activity.createdAt, "  "),
        Table.Entry(
          "  " + what.filter { !$0.isEmpty }.joined(separator: "  "), role: activity.isDenied ? .danger : .text),
        Table.Entry(step.tie.word, role: role(of: step.tie)), Table.Entry(step.because, role: .dim),
      ]
    case .use(let use, let tie):
      let requests = use.requests.map { ", \($0) requests" } ?? ""
      return [
        time(use.start, "  "), Table.Entry("  used \(use.tokens) model tokens\(requests)", role: .accent),
        Table.Entry(tie.word, role: role(of: tie)),
        Table.Entry(
          "the report tells accounts apart, not tokens, until \(use.end.columnText.dropFirst(11))", role: .dim),
      ]
    }
  }

  private static func words(of session: Timeline.Session) -> String {
    let who = session.account ?? "no account"
    return switch session.kind {
    case .exchange: "Session of \(who)"
    case .refused: "✗ Refused: no token for \(who)"
    case .unclear: "Exchange for \(who), its outcome is not recorded"
    case .unattributed: "\(who), no exchange known"
    }
  }

  private static func role(of tie: Timeline.Tie) -> Role {
    switch tie {
    case .known: .good
    case .probable: .text
    case .possible, .none: .warning
    }
  }
}
