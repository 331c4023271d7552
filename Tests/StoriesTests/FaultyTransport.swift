import Platform
import Synchronization

/// What goes wrong with requests, changed while a story runs.
final class Faults: Sendable {
  enum Fault: Sendable {
    case status(Int)
    case refused
    /// Handled, but the answer does not come.
    case lostAnswer
    case garbage
    /// No answer, until nobody waits for one any more.
    case silent
  }

  private let rules = Mutex<[(method: Platform.Method?, path: String, fault: Fault)]>([])

  func set(_ fault: Fault, on path: String, method: Platform.Method? = nil) {
    rules.withLock { $0.append((method, path, fault)) }
  }
  func clear() { rules.withLock { $0 = [] } }

  func fault(for request: Request) -> Fault? {
    rules.withLock { rules in
      rules.first { ($0.method == nil || $0.method == request.method) && request.path.contains($0.path) }?.fault
    }
  }
}

/// Spoils some requests on their way to another transport.
struct FaultyTransport: Transport {
  let inner: any Transport
  let faults: Faults

  func send(_ request: Request) async throws(TransportFailure) -> Response {
    switch faults.fault(for: request) {
    case nil: return try await inner.send(request)
    case .status(let status):
      let body =
        #"{"type":"error","error":{"type":"api_error","message":"spoilt for a story"},"request_id":"req_story"}"#
      return Response(
        status: status, headers: [.init("content-type", "application/json"), .init("request-id", "req_story")],
        body: Array(body.utf8))
    case .refused: throw .unreachable("connection refused")
    case .lostAnswer:
      _ = try await inner.send(request)
      throw .lost("the connection was closed")
    case .silent:
      try? await Task.sleep(for: .seconds(3600))
      throw .cancelled
    case .garbage: return Response(status: 200, headers: [], body: Array("<html>".utf8))
    }
  }
}
