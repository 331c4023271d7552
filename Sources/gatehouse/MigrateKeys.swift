import ArgumentParser
import FoundationEssentials
import Migration
import Operations
import Platform

extension MigrateCommand {
  struct Inventory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the static keys with their use, and where scans found them.",
      discussion: "Example:  gatehouse migrate inventory . ~/src --json")
    @Argument(help: "Folders to look for the keys in.") var paths: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let finds = try MigrateCommand.finds(paths)
      let records = try await Session.open(options).operations.keyRecords(finds: finds)
      options.show(records, json: \.json, nothing: "There is no static key.") {
        var table = TextTable(
          "NAME", "STATUS", "LAST USED", "RHYTHM", "TOKENS", "COST OF 31 DAYS", "PLACES", "HINT", "ID")
        for record in $0 {
          let places = record.places.isEmpty ? "" : "\(record.places.count)\(record.isAmbiguous ? " or another's" : "")"
          table.add(
            record.key.name, record.key.status.rawValue, record.use?.lastText ?? "not in \(record.history) days",
            record.use == nil ? "" : record.soak.rhythm.rawValue, record.use.map { String($0.tokens) } ?? "",
            record.month?.json.at("cost.amount")?.string ?? "", places,
            record.key.hint ?? "", record.key.id.description)
        }
        return table
      }
      for line in Evidence.unseen where !options.json { Output.error("Not visible: \(line)") }
    }
  }

  struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "plan", abstract: "Say who uses keys in files, and what each needs to do without.",
      discussion: """
        The key list ties what is found to its records; with --no-keys nothing is asked of the platform. The plan is \
        kept beside the keys it is about.

        Example:  gatehouse migrate plan . --json
        """)
    @Argument(help: "Folders and files.") var paths: [String]
    @Flag(name: .customLong("no-keys"), help: "Do not read the key list.") var withoutKeys = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let finds = try MigrateCommand.finds(paths)
      var plan = Plan(finds: finds, keys: nil, origin: origin)
      if !withoutKeys {
        let operations = try await Session.open(options, keeping: .changes).operations
        let keys = try await operations.keys()
        plan = Plan(finds: finds, keys: keys, origin: origin)
        if !options.dryRun { try operations.keepPlan(plan, of: keys) }
      }
      options.show(plan.consumers, json: \.json, nothing: "Nothing here uses a key.") {
        var table = TextTable("CONSUMER", "PLATFORM", "PLACES", "KEY", "NEXT")
        for consumer in $0 {
          table.add(
            consumer.name, consumer.platform.rawValue, String(consumer.places.count),
            consumer.keys.map { $0.ids.map(\.description).joined(separator: " or ") }.joined(separator: ", "),
            consumer.blocks.first ?? consumer.command ?? "")
        }
        return table
      }
    }

    /// Of the first folder, as its git configuration has it.
    private var origin: Plan.Origin? {
      paths.first.flatMap { try? InputFile.text($0 + "/.git/config") }.flatMap(Plan.Origin.init)
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for proof that a workload federates and that its key is silent.",
      discussion: """
        Reads the activity feed and the usage reports, which trail by minutes, and keeps what was seen: exchanges (E1), \
        tokens billed to the account (E2), the key's silence (E3), how much of its volume moved (E4), what a person saw \
        inside the workload (E5), and where calls count (E6). The workload's own tokens are never used. With --watch it \
        looks until the workload is seen to federate, or until --for is over; an interrupt ends it and keeps what was \
        seen. Exit status: 0 when the workload federates, 1 when that was not seen, 130 when it was interrupted.

        Example:  gatehouse migrate verify ci-key --rule ci-main --since -2h --watch --for 1h
        """)
    @Argument(help: "The key's name or identifier.") var key: String
    @Option(help: ArgumentHelp("The rule that the workload federates by.", valueName: "name or id")) var rule: String
    @Option(parsing: .unconditional, help: ArgumentHelp("When the workload was changed.", valueName: "time"))
    var since = "-1d"
    @Option(
      help: ArgumentHelp(
        "Which source won inside the workload, as ant auth status or /status says there; kept as evidence.",
        valueName: "text")) var source: String?
    @Flag(help: "Look again until the workload is seen to federate.") var watch = false
    @Option(name: .customLong("for"), help: ArgumentHelp("How long to watch: 30m, 2h, 1d.", valueName: "span"))
    var span = "1h"
    @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds")) var interval = 60.0
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if MigrateCommand.spanSeconds(span) == nil {
        throw ValidationError("'\(span)' is no span: write 90s, 30m, 2h or 1d.")
      }
      if interval < 1 || (interval < 60 && !isLocal) {
        throw ValidationError("--interval takes 60 or more: the usage reports may be asked once a minute.")
      }
    }

    /// A sandbox has no limits of others to keep.
    private var isLocal: Bool { options.sandbox || options.baseURL?.hasPrefix("http://") == true }

    func run() async throws {
      let operations = try await Session.open(options, keeping: .activities).operations
      let (key, rule) = (try await operations.key(key), try await operations.rule(rule))
      let since = try moment(since, now: Date())
      let evidence: Evidence
      if watch {
        let deadline = Date().addingTimeInterval(MigrateCommand.spanSeconds(span) ?? 0)
        let (interval, source) = (Duration.seconds(interval), source)
        evidence = try await untilInterrupted {
          try await operations.watch(
            key, rule: rule, since: since, source: source, until: deadline, every: interval,
            sleep: { try await Task.sleep(for: $0) }, progress: { Verify.tell($0, until: deadline) })
        }
      } else {
        evidence = try await operations.verify(key, rule: rule, since: since, source: source)
      }
      if options.json { Output.json(evidence.json) } else { Output.line(evidence.lines.joined(separator: "\n")) }
      if !evidence.isProven { throw ExitCode(1) }
    }

    private static func tell(_ look: Result<Evidence, Problem>, until deadline: Date) {
      switch look {
      case .success(let seen):
        let silence = seen.keyUse.map { "key last used \($0.lastText)" } ?? "key silent"
        let rest = seen.isProven ? "proven" : "looking until \(deadline.columnText.dropFirst(11)) UTC"
        Output.error(
          "\(seen.at.columnText.dropFirst(11))  \(seen.exchanges) exchanges, \(seen.denials) refused, "
            + "\(seen.accountTokens) tokens, \(silence): \(rest)")
      case .failure(let problem): Output.error("gatehouse: this look failed, the next may not: \(problem.line)")
      }
    }
  }

  struct BrownOut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "brownout", abstract: "Turn a key off for a while, to find who still uses it, and on again.",
      discussion: """
        In office hours, with its owners told: whatever still uses the key fails meanwhile and somebody notices, which is \
        sooner than a soak would. The command stays and turns the key on again at the end, and at once when it is \
        interrupted (exit status 130). If it is killed, the key stays off: run it again, which ends what is over, or use \
        migrate rollback. migrate status says so.

        Example:  gatehouse migrate brownout ci-key --for 1h --copy-kept
        """)
    @Argument(help: "The key's name or identifier.") var key: String
    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 10m, 1h.", valueName: "span")) var span = "1h"
    @Flag(help: "The secret store still has the key; without it there is no way back.") var copyKept = false
    @OptionGroup var waiver: Waiver
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard let seconds = MigrateCommand.spanSeconds(span), (1...86400).contains(seconds) else {
        throw ValidationError("'\(span)' is no span of at most a day: write 10m or 1h.")
      }
    }

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let (operations, key) = (session.operations, try await session.operations.key(key))
      let keys = try await operations.keys()
      Output.error(
        "Coming back is refused at the limit of active keys, which no request tells: \(keys.count { $0.status == .active }) "
          + "of \(keys.count) keys are active now.")
      try session.confirm("Turn the key \(key.name) off for \(span), and on again")
      let seconds = MigrateCommand.spanSeconds(span) ?? 0
      if options.dryRun {
        return try await session.change {
          try await $0.disableKey(key)
        } show: { _ in
        }
      }
      try await MigrateCommand.answeringGuards(options) {
        let course = try await operations.brownOut(
          key, seconds: seconds, isCopyKept: copyKept, waiver: waiver.waive)
        let end = course.brownOutEnd ?? Date()
        Output.error("\(key.name) is off until \(end.columnText) UTC. An interrupt turns it on at once.")
        var isInterrupted = false
        do {
          try await untilInterrupted { try await Task.sleep(for: .seconds(max(0, end.timeIntervalSince(Date())))) }
        } catch {
          isInterrupted = true
        }
        // Of its own, for what was interrupted is only the wait.
        let on = try await Task { try await operations.endBrownOut(key) }.value
        options.show(
          on.json, lines: [("Name", on.name), ("Identifier", on.id.description), ("Status", on.status.rawValue)])
        Output.error("Ask its owners what failed meanwhile: no report has calls that fail.")
        if isInterrupted { throw ExitCode(Problem.Kind.interrupted.exitStatus) }
      }
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn off a key that nothing uses any more. migrate rollback turns it on again.",
      discussion: """
        Refused (exit 1) while something stands against it: the workload was not seen to federate, the key is not silent \
        for as long as its rhythm asks, it expires within the watch, or nobody says that the stored copy is still there.

        Example:  gatehouse migrate disable ci-key --copy-kept
        """)
    @Argument(help: "The key's name or identifier.") var key: String
    @Flag(help: "The secret store still has the key; without it there is no way back.") var copyKept = false
    @OptionGroup var waiver: Waiver
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await MigrateCommand.change(key, options, "Disable", plain: { try await $0.disableKey($1) }) {
        try await $0.disable($1, isCopyKept: copyKept, waiver: waiver.waive)
      }
    }
  }

  struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn a disabled key on again, at any step before it is archived.",
      discussion: "The workload gets it back from its secret store: put the injection back too.")
    @Argument(help: "The key's name or identifier.") var key: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      Output.error(
        "The workload gets the key back only from its secret store, by the injection that the patch took out.")
      try await MigrateCommand.change(key, options, "Turn on", plain: { try await $0.enableKey($1) }) {
        try await $0.rollBack($1)
      }
    }
  }

  struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Archive a key that was disabled and watched, for good.")
    @Argument(help: "The key's name or identifier.") var key: String
    @OptionGroup var waiver: Waiver
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await MigrateCommand.change(key, options, "Archive", isFinal: true, plain: { try await $0.archiveKey($1) }) {
        try await $0.retire($1, waiver: waiver.waive)
      }
    }
  }

  struct Waiver: ParsableArguments {
    @Option(help: ArgumentHelp("Set aside what may be set aside, and why; kept in the journal.", valueName: "reason"))
    var waive: String?
  }

  /// A guard that stands against a change is an answer, not a failure.
  private static func change(
    _ reference: String, _ options: GlobalOptions, _ verb: String, isFinal: Bool = false,
    plain: (Operations, APIKey) async throws -> APIKey, _ body: (Operations, APIKey) async throws -> APIKey
  ) async throws {
    let session = try await Session.open(options, keeping: .changes)
    let key = try await session.operations.key(reference)
    try session.confirm("\(verb) the key \(key.name)\(isFinal ? " for good" : "")", typing: isFinal ? key.name : nil)
    try await answeringGuards(options) {
      try await session.change {
        // A dry run has no journal that a guard could be read from: it shows the request alone.
        options.dryRun ? try await plain($0, key) : try await body($0, key)
      } show: { key in
        options.show(
          key.json, lines: [("Name", key.name), ("Identifier", key.id.description), ("Status", key.status.rawValue)])
      }
    }
  }

  fileprivate static func answeringGuards(_ options: GlobalOptions, _ body: () async throws -> Void) async throws {
    do { try await body() } catch let problem as Problem where problem.code == "guarded" {
      Output.error(options.json ? problem.json.compact : problem.line)
      throw ExitCode(1)
    }
  }

  /// `90s`, `30m`, `2h`, `1d`.
  fileprivate static func spanSeconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    guard let last = text.last, let unit = units[last], let number = Double(text.dropLast()), number >= 0 else {
      return nil
    }
    return number * unit
  }

  /// What scans of the paths find, without the keys.
  static func finds(_ paths: [String]) throws(Problem) -> [Find] {
    var finds: [Find] = []
    for path in paths { finds += try FolderScan(path).run().finds }
    return finds
  }
}
