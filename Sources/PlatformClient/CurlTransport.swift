internal import CCurl
internal import Synchronization
package import Platform

/// Requests over the network by libcurl: verified TLS, HTTP/2, connections kept and reused, proxies taken from the
/// environment, redirects never followed. libcurl is not even loaded before the first request.
package final class CurlTransport: Transport {
  package struct Limits: Hashable, Sendable {
    /// Until a connection stands.
    package var connect: Duration
    /// Until the whole answer is here.
    package var whole: Duration
    /// The greatest answer, in bytes, after decompression. 5000 activities take about 10 MB.
    package var bytes: Int

    package init(connect: Duration = .seconds(10), whole: Duration = .seconds(60), bytes: Int = 64 << 20) {
      (self.connect, self.whole, self.bytes) = (connect, whole, bytes)
    }
  }

  /// Name and version of the library that sends, and of the one that encrypts for it.
  package static var libraryVersion: String {
    String(cString: gh_curl_version()).split(separator: " ").prefix(2).joined(separator: " ")
  }

  package let base: BaseURL
  private let limits: Limits
  private let certificates: String?
  private let engine = Mutex<CurlEngine?>(nil)

  /// - Parameter certificates: a PEM file of authorities to trust in place of the system's.
  package init(base: BaseURL, certificates: String? = nil, limits: Limits = Limits()) {
    (self.base, self.certificates, self.limits) = (base, certificates, limits)
  }

  deinit { engine.withLock { $0?.stop() } }

  package func send(_ request: Request) async throws(TransportFailure) -> Response {
    let call = try CurlCall(request, base: base, certificates: certificates, limits: limits)
    let engine = try runningEngine()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { engine.start(call, $0) }
    } onCancel: {
      engine.cancel(call)
    }
    return try result.get()
  }

  private func runningEngine() throws(TransportFailure) -> CurlEngine {
    let running = engine.withLock { engine in
      if engine == nil { engine = CurlEngine() }
      return engine
    }
    guard let running else { throw .unreachable("libcurl is missing or did not start") }
    return running
  }
}
