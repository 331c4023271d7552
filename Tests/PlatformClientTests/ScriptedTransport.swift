import Platform
import PlatformClient
import Synchronization

/// Plays answers in order, the last one for ever, and keeps what was asked.
final class ScriptedTransport: Transport {
  enum Step: Sendable {
    case answer(Int, JSON, [Request.Item] = [])
    case text(Int, String)
    case fail(TransportFailure)

    static func ok(_ json: JSON) -> Step { .answer(200, json) }
    static func refusal(_ status: Int, _ type: String, _ headers: [Request.Item] = []) -> Step {
      .answer(
        status, ["type": "error", "error": ["type": .string(type), "message": "Said so."]],
        headers + [Request.Item("request-id", "req_1")])
    }
  }

  private let state: Mutex<(steps: [Step], requests: [Request])>

  init(_ steps: Step...) { state = Mutex((steps, [])) }

  var requests: [Request] { state.withLock { $0.requests } }
  /// `POST /path?query`, one for each request.
  var lines: [String] { requests.map { "\($0.method.rawValue) \($0.target)" } }

  func send(_ request: Request) async throws(TransportFailure) -> Response {
    let step = state.withLock { state in
      state.requests.append(request)
      return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
    }
    switch step {
    case .answer(let status, let json, let headers):
      return Response(status: status, headers: headers, body: Array(json.compact.utf8))
    case .text(let status, let text): return Response(status: status, body: Array(text.utf8))
    case .fail(let failure): throw failure
    }
  }
}

/// A clock on which every wait is over at once, and is remembered.
final class QuickClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let waited = Mutex<[Duration]>([])
  var waits: [Duration] { waited.withLock { $0 } }
  var now: Instant { Instant(offset: waits.reduce(.zero, +)) }
  var minimumResolution: Duration { .zero }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let wait = now.duration(to: deadline)
    waited.withLock { $0.append(wait) }
  }
}

extension PlatformClient {
  /// With a credential of each kind, no jitter, and no waiting.
  static func scripted(_ transport: any Transport, clock: QuickClock = QuickClock()) -> PlatformClient {
    PlatformClient(
      transport: transport,
      credentials: Credentials(
        token: FixedCredential(.bearer(Secret("token"))), adminKey: FixedCredential(.apiKey(Secret("admin"))),
        complianceKey: FixedCredential(.apiKey(Secret("compliance")))),
      policy: RetryPolicy(jitter: { 0 }), clock: clock)
  }
}

/// Bodies as the platform writes them.
enum Sample {
  static func account(_ number: Int, name: String = "ci", role: String = "developer", archived: Bool = false) -> JSON {
    [
      "id": .string("svac_\(number)"), "type": "service_account", "name": .string(name), "description": nil,
      "organization_role": .string(role), "created_at": "2026-11-20T09:00:00Z", "updated_at": "2026-11-20T09:00:00Z",
      "archived_at": archived ? "2026-11-21T09:00:00Z" : nil,
    ]
  }

  static func workspace(_ number: Int) -> JSON {
    ["id": .string("wrkspc_\(number)"), "name": "Production", "created_at": "2026-11-20T09:00:00Z"]
  }

  static func activity(_ number: Int) -> JSON {
    [
      "id": .string("activity_\(number)"), "type": "platform_api_key_created", "created_at": "2026-11-20T09:00:00Z",
      "actor": ["type": "system_actor"],
    ]
  }

  static func page(_ items: [JSON], next: String? = nil) -> JSON { ["data": .array(items), "next_page": JSON(next)] }

  static func idPage(_ items: [JSON], more: Bool = false) -> JSON {
    [
      "data": .array(items), "has_more": .bool(more), "first_id": items.first?["id"] ?? nil,
      "last_id": items.last?["id"] ?? nil,
    ]
  }
}

/// Lines that were written from anywhere.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func append(_ line: String) { lines.withLock { $0.append(line) } }
}
