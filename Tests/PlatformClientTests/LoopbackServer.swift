import Foundation
import Synchronization

/// A server on a loopback socket that answers with the very bytes it is told to, for what a proper server never does.
final class LoopbackServer: Sendable {
  enum Reply: Sendable {
    /// These bytes; the connection stays open for the next request.
    case bytes(String)
    /// These bytes, and then the end.
    case last(String)
    /// Nothing at all, until the server goes.
    case silence
  }

  let port: UInt16
  /// Each head as it comes in.
  let heads: AsyncStream<String>
  private let listening: Int32
  private let arrived: AsyncStream<String>.Continuation
  private let accepted = Mutex<(open: Set<Int32>, count: Int)>(([], 0))

  var base: String { "http://127.0.0.1:\(port)" }
  /// How many there ever were.
  var connections: Int { accepted.withLock { $0.count } }

  /// - Parameter reply: what the request with this head is answered.
  init(_ reply: @escaping @Sendable (String) -> Reply) throws {
    listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = listening
    try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        guard bind(socket, $0, size) == 0, listen(socket, 16) == 0, getsockname(socket, $0, &size) == 0 else {
          throw POSIXError(.EADDRNOTAVAIL)
        }
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    (heads, arrived) = AsyncStream.makeStream()
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(socket, nil, nil)
        // Whoever waits on a socket also closes it, for its number is given to another at once.
        guard connection >= 0 else { return _ = close(socket) }
        accepted.withLock { $0 = ($0.open.union([connection]), $0.count + 1) }
        Thread.detachNewThread { [self] in
          serve(connection, reply)
          accepted.withLock {
            $0.open.remove(connection)
            close(connection)
          }
        }
      }
    }
  }

  /// Ends every connection and the server.
  func stop() {
    shutdown(listening, Int32(SHUT_RDWR))
    arrived.finish()
    accepted.withLock { for connection in $0.open { shutdown(connection, Int32(SHUT_RDWR)) } }
  }

  private func serve(_ connection: Int32, _ reply: (String) -> Reply) {
    var input: [UInt8] = []
    while let head = nextHead(connection, &input) {
      arrived.yield(head)
      switch reply(head) {
      case .bytes(let text): send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
      case .last(let text):
        send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        return
      case .silence: break
      }
    }
  }

  /// The next head with its body behind it, taken from the connection; nil at its end.
  private func nextHead(_ connection: Int32, _ input: inout [UInt8]) -> String? {
    while true {
      if let range = input.firstRange(of: "\r\n\r\n".utf8) {
        let head = String(decoding: input[..<range.upperBound], as: UTF8.self)
        let length = head.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
        if input.count >= range.upperBound + length {
          let whole = String(decoding: input[..<(range.upperBound + length)], as: UTF8.self)
          input.removeFirst(range.upperBound + length)
          return whole
        }
      }
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      input += buffer[..<count]
    }
  }
}

extension LoopbackServer.Reply {
  static func ok(_ body: String) -> Self {
    .bytes("HTTP/1.1 200 OK\r\nrequest-id:  req_9 \r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
  }
}
