import Foundation
import Operations
import Platform
import Storage
import Synchronization
import Testing

@Suite("Alerts")
struct AlertTests {
  /// A store, and alerts that judge what is put into it, at a time that the test moves.
  private struct Watch {
    let storage: Storage
    let now = Mutable(Date(timeIntervalSince1970: 1_764_000_000))
    private(set) var alarms: Alarms
    let alerts: [Alert]

    init(_ tables: JSON..., storage: Storage? = nil) throws {
      self.storage = try storage ?? .inMemory()
      alerts = try tables.map { try Alert($0, now: Date()) }
      let now = now
      alarms = Alarms(alerts, storage: self.storage) { now.value }
    }

    /// - Returns: each alert with what it is about.
    func arrive(_ events: JSON...) async throws -> [String] {
      let last = try storage.latest(limit: 1).first?.row ?? 0
      try storage.append(try events.map { try Activity(json: $0) }, newest: "n", polledAt: .now)
      let new = try storage.arrivals(after: last, limit: 1000)
      return try await alarms.judge(new.map { ($0.row, $0.activity) }) { Issue.record("\($0.line)") }.map(\.line)
    }
  }

  final class Mutable<Value: Sendable>: Sendable {
    private let kept: Mutex<Value>
    init(_ value: Value) { kept = Mutex(value) }
    var value: Value {
      get { kept.withLock { $0 } }
      set { kept.withLock { $0 = newValue } }
    }
  }

  private static func event(_ number: Int, _ type: String, _ own: JSON = [:]) -> JSON {
    var event: JSON.Object = [
      "id": .string("activity_01A\(number)"),
      "created_at": JSON(Date(timeIntervalSince1970: 1_764_000_000 + Double(number))), "type": .string(type),
      "actor": ["type": "user_actor", "email_address": "ada@acme.example"],
    ]
    for (key, value) in own.object ?? [:] { event[key] = value }
    return .object(event)
  }

  private static func exchange(
    _ number: Int, rule: String = "fdrl_01AAAAAAAAAAAA", repository: String = "acme/api", outcome: String = "success"
  ) -> JSON {
    event(
      number, Activity.exchangeType,
      [
        "status": ["outcome": .string(outcome), "reason": outcome == "denied" ? "match_subject_prefix" : nil],
        "event_data": [
          "federation_rule_id": .string(rule),
          "oidc_token": ["claims": ["sub": .string("repo:\(repository):ref:refs/heads/main")]],
        ],
      ])
  }

  private static func update(_ number: Int, _ type: String, _ subject: JSON, _ change: JSON) -> JSON {
    var own = subject.object ?? [:]
    own["updates"] = [change]
    return event(number, type, .object(own))
  }

  @Test("tell of the first use of a rule, once, and not again after a start")
  func firstUse() async throws {
    let watch = try Watch(["when": "rule-first-used"])
    #expect(try await watch.arrive(Self.exchange(1, outcome: "denied")).isEmpty, "nobody got in")
    #expect(
      try await watch.arrive(Self.exchange(2), Self.exchange(3)) == [
        "rule-first-used: rule fdrl_01AAAAAAAAAAAA let somebody in for the first time"
      ])
    let again = try Watch(["when": "rule-first-used"], storage: watch.storage)
    #expect(try await again.arrive(Self.exchange(4)).isEmpty)
    #expect(try await again.arrive(Self.exchange(5, rule: "fdrl_01BBBBBBBBBBBB")).count == 1)
  }

  @Test("know a rule that history tells of, which is read later")
  func firstUseInHistory() async throws {
    let watch = try Watch(["when": "rule-first-used"])
    try watch.storage.append([try Activity(json: Self.event(9, "other"))], newest: "n", oldest: "o", polledAt: .now)
    try watch.storage.append([try Activity(json: Self.exchange(1))], oldest: "p", polledAt: .now)
    #expect(try await watch.arrive(Self.exchange(10)).isEmpty)
  }

  @Test("tell of a repository that was never let in")
  func repository() async throws {
    let watch = try Watch(["when": "repository-first-seen"])
    #expect(try await watch.arrive(Self.exchange(1)).count == 1)
    #expect(
      try await watch.arrive(Self.exchange(2), Self.exchange(3, repository: "evil/api")) == [
        "repository-first-seen: a workload of evil/api was let in for the first time"
      ])
  }

  @Test(
    "tell of changes that give more than before",
    arguments: [
      (
        "rule-widened",
        update(
          1, "platform_federation_rule_updated", ["federation_rule_id": "fdrl_01AAAAAAAAAAAA"],
          ["type": "match_subject_prefix", "previous_value": "repo:a/b:x", "current_value": "repo:a/*"]), true
      ),
      (
        "rule-widened",
        update(
          1, "platform_federation_rule_updated", ["federation_rule_id": "fdrl_01AAAAAAAAAAAA"],
          ["type": "match_subject_prefix", "previous_value": "repo:a/*", "current_value": "repo:a/b:x"]), false
      ),
      (
        "admin-made",
        event(1, "platform_service_account_created", ["service_account_id": "svac_1", "organization_role": "admin"]),
        true
      ),
      (
        "admin-made",
        event(
          1, "platform_service_account_created", ["service_account_id": "svac_1", "organization_role": "developer"]),
        false
      ),
      (
        "admin-made",
        update(
          1, "platform_service_account_updated", ["service_account_id": "svac_1"],
          ["type": "organization_role", "previous_value": "developer", "current_value": "admin"]), true
      ),
      ("admin-made", event(1, "admin_api_key_created", ["admin_api_key_id": "admin_key_1"]), true),
      (
        "key-enabled",
        update(
          1, "platform_api_key_updated", ["api_key_id": "apikey_1"],
          ["type": "status", "previous_value": "inactive", "current_value": "active"]), true
      ),
      (
        "key-enabled",
        update(
          1, "platform_api_key_updated", ["api_key_id": "apikey_1"],
          ["type": "status", "previous_value": "active", "current_value": "inactive"]), false
      ),
    ])
  func changes(when: String, event: JSON, isRaised: Bool) async throws {
    let watch = try Watch(["when": .string(when)])
    #expect(try await watch.arrive(event).count == (isRaised ? 1 : 0))
  }

  @Test("tell of a burst of refusals once, and of the next after the quiet time")
  func burst() async throws {
    let watch = try Watch(["when": "denials-burst", "count": 3, "within": "60s", "quiet": "10m"])
    func denied(_ number: Int) -> JSON { Self.exchange(number, outcome: "denied") }
    #expect(try await watch.arrive(denied(0), denied(1)).isEmpty)
    #expect(
      try await watch.arrive(denied(2), denied(3)) == ["denials-burst: 3 exchanges were refused within 60 s"])
    watch.now.value += 599
    #expect(try await watch.arrive(denied(4)).isEmpty)
    watch.now.value += 1
    let next = try await watch.arrive(denied(5))
    #expect(next == ["denials-burst: 6 exchanges were refused within 60 s (and 2 more since it was last told)"])
    watch.now.value += 601
    #expect(try await watch.arrive(denied(500)).isEmpty, "one alone is no burst")
  }

  @Test("of a filter are quiet for a time, which says how often it happened meanwhile")
  func quiet() async throws {
    let watch = try Watch(["name": "mine", "filter": "type:nobody_knows", "quiet": "1m"])
    #expect(try await watch.arrive(Self.event(1, "nobody_knows"), Self.event(2, "other")).count == 1)
    watch.now.value += 59
    #expect(try await watch.arrive(Self.event(3, "nobody_knows")).isEmpty)
    watch.now.value += 1
    let next = try await watch.arrive(Self.event(4, "nobody_knows"))
    #expect(next == ["mine: nobody_knows ada@acme.example (and 1 more since it was last told)"])
  }

  @Test("run their program with the activity on its standard input, and with no secret of ours")
  func program() async throws {
    let place = FileManager.default.temporaryDirectory.appending(path: "gatehouse-alert-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    setenv("ANTHROPIC_ADMIN_KEY", "a secret of ours", 1)
    let script = "cat >input; env >environment; printf '%s|' \"$@\" >words; mkdir done"
    let watch = try Watch([
      "name": "it's; mine", "filter": "type:x", "quiet": "0s",
      "run": ["/bin/sh", "-c", .string("cd \(place.path) && \(script)"), "sh", "a b", "$(touch no)"],
    ])
    let event = Self.event(1, "x", ["detail": "$(touch no) \u{1B}[2J"])
    #expect(try await watch.arrive(event).count == 1)
    let end = ContinuousClock.now + .seconds(20)
    while !FileManager.default.fileExists(atPath: place.path + "/done") {
      try #require(ContinuousClock.now < end, "the program must run")
      await Task.yield()
    }
    func text(_ name: String) throws -> String { try String(contentsOf: place.appending(path: name), encoding: .utf8) }
    #expect(try JSON(parsing: text("input")) == event)
    #expect(try text("words") == "a b|$(touch no)|")
    let environment = try text("environment")
    #expect(environment.contains("GATEHOUSE_ALERT=it's; mine\n") && environment.contains("PATH="))
    #expect(!environment.contains("a secret of ours"))
    #expect(!FileManager.default.fileExists(atPath: place.path + "/no"))
  }

  @Test(
    "say when their program fails, is not there, or takes too long",
    arguments: [
      (["/bin/sh", "-c", "exit 3"], "it failed (exit 3)"), (["/no/such/program"], "No such file or directory"),
      (["/bin/sh", "-c", "sleep 60 & wait"], "it did not end within 1 s"),
    ])
  func failures(command: [String], cause: String) async throws {
    let (problems, told) = AsyncStream<Problem>.makeStream()
    let alert = try Alert(
      ["filter": "type:x", "run": .array(command.map(JSON.string)), "timeout": "1s"], now: Date())
    let alarms = Alarms([alert], storage: try .inMemory())
    let activity = try Activity(json: Self.event(1, "x"))
    _ = try await alarms.judge([(1, activity)]) { told.yield($0) }
    for await problem in problems {
      #expect(problem.cause.contains(cause))
      break
    }
  }

  @Test(
    "say which member is wrong",
    arguments: [
      (["filter": "type:"], "filter"), (["when": "sometimes"], "when"), ([:], nil),
      (["when": "rule-widened", "filter": "x"], "filter"), (["filter": "x", "run": "rm -rf"], "run"),
      (["filter": "x", "run": []], "run"), (["filter": "x", "quiet": "soon"], "quiet"),
      (["filter": "x", "badge": false], "badge"), (["filter": "x", "count": 3], "count"),
      (["when": "denials-burst", "count": 1], "count"), (["filter": "x", "colour": "red"], "colour"),
    ] as [(JSON, String?)])
  func faults(table: JSON, key: String?) {
    let fault = #expect(throws: AlertFault.self) { try Alert(table, now: Date()) }
    #expect(fault?.key == key && fault?.cause.isEmpty == false)
  }
}
