import ArgumentParser
import Console
import Federation
import FoundationEssentials
import Glibc
import Operations
import Platform
import Storage

extension AuditCommand {
  struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read what is new in the activity feed, and the history that is not there yet, into the store.")
    @Option(parsing: .unconditional, help: ArgumentHelp("Read history back to this time only.", valueName: "time"))
    var since: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let date = try since.map { try moment($0, now: Date()) }
      let counts = try await Session.open(options, keeping: .activities).operations.sync(since: date)
      options.show(
        ["read": JSON(counts.read), "added": JSON(counts.added), "rejected": JSON(counts.rejected)],
        lines: [
          ("Read", String(counts.read)), ("Added", String(counts.added)),
          ("Not understood", counts.rejected == 0 ? "" : String(counts.rejected)),
        ])
    }
  }

  struct Tail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the newest activities, and with --follow each new one as it arrives.",
      discussion: """
        With --follow the alerts of the configuration are raised too, on standard error.
        Example:  gatehouse audit tail --follow --filter outcome:denied --json
        """)
    @OptionGroup var selection: Selection
    @Option(help: "Begin with so many.") var limit = 20
    @Flag(name: .shortAndLong, help: "Go on until interrupted.") var follow = false
    @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds")) var interval = 5.0
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if interval < 1 {
        throw ValidationError("--interval takes 1 or more: the feed allows 600 requests a minute for everyone.")
      }
    }

    func run() async throws {
      let query = try selection.query(now: Date())
      let alerts = follow ? try Settings(path: Environment.current.configurationPath).alerts : []
      let operations = try await Session.open(options, keeping: .activities).operations
      let alarms = Alarms(alerts, storage: operations.storage)
      try await catchUp(operations)
      var last = try operations.storage.latest(limit: 1).last?.row ?? 0
      for stored in try await operations.storage.newest(query, limit: limit).reversed() { show(stored.activity) }
      while follow {
        try await Task.sleep(for: .seconds(interval))
        do throws(Problem) {
          var new = try await operations.tail(after: last)
          while let newest = new.last?.row {
            last = newest
            for stored in new where query.accepts(stored.activity) { show(stored.activity) }
            try await alarms.judge(new.map { ($0.row, $0.activity) }, failed: warn).forEach(tell)
            new = try operations.kept(after: last)
          }
        } catch {
          try stay(after: error)
        }
      }
    }

    /// Reads what is new before the first is shown; one that follows waits for the platform.
    private func catchUp(_ operations: Operations) async throws {
      while true {
        do throws(Problem) { return _ = try await operations.tail(after: nil, limit: 1) } catch {
          try stay(after: error)
          try await Task.sleep(for: .seconds(interval))
        }
      }
    }

    /// - Throws: the problem, when the next look cannot succeed, or there is none.
    private func stay(after problem: Problem) throws {
      guard follow, problem.isPassing else { throw problem }
      Output.error("gatehouse: the tail is behind: \(problem.line)")
    }

    private func tell(_ raised: RaisedAlert) {
      if raised.alert.rings, isatty(STDERR_FILENO) == 1 { Output.ring() }
      Output.error(options.json ? raised.json.compact : "gatehouse: alert \(raised.line)")
    }

    private func show(_ activity: Activity) {
      if options.json { Output.json(activity.json) } else { Output.line(ActivityLines.line(activity)) }
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read activities from JSON Lines into the store; those that are there already are passed over.")
    @Argument(help: "A file; - for standard input.") var file: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let storage = try Session.storage(options, access: .writing)
      let descriptor = try InputFile.open(file)
      defer { close(descriptor) }
      let showsProgress = !options.json && isatty(STDERR_FILENO) == 1
      let counts = try storage.importActivities(reading: descriptor) {
        if showsProgress { Output.error("  \($0.read) read, \($0.added) added") }
      }
      options.show(
        counts.json,
        lines: [
          ("Read", String(counts.read)), ("Added", String(counts.added)), ("There already", String(counts.duplicate)),
          ("Rejected", counts.firstRejected.map { "\(counts.rejected), the first in line \($0)" } ?? "0"),
        ])
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write activities to a file, oldest first, with the evidence of what it is beside it.",
      discussion:
        "Example:  gatehouse audit export denied.jsonl --filter outcome:denied   writes denied.jsonl.evidence.json too")
    @Argument(help: "A file that is not there yet; - for standard output, without evidence.") var file: String
    @Option(help: "jsonl or csv.") var format = ExportFormat.jsonLines
    @OptionGroup var selection: Selection
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let query = try selection.query(now: Date())
      let storage = try Session.storage(options, access: .reading)
      if file == "-" {
        _ = try storage.export(query, as: format) { Output.verbatim($0) }
        return
      }
      let digest = RunningDigest()
      let output = try OutputFile(creating: file)
      let summary = try storage.export(query, as: format) { bytes in
        digest.add(bytes)
        try output.write(bytes)
      }
      try output.finish()
      let evidence = summary.evidence(
        query: selection.text, since: query.since, until: query.until, digest: digest.finish() ?? "",
        exportedAt: Date())
      let sidecar = try OutputFile(creating: file + ".evidence.json")
      try sidecar.write(Array((evidence.pretty + "\n").utf8))
      try sidecar.finish()
      options.show(evidence, lines: [("Exported", String(summary.count)), ("Evidence", file + ".evidence.json")])
    }
  }
}

/// Of an alert's program that did not do its work.
private let warn: @Sendable (Problem) -> Void = { Output.error("gatehouse: \($0.line)") }

extension ExportFormat: ExpressibleByArgument {}
