import ArgumentParser
import Federation
import Operations
import Platform

extension ConnectCommand {
  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Go on with a connection that stopped half way.",
      discussion: "What was made stays, and what may have been made although the answer was lost is looked for first.")
    @Argument(help: "Its number, where several stopped half way.") var number: Int64?
    @Option(help: ArgumentHelp("Accept this finding; repeat for each.", valueName: "code")) var accept: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let record = try session.unfinishedConnection(number)
      let plan = try await session.operations.plan(restOf: record)
      try FindingGate(options: options, accepted: accept, what: "Nothing was connected").pass(plan.findings)
      if !options.json { Output.error(record.line) }
      try session.confirm(
        "Go on with it", requests: plan.requests, typing: plan.blockingFindings.isEmpty ? nil : plan.account.name)
      try await session.connect(plan)
    }
  }

  struct Undo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take back what a connection that stopped half way has made.",
      discussion: """
        Archives the rule, the service account and the issuer that it made, for good. What was there before is not \
        touched, and what others use by now stays.
        """)
    @Argument(help: "Its number, where several stopped half way.") var number: Int64?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let record = try session.unfinishedConnection(number)
      if !options.json { Output.error(record.line) }
      try session.confirm("Archive for good what it made", typing: record.accountName)
      try await session.change {
        try await $0.takeBack(record)
      } show: { result in
        if options.json { return Output.json(result.json) }
        for line in result.lines { Output.line(line) }
      }
    }
  }
}

extension Session {
  /// The connection that stopped half way. A dry run keeps no journal, and reads the real one.
  fileprivate func unfinishedConnection(_ number: Int64?) throws(Problem) -> ConnectionRecord {
    guard options.dryRun, !options.sandbox else { return try operations.unfinishedConnection(number) }
    let journal = Operations(client: operations.client, storage: try Session.storage(options, access: .reading))
    return try journal.unfinishedConnection(number)
  }

  /// Carries a plan out and shows what the workload needs.
  func connect(_ plan: ConnectionPlan) async throws {
    let isQuiet = options.json || options.dryRun
    try await change { operations in
      do throws(Operations.Interruption) {
        return try await operations.connect(plan) { if !isQuiet { Output.error("  \($0.words)…") } }
      } catch {
        guard error.isHalfMade else { throw error.problem }
        throw error.problem.adding(
          "What was made stays: gatehouse connect resume goes on, gatehouse connect undo takes it back.")
      }
    } show: { connection in
      if options.json { return Output.json(connection.json) }
      Output.line("Connected by the rule \(connection.rule.name). The workload needs:\n")
      for (name, value) in connection.environment { Output.line("\(name)=\(value)") }
      for file in connection.files { Output.line("\n# \(file.path)\n\(file.text)") }
    }
  }
}

extension ConnectionPlan.Step {
  /// What is being done, for a progress line.
  fileprivate var words: String {
    switch self {
    case .issuer: "registering the issuer"
    case .account: "creating the service account"
    case .membership: "adding it to the workspace"
    case .rule: "creating the rule"
    }
  }
}

extension Problem {
  /// The same with more to try.
  fileprivate func adding(_ remedy: String) -> Problem {
    Problem(
      summary, because: cause, try: "\(self.remedy) \(remedy)", kind: kind, code: code, status: status,
      requestID: requestID)
  }
}
