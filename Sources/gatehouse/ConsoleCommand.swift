import ArgumentParser
import Console
import FoundationEssentials
import Glibc
import Interface
import Platform
import PlatformClient
import Sandbox
import Terminal

/// The console on the platform, or with `--sandbox` on an empty organization of its own.
struct ConsoleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console", abstract: "Open the full-screen console; what gatehouse does with no subcommand.")
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    if options.sandbox { return try await SandboxConsole(scenario: .empty, seed: nil, options: options).run() }
    let environment = Environment.current
    let profile = try ConnectionProfile.chosen(options, environment)
    let session = try Session.open(profile, options, environment, .activities)
    try await ConsoleScreen.run(
      session, options,
      connection: App.Connection(
        profile: profile.name, address: profile.base.description.replacing("https://", with: ""),
        readOnlyReason: profile.isReadOnly ? GlobalOptions.readOnlyReason : nil, asksForName: profile.isProduction))
  }
}

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Open the console on a sandbox with a lively example organization.",
    discussion: """
      Nothing leaves this machine and nothing is kept. The sandbox also listens on loopback, at the address in the \
      header, so that other programs can exchange tokens with it.
      """)
  @Option(help: ArgumentHelp("Instead, about this many of each resource.", valueName: "n")) var size: Int?
  @Option(help: ArgumentHelp("The same one gives the same organization.", valueName: "n")) var seed: UInt64?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await SandboxConsole(scenario: size.map { .size(max(1, $0)) } ?? .demo, seed: seed, options: options).run()
  }
}

/// The console on a sandbox in the same process, which also listens on loopback.
struct SandboxConsole {
  let scenario: Scenario
  let seed: UInt64?
  let options: GlobalOptions

  func run() async throws {
    let starting = StartingSandbox(scenario, seed: seed ?? 1)
    try await ConsoleScreen.run(
      try Session(starting: starting, options), options,
      connection: App.Connection(
        profile: scenario == .empty ? "sandbox" : "demo", address: "",
        isSandbox: true, readOnlyReason: options.readOnly ? GlobalOptions.readOnlyReason : nil),
      address: starting.address)
  }
}

enum ConsoleScreen {
  /// Takes the terminal until the person quits.
  /// - Throws: `ExitCode` when that is not 0, and ``TerminalFailure`` when there is no terminal to take.
  static func run(
    _ session: Session, _ options: GlobalOptions, connection: App.Connection,
    address: (@Sendable () async -> String?)? = nil
  ) async throws {
    // Settings that cannot be read were refused before the terminal was asked for, where they are needed.
    let settings = (try? Settings(path: Environment.current.configurationPath)) ?? Settings()
    let directories = themeDirectories
    let name = options.theme ?? settings.theme
    let chosen: (theme: Theme, problem: Problem?) =
      if let theme = Themes.early(name, in: directories) { (theme, nil) } else {
        Themes(in: directories).named(name)
      }
    let usesColour = !options.noColor && Environment.current["NO_COLOR"] == nil
    let start = Console.Start(
      connection: connection, themes: [chosen.theme], themeDirectories: directories, keys: settings.keys,
      alerts: settings.alerts, problems: [chosen.problem].compactMap(\.self), address: address,
      // A sandbox keeps nothing.
      arrangementsPath: connection.isSandbox ? nil : Environment.current.stateDirectory + "/lists.json")
    let operations = session.operations
    let mode: Terminal.Mode = options.plain ? .plain : .drawn()
    // The terminal belongs to the main thread, which it keeps until the person quits.
    let status = try await MainActor.run {
      try Terminal.run(theme: chosen.theme, colour: usesColour, mode: mode) { screen in
        await Console.run(
          on: screen, size: await screen.size, events: screen.events, executor: screen.executor, operations: operations,
          start: start)
      }
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// A person's own themes first, then those installed beside the program, then those of the checkout it was built in.
  private static var themeDirectories: [String] {
    var directories = [Environment.current.configurationDirectory + "/themes"]
    var place = programDirectory
    directories.append(place + "/../share/gatehouse/themes")
    while let slash = place.lastIndex(of: "/"), place.contains("/.build") {
      place = String(place[..<slash])
      if FileManager.default.fileExists(atPath: place + "/Package.swift") { directories.append(place + "/themes") }
    }
    return directories
  }

  private static var programDirectory: String {
    var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    let program = String(decoding: path.prefix(max(0, count)), as: UTF8.self)
    return program.lastIndex(of: "/").map { String(program[..<$0]) } ?? "."
  }
}

extension GlobalOptions {
  /// Why nothing can be changed, as a sentence.
  static let readOnlyReason = "Changes are off: --read-only, or the profile, says so."
}
