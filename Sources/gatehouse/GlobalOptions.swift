import ArgumentParser

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Connection profile; the active one when left out.", valueName: "name"))
  var profile: String?
  @Option(
    name: .customLong("base-url"), help: ArgumentHelp("Platform address: https, or http on loopback.", valueName: "url")
  )
  var baseURL: String?
  @Flag(help: "Use an embedded sandbox instead of the platform; nothing is kept.")
  var sandbox = false
  @Flag(help: "Never send a request that changes anything.")
  var readOnly = false
  @Flag(help: "Print JSON: an object for one thing, JSON Lines for lists.")
  var json = false
  @Flag(help: "Ask no confirmation.")
  var yes = false
  @Option(
    help: ArgumentHelp(
      "Type the profile's name in advance, where the profile asks for it before every change.", valueName: "name"))
  var confirm: String?
  @Flag(help: "Print the changes that would be sent, and send none.")
  var dryRun = false
  @Option(help: ArgumentHelp("Theme of the console.", valueName: "name"))
  var theme: String?
  @Flag(help: "Use no colour; NO_COLOR in the environment does the same.")
  var noColor = false
  @Flag(help: "The console as lines to be read out, for screen readers.") var plain = false
  @Flag(help: "Write what was sent and answered to the log file, secrets masked.")
  var verbose = false

  private static let flags: Set<String> = [
    "--sandbox", "--read-only", "--json", "--yes", "--dry-run", "--no-color", "--plain", "--verbose",
  ]
  private static let valued: Set<String> = ["--profile", "--base-url", "--confirm", "--theme"]

  /// The arguments with global options that stand before the command moved behind it, because each command parses
  /// them for itself: `--json accounts list` becomes `accounts list --json`.
  static func moved(behindTheCommandIn arguments: [String]) -> [String] {
    var rest = arguments[...]
    var moved: [String] = []
    while let first = rest.first {
      if flags.contains(first) || valued.contains(where: { first.hasPrefix($0 + "=") }) {
        moved.append(first)
        rest.removeFirst()
      } else if valued.contains(first), rest.count > 1 {
        moved += rest.prefix(2)
        rest.removeFirst(2)
      } else {
        break
      }
    }
    // What follows `--` is never an option.
    guard let end = rest.firstIndex(of: "--") else { return rest + moved }
    return rest[..<end] + moved + rest[end...]
  }
}
