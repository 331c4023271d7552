import ArgumentParser
import CBuild
import Glibc
import Platform
import PlatformClient

/// The command: with no subcommand the full-screen console, with one the same thing through the same code as text.
@main
struct Gatehouse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gatehouse",
    abstract: "A console for Claude Platform's workload identity federation.",
    discussion: """
      With no subcommand it opens the full-screen console. Every action of the console has a subcommand that does the \
      same; with --json it prints JSON for programs.

      Try it with no account and no network:  gatehouse demo
      """,
    version: version(of: String(cString: gh_build_commit())),
    subcommands: [
      ConsoleCommand.self, DemoCommand.self, AccountsCommand.self, IssuersCommand.self, RulesCommand.self,
      ConnectCommand.self, TokenCommand.self, ConditionCommand.self, WorkspacesCommand.self,
      KeysCommand.self, UsageCommand.self, AuditCommand.self, SandboxCommand.self, ExportCommand.self, DiffCommand.self,
      MigrateCommand.self, LoginCommand.self,
      LogoutCommand.self, ProfilesCommand.self, DoctorCommand.self, CompletionsCommand.self,
    ],
    defaultSubcommand: ConsoleCommand.self)

  /// The version, and the commit where the builder said which: `0.1.0 (80c08c2f5)`.
  static func version(of commit: String) -> String {
    commit.isEmpty ? gatehouseVersion : "\(gatehouseVersion) (\(commit))"
  }

  /// Opens the full-screen console, when that is what is asked for: to read the tree of all commands takes as long as
  /// half of the way to the first screen.
  ///
  /// - Returns: false also for what the console does not take; the tree then says what is wrong.
  private static func openedConsole(_ arguments: [String]) async throws -> Bool {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "demo":
      guard let command = try? DemoCommand.parse(rest) else { return false }
      try await command.run()
    case "console":
      guard let command = try? ConsoleCommand.parse(rest) else { return false }
      try await command.run()
    case let first? where !first.hasPrefix("-"): return false
    default:
      guard let command = try? ConsoleCommand.parse(arguments) else { return false }
      try await command.run()
    }
    return true
  }

  static func main() async {
    // A reader that has gone is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    MemoryGuard.forbidDumps()
    StandardFiles.open()
    // A file that may not grow is an error of the write too.
    signal(SIGXFSZ, SIG_IGN)
    let arguments = GlobalOptions.moved(behindTheCommandIn: Array(CommandLine.arguments.dropFirst()))
    do {
      if try await openedConsole(arguments) { end(0) }
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      end(0)
    } catch {
      end(FailureReport.report(error, asJSON: arguments.contains("--json")))
    }
  }
}
