import ArgumentParser
import Console
import FoundationEssentials
import Glibc
import Platform
import PlatformClient

struct LoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Sign in: explains how, and runs the ant program where it is installed.",
    discussion: """
      gatehouse keeps no credential of its own. A person signs in with the ant program, whose profile is then read and \
      renewed; keys are read from the environment, a file or a command that config.toml names.
      """)
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let words = SignInProgram.words("login", options)
    guard let program = SignInProgram.path else {
      Output.line(
        """
        The ant program is not installed, or not in PATH. Where it is, run:

          \(words.joined(separator: " "))

        Without it, put a token with the scope org:admin into ANTHROPIC_OAUTH_TOKEN.
        For the audit log, keys and usage, put an Admin API key into ANTHROPIC_ADMIN_KEY.
        """)
      throw ExitCode(Problem.Kind.credential.exitStatus)
    }
    Output.error("Running \(words.joined(separator: " "))")
    throw SignInProgram.replaceThisProcess(program, words)
  }
}

struct LogoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "Sign out: runs the ant program where it is installed.")
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let words = SignInProgram.words("logout", options)
    guard let program = SignInProgram.path else {
      Output.line(
        "The ant program is not installed. Unset ANTHROPIC_OAUTH_TOKEN, or where ant is, run \(words.joined(separator: " "))."
      )
      throw ExitCode(Problem.Kind.credential.exitStatus)
    }
    throw SignInProgram.replaceThisProcess(program, words)
  }
}

/// The program that signs people in to the platform.
private enum SignInProgram {
  static func words(_ verb: String, _ options: GlobalOptions) -> [String] {
    let profile = options.profile.map { ["--profile", $0] } ?? []
    return ["ant", "auth", verb] + profile + (verb == "login" ? ["--scope", Scope.admin] : [])
  }

  static var path: String? {
    (Environment.current["PATH"] ?? "").split(separator: ":").map { "\($0)/ant" }
      .first { $0.hasPrefix("/") && access($0, X_OK) == 0 }
  }

  /// - Returns: why it did not happen; when it does, this program is no more.
  static func replaceThisProcess(_ program: String, _ words: [String]) -> Problem {
    let arguments = words.map { strdup($0) } + [nil]
    // It signs people in, and needs none of the keys.
    for name in ["ANTHROPIC_ADMIN_KEY", "ANTHROPIC_COMPLIANCE_KEY", "ANTHROPIC_OAUTH_TOKEN"] { unsetenv(name) }
    execv(program, arguments)
    return Problem(
      "ant was not run", because: String(cString: strerror(errno)),
      try: "Run it yourself: \(words.joined(separator: " "))",
      kind: .local)
  }
}

struct ProfilesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "List the connection profiles and where their credentials come from.")
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let environment = Environment.current
    let settings = try Settings(path: environment.configurationPath)
    let active = options.profile ?? settings.profile ?? "default"
    var names = settings.profiles.keys.sorted()
    if !names.contains(active) { names.insert(active, at: 0) }
    var rows: [(ConnectionProfile, isActive: Bool)] = []
    for name in names {
      var options = options
      options.profile = settings.profiles[name] == nil ? options.profile : name
      rows.append((try ConnectionProfile.chosen(options, environment), name == active))
    }
    options.show(rows, json: { $0.0.json(isActive: $0.isActive) }, nothing: "There is no profile.") {
      var table = TextTable("", "PROFILE", "ADDRESS", "TOKEN", "ADMIN KEY", "COMPLIANCE KEY")
      for (profile, isActive) in $0 {
        let origins = [profile.signIn.token, profile.signIn.adminKey, profile.signIn.complianceKey]
          .map { $0?.words ?? "none" }
        table.add(isActive ? "*" : "", profile.name, profile.base.description, origins[0], origins[1], origins[2])
      }
      return table
    }
  }
}

extension ConnectionProfile {
  fileprivate func json(isActive: Bool) -> JSON {
    var object: JSON.Object = ["name": .string(name), "active": .bool(isActive)]
    for (key, value) in json.object ?? [:] { object[key] = value }
    return .object(object)
  }

  /// Where it is and where its credentials come from; the credentials themselves are not known here.
  var json: JSON {
    [
      "base_url": .string(base.description), "read_only": .bool(isReadOnly), "production": .bool(isProduction),
      "token": JSON(signIn.token?.words), "admin_key": JSON(signIn.adminKey?.words),
      "compliance_key": JSON(signIn.complianceKey?.words),
    ]
  }
}

struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the completions for a shell.",
    discussion: "Example:  gatehouse completions bash > ~/.local/share/bash-completion/completions/gatehouse")
  @Argument(help: "bash, zsh or fish.") var shell: String

  func run() throws {
    guard let shell = CompletionShell(rawValue: shell) else {
      throw ValidationError("Completions are there for bash, zsh and fish, not '\(shell)'.")
    }
    Output.verbatim(Gatehouse.completionScript(for: shell))
  }
}
