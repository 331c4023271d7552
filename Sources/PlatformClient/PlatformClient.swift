package import Platform
internal import Synchronization

/// The platform as typed calls. Knows which credential each takes, tries again only where that is safe, follows
/// every page, and says in words what went wrong.
package struct PlatformClient: Sendable {
  let transport: any Transport
  package let credentials: Credentials
  let policy: RetryPolicy
  let clock: any Clock<Duration>
  let newAccounts = NewAccounts()

  package init(
    transport: any Transport, credentials: Credentials, policy: RetryPolicy = RetryPolicy(),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    (self.transport, self.credentials, self.policy, self.clock) = (transport, credentials, policy, clock)
  }

  /// Accounts that were made through this client and not yet seen again: the platform shows them with a delay.
  final class NewAccounts: Sendable {
    let ids = Mutex<Set<ID<ServiceAccount>>>([])
  }
}

/// One call: what is sent, and what may be done about it.
struct Call: Sendable {
  var request: Request
  var area: Area
  /// Whether sending it twice does no more than sending it once.
  var isRepeatable: Bool
  /// What did not happen when it fails: `The rule was not archived`.
  var failure: String
  /// Flags for `anthropic-beta` beside the token's own.
  var betas: [String] = []

  /// A reading.
  static func get(
    _ path: String, _ area: Area, _ query: [Request.Item] = [], failure: String
  ) -> Call {
    Call(request: Request(.get, path, query: query), area: area, isRepeatable: true, failure: failure)
  }

  /// A change that can be repeated: an update, an archiving, an addition or a removal.
  static func change(
    _ method: Platform.Method, _ path: String, _ body: JSON? = nil, _ area: Area = .federation, failure: String
  ) -> Call {
    let request = body.map { Request(method, path, json: $0) } ?? Request(method, path)
    return Call(request: request, area: area, isRepeatable: true, failure: failure)
  }
}

/// That a call failed, and what is known about it.
struct CallFailure: Error {
  var problem: Problem
  /// Whether the platform may have done what was asked.
  var mayBeDone = false
  /// The most tries that make sense; 1 for a refusal.
  var attempts = 1
  var retryAfter: Duration?

  /// The problem as the caller of the typed call sees it.
  func told(of call: Call) -> Problem {
    var problem = problem
    problem.isUncertain = mayBeDone && call.request.method != .get
    return problem
  }
}

extension PlatformClient {
  /// The answer's JSON object, after as many tries as are safe.
  func answer(to call: Call) async throws(CallFailure) -> JSON {
    var (tries, waited) = (0, Duration.zero)
    while true {
      tries += 1
      do throws(CallFailure) {
        return try await answerOnce(to: call)
      } catch {
        guard call.isRepeatable || !error.mayBeDone,
          let wait = policy.wait(
            after: tries, limit: error.attempts, asked: error.retryAfter, waited: waited)
        else { throw error }
        waited += wait
        try await pause(wait, call)
      }
    }
  }

  /// The answer to a call that reads, or that can be repeated.
  func json(_ call: Call) async throws(Problem) -> JSON {
    do throws(CallFailure) { return try await answer(to: call) } catch { throw error.told(of: call) }
  }

  func item<Item: WireObject>(_ call: Call, as: Item.Type = Item.self) async throws(Problem) -> Item {
    try read(try await json(call), call)
  }

  func read<Item: WireObject>(_ json: JSON, _ call: Call, as: Item.Type = Item.self) throws(Problem) -> Item {
    do throws(Undecodable) { return try Item(json: json) } catch {
      throw Refusal.nonsense(call.failure, "\(error.member) is not \(error.expected)", requestID: nil)
    }
  }

  func pause(_ duration: Duration, _ call: Call) async throws(CallFailure) {
    do { try await clock.sleep(for: duration) } catch {
      throw CallFailure(problem: Refusal.problem(call.failure, .cancelled, isChange: false))
    }
  }

  private func answerOnce(to call: Call) async throws(CallFailure) -> JSON {
    let candidates = credentials.candidates(for: call.area)
    var refusal: CallFailure?
    // Another credential may do for a reading where the first is missing or refused. A change is sent with one only.
    for source in call.request.method == .get ? candidates[...] : candidates.prefix(1) {
      do throws(CallFailure) {
        let (response, credential) = try await response(to: call, from: source)
        return try result(of: response, call, credential)
      } catch {
        guard error.problem.kind == .credential else { throw error }
        // The likeliest one's refusal says best what to mend.
        refusal = refusal ?? error
      }
    }
    throw refusal ?? CallFailure(problem: credentials.missing(for: call.area, summary: call.failure))
  }

  /// The answer with the source's credential; when that is refused, once more with a renewed one.
  private func response(
    to call: Call, from source: any CredentialSource
  ) async throws(CallFailure) -> (Response, Credential) {
    let credential = try await credential(from: source, insteadOf: nil)
    let response = try await send(call, credential)
    guard response.status == 401 else { return (response, credential) }
    let renewed = try await self.credential(from: source, insteadOf: credential)
    return renewed == credential ? (response, credential) : (try await send(call, renewed), renewed)
  }

  private func credential(
    from source: any CredentialSource, insteadOf rejected: Credential?
  ) async throws(CallFailure) -> Credential {
    do throws(Problem) { return try await source.credential(insteadOf: rejected) } catch {
      throw CallFailure(problem: error)
    }
  }

  private func send(_ call: Call, _ credential: Credential) async throws(CallFailure) -> Response {
    var request = call.request
    request.credential = credential
    request.headers.append(contentsOf: Headers.common(call.area, credential, betas: call.betas))
    let isChange = request.method != .get
    do throws(TransportFailure) {
      let response = try await transport.send(request)
      if isChange { Receipt.current?.note(response.header("request-id")) }
      return response
    } catch {
      throw CallFailure(
        problem: Refusal.problem(call.failure, error, isChange: isChange), mayBeDone: error.mayHaveBeenHandled,
        attempts: Refusal.attempts(error))
    }
  }

  private func result(of response: Response, _ call: Call, _ credential: Credential) throws(CallFailure) -> JSON {
    let requestID = response.header("request-id")
    guard (200..<300).contains(response.status) else {
      throw Refusal.failure(call.failure, response, call.area, credential)
    }
    let json = try? JSON(parsing: response.body, duplicates: .lastWins)
    guard let json, json.object != nil else {
      throw CallFailure(
        problem: Refusal.nonsense(call.failure, "it is not a JSON object", requestID: requestID), mayBeDone: true,
        attempts: 3)
    }
    return json
  }
}
