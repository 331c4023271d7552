import Console
import Foundation
import Interface
import Operations
import Platform
import PlatformClient
import Storage
import Synchronization
import Testing

@testable import Sandbox

/// Keys, sizes, data and faults by chance, in the whole console.
@Suite("A random walk through the console")
struct WalkStories {
  /// `WALK_STEPS` makes it longer, `WALK_SEED` another one.
  private static let steps = number("WALK_STEPS") ?? 800
  private static let seed = number("WALK_SEED") ?? 1

  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

  private static let keys: [Key] =
    Key.script(
      "jjjjjkkkgGhlnN/?: so<>+-yYabcxelptfdrwz123456<enter><enter><enter><esc><esc><tab><shift-tab><up><down><left>")
    + Key.script("<right><home><end><pgup><pgdn><backspace><del><ctrl-d><ctrl-u><ctrl-s><ctrl-w><ctrl-r><ctrl-p><f5>")
    + ["\u{1B}]0;owned\u{07}", "作者👩‍👩‍👧‍👦e\u{301}", "user\u{202E}txt", "ci-deploy", "a\nb\tc"].map { .paste($0) }

  @Test("never stops, never draws outside, and what was drawn in steps is what is drawn at once")
  func walk() async throws {
    var console = try await WalkedConsole()
    var random = Randomness(seed: UInt64(Self.seed))
    for step in 0..<Self.steps {
      switch Int.random(in: 0..<40, using: &random) {
      case 0:
        let small = Bool.random(using: &random)
        let columns = Int.random(in: small ? 0...59 : 60...140, using: &random)
        await console.take(
          .resized(Size(columns: columns, rows: Int.random(in: small ? 0...14 : 15...45, using: &random))))
      case 1:
        let place = Position(
          row: Int.random(in: 0...40, using: &random), column: Int.random(in: 0...120, using: &random))
        let action = [Mouse.Action.click, .wheelUp, .wheelDown].randomElement(using: &random) ?? .click
        await console.take(.mouse(Mouse(action, at: place)))
      case 2: try await console.changeData(step)
      case 3: console.changeFaults(&random)
      default: await console.take(.pressed(Self.keys.randomElement(using: &random) ?? "j"))
      }
      let fault = console.draw()
      try #require(fault == nil, "step \(step) of seed \(Self.seed): \(fault ?? "")")
      if console.isOver { console.startAgain() }
    }
  }
}

/// The console on a sandbox in process, one message after the other.
private struct WalkedConsole {
  private let sandbox: Sandbox
  private let faults = Faults()
  private let operations: Operations
  private let performer: Performer
  private var state: App.State
  private var shown = Surface(Size(columns: 0, rows: 0))
  private var grid: [[Cell]] = []

  init() async throws {
    sandbox = try Sandbox(scenario: .demo, seed: 7)
    let keys = sandbox.credentials
    let client = PlatformClient(
      transport: FaultyTransport(inner: sandbox, faults: faults),
      credentials: Credentials(
        token: FixedCredential(.bearer(keys.oauthToken)), adminKey: FixedCredential(.apiKey(keys.adminKey))),
      policy: RetryPolicy(attempts: 2), clock: ImpatientClock())
    operations = Operations(client: client, storage: try Storage.inMemory())
    performer = Performer(operations: operations, clock: ImpatientClock())
    state = Self.start
    await take(.started)
  }

  private static var start: App.State {
    App.State(
      size: Size(columns: 100, rows: 30),
      connection: App.Connection(profile: "walk", address: "127.0.0.1:1", isSandbox: true),
      themes: [.plain, Theme(name: "other", styles: [:])])
  }

  var isOver: Bool { state.isQuitting }

  mutating func startAgain() {
    let size = state.size
    state = Self.start
    state.size = size
  }

  /// One message, and all that comes of it. A poll asks for the next one, so only some rounds are gone.
  mutating func take(_ message: App.Message) async {
    var waiting = [message]
    for _ in 0..<6 where !waiting.isEmpty {
      let answers = Answers()
      for message in waiting {
        for effect in App.update(&state, message) {
          if let answer = await performer.perform(effect, send: answers.add) { answers.add(answer) }
        }
      }
      waiting = answers.taken
    }
  }

  /// Somebody else works on the organization too.
  func changeData(_ step: Int) async throws {
    faults.clear()
    let hostile = "\u{1B}]0;owned\u{07}\u{9B}31m 作者\u{202E}txt\u{200B} e\u{301}\u{301}\u{301} \(step)"
    let account = try await operations.createAccount(AccountDraft(name: "walk-\(step)", description: hostile))
    if step % 3 == 0 { _ = try await operations.archiveAccount(account) }
  }

  func changeFaults(_ random: inout Randomness) {
    faults.clear()
    switch Int.random(in: 0..<6, using: &random) {
    case 0: faults.set(.status(500), on: "/v1/")
    case 1: faults.set(.refused, on: "federation")
    case 2: faults.set(.garbage, on: "service_accounts")
    default: break
    }
  }

  /// Draws the difference on what was drawn before.
  ///
  /// - Returns: what is wrong with the screen; nil when it is as it must be.
  mutating func draw() -> String? {
    let surface = App.render(state)
    if surface.size != state.size { return "it is \(surface.size) instead of \(state.size)" }
    if surface.size != shown.size {
      grid = Array(repeating: Array(repeating: Cell(), count: surface.size.columns), count: surface.size.rows)
    }
    for run in surface.changes(since: shown) {
      grid[run.row].replaceSubrange(run.column..<run.column + run.cells.count, with: run.cells)
    }
    for row in 0..<surface.size.rows {
      for column in 0..<surface.size.columns where grid[row][column] != surface[row, column] {
        return "row \(row), column \(column) was not drawn"
      }
    }
    shown = surface
    for scalar in surface.text.unicodeScalars where scalar != "\n" {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return "it holds \(scalar.value)"
      default: break
      }
    }
    if let cursor = surface.cursor, !surface.contains(cursor) { return "the cursor is outside" }
    return nil
  }
}

/// What effects tell while they go on, and at their end.
private final class Answers: Sendable {
  private let messages = Mutex<[App.Message]>([])
  @Sendable func add(_ message: App.Message) { messages.withLock { $0.append(message) } }
  var taken: [App.Message] { messages.withLock { $0 } }
}
