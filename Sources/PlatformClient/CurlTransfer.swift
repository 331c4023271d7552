internal import CCurl
package import Platform
internal import Synchronization

/// What one request asks of libcurl, and whether its caller has gone away.
final class CurlCall: Sendable {
  typealias Answer = CheckedContinuation<Result<Response, TransportFailure>, Never>

  let request: Request
  let url: String
  let isLoopback: Bool
  let certificates: String?
  let limits: CurlTransport.Limits
  let isCancelled = Atomic<Bool>(false)

  /// - Throws: ``TransportFailure/refusedAddress(_:)`` when a header or the path would not stay in its place.
  init(
    _ request: Request, base: BaseURL, certificates: String?, limits: CurlTransport.Limits
  ) throws(TransportFailure) {
    guard request.path.hasPrefix("/"), request.path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .refusedAddress("\(request.path.debugDescription) is no path")
    }
    let secret = request.credential?.secret.expose { $0 } ?? ""
    let texts = request.headers.flatMap { [$0.name, $0.value] } + [secret]
    guard texts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
      throw .refusedAddress("a header or the credential has a control character in it")
    }
    self.request = request
    (url, isLoopback) = (base.description + request.target, base.isLoopback)
    (self.certificates, self.limits) = (certificates, limits)
  }
}

/// One request under way. Lives on the engine's thread.
final class CurlTransfer {
  let handle: UnsafeMutableRawPointer
  private let multi: UnsafeMutableRawPointer
  private let call: CurlCall
  private let answer: CurlCall.Answer
  private var headers: UnsafeMutablePointer<curl_slist>?
  private let complaint: UnsafeMutablePointer<CChar>
  private var response = Response(status: 0)
  private var headerBytes = 0
  private var isOversized = false

  /// Nil when libcurl has no more memory.
  init?(_ call: CurlCall, _ answer: CurlCall.Answer, in multi: UnsafeMutableRawPointer) {
    guard let handle = gh_handle_new() else { return nil }
    (self.handle, self.multi, self.call, self.answer) = (handle, multi, call, answer)
    complaint = .allocate(capacity: Int(CURL_ERROR_SIZE))
    complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    setAddress()
    setRequest()
    setLimits()
    receive()
    guard gh_multi_add(multi, handle) == CURLM_OK else { return nil }
  }

  deinit {
    gh_multi_remove(multi, handle)
    gh_handle_free(handle)
    gh_headers_wipe(headers)
    complaint.deallocate()
  }

  func end(_ result: Result<Response, TransportFailure>) { answer.resume(returning: result) }

  func end(with code: CURLcode) { end(code == CURLE_OK ? .success(response) : .failure(failure(code))) }

  private func setAddress() {
    _ = gh_set_text(handle, CURLOPT_URL, call.url)
    _ = gh_set_text(handle, CURLOPT_PROTOCOLS_STR, call.isLoopback ? "http,https" : "https")
    // This machine is reached without a proxy, whatever the environment says.
    if call.isLoopback { _ = gh_set_text(handle, CURLOPT_PROXY, "") }
    if let file = call.certificates { _ = gh_set_text(handle, CURLOPT_CAINFO, file) }
    _ = gh_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    _ = gh_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    _ = gh_set_long(handle, CURLOPT_PIPEWAIT, 1)
    _ = gh_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
    _ = gh_set_long(handle, CURLOPT_NOSIGNAL, 1)
    // A reused connection that dies is quietly tried again by libcurl, which must not happen to a change.
    if call.request.method != .get { _ = gh_set_long(handle, CURLOPT_FRESH_CONNECT, 1) }
  }

  private func setRequest() {
    switch call.request.method {
    case .get: _ = gh_set_long(handle, CURLOPT_HTTPGET, 1)
    case .post: _ = gh_set_long(handle, CURLOPT_POST, 1)
    case .delete: _ = gh_set_text(handle, CURLOPT_CUSTOMREQUEST, "DELETE")
    }
    if call.request.method == .post {
      let body = call.request.body ?? []
      _ = gh_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, Int(body.count))
      _ = body.withUnsafeBytes { bytes in
        gh_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
      }
      append("expect:")
    }
    for header in call.request.headers { append("\(header.name): \(header.value)") }
    switch call.request.credential {
    case .bearer(let token)?: token.expose { append("authorization: Bearer \($0)") }
    case .apiKey(let key)?: key.expose { append("x-api-key: \($0)") }
    case .authorization(let scheme, let secret)?: secret.expose { append("authorization: \(scheme) \($0)") }
    case nil: break
    }
    _ = gh_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    _ = gh_set_text(handle, CURLOPT_ACCEPT_ENCODING, "")
  }

  private func append(_ header: String) { headers = gh_headers_append(headers, header) ?? headers }

  private func setLimits() {
    _ = gh_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, call.limits.connect.milliseconds)
    _ = gh_set_long(handle, CURLOPT_TIMEOUT_MS, call.limits.whole.milliseconds)
    // A connection that died while the machine slept says nothing for ever; the next try takes a new one.
    _ = gh_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    _ = gh_set_long(handle, CURLOPT_LOW_SPEED_TIME, 20)
    _ = gh_set_size(handle, CURLOPT_MAXFILESIZE_LARGE, call.limits.bytes)
  }

  private func receive() {
    _ = gh_set_pointer(handle, CURLOPT_ERRORBUFFER, complaint)
    _ = gh_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = gh_set_pointer(handle, CURLOPT_WRITEDATA, context)
    _ = gh_set_sink(handle, CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
      CurlTransfer.bytes(bytes, count, context) { $0.take(body: $1) }
    }
    _ = gh_set_pointer(handle, CURLOPT_HEADERDATA, context)
    _ = gh_set_sink(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      CurlTransfer.bytes(bytes, size * count, context) { $0.take(header: $1) }
    }
  }

  /// Hands what libcurl brought to the transfer that `context` is; any number but `count` stops it.
  private static func bytes(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (CurlTransfer, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let bytes, let context else { return 0 }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    return take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
  }

  private func take(body bytes: UnsafeRawBufferPointer) -> Bool {
    isOversized = response.body.count + bytes.count > call.limits.bytes
    if !isOversized { response.body += bytes }
    return !isOversized
  }

  /// One line of the head. Bytes and not characters, for to Swift "\r\n" is one character.
  private func take(header bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    isOversized = headerBytes > 256 << 10
    if isOversized { return false }
    if bytes.starts(with: "HTTP/".utf8) {
      response.headers = []  // an interim answer came before
    } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      let name = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
      let value = bytes[(colon + 1)...].drop { $0 <= 0x20 }
      let end = (value.lastIndex { $0 > 0x20 } ?? value.startIndex - 1) + 1
      response.headers.append(Request.Item(name, String(decoding: value[..<end], as: UTF8.self)))
    }
    var status = 0
    _ = gh_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    response.status = status
    return true
  }
}

extension CurlTransfer {
  private func failure(_ code: CURLcode) -> TransportFailure {
    let text = words(code)
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: return .unknownHost(text)
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .unreachable(text)
    case CURLE_URL_MALFORMAT: return .refusedAddress(text)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return .untrusted(text)
    case CURLE_OPERATION_TIMEDOUT: return wasSent ? .timedOut : .unreachable("no connection in time")
    case CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED:
      return .lost(isOversized || code == CURLE_FILESIZE_EXCEEDED ? "the answer is larger than any due" : text)
    // An answer that is no HTTP counts as an unsupported protocol too, and then something was sent.
    case CURLE_UNSUPPORTED_PROTOCOL where !wasSent: return .refusedAddress(text)
    default: return wasSent ? .lost(text) : .unreachable(text)
    }
  }

  /// Whether the request was on its way, so that it may have been handled.
  private var wasSent: Bool {
    var microseconds = 0
    _ = gh_get_size(handle, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
    return microseconds > 0
  }

  /// Why, as libcurl or OpenSSL says it; for certificates in words of our own.
  private func words(_ code: CURLcode) -> String {
    var verdict = 0
    _ = gh_get_long(handle, CURLINFO_SSL_VERIFYRESULT, &verdict)
    // X509_V_ERR_… of OpenSSL's x509_vfy.h.
    switch (code, verdict) {
    case (CURLE_PEER_FAILED_VERIFICATION, 9): return "its certificate is not valid yet"
    case (CURLE_PEER_FAILED_VERIFICATION, 10): return "its certificate has expired"
    case (CURLE_PEER_FAILED_VERIFICATION, 18), (CURLE_PEER_FAILED_VERIFICATION, 19):
      return "its certificate is signed by itself"
    case (CURLE_PEER_FAILED_VERIFICATION, 20), (CURLE_PEER_FAILED_VERIFICATION, 21):
      return "its certificate is from an authority that this machine does not know"
    // Of a name that does not match libcurl leaves its own "not verified yet", which is 1.
    case (CURLE_PEER_FAILED_VERIFICATION, 0), (CURLE_PEER_FAILED_VERIFICATION, 1):
      return "its certificate is for another host"
    case (CURLE_SSL_CONNECT_ERROR, _): return "no TLS 1.2 or later could be agreed on (\(complaintText(code)))"
    default: return complaintText(code)
    }
  }

  private func complaintText(_ code: CURLcode) -> String {
    let text = String(cString: complaint)
    return text.isEmpty ? String(cString: gh_error_text(code)) : text
  }
}

extension Credential {
  package var secret: Secret {
    switch self {
    case .bearer(let secret), .apiKey(let secret), .authorization(_, let secret): secret
    }
  }
}

extension Duration {
  var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
