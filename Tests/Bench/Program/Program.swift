import CEL
import Federation
import FlyingFox
import FlyingSocks
import FoundationEssentials
import Glibc
import Platform

/// What the benchmark needs from inside: the judging core without a process around it, and the bare server that the
/// sandbox is measured against.
///
///     bench judge RULES     one JSON line a figure, timed in processor time of this thread
///     bench rows COUNT…     the same, of a key in a list of so many rows
///     bench serve           answers every request with the same list, and prints its port
@main
enum Bench {
  static func main() async throws {
    switch CommandLine.arguments.dropFirst().first {
    case "judge" where CommandLine.arguments.count == 3: try Judging.run(rules: CommandLine.arguments[2])
    case "rows": try Rows.run(CommandLine.arguments.dropFirst(2).compactMap { Int($0) })
    case "serve": try await Floor.serve()
    default:
      print("usage: bench judge RULES | bench rows COUNT… | bench serve")
      exit(2)
    }
  }
}

/// FlyingFox answering a constant, set up as the sandbox sets it up.
enum Floor {
  static func serve() async throws {
    let row = #"{"id":"svac_01HqZ3yq4n7cPcyMRbVnQ4aB","type":"service_account","name":"account","description":null}"#
    let list = Data(#"{"data":[\#(Array(repeating: row, count: 20).joined(separator: ","))],"has_more":false}"#.utf8)
    let server = HTTPServer(
      config: HTTPServer.Configuration(
        address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 600, pool: PromptPool(base: HTTPServer.defaultPool()),
        logger: .disabled),
      handler: ClosureHTTPHandler { _ in
        HTTPResponse(statusCode: .ok, headers: [.contentType: "application/json"], body: list)
      })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      try await server.waitUntilListening()
      if case .ip4(_, let port) = await server.listeningAddress {
        // Whoever started this waits for the line, and print would keep it until much more is there.
        print(port)
        fflush(nil)
      }
      try await group.waitForAll()
    }
  }

  /// Sets TCP_NODELAY, as the sandbox does.
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
}
