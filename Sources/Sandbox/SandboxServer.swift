package import Platform

/// A ``Sandbox`` over HTTP, on loopback only.
package struct SandboxServer: Sendable {
  private let sandbox: Sandbox
  private let isIPv6: Bool
  private let port: UInt16

  /// - Parameters:
  ///   - address: a loopback address, `127.0.0.1` or `::1`, or `localhost`.
  ///   - port: 0 for any that is free.
  /// - Throws: a ``Platform/Problem`` for an address that other hosts could reach.
  package init(_ sandbox: Sandbox, address: String = "127.0.0.1", port: UInt16 = 0) throws(Problem) {
    (self.sandbox, self.port) = (sandbox, port)
    switch address {
    case "127.0.0.1", "localhost": isIPv6 = false
    case "::1", "[::1]": isIPv6 = true
    default:
      throw Problem(
        "The sandbox was not started", because: "\(address) is not a loopback address, and others could reach it",
        try: "Use 127.0.0.1 or ::1.", kind: .usage)
    }
  }

  /// Serves until the task is cancelled.
  /// - Parameter ready: called once with the base URL, when connections are accepted.
  /// - Throws: a ``Platform/Problem`` when the port is taken.
  package func run(ready: @escaping @Sendable (String) async -> Void) async throws(Problem) {
    let handler = Handler(sandbox: sandbox)
    let listener = try Listener(isIPv6: isIPv6, port: port) { await handler.answer($0) }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await listener.run() }
      group.addTask {
        await ready(listener.baseURL)
        await sandbox.live()
      }
      await group.waitForAll()
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
