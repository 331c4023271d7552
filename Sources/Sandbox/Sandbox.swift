import Federation
package import FoundationEssentials
package import Platform

/// An emulated platform: one organization in memory, answering as the platform does. In process it is a
/// ``Platform/Transport``; ``SandboxServer`` puts the same over HTTP.
package actor Sandbox: Transport {
  package nonisolated let credentials: Credentials
  /// The sandbox's own identity provider, whose key set can be registered inline.
  package nonisolated let issuer: TestIssuer

  var world: World
  var faults: [Fault] = []
  private let clock: @Sendable () -> Date
  /// How far the control paths have moved the clock, in seconds.
  private var offset = 0.0
  var keySource: KeySource
  private var quota = Quota()
  private let journal: Journal?

  /// - Parameters:
  ///   - seed: the same one gives the same identifiers, keys and credentials.
  ///   - now: what the clock shows; control paths move it from there.
  ///   - fetch: gets a document for issuers whose keys lie at an address; without it they cannot be read.
  ///   - state: a file in which all is kept, and found again; see ``Journal``.
  package init(
    scenario: Scenario = .empty, seed: UInt64 = 1, now: @escaping @Sendable () -> Date = { Date() },
    fetch: KeySource.Fetch? = nil, state: String? = nil
  ) throws(Problem) {
    let opened: (journal: Journal, world: World?)? = if let state { try Journal.open(at: state) } else { nil }
    var world = opened?.world ?? World(seed: seed)
    var keys = KeySource(fetch: fetch)
    // What was kept goes on with the seed it began with, or its issuer would sign with another key.
    issuer = TestIssuer(seed: world.seed)
    if opened?.world == nil { try scenario.fill(&world, at: now(), issuer: issuer) }
    if world.isExample { Scenario.lendKeys(to: &keys, in: world) }
    credentials = Credentials(in: world)
    (self.world, clock, keySource, journal) = (world, now, keys, opened?.journal)
    if let journal, !journal.write(self.world.takeChanges()) {
      throw Problem(
        "The sandbox was not started", because: "its state file cannot be written", try: "Is the disk full?",
        kind: .local)
    }
  }

  var now: Date { clock().addingTimeInterval(offset) }
  func moveClock(to date: Date) { offset = date.timeIntervalSince(clock()) }

  package func send(_ request: Request) async throws(TransportFailure) -> Response {
    switch await handle(request, from: "127.0.0.1") {
    case .answered(let response): return response
    case .dropped: throw .lost("the connection was closed")
    case .truncated: throw .lost("the connection was closed in the middle of the answer")
    }
  }

  enum Outcome: Sendable {
    case answered(Response)
    /// The connection dies without an answer.
    case dropped
    /// The connection dies in the middle of this answer.
    case truncated(Response)
  }

  /// - Parameter address: where the request came from, as the feed shows it.
  func handle(_ request: Request, from address: String) async -> Outcome {
    let (delay, effect) = Fault.happening(to: request, &faults, &world.random)
    // The wait is what was asked for.
    if delay > .zero { try? await Task.sleep(for: delay) }
    if effect == .dropBefore { return .dropped }
    let requestID = world.random.identifier("req")
    let answer: Answer
    if case .status(let status, let retryAfter) = effect {
      answer = Refusal.fault(status: status, retryAfter: retryAfter).answer(requestID: requestID)
    } else {
      let made = await self.answer(request, requestID: requestID, from: address)
      answer = commit() ? made : Refusal.fault(status: 500, retryAfter: nil).answer(requestID: requestID)
    }
    var response = finished(answer, requestID: requestID)
    switch effect {
    case .dropAfter: return .dropped
    case .truncate: return .truncated(response)
    case .garbage: (response.status, response.body) = (200, Array("<html>\u{0}oops".utf8))
    default: break
    }
    return .answered(response)
  }

  /// The answer to a request that is none of ours to handle.
  func refused(_ refusal: Refusal) -> Response {
    let requestID = world.random.identifier("req")
    return finished(refusal.answer(requestID: requestID), requestID: requestID)
  }

  private func finished(_ answer: Answer, requestID: String) -> Response {
    var headers = answer.headers
    headers.append(Request.Item("request-id", requestID))
    headers.append(Request.Item("anthropic-organization-id", world.organization.text("id")))
    if !headers.contains(where: { $0.name == "content-type" }) {
      headers.append(Request.Item("content-type", "application/json"))
    }
    return Response(status: answer.status, headers: headers, body: answer.body)
  }

  private func answer(_ request: Request, requestID: String, from address: String) async -> Answer {
    do throws(Refusal) {
      if request.path.hasPrefix("/_sandbox/") { return try control(request) }
      if let size = request.body?.count, size > Self.bodyLimit { throw Refusal.tooLarge(limit: Self.bodyLimit) }
      var call = Call(
        request: request, caller: .nobody, version: .newer, now: now, requestID: requestID, address: address,
        userAgent: request.header("user-agent") ?? "")
      if request.path == "/v1/oauth/token", request.method == .post { return try await grant(call) }
      call = try authenticated(call)
      return try route(call)
    } catch {
      return error.answer(requestID: requestID)
    }
  }

  /// Bytes; the platform takes at most 32 MB.
  static let bodyLimit = 32 << 20

  private func authenticated(_ call: Call) throws(Refusal) -> Call {
    let caller = try world.caller(of: call.request, at: Int(call.now.timeIntervalSince1970))
    // The compliance paths are older than the header, and do without it.
    let isCompliance = call.request.path.hasPrefix("/v1/compliance/")
    let sent = call.header("anthropic-version") ?? (isCompliance ? Call.Version.older.rawValue : nil)
    guard let version = sent.map({ Call.Version(rawValue: $0) }) ?? nil else {
      throw .invalid(
        sent.map { "anthropic-version: \"\($0)\" is not a valid version" } ?? "anthropic-version: header is required")
    }
    let lag = faults.compactMap(\.visibilityLag).max()
    return Call(
      request: call.request, caller: caller, version: version, now: call.now, requestID: call.requestID,
      visibleUntil: lag.map { call.now.addingTimeInterval(-$0) } ?? .distantFuture, address: call.address,
      userAgent: call.userAgent)
  }

  private func route(_ call: Call) throws(Refusal) -> Answer {
    var call = call
    let isCompliance = call.request.path.hasPrefix("/v1/compliance/")
    var headers: [Request.Item] = []
    if isCompliance {
      headers = quota.count(at: call.now)
      if let wait = quota.excess(at: call.now) {
        throw .rateLimited(
          "This organization may make \(Quota.limit) requests a minute. See the retry-after header.", retryAfter: wait)
      }
    }
    var answer: Answer
    do throws(Refusal) {
      let (route, parameters) = try Route.find(call.request.method, call.request.path)
      try route.access.check(call.caller, in: world)
      call.parameters = parameters
      answer = try route.handler(&world, call)
    } catch {
      answer = error.answer(requestID: call.requestID)
    }
    answer.headers += headers
    // Every compliance request is itself recorded, with the answer's identifier, but not in its own answer.
    if isCompliance { world.recordAccess(call, status: answer.status) }
    return answer
  }

  /// Keeps what has changed, before the answer says that it has.
  /// - Returns: false when it could not be kept.
  @discardableResult
  func commit() -> Bool {
    guard let journal else {
      world.forgetChanges()
      return true
    }
    return journal.write(world.takeChanges())
  }
}

/// The feed's own limit: requests a minute, in windows that begin with the first request after the last one ended.
struct Quota: Sendable {
  static let limit = 600
  private var start = Date.distantPast
  private var count = 0

  mutating func count(at now: Date) -> [Request.Item] {
    if now.timeIntervalSince(start) >= 60 || now < start { (start, count) = (now, 0) }
    count += 1
    return [
      Request.Item("anthropic-ratelimit-requests-limit", String(Self.limit)),
      Request.Item("anthropic-ratelimit-requests-remaining", String(max(0, Self.limit - count))),
      Request.Item("anthropic-ratelimit-requests-reset", start.addingTimeInterval(60).timestampToSecond),
    ]
  }

  /// Seconds to wait, when there were too many.
  func excess(at now: Date) -> Int? {
    count > Self.limit ? max(1, Int((60 - now.timeIntervalSince(start)).rounded(.up))) : nil
  }
}
