import ArgumentParser
import Interface
import Platform
import Terminal

/// How a command that failed says so: words or JSON on standard error, and an exit status.
enum FailureReport {
  /// - Returns: the exit status that belongs to the error.
  static func report(_ error: any Error, asJSON: Bool) -> Int32 {
    if let exit = error as? ExitCode { return exit.rawValue }
    if let problem = problem(of: error) {
      Output.error((asJSON ? problem.json.compact : problem.text).withSecretsMasked)
      return problem.kind.exitStatus
    }
    let message = Gatehouse.fullMessage(for: error)
    if Gatehouse.exitCode(for: error).isSuccess {
      Output.line(message)
      return 0
    }
    // Only the command line is left: the parser gives these words and the usage.
    guard asJSON else {
      Output.error(message.withSecretsMasked)
      return Problem.Kind.usage.exitStatus
    }
    let usage = Problem(
      "The command line was not understood", because: Gatehouse.message(for: error), try: "See gatehouse --help.",
      kind: .usage)
    Output.error(usage.json.compact.withSecretsMasked)
    return usage.kind.exitStatus
  }

  private static func problem(of error: any Error) -> Problem? {
    switch error {
    case let problem as Problem: problem
    case let failure as TerminalFailure:
      Problem(failure.summary, because: failure.cause, try: failure.remedy, kind: .local)
    case is CancellationError:
      Problem("It was not finished", because: "it was interrupted", try: "Run it again.", kind: .interrupted)
    default: nil
    }
  }
}

extension Problem.Kind {
  /// The contract with scripts: 1 is left for "done, and the answer is no".
  var exitStatus: Int32 {
    switch self {
    case .usage: 2
    case .credential: 3
    case .refused: 4
    case .unavailable: 5
    case .local: 6
    case .interrupted: 130
    }
  }
}

extension Problem {
  /// For a person at a shell: what and why on one line, what to try below it.
  fileprivate var text: String {
    let id = requestID.map { "\nrequest-id: \(Text.harmless($0))" } ?? ""
    return "gatehouse: \(Text.harmless("\(summary): \(cause)")).\n\(Text.harmless(remedy))\(id)"
  }
}
