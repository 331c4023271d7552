package import Platform

/// Lets through what only reads. It lies below every view and command, so none can forget it.
package struct ReadOnlyTransport: Transport {
  private let inner: any Transport
  package init(_ inner: any Transport) { self.inner = inner }

  package func send(_ request: Request) async throws(TransportFailure) -> Response {
    guard request.method == .get else { throw .readOnly }
    return try await inner.send(request)
  }
}

/// Says on a line each what was sent and what came back, without credentials or bodies: for `--verbose`.
package struct LoggedTransport: Transport {
  private let inner: any Transport
  private let log: @Sendable (String) -> Void

  package init(_ inner: any Transport, log: @escaping @Sendable (String) -> Void) {
    (self.inner, self.log) = (inner, log)
  }

  package func send(_ request: Request) async throws(TransportFailure) -> Response {
    let line = "\(request.method.rawValue) \(request.target)"
    do throws(TransportFailure) {
      let response = try await inner.send(request)
      let id = response.header("request-id") ?? "no request-id"
      log("\(line) -> \(response.status), \(response.body.count) bytes, \(id)")
      return response
    } catch {
      log("\(line) -> no answer: \(error)")
      throw error
    }
  }
}
