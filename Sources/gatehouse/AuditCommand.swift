import ArgumentParser
import Federation
import FoundationEssentials
import Interface
import Operations
import Platform
import Storage

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "The audit log: read it, follow it, search it.",
    discussion: """
      What was read is kept in a store of its own for each profile, so that searching needs no network.

      Filters are terms joined by space: type:platform_federated_authentication outcome:denied repo:acme/* -ip:192.0.2.1
      """,
    subcommands: [
      Sync.self, Tail.self, Query.self, Show.self, Stats.self, Import.self, Export.self, Denials.self, Timeline.self,
      Forward.self, Alerts.self, Prune.self, Compact.self, Reindex.self, Check.self,
    ])

  static func query(
    filter: String?, search: String? = nil, since: String?, until: String? = nil, now: Date = Date()
  ) throws -> ActivityQuery {
    var wanted = ActivityFilter.everything
    do throws(InvalidFilter) {
      if let filter { wanted = try ActivityFilter(filter, now: now) }
      if let search { wanted = wanted.and(ActivityFilter(searching: search)) }
    } catch {
      throw error.problem
    }
    return ActivityQuery(
      wanted, since: try since.map { try moment($0, now: now) }, until: try until.map { try moment($0, now: now) })
  }

  /// Which activities a command speaks of.
  struct Selection: ParsableArguments {
    @Option(help: ArgumentHelp("Terms joined by space: field:value, -field:value, a or b, ( ).", valueName: "text"))
    var filter: String?
    @Option(help: ArgumentHelp("Words that occur anywhere.", valueName: "text")) var search: String?
    @Option(
      help: ArgumentHelp(
        "A text that occurs anywhere, within words too; as ~\"text\" in a filter.", valueName: "text"))
    var substring: String?
    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("From this time on: 2026-11-24, 09:14, yesterday, -2h.", valueName: "time"))
    var since: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Before this time.", valueName: "time")) var until: String?

    func query(now: Date) throws -> ActivityQuery {
      var query = try AuditCommand.query(filter: filter, search: search, since: since, until: until, now: now)
      if let substring {
        guard !substring.isEmpty else { throw ValidationError("--substring takes a text that is not empty.") }
        query.filter = query.filter.and(.fragment(Fragment(substring)))
      }
      return query
    }

    /// As one line, for the evidence beside an export.
    var text: String {
      [filter, search.map(Self.words), substring.map { "~" + ActivityFilter.quoted($0) }].compactMap(\.self).joined(
        separator: " ")
    }

    /// Each word quoted, so that none is taken for a term.
    private static func words(in text: String) -> String {
      text.split(whereSeparator: \.isWhitespace).map { ActivityFilter.quoted(String($0)) }.joined(separator: " ")
    }
  }

  struct Query: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find activities in the store, newest first.",
      discussion: "Example:  gatehouse audit query --filter 'outcome:denied repo:acme/*' --since -2d --json")
    @OptionGroup var selection: Selection
    @Option(help: "At most so many.") var limit = 100
    @Flag(help: "Only count them.") var count = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let query = try selection.query(now: Date())
      let storage = try Session.storage(options, access: .reading)
      if count {
        let count = try await storage.count(query)
        return options.show(["count": JSON(count)], lines: [("Activities", String(count))])
      }
      if options.json { return try await storage.forEach(query, limit: limit) { Output.json($0.json) } }
      let found = try await storage.newest(query, limit: limit)
      options.show(found, json: \.activity.json, nothing: "Nothing was found. audit sync reads what is new.") {
        ActivityLines.table($0.map(\.activity))
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one activity whole.",
      discussion: "Example:  gatehouse audit show activity_01… --why   says which part of the rule refused the token")
    @Argument(help: "Its identifier.") var activity: String
    @Flag(help: "Of a refused exchange, judge the claims by the rule as it is now and as it was then.") var why = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      guard let id = try? ID<Activity>(activity) else {
        throw ValidationError("'\(activity)' is no activity's identifier: those begin activity_.")
      }
      if why { return try await explain(id) }
      guard let found = try Session.storage(options, access: .reading).activity(id) else {
        throw Self.missing
      }
      if options.json { Output.json(found.activity.json) } else { Output.line(found.activity.json.pretty) }
    }

    private func explain(_ id: ID<Activity>) async throws {
      let operations = try await Session.open(options, keeping: .changes).operations
      guard let activity = try operations.storage.activity(id)?.activity else { throw Self.missing }
      guard activity.isDenied, let claims = activity.json.at("event_data.oidc_token.claims")?.object,
        let reference = activity.json.at("event_data.federation_rule_id")?.string
      else {
        throw Problem(
          "Nothing was explained", because: "it is no exchange that a rule refused, or its claims were not recorded",
          try: "gatehouse audit denials lists those.", kind: .usage)
      }
      let rule = try await operations.rule(reference)
      let history = try await operations.history(of: rule.id, since: activity.createdAt)
      let why = Retrospect(rule, Claims(claims), at: activity.createdAt, history: history)
      if options.json { return Output.json(["activity_id": JSON(id), "rule_id": JSON(rule.id), "why": why.json]) }
      for paragraph in why.paragraphs {
        Output.line(paragraph.title)
        for check in paragraph.checks { Output.line("  " + text(of: check).replacing("\n", with: "\n  ")) }
        for remark in paragraph.remarks { Output.line("  \(remark)") }
      }
    }

    private static var missing: Problem {
      Problem(
        "The activity was not shown", because: "the store has none of this identifier",
        try: "Read what is new with gatehouse audit sync.", code: "not_found_error")
    }
  }

  struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say what the store has.")
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let statistics = try Session.storage(options, access: .reading).statistics()
      var lines = [
        ("Activities", String(statistics.activities)), ("Oldest", statistics.oldest?.timestampToSecond ?? ""),
        ("Newest", statistics.newest?.timestampToSecond ?? ""),
        ("Last poll", statistics.lastPollAt?.timestampToSecond ?? "never"),
      ]
      lines += statistics.byType.map { (String($0.count), $0.type) }
      options.show(statistics.json, lines: lines.map { (label: $0.0, value: $0.1) })
    }
  }

  struct Denials: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Refused exchanges by rule, reason and subject, the latest first.")
    @OptionGroup var selection: Selection
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let query = try selection.query(now: Date())
      let groups = try await Session.storage(options, access: .reading).denials(query)
      options.show(groups, json: \.json, nothing: "No exchange was refused.") {
        var table = TextTable("COUNT", "LAST", "REASON", "RULE", "SUBJECT")
        for group in $0 {
          table.add(
            String(group.count), group.latest.activity.createdAt.columnText, group.key.reason ?? "not said",
            group.key.rule ?? "", group.key.subject ?? "")
        }
        return table
      }
    }
  }
}

extension DenialGroup {
  fileprivate var json: JSON {
    [
      "rule": JSON(key.rule), "reason": JSON(key.reason), "subject": JSON(key.subject), "count": JSON(count),
      "first": JSON(first), "last": JSON(latest.activity.createdAt), "latest_activity": JSON(latest.activity.id),
    ]
  }
}

/// Activities as lines of text.
enum ActivityLines {
  static func table(_ activities: [Activity]) -> TextTable {
    var table = TextTable("TIME (UTC)", "EVENT", "OUTCOME", "WHO", "ON WHAT")
    for activity in activities {
      table.add(
        activity.createdAt.columnText, activity.type, outcome(of: activity), activity.actor,
        activity.subjects.joined(separator: " "))
    }
    return table
  }

  /// One line, for a tail whose next lines are not known yet.
  static func line(_ activity: Activity) -> String {
    [
      activity.createdAt.columnText, activity.type, outcome(of: activity), activity.actor,
      activity.subjects.joined(separator: " "),
    ]
    .filter { !$0.isEmpty }.map { Text.harmless($0) }.joined(separator: "  ")
  }

  private static func outcome(of activity: Activity) -> String {
    [activity.outcome, activity.reason].compactMap(\.self).joined(separator: ": ")
  }
}

/// A time on the command line.
/// - Throws: `ValidationError` when it is none.
func moment(_ text: String, now: Date) throws -> Date {
  guard let date = Date(moment: text, now: now) else {
    throw ValidationError("'\(text)' is no time: write 2026-11-24, 2026-11-24T09:14:00Z, 09:14, yesterday, -2h or -7d.")
  }
  return date
}
