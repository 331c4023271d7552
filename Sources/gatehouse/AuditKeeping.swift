import ArgumentParser
import Console
import FoundationEssentials
import Glibc
import Operations
import Platform
import Storage

extension AuditCommand {
  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove old activities from the store; says what will go before it goes.",
      discussion: """
        What is bookmarked stays. The platform has activities for six years, but what was removed here is not read again.
        Example:  gatehouse audit prune --older-than 180d --dry-run
        """)
    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("Those before: 90d, 12h, or a time like 2026-01-01.", valueName: "time"))
    var olderThan: String?
    @Option(help: ArgumentHelp("The oldest, until the store is no larger: 500MB, 2GB.", valueName: "size"))
    var maxSize: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard (olderThan == nil) != (maxSize == nil) else {
        throw ValidationError("Give --older-than or --max-size, and one of them only.")
      }
    }

    func run() async throws {
      let date = try olderThan.map { try Self.edge($0, now: Date()) }
      let size = try maxSize.map(Self.bytes)
      let storage = try Session.storage(options, access: options.dryRun ? .reading : .writing)
      let plan =
        if let size { try await storage.retention(keepingBytes: size) } else {
          try await storage.retention(keepingSince: date ?? .distantPast)
        }
      guard plan.removed > 0, !options.dryRun else { return show(plan, removed: options.dryRun ? nil : 0) }
      try agree(to: plan)
      let showsProgress = !options.json && isatty(STDERR_FILENO) == 1
      let removed = try storage.remove(plan) { if showsProgress { Output.error("  \($0) removed") } }
      show(plan, removed: removed)
    }

    private func agree(to plan: RetentionPlan) throws(Problem) {
      if options.yes { return }
      func refused(_ cause: String, _ remedy: String, _ kind: Problem.Kind) -> Problem {
        Problem("No activity was removed", because: cause, try: remedy, kind: kind, code: "not_confirmed")
      }
      guard isatty(STDIN_FILENO) == 1 else {
        throw refused(
          "it needs a confirmation and standard input is no terminal", "Add --yes, or look first with --dry-run.",
          .usage)
      }
      Output.error("\(plan.explanation)\nRemove them? [y/N]")
      guard ["y", "yes"].contains((readLine() ?? "").lowercased()) else {
        throw refused("it was not confirmed", "All are there still.", .interrupted)
      }
    }

    private func show(_ plan: RetentionPlan, removed: Int?) {
      let json: JSON = [
        "before": JSON(plan.removed > 0 ? plan.before : nil), "would_remove": JSON(plan.removed),
        "removed": JSON(removed ?? 0), "bookmarked": JSON(plan.bookmarked), "remaining": JSON(plan.remaining),
      ]
      guard let removed, removed > 0 else { return options.show(json, lines: [("Nothing removed", plan.explanation)]) }
      options.show(
        json,
        lines: [
          ("Removed", String(removed)), ("Remaining", String(plan.remaining)),
          ("Room", "given back to the disk by gatehouse audit compact"),
        ])
    }

    /// `90d` is so long ago; anything else a time.
    private static func edge(_ text: String, now: Date) throws -> Date {
      try Date(moment: "-\(text)", now: now) ?? moment(text, now: now)
    }

    private static func bytes(_ text: String) throws -> Int {
      let units = [
        "": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30,
      ]
      let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      let unit = text.dropFirst(digits.count).uppercased().filter { !$0.isWhitespace }
      guard let number = Double(digits), number > 0, number < 1e9, let factor = units[unit] else {
        throw ValidationError("'\(text)' is no size: write 500MB, 2GB or 1.5GiB.")
      }
      return Int(number * Double(factor))
    }
  }

  struct Alerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the alerts that the configuration has.",
      discussion: """
        An alert is a table [[alerts]] of config.toml. It has filter = "…", or when = "…" with one of \
        \(Alert.known.joined(separator: ", ")); and ring = true, badge = true or run = ["program", "argument"]. quiet = "10m" \
        is how long it is silent afterwards. The program gets the activity as JSON on its standard input.
        """)
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let alerts = try Settings(path: Environment.current.configurationPath).alerts
      options.show(
        alerts, json: \.json, nothing: "There is no alert. gatehouse audit alerts --help says how one is written."
      ) {
        var table = TextTable("NAME", "WHEN", "DOES", "QUIET")
        for alert in $0 { table.add(alert.name, alert.text, alert.does, "\(alert.quiet.components.seconds) s") }
        return table
      }
    }
  }

  struct Compact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give the room of what was removed back to the disk, and merge the index into one piece.",
      discussion: "For a while the store is there twice.")
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let storage = try Session.storage(options, access: options.dryRun ? .reading : .writing)
      let before = try storage.size()
      if options.dryRun {
        return options.show(
          ["bytes": JSON(before.total), "free": JSON(before.free)],
          lines: [("Bytes", String(before.total)), ("Free within", String(before.free))])
      }
      try storage.compact()
      let after = try storage.size().total
      options.show(
        ["before": JSON(before.total), "after": JSON(after)],
        lines: [("Bytes before", String(before.total)), ("Bytes after", String(after))])
    }
  }

  struct Reindex: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the search index and the counts again from the activities; after audit check found a fault.")
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let storage = try Session.storage(options, access: options.dryRun ? .reading : .writing)
      let count = try storage.statistics().activities
      if options.dryRun {
        return options.show(["would_index": JSON(count)], lines: [("Would index", String(count))])
      }
      let showsProgress = !options.json && isatty(STDERR_FILENO) == 1
      try storage.rebuildIndex { if showsProgress { Output.error("  \($0) indexed") } }
      let indexed = try storage.statistics().activities
      options.show(["indexed": JSON(indexed)], lines: [("Indexed", String(indexed))])
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that activities, index and counts of the store agree; exit status 1 when they do not.")
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let faults = try Session.storage(options, access: .reading).integrityFaults()
      options.show(
        ["ok": .bool(faults.isEmpty), "faults": .array(faults.map(JSON.string))],
        lines: faults.isEmpty ? [("Store", "whole")] : faults.map { ("Fault", $0) })
      if !faults.isEmpty { throw ExitCode(1) }
    }
  }
}

extension Alert {
  fileprivate var json: JSON {
    [
      "name": .string(name), "when": .string(text), "ring": .bool(rings), "badge": .bool(badges),
      "run": .array(command.map(JSON.string)), "quiet_seconds": JSON(Int(quiet.components.seconds)),
    ]
  }

  fileprivate var does: String {
    [rings ? "rings" : "", badges ? "badges" : "", command.isEmpty ? "" : "runs \(command[0])"].filter { !$0.isEmpty }
      .joined(separator: ", ")
  }
}
