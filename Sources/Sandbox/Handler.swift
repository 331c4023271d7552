import Platform

/// Turns an HTTP request into ours.
struct Handler {
  let sandbox: Sandbox

  func answer(_ request: WireRequest) async -> Sandbox.Outcome {
    // A page in a browser could otherwise reach the control paths, by its own script or by a name that it points here.
    if request.path.hasPrefix("/_sandbox/"), !Self.isLocal(request) {
      return await refused(.forbidden("Control paths take requests from this machine only."))
    }
    guard let method = Method(rawValue: request.method) else { return await refused(.methodNotAllowed) }
    guard let body = request.body else { return await refused(.tooLarge(limit: Sandbox.bodyLimit)) }
    var ours = Request(
      method, String(request.path), query: Self.query(String(request.query)), credential: Self.credential(request),
      body: body.isEmpty ? nil : body)
    ours.headers = request.headers.filter { !["authorization", "x-api-key"].contains($0.name) }
    return await sandbox.handle(ours, from: request.address)
  }

  /// `Authorization: Bearer …` before `x-api-key`.
  private static func credential(_ request: WireRequest) -> Credential? {
    if let text = request.header("authorization") {
      let parts = text.split(separator: " ", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == "bearer" { return .bearer(Secret(String(parts[1]))) }
    }
    return request.header("x-api-key").map { .apiKey(Secret($0)) }
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

  private static func isLocal(_ request: WireRequest) -> Bool {
    func isLocal(_ authority: some StringProtocol) -> Bool {
      let url = "http://\(authority)"
      return DialledAddress.parts(of: url).map { DialledAddress.isLoopback($0.host) } ?? false
    }
    guard let host = request.header("host"), isLocal(host) else { return false }
    guard let origin = request.header("origin") else { return true }
    guard let parts = DialledAddress.parts(of: origin) else { return false }
    return DialledAddress.isLoopback(parts.host)
  }

  private func refused(_ refusal: Refusal) async -> Sandbox.Outcome { .answered(await sandbox.refused(refusal)) }
}
