import FlyingFox
import FlyingSocks
import FoundationEssentials
import Glibc
import Platform

/// Turns an HTTP request into ours, and our answer into HTTP's.
struct Handler: HTTPHandler {
  let sandbox: Sandbox

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let path = request.target.path()
    // A page in a browser could otherwise reach the control paths, by its own script or by a name that it points here.
    if path.hasPrefix("/_sandbox/"), !Self.isLocal(request) {
      return await refused(.forbidden("Control paths take requests from this machine only."))
    }
    guard let method = Method(rawValue: request.method.rawValue) else { return await refused(.methodNotAllowed) }
    var body: [UInt8] = []
    for try await chunk in request.bodySequence {
      body += chunk
      if body.count > Sandbox.bodyLimit { return await refused(.tooLarge(limit: Sandbox.bodyLimit)) }
    }
    var ours = Request(
      method, path, query: Self.query(request.target.query()), credential: Self.credential(request.headers),
      body: body.isEmpty ? nil : body)
    for (name, value) in request.headers where ![.authorization, HTTPHeader("x-api-key")].contains(name) {
      ours.headers.append(Request.Item(name.rawValue.lowercased(), value))
    }
    switch await sandbox.handle(ours, from: Self.address(request)) {
    case .answered(let response): return Self.response(response)
    case .truncated(let response): return Self.response(response, isCut: true)
    case .dropped:
      Self.cut(request.remoteAddress)
      return HTTPResponse(statusCode: .ok)
    }
  }

  /// `Authorization: Bearer …` before `x-api-key`.
  private static func credential(_ headers: HTTPHeaders) -> Credential? {
    if let text = headers[.authorization] {
      let parts = text.split(separator: " ", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == "bearer" { return .bearer(Secret(String(parts[1]))) }
    }
    return headers[HTTPHeader("x-api-key")].map { .apiKey(Secret($0)) }
  }

  /// Names and values of `a=1&b=x%20y`, decoded.
  static func query(_ text: String) -> [Request.Item] {
    text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Request.Item(decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
    }
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func address(_ request: HTTPRequest) -> String {
    switch request.remoteAddress {
    case .ip4(let address, _), .ip6(let address, _): address
    default: "127.0.0.1"
    }
  }

  private static func isLocal(_ request: HTTPRequest) -> Bool {
    func isLocal(_ authority: some StringProtocol) -> Bool {
      let url = "http://\(authority)"
      return DialledAddress.parts(of: url).map { DialledAddress.isLoopback($0.host) } ?? false
    }
    guard let host = request.headers[.host], isLocal(host) else { return false }
    guard let origin = request.headers[HTTPHeader("origin")] else { return true }
    guard let parts = DialledAddress.parts(of: origin) else { return false }
    return DialledAddress.isLoopback(parts.host)
  }

  private func refused(_ refusal: Refusal) async -> HTTPResponse { Self.response(await sandbox.refused(refusal)) }

  private static func response(_ response: Response, isCut: Bool = false) -> HTTPResponse {
    var headers = HTTPHeaders()
    for item in response.headers { headers.addValue(item.value, for: HTTPHeader(item.name)) }
    let body = Data(response.body)
    let sequence =
      isCut
      ? HTTPBodySequence(from: CutBody(bytes: Array(body.prefix(body.count / 2))), count: body.count)
      : HTTPBodySequence(data: body, suggestedBufferSize: max(1, body.count))
    return HTTPResponse(statusCode: HTTPStatusCode(response.status, phrase: ""), headers: headers, body: sequence)
  }

  /// Ends the connection from `address`. FlyingFox has no way to answer nothing, so its socket is looked for among
  /// this process's; what FlyingFox writes afterwards goes nowhere.
  private static func cut(_ address: HTTPRequest.Address?) {
    let port: UInt16
    switch address {
    case .ip4(_, let number), .ip6(_, let number): port = number
    default: return
    }
    for descriptor in Int32(3)..<4096 {
      var peer = sockaddr_in6()
      var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
      let isPeer = withUnsafeMutablePointer(to: &peer) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) == 0 }
      }
      // The port lies at the same place in the addresses of both families.
      let isInternet = [sa_family_t(AF_INET), sa_family_t(AF_INET6)].contains(peer.sin6_family)
      if isPeer, isInternet, UInt16(bigEndian: peer.sin6_port) == port { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }
}

/// The first bytes of a body, then a failure, so that the connection is closed in the middle.
private struct CutBody: AsyncBufferedSequence {
  typealias Element = UInt8
  struct Ended: Error {}
  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator { Iterator(rest: bytes) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var rest: [UInt8]

    mutating func next() async throws -> UInt8? {
      guard !rest.isEmpty else { throw Ended() }
      return rest.removeFirst()
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard !rest.isEmpty else { throw Ended() }
      defer { rest.removeAll() }
      return rest
    }
  }
}
