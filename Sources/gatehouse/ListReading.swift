import ArgumentParser
import FoundationEssentials
import Operations
import Platform
import Storage

/// How a command reads a list: from the platform, or as it was last seen.
struct ListOptions: ParsableArguments {
  @Flag(help: "Ask nobody: show the list as it was last seen, and say when that was.") var offline = false
}

extension GlobalOptions {
  /// Shows a list of the platform's. Where the platform cannot be reached, people get the list as it was last seen, with
  /// its age, beside the failure and its exit status; programs get the failure alone, for they would not see the age.
  /// - Parameters:
  ///   - liveOnly: without archived things.
  ///   - read: from the platform.
  ///   - part: what was asked for of all that was last seen.
  func showList<Item: Listed>(
    _ list: ListOptions, _ type: Item.Type, liveOnly: Bool = false,
    part: (Operations, [Item]) -> [Item] = { $1 }, nothing: String, table: ([Item]) -> TextTable,
    read: (Operations) async throws -> [Item]
  ) async throws {
    let operations = try await Session.open(self, keeping: .lists).operations
    let lastSeen = (try? operations.lastSeen(type, liveOnly: liveOnly)).flatMap(\.self)
    func age(_ seen: Operations.LastSeen<Item>) -> String { seen.age(at: Date()) }
    if list.offline {
      guard let lastSeen else {
        throw Problem(
          "The list was not shown", because: "it was never read on this machine from that address",
          try: "Leave out --offline.", kind: .local, code: "never_seen")
      }
      Output.error("The platform was not asked: \(age(lastSeen)).")
      return show(part(operations, lastSeen.items), json: \.json, nothing: nothing, table: table)
    }
    do {
      show(try await read(operations), json: \.json, nothing: nothing, table: table)
    } catch let problem as Problem where problem.kind == .unavailable {
      guard let lastSeen else { throw problem }
      guard !json else { throw problem.advising("--offline shows the list \(age(lastSeen)).") }
      let status = FailureReport.report(problem, asJSON: false)
      Output.error("The list \(age(lastSeen)):")
      show(part(operations, lastSeen.items), json: \.json, nothing: nothing, table: table)
      throw ExitCode(status)
    }
  }
}

extension Problem {
  /// With one more thing to try.
  fileprivate func advising(_ more: String) -> Problem {
    var problem = Problem(
      summary, because: cause, try: "\(remedy) \(more)", kind: kind, code: code, status: status, requestID: requestID)
    problem.isUncertain = isUncertain
    return problem
  }
}
