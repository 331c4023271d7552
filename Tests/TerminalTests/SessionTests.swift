import Foundation
import Testing

/// The program itself, in a pseudo-terminal: whatever happens to it, the terminal is as it was before.
@Suite("The console in a terminal", .serialized)
struct SessionTests {
  /// The program of this build, which lies beside the tests.
  static let program: String = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
    let folder = bundle.range(of: "/[^/]*\\.xctest.*", options: .regularExpression).map {
      String(bundle[..<$0.lowerBound])
    }
    return "\(folder ?? ".")/gatehouse"
  }()

  /// The console on the example organization; `PTY_PROGRAM` names another program.
  private static let command =
    ProcessInfo.processInfo.environment["PTY_PROGRAM"].map { $0.split(separator: " ").map(String.init) }
    ?? [program, "demo"]

  private func opened(_ environment: [String: String] = [:], arguments: [String] = []) throws -> Session {
    let session = try Session(Self.command + arguments, environment: environment)
    try #require(session.wait { $0.emulator.text.contains("Accounts") && $0.emulator.modes.contains(1049) })
    session.settle()
    return session
  }

  private func isAsBefore(_ session: Session) -> Bool {
    session.emulator.modes == Emulator.usualModes && session.modes == session.before
  }

  @Test("gives it back when one quits") func quitting() throws {
    let session = try opened()
    #expect(session.emulator.unknown.isEmpty)
    #expect(session.modes != session.before)
    session.type("q")
    #expect(session.end() == 0)
    #expect(isAsBefore(session))
  }

  @Test(
    "gives it back when it is ended or crashes",
    arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT])
  func signals(number: Int32) throws {
    let session = try opened()
    session.kill(number)
    let status = try #require(session.end())
    #expect(status != 0)
    #expect(isAsBefore(session), "after signal \(number): \(session.emulator.modes)")
  }

  @Test(
    "has direct colour where COLORTERM tells of it and ncurses knows such a terminal",
    arguments: [("xterm-256color", "truecolor", true), ("xterm-256color", "", false), ("screen", "truecolor", false)])
  func directColour(terminal: String, told: String, isDirect: Bool) throws {
    let session = try Session(Self.command, environment: ["TERM": terminal, "COLORTERM": told])
    try #require(session.wait { $0.emulator.text.contains("Accounts") })
    session.settle()
    let written = String(decoding: session.stream, as: UTF8.self)
    #expect((written.contains("38;2;") || written.contains("38:2:")) == isDirect)
    session.type("q")
    #expect(session.end() == 0 && isAsBefore(session))
  }

  @Test("ends when the line is lost") func hangUp() throws {
    let session = try opened()
    session.hangUp()
    #expect(session.end(5) != nil)
  }

  @Test("ends when asked although the terminal does not read", arguments: [SIGTERM, SIGHUP, SIGSEGV])
  func unread(number: Int32) throws {
    let session = try opened()
    // Each is a whole screen, and together they are more than the line holds.
    for _ in 0..<40 {
      session.type("\u{0C}")
      session.waitUntilTaken()
    }
    session.kill(number)
    #expect(session.endUnread(10) != nil)
    #expect(session.modes == session.before)
  }

  /// Whether what was drawn in steps is what is drawn at once; a clock on the screen may need a second look.
  private func isWhole(_ session: Session, settle: Int32 = 150) -> Bool {
    (0..<5).contains { _ in
      session.settle(milliseconds: settle)
      let steps = session.emulator.picture
      session.type("\u{0C}")
      _ = session.read(milliseconds: 5000)
      session.settle(milliseconds: settle)
      return session.emulator.picture == steps
    }
  }

  /// `WALK_STEPS` makes it longer, `WALK_SEED` another one. A key that quits, stops or interrupts is not among them.
  @Test("is whole whatever is typed, and however the window changes") func walking() throws {
    let settings = ProcessInfo.processInfo.environment
    let steps = settings["WALK_STEPS"].flatMap { Int($0) } ?? 400
    var state = settings["WALK_SEED"].flatMap { UInt64($0) } ?? 1
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let keys =
      "jjjjkkGgn/?: so+-yabcxelptfdr123456\r\r\u{1B}\u{1B}\t\u{7F}\u{04}\u{15}\u{06}\u{02}\u{12}\u{10}".map {
        String($0)
      }
      + ["\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[Z", "\u{1B}[H", "\u{1B}[F"]
      + ["\u{1B}[<64;10;9M", "\u{1B}[<65;10;9M", "\u{1B}[<0;12;7M", "\u{1B}[200~作者👍\u{1B}[201~", "ci", "zz"]
    let session = try opened()
    for step in 1...steps {
      if random(60) == 0 { session.resize(columns: 60 + random(90), rows: 15 + random(35)) }
      session.type(keys[random(keys.count)])
      if random(4) == 0 { session.read(milliseconds: Int32(random(12))) }
      guard step % 40 == 0 || step == steps else { continue }
      session.waitUntilTaken()
      try #require(isWhole(session, settle: 60), "step \(step):\n\(session.emulator.text)")
      try #require(session.emulator.unknown.isEmpty, "\(session.emulator.unknown)")
    }
    session.kill(SIGTERM)
    #expect(session.end() == 128 + SIGTERM)
    #expect(isAsBefore(session))
  }

  @Test("is whole after 200 sizes") func resizing() throws {
    let session = try opened()
    var state: UInt64 = 42
    for step in 0..<200 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let last = step == 199
      session.resize(columns: last ? 90 : Int(state >> 33) % 130 + 1, rows: last ? 28 : Int(state >> 43) % 50 + 1)
      session.type(["j", "k", "\u{06}", "2", "1"][step % 5])
      session.read(milliseconds: 1)
    }
    try #require(session.wait { $0.emulator.text.contains("Accounts") })
    // One by one: an escape and a key in one burst are another key.
    for key in ["?", "pa", "\u{1B}", "\u{1B}", ":", "n", "\u{1B}", "jjj", "\u{06}", "k", "4", "3", "2", "G", "g"] {
      session.type(key)
      session.waitUntilTaken()
      session.settle()
    }
    #expect(isWhole(session))
    let last = session.emulator.text
    session.type("q")
    #expect(session.end() == 0, "it ended from this screen:\n\(last)")
    #expect(isAsBefore(session))
  }

  @Test("stops and comes back as a shell expects") func suspending() throws {
    let shell = try Session(["bash", "--norc", "--noprofile", "-i"], environment: ["PS1": "ready> "])
    func type(_ text: String) { shell.type(text + "\n") }
    try #require(shell.wait { $0.emulator.text.contains("ready>") })
    type("stty -g > /dev/null; clear; " + Self.command.joined(separator: " "))
    try #require(shell.wait { $0.emulator.modes.contains(1049) && $0.emulator.text.contains("Accounts") })
    let running = shell.modes
    shell.settle()
    shell.type("\u{1A}")
    try #require(
      shell.wait {
        $0.emulator.modes.isDisjoint(with: [1049, 1000, 1004, 1006]) && $0.emulator.text.contains("Stopped")
      })
    #expect(shell.emulator.modes.contains(25))
    #expect(shell.modes != running)
    shell.resize(columns: 100, rows: 30)
    type("clear; fg")
    try #require(shell.wait { $0.emulator.modes.contains(1049) && $0.emulator.text.contains("Accounts") })
    #expect(shell.wait { $0.modes == running })
    shell.type("q")
    try #require(shell.wait { !$0.emulator.modes.contains(1049) })
    shell.settle()
    type("exit 7")
    #expect(shell.end() == 7)
  }

  @Test(
    "writes nothing but ASCII where the locale has nothing else",
    arguments: ["xterm-256color", "vt100", "screen", "linux"])
  func ascii(terminal: String) throws {
    let session = try Session(Self.command, environment: ["TERM": terminal, "LC_ALL": "C"])
    try #require(session.wait { $0.emulator.text.contains("Accounts") })
    session.type("jjj?")
    session.settle()
    session.type("\u{1B}")
    session.settle()
    #expect(session.stream.allSatisfy { $0 < 0x80 })
    if terminal == "vt100" {
      #expect(!String(decoding: session.stream, as: UTF8.self).contains(/\[[34][0-9](;[0-9]+)*m/))
    }
    session.type("q")
    #expect(session.end() == 0)
    #expect(session.modes == session.before)
  }

  @Test(
    "uses the colours that the terminal has, and gives it back",
    arguments: [
      ("xterm-256color", "[34]8;5;[0-9]+"), ("tmux-256color", "[34]8;5;[0-9]+"), ("xterm-direct", "[34]8[:;]2[:;]"),
      ("screen", "[34][0-7]"), ("linux", "[34][0-7]"), ("vt100", ""),
    ])
  func colours(terminal: String, colour: String) throws {
    let session = try Session(Self.command, environment: ["TERM": terminal])
    try #require(session.wait { $0.emulator.text.contains("Accounts") })
    session.type("2")
    session.settle()
    session.type("jjk")
    session.settle()
    let text = String(decoding: session.stream, as: UTF8.self)
    func count(_ pattern: String) throws -> Int { text.matches(of: try Regex("\\x1B\\[([0-9;:]*;)?\(pattern)")).count }
    if colour.isEmpty {
      #expect(try count("[34][0-8](;|m)") == 0)
    } else {
      #expect(try count(colour) > 0)
    }
    if !colour.hasPrefix("[34]8") { #expect(try count("[34]8[:;]") == 0, "more than it has") }
    session.type("q")
    #expect(session.end() == 0)
    #expect(session.modes == session.before)
  }

  @Test("asks the terminal nothing, and fills one window of a network with its first screen") func start() throws {
    let session = try opened()
    let text = String(decoding: session.stream, as: UTF8.self)
    // Device attributes, reports, modes and colours asked for: an answer would be waited for, or land in the shell.
    let queries = try Regex("\\x1B(\\[[>=?]?[0-9;]*[cn]|\\[\\?[0-9;]*\\$p|\\[>[0-9]*q|\\[\\?u|\\][0-9;]*\\?|P[+$]q)")
    #expect(text.matches(of: queries).isEmpty)
    // Ten segments of 1448 bytes.
    #expect(session.stream.count < 14_480)
    session.type("q")
    #expect(session.end() == 0)
  }

  @Test("is refused kindly by a terminal that cannot be drawn on, which is left alone") func dumb() throws {
    let session = try Session(Self.command, environment: ["TERM": "dumb"])
    let status = try #require(session.end())
    let text = String(decoding: session.stream, as: UTF8.self)
    #expect(status != 0 && status < 128)
    #expect(text.contains("cannot be drawn on") && text.contains("--plain") && !text.contains("\u{1B}"))
    #expect(session.modes == session.before)
  }

  @Test("draws a burst of keys once, and moves by a few bytes") func bytes() throws {
    let session = try opened()
    var start = session.stream.count
    session.type("j")
    session.settle()
    #expect(session.stream.count - start < 300)
    start = session.stream.count
    session.type(String(repeating: "j", count: 200))
    session.settle()
    #expect(session.stream.count - start < 8000)
  }
}
