import ArgumentParser
import FoundationEssentials
import Operations
import Platform

struct UsageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage", abstract: "What accounts, keys and workspaces used, and what it cost.",
    subcommands: [ByAccount.self, ByKey.self, ByWorkspace.self])

  struct ByAccount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "by-account", abstract: "Usage by account.")
    @OptionGroup var span: Span
    @OptionGroup var options: GlobalOptions
    func run() async throws { try await UsageCommand.show(.account, span, options) }
  }

  struct ByKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "by-key", abstract: "Usage by static key.")
    @OptionGroup var span: Span
    @OptionGroup var options: GlobalOptions
    func run() async throws { try await UsageCommand.show(.key, span, options) }
  }

  struct ByWorkspace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "by-workspace", abstract: "Usage by workspace.")
    @OptionGroup var span: Span
    @OptionGroup var options: GlobalOptions
    func run() async throws { try await UsageCommand.show(.workspace, span, options) }
  }

  struct Span: ParsableArguments {
    @Option(
      parsing: .unconditional, help: ArgumentHelp("From this time on: 2026-11-01, yesterday, -7d.", valueName: "time"))
    var since = "-7d"
    @Option(parsing: .unconditional, help: ArgumentHelp("Up to this time.", valueName: "time")) var until = "now"
    @Flag(help: "A line for each day.") var daily = false

    var dates: (Date, Date) {
      get throws {
        let now = Date()
        return (try moment(since, now: now), try moment(until, now: now))
      }
    }
  }

  private static func show(_ subject: Operations.UsageSubject, _ span: Span, _ options: GlobalOptions) async throws {
    let (start, end) = try span.dates
    let lines = try await Session.open(options).operations.usage(
      by: subject, from: start, to: end, bucket: span.daily ? .day : nil)
    options.show(lines, json: \.json, nothing: "Nothing was used in that time.") {
      var table = TextTable(subject.rawValue.uppercased(), "FROM", "REQUESTS", "INPUT", "OUTPUT", "COST")
      for line in $0 {
        table.add(
          line.name ?? line.subject ?? "(default)", String(line.startingAt.columnText.prefix(10)),
          line.requests.map(String.init) ?? "", String(line.tokens.input), String(line.tokens.output),
          line.json.at("cost.amount")?.string.map { "\($0) \(line.json.at("cost.currency")?.string ?? "")" } ?? "")
      }
      return table
    }
  }
}
