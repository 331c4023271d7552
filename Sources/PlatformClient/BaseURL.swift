package import Platform

/// Where the platform is: `https` anywhere, plain `http` only on this machine, for a credential must not cross a
/// network in the clear.
package struct BaseURL: Hashable, Sendable, CustomStringConvertible {
  /// Without a slash at its end.
  package let description: String
  package let isLoopback: Bool

  package static let platform = BaseURL(verified: "https://api.anthropic.com", isLoopback: false)

  private init(verified: String, isLoopback: Bool) { (description, self.isLoopback) = (verified, isLoopback) }

  /// - Throws: ``TransportFailure/refusedAddress(_:)`` with the reason. Userinfo, a query and a fragment are none of
  ///   an address's business here; characters outside a host's are refused, so that no two parsers can disagree.
  package init(_ text: String) throws(TransportFailure) {
    func refused(_ reason: String) -> TransportFailure { .refusedAddress("\(text.debugDescription) \(reason)") }
    let (scheme, rest): (String, Substring)
    if text.hasPrefix("https://") {
      (scheme, rest) = ("https", text.dropFirst(8))
    } else if text.hasPrefix("http://") {
      (scheme, rest) = ("http", text.dropFirst(7))
    } else {
      throw refused("does not begin with https://")
    }
    let authority = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(authority.count)
    guard !authority.contains("@") else { throw refused("has a user name in it") }
    guard let host = BaseURL.host(of: authority) else { throw refused("does not name a host") }
    guard path.utf8.allSatisfy({ $0.isASCIIAlphanumeric || "/-._~".utf8.contains($0) }), !path.contains("/..") else {
      throw refused("has more than a host and a path")
    }
    isLoopback = BaseURL.isLoopback(host)
    guard scheme == "https" || isLoopback else {
      throw refused("is not https, and only this machine may be spoken to without it")
    }
    let trimmed = path.reversed().drop { $0 == "/" }.reversed()
    description = "\(scheme)://\(authority)\(String(trimmed))"
  }

  /// The host in `host`, `host:port`, `[v6]` or `[v6]:port`; nil when it is none.
  private static func host(of authority: Substring) -> Substring? {
    let host: Substring
    let port: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[...end]
      guard host.dropFirst().dropLast().utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: ":") }) else {
        return nil
      }
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else {
      let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count) else { return nil }
      host = parts[0]
      port = parts.count == 2 ? parts[1] : nil
      guard !host.isEmpty, host.utf8.allSatisfy({ $0.isASCIIAlphanumeric || "-._".utf8.contains($0) }) else {
        return nil
      }
    }
    if let port { guard UInt16(port) != nil, port.utf8.allSatisfy(\.isASCIIDigit) else { return nil } }
    return host
  }

  /// `localhost`, `[::1]`, and 127.0.0.0/8 (RFC 1122 §3.2.1.3); `127.0.0.1.example.com` is not.
  private static func isLoopback(_ host: Substring) -> Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
  }
}
