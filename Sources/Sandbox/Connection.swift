import Glibc
import Platform

/// A request as it came over a socket. Names of headers are in small letters.
struct WireRequest: Sendable {
  let method: String
  let path: Substring
  /// What follows the question mark, as it was sent.
  let query: Substring
  let headers: [Request.Item]
  /// Nil when it is more than the sandbox takes.
  let body: [UInt8]?
  /// Who asks, as an IP address.
  let address: String

  /// Whether the client sends no more after it.
  let isLast: Bool

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// One client's connection, kept for as many requests as come. HTTP/1.1 (RFC 9112), as much of it as clients send.
///
/// It blocks, and has a thread to itself.
struct Connection {
  private let socket: Int32
  private let address: String
  /// What was read and not used yet.
  private var buffer: [UInt8] = []

  private static let headLimit = 64 << 10

  /// - Parameter socket: closed by whoever opened it.
  init(socket: Int32, address: String) { (self.socket, self.address) = (socket, address) }

  /// - Parameter answer: blocks until there is one.
  mutating func serve(_ answer: (WireRequest) -> Sandbox.Outcome) {
    while let request = next() {
      guard give(answer(request)), request.body != nil, !request.isLast else { return }
    }
  }

  /// - Returns: whether the connection goes on.
  private func give(_ answer: Sandbox.Outcome) -> Bool {
    switch answer {
    case .answered(let response): return send(head(of: response) + response.body)
    case .truncated(let response):
      _ = send(head(of: response) + response.body.prefix(response.body.count / 2))
      return false
    case .dropped: return false
    }
  }

  private func head(of response: Response) -> [UInt8] {
    var head = "HTTP/1.1 \(response.status) \r\ncontent-length: \(response.body.count)\r\n"
    for item in response.headers { head += "\(item.name): \(item.value)\r\n" }
    return Array((head + "\r\n").utf8)
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  // MARK: Reading

  /// The next request; nil at the end, and for what is no HTTP.
  private mutating func next() -> WireRequest? {
    guard let lines = head(), let first = lines.first else { return nil }
    let words = first.split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return refuse() }
    var headers: [Request.Item] = []
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return refuse() }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      headers.append(Request.Item(line[..<colon].lowercased(), String(value)))
    }
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    if header("expect")?.lowercased() == "100-continue" { _ = send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
    var body: [UInt8]? = []
    if let coding = header("transfer-encoding") {
      guard coding.lowercased() == "chunked", let read = chunks() else { return refuse() }
      body = read
    } else if let text = header("content-length") {
      guard let length = Int(text), length >= 0 else { return refuse() }
      body = length > Sandbox.bodyLimit ? nil : take(length)
      if body == nil, length <= Sandbox.bodyLimit { return nil }
    }
    let parts = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    return WireRequest(
      method: String(words[0]), path: parts[0], query: parts.count > 1 ? parts[1] : "", headers: headers, body: body,
      address: address, isLast: words[2] == "HTTP/1.0" || header("connection")?.lowercased() == "close")
  }

  private func refuse() -> WireRequest? {
    _ = send(Array("HTTP/1.1 400 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n".utf8))
    return nil
  }

  /// The lines before the empty one.
  private mutating func head() -> [String]? {
    var lines: [String] = []
    var size = 0
    while let line = line() {
      size += line.utf8.count
      if size > Self.headLimit { return nil }
      // Empty lines before a request are passed over (RFC 9112 §2.2).
      if line.isEmpty, lines.isEmpty { continue }
      if line.isEmpty { return lines }
      lines.append(line)
    }
    return nil
  }

  /// Up to CR LF, without it.
  private mutating func line() -> String? {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeFirst(end + 1) }
        let line = buffer[..<end]
        return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
      }
      searched = buffer.count
      guard searched <= Self.headLimit, fill() else { return nil }
    }
  }

  /// So many bytes; nil when the client ends before.
  private mutating func take(_ count: Int) -> [UInt8]? {
    while buffer.count < count { guard fill() else { return nil } }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  /// A body in chunks (RFC 9112 §7.1), without what may trail it.
  private mutating func chunks() -> [UInt8]? {
    var body: [UInt8] = []
    while let line = line() {
      guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0, body.count + size <= Sandbox.bodyLimit
      else {
        return nil
      }
      if size == 0 {
        while let trailer = self.line() { if trailer.isEmpty { return body } }
        return nil
      }
      guard let chunk = take(size), self.line()?.isEmpty == true else { return nil }
      body += chunk
    }
    return nil
  }

  private mutating func fill() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(socket, &bytes, bytes.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer += bytes[..<count]
      return true
    }
  }
}
