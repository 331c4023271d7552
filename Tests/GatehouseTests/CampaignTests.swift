import Foundation
import Platform
import PlatformClient
import Testing

/// An hour of the sandbox's time, with events that come late, under every fault it knows, while the tail that keeps
/// them is killed again and again: `make test` has a small one, `make campaign` the whole.
@Suite("A campaign of faults")
struct CampaignTests {
  private struct Scale {
    let activities, steps, kills: Int

    static let chosen =
      ProcessInfo.processInfo.environment["GATEHOUSE_CAMPAIGN"] == "full"
      ? Scale(activities: 200_000, steps: 100, kills: 10) : Scale(activities: 1500, steps: 10, kills: 3)
  }

  private static let faults = [
    "status=429,retry-after=1,rate=0.3", "status=500,rate=0.3", "status=503,rate=0.3", "status=529,rate=0.3",
    "drop=before,rate=0.3", "drop=after,rate=0.3", "truncate,rate=0.3", "garbage,rate=0.3", "delay=100ms,rate=0.5",
    "visibility-lag=10s",
  ]

  @Test("leaves the store equal to what happened, less the own reads")
  func campaign() async throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--seed", "8", in: program)
    let base = try sandbox.text("base_url")
    let store = Store(client: try sandbox.client(program), base: base)
    let world = World(base: try BaseURL(base))
    var random = Dice(seed: 8)
    let scale = Scale.chosen
    var posted = 0
    let tail = Tail(store)
    try tail.start()
    var kills = 0
    let start = ContinuousClock.now
    for step in 0..<scale.steps {
      try await world.set(faults: [Self.faults[step % Self.faults.count]])
      let now = try await world.advance(seconds: 3600 / scale.steps)
      // What was posted before the last step is there soon, whatever happens on the way; what is late may be later.
      let due = posted * 9 / 10 - 2 * scale.activities / scale.steps
      try tail.wait { try store.count() >= due }
      let events = (0..<scale.activities / scale.steps).map { Self.event(posted + $0, now, &random) }
      try await world.post(events)
      posted += events.count
      if (step + 1) * scale.kills / scale.steps > kills {
        let seen = try store.count()
        // At a moment of the machine's choosing: it has begun to read what is new, or not.
        if Bool.random(using: &random) { try tail.wait { try store.count() > seen } }
        tail.kill()
        kills += 1
        try tail.start()
      }
    }
    tail.kill()
    // The faults go on, and a sync may fail; then they end, and it may not.
    for _ in 0..<3 { _ = try store.run("sync") }
    try await world.set(faults: [])
    let last = try store.run("sync")
    #expect(last.status == 0, "\(last.errors)")
    try await compare(store, world, posted: posted)
    #expect(kills == scale.kills && posted == scale.activities)
    print(
      "campaign: \(posted) activities, \(kills) kills, ended itself \(tail.restarts) times, \(ContinuousClock.now - start)"
    )
  }

  private func compare(_ store: Store, _ world: World, posted: Int) async throws {
    let ledger = try await world.ledger().split(separator: "\n").filter { !$0.contains("\"compliance_api_accessed\"") }
    let kept = try store.run("export", "-").output.split(separator: "\n")
    #expect(ledger.count >= posted)
    #expect(kept.count == ledger.count && Set(kept).count == kept.count)
    let (happened, stored) = (Set(ledger), Set(kept))
    #expect(happened.subtracting(stored).sorted().prefix(3) == [], "lost")
    #expect(stored.subtracting(happened).sorted().prefix(3) == [], "never happened so")
    #expect(try store.count() == ledger.count)
  }

  /// Every tenth comes up to four minutes late, every hundredth by hours; one type and some members nobody knows.
  private static func event(_ number: Int, _ now: Date, _ random: inout Dice) -> JSON {
    let lateness: Double =
      number % 100 == 99
      ? .random(in: 600...70_000, using: &random)
      : number % 10 == 9 ? .random(in: 1...240, using: &random) : .random(in: 0...1, using: &random)
    let types = ["platform_federated_authentication", "platform_api_key_created", "nobody_knows_this"]
    return [
      "created_at": JSON(now.addingTimeInterval(-lateness)), "type": .string(types[number % 3]),
      "actor": ["type": "user_actor", "email_address": .string("user-\(number % 50)@acme.example")],
      "request_id": .string("req_01\(number)"),
      "status": ["outcome": number % 4 == 0 ? "denied" : "success", "detail": "\u{1B}[2J\u{202E}é🙂\u{0}"],
      "unknown": [1, .number("2.50"), nil, ["deep": .string(String(repeating: "x", count: number % 200))]],
    ]
  }
}

/// The sandbox's control paths.
private struct World {
  private let transport: CurlTransport

  init(base: BaseURL) {
    transport = CurlTransport(base: base, limits: .init(whole: .seconds(600), bytes: 2 << 30))
  }

  func set(faults: [String]) async throws {
    try await post("faults", ["faults": .array(faults.map(JSON.string))])
  }

  func advance(seconds: Int) async throws -> Date {
    let now = try await post("clock", ["advance_seconds": JSON(seconds)])["now"]?.string
    return try #require(now.flatMap(Date.init(timestamp:)))
  }

  func post(_ events: [JSON]) async throws {
    #expect(try await post("activities", ["activities": .array(events)])["added"]?.int == events.count)
  }

  func ledger() async throws -> String {
    String(decoding: try await transport.send(Request(.get, "/_sandbox/ledger")).body, as: UTF8.self)
  }

  @discardableResult
  private func post(_ path: String, _ body: JSON) async throws -> JSON {
    let response = try await transport.send(Request(.post, "/_sandbox/\(path)", json: body))
    try #require(response.status == 200)
    return try JSON(parsing: response.body)
  }
}

/// The profile's store, as the commands see it.
private struct Store {
  let client: Program
  let base: String

  func run(_ command: String...) throws -> Program.Result {
    try client.run(["audit"] + command + ["--base-url", base])
  }

  func count() throws -> Int {
    // It is not there before the tail has made it.
    (try? run("stats", "--json").object["activities"]?.int) ?? 0
  }
}

/// `audit tail --follow`, started again whenever it ends.
private final class Tail {
  private let store: Store
  private var process = Process()
  private(set) var restarts = 0

  init(_ store: Store) { self.store = store }

  func start() throws {
    process = Process()
    process.executableURL = Program.url
    process.arguments = ["audit", "tail", "--follow", "--interval", "1", "--json", "--base-url", store.base]
    process.environment = store.client.environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  func wait(until isReached: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(600)
    while try !isReached() {
      try #require(ContinuousClock.now < end, "the tail must go on")
      guard !process.isRunning else { continue }
      restarts += 1
      try start()
    }
  }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  deinit { if process.isRunning { kill() } }
}

/// The same numbers in every run.
private struct Dice: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
