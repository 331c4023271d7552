internal import Glibc
package import Platform

/// UDP: each message on its way, and no word of whether it came.
package struct Datagrams: Sendable {
  /// Of one datagram over IPv4, which is the smaller.
  package static let limit = 65_507

  private let host: String
  private let port: Int

  package init(host: String, port: Int) { (self.host, self.port) = (host, port) }

  /// - Throws: what the system said of the first message that it did not take.
  package func send(_ messages: [[UInt8]]) throws(TransportFailure) {
    var hints = addrinfo()
    hints.ai_socktype = CInt(SOCK_DGRAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    let status = getaddrinfo(name, String(port), &hints, &found)
    defer { if let found { freeaddrinfo(found) } }
    guard status == 0, let address = found?.pointee else {
      throw .unknownHost(String(cString: gai_strerror(status)))
    }
    let file = socket(address.ai_family, address.ai_socktype | CInt(SOCK_CLOEXEC.rawValue), address.ai_protocol)
    guard file >= 0 else { throw .unreachable(String(cString: strerror(errno))) }
    defer { close(file) }
    guard connect(file, address.ai_addr, address.ai_addrlen) == 0 else {
      throw .unreachable(String(cString: strerror(errno)))
    }
    for message in messages {
      // Where nobody listens the system says so of the message before.
      guard Glibc.send(file, message, message.count, 0) == message.count else {
        throw .unreachable(String(cString: strerror(errno)))
      }
    }
  }
}
