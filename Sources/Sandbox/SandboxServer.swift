import FlyingFox
import FlyingSocks
import FoundationEssentials
import Glibc
package import Platform

/// A ``Sandbox`` over HTTP, on loopback only.
package struct SandboxServer: Sendable {
  private let sandbox: Sandbox
  private let server: HTTPServer

  /// - Parameters:
  ///   - address: a loopback address, `127.0.0.1` or `::1`, or `localhost`.
  ///   - port: 0 for any that is free.
  /// - Throws: a ``Platform/Problem`` for an address that other hosts could reach.
  package init(_ sandbox: Sandbox, address: String = "127.0.0.1", port: UInt16 = 0) throws(Problem) {
    self.sandbox = sandbox
    let handler = Handler(sandbox: sandbox)
    do {
      switch address {
      case "127.0.0.1", "localhost":
        server = HTTPServer(config: Self.configuration(try .inet(ip4: "127.0.0.1", port: port)), handler: handler)
      case "::1", "[::1]":
        server = HTTPServer(config: Self.configuration(try .inet6(ip6: "::1", port: port)), handler: handler)
      default:
        throw Problem(
          "The sandbox was not started", because: "\(address) is not a loopback address, and others could reach it",
          try: "Use 127.0.0.1 or ::1.", kind: .usage)
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(
        "The sandbox was not started", because: "\(address) is no address", try: "Use 127.0.0.1 or ::1.", kind: .usage)
    }
  }

  private static func configuration(_ address: some SocketAddress) -> HTTPServer.Configuration {
    // Long answers to slow faults must not be cut; the logger would write to a screen that is in use.
    HTTPServer.Configuration(
      address: address, timeout: 600, pool: PromptPool(base: HTTPServer.defaultPool()), logger: .disabled)
  }

  /// Serves until the task is cancelled.
  /// - Parameter ready: called once with the base URL, when connections are accepted.
  /// - Throws: a ``Platform/Problem`` when the port is taken.
  package func run(ready: @escaping @Sendable (String) async -> Void) async throws(Problem) {
    let (server, sandbox) = (server, sandbox)
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        group.addTask {
          try await server.waitUntilListening()
          if let url = await baseURL(of: server) { await ready(url) }
          await sandbox.live()
        }
        try await group.waitForAll()
      }
    } catch {
      if Task.isCancelled || error is CancellationError { return }
      throw Problem(
        "The sandbox was not started", because: "its port could not be opened: \(error)",
        try: "Leave the port out, and a free one is used.", kind: .local)
    }
  }

  /// Serves in the background, for as long as the task it gives is not cancelled.
  package func start() async throws(Problem) -> (baseURL: String, task: Task<Void, any Error>) {
    let (urls, found) = AsyncStream<Result<String, Problem>>.makeStream()
    let task = Task {
      do {
        try await run { found.yield(.success($0)) }
      } catch let problem as Problem {
        found.yield(.failure(problem))
        throw problem
      }
      found.finish()
    }
    for await url in urls { return (try url.get(), task) }
    throw Problem(
      "The sandbox was not started", because: "it was stopped at once", try: "Start it again.", kind: .interrupted)
  }
}

private func baseURL(of server: HTTPServer) async -> String? {
  switch await server.listeningAddress {
  case .ip4(let address, let port): "http://\(address):\(port)"
  case .ip6(let address, let port): "http://[\(address)]:\(port)"
  default: nil
  }
}

/// Sets TCP_NODELAY. FlyingFox sends head and body apart, and without it each kept-alive answer waits 40 ms for an
/// acknowledgement. The listening socket passes through here, and the ones it accepts inherit the option.
private struct PromptPool<Base: AsyncSocketPool>: AsyncSocketPool {
  let base: Base
  func prepare() async throws { try await base.prepare() }
  func run() async throws { try await base.run() }
  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    var on: Int32 = 1
    setsockopt(socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}
