internal import FoundationEssentials
package import Platform

/// Takes batches of activities to where they are forwarded to.
package protocol Receiver: Sendable {
  /// - Parameter activities: at least one.
  /// - Returns: once the receiver has answered; what it said of single ones.
  func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery
}

/// What became of a batch that arrived: all was taken but for these.
package struct Delivery: Hashable, Sendable {
  /// Those that it will never take, by their number in the batch, and why.
  package var refused: [Int: String] = [:]
  /// Those to be sent again.
  package var again: [Int] = []
  /// What the receiver says that a person should know.
  package var remark: String?
  package init() {}
}

/// Why a batch was not taken.
package enum DeliveryFailure: Error, Hashable, Sendable {
  /// The same may be taken later: no answer, too many requests, a failure of the receiver.
  case later(Problem, after: Duration?)
  /// For something in it; part of it may be taken.
  case refused(String)
  /// For a reason that no other batch changes.
  case never(Problem)
}

/// Posts to one receiver by HTTP, and sorts its answers.
struct Post: Sendable {
  let transport: any Transport
  let credential: Credential?
  /// As it was given.
  let to: String

  /// - Returns: the answer, when it is one of success.
  func callAsFunction(_ path: String, type: String, _ body: [UInt8]) async throws(DeliveryFailure) -> Response {
    let request = Request(
      .post, path, headers: [.init("content-type", type), .init("user-agent", "gatehouse/\(gatehouseVersion)")],
      credential: credential, body: body)
    let response: Response
    do throws(TransportFailure) { response = try await transport.send(request) } catch { throw Post.failure(to, error) }
    if (200..<300).contains(response.status) { return response }
    throw failure(response)
  }

  /// Whether a status may be another one later.
  static func isTransient(_ status: Int) -> Bool { [408, 429].contains(status) || status >= 500 && status != 501 }

  private func failure(_ response: Response) -> DeliveryFailure {
    let text = String(decoding: response.body.prefix(300), as: UTF8.self)
    let said = text.isEmpty ? "\(response.status)" : "\(response.status): \(text)"
    func problem(_ cause: String, _ remedy: String, _ kind: Problem.Kind) -> Problem {
      Problem(
        "Nothing more was forwarded to \(to)", because: cause, try: remedy, kind: kind, status: response.status)
    }
    switch response.status {
    case 400, 413, 422: return .refused(said)
    case 401, 403:
      return .never(
        problem(
          "it does not take the credential (\(said))", "Name it with --secret-env or --secret-file.", .credential))
    case let status where Post.isTransient(status):
      let seconds = response.header("retry-after").flatMap { Double($0) }.flatMap { $0 >= 0 && $0 < 1e6 ? $0 : nil }
      return .later(
        problem("it did not take them (\(said))", "Run it again: it goes on where it stopped.", .unavailable),
        after: seconds.map { .seconds($0) })
    default: return .never(problem("it answered \(said)", "Check the address.", .refused))
    }
  }

  static func failure(_ to: String, _ failure: TransportFailure) -> DeliveryFailure {
    func problem(_ cause: String, _ remedy: String) -> Problem {
      Problem("Nothing more was forwarded to \(to)", because: cause, try: remedy, kind: .unavailable)
    }
    let again = "Run it again: it goes on where it stopped."
    switch failure {
    case .unreachable(let text): return .later(problem("it could not be reached (\(text))", again), after: nil)
    case .unknownHost(let text): return .later(problem("its name is not known (\(text))", again), after: nil)
    case .timedOut: return .later(problem("no answer came in time", again), after: nil)
    case .lost(let text): return .later(problem("the connection ended too early (\(text))", again), after: nil)
    case .untrusted(let text):
      return .never(
        problem("the other end could not prove who it is: \(text)", "For a private authority, name its file in --ca."))
    case .refusedAddress(let text): return .never(problem(text, "Check the address."))
    case .readOnly: return .never(problem("nothing is sent with --read-only", "Leave it out."))
    case .cancelled:
      return .never(
        Problem("It was not finished", because: "it was interrupted", try: "Run it again.", kind: .interrupted))
    }
  }
}

extension Activity {
  /// Refusals deserve a second look, the rest is for the record.
  var isWarning: Bool { isDenied }
  /// Nanoseconds since 1970, in digits.
  var nanoseconds: String { "\(createdAt.microseconds)000" }
}
