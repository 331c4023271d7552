import Dispatch
import Glibc
import Platform
import Synchronization

/// A socket that takes connections on loopback, each served on a thread of its own.
///
/// Threads and not tasks, because each waits for its client nearly all the time, and a pool of as many threads as there
/// are cores is not for that.
final class Listener: Sendable {
  typealias Serve = @Sendable (WireRequest) async -> Sandbox.Outcome

  /// `http://127.0.0.1:40123`
  let baseURL: String
  private let socket: Int32
  private let serve: Serve
  private let open = Mutex<Connections>(Connections())

  private struct Connections {
    var sockets: Set<Int32> = []
    var isStopped = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  /// More than any client opens; one that did would have the machine's threads.
  private static let most = 512
  /// Seconds that a connection may be idle.
  private static let patience = 600

  /// - Throws: a `Problem` when the port is taken.
  init(isIPv6: Bool, port: UInt16, serve: @escaping Serve) throws(Problem) {
    self.serve = serve
    socket = Glibc.socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var on: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard Self.bind(socket, isIPv6, port), listen(socket, 128) == 0 else {
      let reason = String(cString: strerror(errno))
      if socket >= 0 { close(socket) }
      throw Problem(
        "The sandbox was not started", because: "its port could not be opened: \(reason)",
        try: "Leave the port out, and a free one is used.", kind: .local)
    }
    let (address, bound) = Self.name(of: socket, getsockname)
    baseURL = isIPv6 ? "http://[\(address)]:\(bound)" : "http://\(address):\(bound)"
  }

  deinit { close(socket) }

  /// Takes connections until ``stop()``.
  func run() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isStopped = open.withLock { open in
          if !open.isStopped { open.waiting = continuation }
          return open.isStopped
        }
        if isStopped { return continuation.resume() }
        Self.onThread { self.takeConnections() }
      }
    } onCancel: {
      stop()
    }
  }

  func stop() {
    let (sockets, waiting) = open.withLock { open in
      open.isStopped = true
      defer { open.waiting = nil }
      return (open.sockets, open.waiting)
    }
    // Ends what waits in accept and recv; the threads close what is theirs.
    shutdown(socket, Int32(SHUT_RDWR))
    for connection in sockets { shutdown(connection, Int32(SHUT_RDWR)) }
    waiting?.resume()
  }

  private func takeConnections() {
    while true {
      let connection = Glibc.accept(socket, nil, nil)
      if connection >= 0 { _ = fcntl(connection, F_SETFD, FD_CLOEXEC) }
      if open.withLock({ $0.isStopped }) {
        if connection >= 0 { close(connection) }
        return
      }
      guard connection >= 0 else {
        // Out of descriptors: what ends soon gives some back.
        if errno == EMFILE || errno == ENFILE { usleep(10_000) }
        continue
      }
      let isTaken = open.withLock { open in
        open.sockets.count < Self.most && !open.isStopped && open.sockets.insert(connection).inserted
      }
      guard isTaken else {
        close(connection)
        continue
      }
      Self.onThread { self.attend(connection) }
    }
  }

  private func attend(_ socket: Int32) {
    // An answer is written in one piece, and must not wait for more.
    var on: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var connection = Connection(socket: socket, address: Self.name(of: socket, getpeername).address)
    connection.serve { request in
      let answer = Answer()
      Task { answer.give(await self.serve(request)) }
      return answer.wait()
    }
    open.withLock { _ = $0.sockets.remove(socket) }
    close(socket)
  }

  private static func onThread(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 512 << 10)
    let status = pthread_create(
      &thread, &attributes,
      { box in
        if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    pthread_attr_destroy(&attributes)
    if status != 0 { box.release() }
  }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// What a thread waits for.
  private final class Answer: Sendable {
    private let value = Mutex<Sandbox.Outcome>(.dropped)
    private let isThere = DispatchSemaphore(value: 0)

    func give(_ answer: Sandbox.Outcome) {
      value.withLock { $0 = answer }
      isThere.signal()
    }

    func wait() -> Sandbox.Outcome {
      isThere.wait()
      return value.withLock { $0 }
    }
  }

  // MARK: Addresses

  private static func bind(_ socket: Int32, _ isIPv6: Bool, _ port: UInt16) -> Bool {
    if isIPv6 {
      var address = sockaddr_in6()
      (address.sin6_family, address.sin6_port) = (sa_family_t(AF_INET6), port.bigEndian)
      address.sin6_addr = in6addr_loopback
      return withGeneric(&address) { Glibc.bind(socket, $0, $1) } == 0
    }
    var address = sockaddr_in()
    (address.sin_family, address.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    return withGeneric(&address) { Glibc.bind(socket, $0, $1) } == 0
  }

  private static func withGeneric<Address, Result>(
    _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
    }
  }

  /// The address and port of one end of a socket.
  private static func name(
    of socket: Int32, _ ask: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> (address: String, port: UInt16) {
    var address = sockaddr_in6()
    let isKnown = withGeneric(&address) { pointer, size in
      var size = size
      return ask(socket, pointer, &size) == 0
    }
    guard isKnown else { return ("127.0.0.1", 0) }
    // The port lies at the same place in the addresses of both families, and so does what IPv6 has no room for.
    let port = UInt16(bigEndian: address.sin6_port)
    if address.sin6_family == sa_family_t(AF_INET6) { return ("::1", port) }
    let parts = withUnsafeBytes(of: address.sin6_flowinfo) { $0.map(String.init) }
    return (parts.joined(separator: "."), port)
  }
}
