import Foundation
import Platform
import PlatformClient
import Storage
import Synchronization
import Testing

@testable import Operations

@Suite("Forwarding")
struct ForwardingTests {
  /// A receiver by HTTP that keeps what it was asked, and answers as it is told.
  private final class Collector: Transport {
    private let state: Mutex<(answers: [Result<Response, TransportFailure>], requests: [Request])>
    init(_ answers: Result<Response, TransportFailure>...) { state = Mutex((answers, [])) }
    var requests: [Request] { state.withLock { $0.requests } }
    var bodies: [String] { requests.map { String(decoding: $0.body ?? [], as: UTF8.self) } }

    func send(_ request: Request) async throws(TransportFailure) -> Response {
      try state.withLock { state in
        state.requests.append(request)
        return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
      }.get()
    }
  }

  private static func answer(
    _ status: Int, _ body: JSON = [:], _ headers: [Request.Item] = []
  ) -> Result<Response, TransportFailure> {
    .success(Response(status: status, headers: headers, body: Array(body.compact.utf8)))
  }

  private static func activity(_ number: Int, outcome: String = "success") throws -> Activity {
    try Activity(json: [
      "id": .string("activity_01A\(number)"), "created_at": "2026-11-24T09:00:00.123456Z",
      "type": .string(Activity.exchangeType), "status": ["outcome": .string(outcome)],
      "detail": "é🙂\u{1B}", "number": .number("1.50"), "list": [1, nil, true],
    ])
  }

  private static func store(_ count: Int) throws -> Storage {
    let storage = try Storage.inMemory()
    try storage.append(try (1...count).map { try activity($0) }, newest: "n", oldest: "o", polledAt: .now)
    return storage
  }

  private static func post(_ collector: Collector) -> Post {
    Post(transport: collector, credential: .authorization(scheme: "Splunk", Secret("s")), to: "there")
  }

  private static func forwarder(
    _ storage: Storage, _ receiver: any Receiver, skips: Bool = false, attempts: Int = 4,
    clock: any Clock<Duration> = PatientClock()
  ) -> Forwarder {
    Forwarder(
      storage, to: receiver, named: "there", passesOverRefused: skips,
      policy: RetryPolicy(attempts: attempts, budget: .seconds(600), jitter: { 0 }), clock: clock)
  }

  // MARK: Forms

  @Test("writes syslog as RFC 5424 has it, in ASCII")
  func syslog() throws {
    let form = SyslogForm(host: "gate one")
    let text = String(decoding: form.message(try Self.activity(1, outcome: "denied")), as: UTF8.self)
    #expect(
      text == #"<108>1 2026-11-24T09:00:00.123456Z gateone gatehouse - platform_federated_authenticatio "#
        + #"[origin software="gatehouse" swVersion="\#(gatehouseVersion)"] "#
        + #"{"id":"activity_01A1","created_at":"2026-11-24T09:00:00.123456Z","type":"platform_federated_authentication","#
        + #""status":{"outcome":"denied"},"detail":"\u00e9\ud83d\ude42\u001b","number":1.50,"list":[1,null,true]}"#)
    #expect(form.message(try Self.activity(1)).starts(with: "<110>1 ".utf8))
  }

  @Test("writes what _bulk of Elasticsearch takes, under the activity's own identifier")
  func elasticsearch() async throws {
    let collector = Collector(Self.answer(200, ["errors": false, "items": [["create": ["status": 201]]]]))
    let receiver = Elasticsearch(post: Self.post(collector), index: "audit log")
    _ = try await receiver.deliver([try Self.activity(1)])
    let request = try #require(collector.requests.first)
    #expect(request.target == "/audit%20log/_bulk")
    #expect(request.headers.contains(Request.Item("content-type", "application/x-ndjson")))
    let lines = collector.bodies[0].split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[2].isEmpty)
    #expect(lines[0] == #"{"create":{"_id":"activity_01A1"}}"#)
    #expect(try JSON(parsing: String(lines[1]))["@timestamp"] == "2026-11-24T09:00:00.123456Z")
    #expect(lines[1].contains(#""number":1.50"#))
  }

  @Test("writes what Loki's push takes")
  func loki() async throws {
    let collector = Collector(Self.answer(204))
    let activities = [try Self.activity(1), try Self.activity(2, outcome: "denied")]
    _ = try await Loki(post: Self.post(collector)).deliver(activities)
    #expect(collector.requests[0].target == "/loki/api/v1/push")
    let streams = try #require(try JSON(parsing: collector.bodies[0])["streams"]?.array)
    #expect(streams.map { $0["stream"]?["level"] } == ["info", "warn"])
    #expect(streams[0]["values"] == [["1795510800123456000", .string(activities[0].json.compact)]])
  }

  @Test("writes what Splunk's event collector takes")
  func splunk() async throws {
    let collector = Collector(Self.answer(200, ["text": "Success", "code": 0]))
    _ = try await Splunk(post: Self.post(collector), host: "gate").deliver([try Self.activity(1), try Self.activity(2)])
    let request = collector.requests[0]
    #expect(request.target == "/services/collector/event")
    #expect(request.credential == .authorization(scheme: "Splunk", Secret("s")))
    #expect(collector.bodies[0].hasPrefix(#"{"time":1795510800.123456,"host":"gate","source":"gatehouse","#))
    #expect(collector.bodies[0].split(separator: #"}{"time""#).count == 2)
  }

  @Test("writes what OTLP takes, and every value as one of its kinds")
  func openTelemetry() async throws {
    let collector = Collector(Self.answer(200))
    _ = try await OpenTelemetry(post: Self.post(collector)).deliver([try Self.activity(1)])
    #expect(collector.requests[0].target == "/v1/logs")
    let record = try #require(
      try JSON(parsing: collector.bodies[0]).at("resourceLogs.0.scopeLogs.0.logRecords.0"))
    #expect(record["timeUnixNano"] == "1795510800123456000" && record["severityNumber"] == 9)
    let body = try #require(record.at("body.kvlistValue.values")?.array)
    func value(_ key: String) -> JSON? { body.first { $0["key"]?.string == key }?["value"] }
    #expect(value("number") == ["doubleValue": .number("1.50")])
    #expect(value("list") == ["arrayValue": ["values": [["intValue": "1"], [:], ["boolValue": true]]]])
    #expect(value("status") == ["kvlistValue": ["values": [["key": "outcome", "value": ["stringValue": "success"]]]]])
  }

  // MARK: Position

  @Test("sends all once, then what comes, then history that was read later")
  func position() async throws {
    let storage = try Self.store(3)
    let collector = Collector(Self.answer(204))
    let forwarder = Self.forwarder(storage, Loki(post: Self.post(collector)))
    #expect(try await forwarder.forward().forwarded == 3)
    #expect(try await forwarder.forward().forwarded == 0)
    try storage.append([try Self.activity(4)], newest: "m", polledAt: .now)
    try storage.append([try Self.activity(5), try Self.activity(6)], oldest: "p", isComplete: true, polledAt: .now)
    #expect(try await forwarder.forward().forwarded == 3)
    #expect(try await forwarder.forward().forwarded == 0)
    let ids = collector.bodies.joined().matches(of: /activity_01A(\d)/).map { String($0.1) }
    #expect(ids.sorted() == ["1", "2", "3", "4", "5", "6"])
    // Another one begins at the beginning, or behind all.
    let other = Forwarder(storage, to: Loki(post: Self.post(collector)), named: "other")
    try other.beginNow()
    #expect(try await other.forward().forwarded == 0)
  }

  @Test("keeps its position where the receiver has not answered, and sends the same again")
  func unanswered() async throws {
    let storage = try Self.store(2)
    let collector = Collector(
      .failure(.lost("x")), Self.answer(503), Self.answer(429, [:], [Request.Item("retry-after", "7")]),
      Self.answer(204))
    let clock = WatchedClock()
    let failing = Self.forwarder(storage, Loki(post: Self.post(collector)), attempts: 2, clock: clock)
    let problem = await #expect(throws: Problem.self) { try await failing.forward() }
    #expect(problem?.kind == .unavailable)
    #expect(try storage.position(of: "there") == nil)
    #expect(try await Self.forwarder(storage, Loki(post: Self.post(collector)), clock: clock).forward().forwarded == 2)
    #expect(clock.waits == [.milliseconds(250), .seconds(7)], "retry-after is obeyed")
    #expect(Set(collector.bodies).count == 1 && collector.bodies.count == 4)
  }

  @Test("of _bulk sends again only what was not taken, and what is there already is there")
  func bulk() async throws {
    let storage = try Self.store(3)
    func items(_ statuses: Int...) -> JSON {
      ["errors": true, "items": .array(statuses.map { ["create": ["status": JSON($0)]] })]
    }
    let collector = Collector(Self.answer(200, items(201, 429, 409)), Self.answer(200, items(201)))
    let forwarder = Self.forwarder(storage, Elasticsearch(post: Self.post(collector), index: "a"))
    #expect(try await forwarder.forward().forwarded == 3)
    #expect(collector.bodies[1].contains("activity_01A2") && !collector.bodies[1].contains("activity_01A1"))
  }

  @Test("stops before an activity that is refused for good, or goes on behind it when that was asked")
  func refused() async throws {
    let storage = try Self.store(4)
    /// Does not take the third, in whatever batch it is.
    struct Picky: Receiver {
      func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery {
        if activities.contains(where: { $0.id.description == "activity_01A3" }) { throw .refused("400: too odd") }
        return Delivery()
      }
    }
    let problem = await #expect(throws: Problem.self) { try await Self.forwarder(storage, Picky()).forward() }
    #expect(problem?.code == "activity_refused" && problem?.cause == "it refuses activity_01A3: 400: too odd")
    #expect(try storage.position(of: "there")?.newest == storage.latest(limit: 3).first?.row)
    var remarks: [String] = []
    let counts = try await Self.forwarder(storage, Picky(), skips: true).forward(remark: { remarks.append($0) })
    #expect(counts.forwarded == 1 && counts.refused == 1 && remarks == ["it refuses activity_01A3: 400: too odd"])
  }

  @Test("does not try again what no other try changes", arguments: [301, 401, 403, 404, 501])
  func never(status: Int) async throws {
    let collector = Collector(Self.answer(status))
    let problem = await #expect(throws: Problem.self) {
      try await Self.forwarder(try Self.store(1), Loki(post: Self.post(collector))).forward()
    }
    #expect(problem?.status == status && collector.requests.count == 1)
  }

  @Test(
    "knows its receivers by their address",
    arguments: [
      ("syslog://h", true), ("syslog+tcp://h:1", true), ("syslog+udp://[::1]:5", true),
      ("loki+http://127.0.0.1:3100", true),
      ("elasticsearch://es.example:9200/my-index", true), ("otlp+https://c.example/prefix/", true),
      ("loki+http://logs.example", false), ("splunk+ftp://x", false), ("kafka://x", false), ("nothing", false),
      ("syslog+tcp://a@b", false), ("syslog+tcp://h/path", false), ("syslog+sctp://h", false), ("loki://", false),
    ])
  func targets(text: String, isKnown: Bool) {
    #expect(((try? ForwardTarget(text)) != nil) == isKnown)
  }
}

/// A clock that stands still, on which every wait is over at once and remembered.
private final class WatchedClock: Clock {
  let now = ContinuousClock.now
  private let waited = Mutex<[Duration]>([])
  var waits: [Duration] { waited.withLock { $0 } }
  var minimumResolution: Duration { .zero }
  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    waited.withLock { $0.append(deadline - now) }
  }
}
