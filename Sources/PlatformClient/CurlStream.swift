internal import CCurl
internal import Dispatch
internal import Glibc
package import Platform

/// A connection that is written to and asked nothing: TCP, or TLS with the other end verified, by libcurl. It is made
/// for each delivery and closed after it.
package struct CurlStream: Sendable {
  private let host: String
  private let port: Int
  private let isTLS: Bool
  private let certificates: String?
  /// Until the connection stands, and again until all has been taken.
  private let limit: Duration

  /// - Parameters:
  ///   - host: a name, an IPv4 address, or an IPv6 address in brackets.
  ///   - certificates: a PEM file of authorities to trust in place of the system's.
  package init(
    host: String, port: Int, isTLS: Bool, certificates: String? = nil, limit: Duration = .seconds(30)
  ) {
    (self.host, self.port, self.isTLS) = (host, port, isTLS)
    (self.certificates, self.limit) = (certificates, limit)
  }

  /// Returns once the other end's system has acknowledged every byte; on TCP that closes, once its program has read
  /// them. More is not to be had where there is no answer.
  package func deliver(_ bytes: [UInt8]) async throws(TransportFailure) {
    let result: Result<Void, TransportFailure> = await withCheckedContinuation { continuation in
      // It is waited for on a thread that may block.
      DispatchQueue.global().async { continuation.resume(returning: outcome(bytes)) }
    }
    try result.get()
  }

  private func outcome(_ bytes: [UInt8]) -> Result<Void, TransportFailure> {
    do throws(TransportFailure) { return .success(try run(bytes)) } catch { return .failure(error) }
  }

  private func run(_ bytes: [UInt8]) throws(TransportFailure) {
    guard gh_curl_open(), let handle = gh_handle_new() else {
      throw .unreachable("libcurl did not start")
    }
    defer { gh_handle_free(handle) }
    let complaint = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { complaint.deallocate() }
    _ = gh_set_pointer(handle, CURLOPT_ERRORBUFFER, complaint)
    connect(handle)
    let code = gh_handle_perform(handle)
    var socket: CInt = -1
    guard code == CURLE_OK, gh_get_socket(handle, &socket) == CURLE_OK, socket >= 0 else {
      let text = String(cString: complaint)
      throw failure(code, text.isEmpty ? String(cString: gh_error_text(code)) : text)
    }
    let deadline = ContinuousClock.now + limit
    try send(bytes, handle, socket, deadline)
    try drain(socket, deadline)
  }

  private func connect(_ handle: UnsafeMutableRawPointer) {
    let scheme = isTLS ? "https" : "http"
    _ = gh_set_text(handle, CURLOPT_URL, "\(scheme)://\(host):\(port)")
    _ = gh_set_text(handle, CURLOPT_PROTOCOLS_STR, scheme)
    _ = gh_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
    // What is spoken is no HTTP, which is all that proxies pass on.
    _ = gh_set_text(handle, CURLOPT_PROXY, "")
    _ = gh_set_long(handle, CURLOPT_SSL_ENABLE_ALPN, 0)
    if let certificates { _ = gh_set_text(handle, CURLOPT_CAINFO, certificates) }
    _ = gh_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    _ = gh_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, limit.milliseconds)
    _ = gh_set_long(handle, CURLOPT_NOSIGNAL, 1)
  }

  private func failure(_ code: CURLcode, _ text: String) -> TransportFailure {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: .unknownHost(text)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE: .untrusted(text)
    case CURLE_URL_MALFORMAT: .refusedAddress(text)
    default: .unreachable(text)
    }
  }

  private func send(
    _ bytes: [UInt8], _ handle: UnsafeMutableRawPointer, _ socket: CInt, _ deadline: ContinuousClock.Instant
  ) throws(TransportFailure) {
    var start = 0
    while start < bytes.count {
      var sent = 0
      let code = bytes.withUnsafeBytes { gh_handle_send(handle, $0.baseAddress! + start, bytes.count - start, &sent) }
      start += sent
      if code == CURLE_AGAIN {
        guard wait(socket, POLLOUT, until: deadline) else { throw .timedOut }
      } else if code != CURLE_OK {
        throw .lost(String(cString: gh_error_text(code)))
      }
    }
  }

  private func drain(_ socket: CInt, _ deadline: ContinuousClock.Instant) throws(TransportFailure) {
    if !isTLS {
      shutdown(socket, CInt(SHUT_WR))
      // Most receivers close when they have read to the end; those that do not are asked their system only.
      if wait(socket, POLLIN, until: min(deadline, .now + .seconds(2))) {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, 0)
        if count == 0 { return }
        if count < 0, errno != EAGAIN { throw .lost(String(cString: strerror(errno))) }
      }
    }
    var unsent: CInt = 0
    while ioctl(socket, UInt(TIOCOUTQ), &unsent) == 0, unsent > 0 {
      guard ContinuousClock.now < deadline else { throw .timedOut }
      usleep(5000)
    }
    var (error, size): (CInt, socklen_t) = (0, socklen_t(MemoryLayout<CInt>.size))
    if getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error != 0 {
      throw .lost(String(cString: strerror(error)))
    }
  }

  private func wait(_ socket: CInt, _ events: CInt, until deadline: ContinuousClock.Instant) -> Bool {
    var waiting = pollfd(fd: socket, events: Int16(events), revents: 0)
    while true {
      let left = (deadline - .now).milliseconds
      let ready = poll(&waiting, 1, CInt(clamping: max(0, left)))
      if ready < 0, errno == EINTR { continue }
      return ready > 0
    }
  }
}
