@preconcurrency import Dispatch
import Glibc

/// Ends the process with status 0 when it is asked to end: for commands whose work is done at any moment.
final class Interruption {
  private let sources: [any DispatchSourceSignal]

  init() {
    sources = [SIGINT, SIGTERM].map { number in
      // Not ignored first, as on other systems: Dispatch takes a signal over a moment later, and one that came between
      // would be lost.
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { end(0) }
      source.resume()
      return source
    }
  }
}

/// Ends the process. Not by `exit`, which tears down libcrypto and the rest while other threads are still at work: the
/// demo's sandbox may be making its key.
func end(_ status: Int32) -> Never {
  fflush(nil)
  _exit(status)
}

/// Does a piece of work that is cancelled, rather than ended, when the process is asked to end: for what has to be
/// put in order first.
func untilInterrupted<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
  let work = Task { try await body() }
  let sources = [SIGINT, SIGTERM].map { number in
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { work.cancel() }
    source.resume()
    return source
  }
  defer { sources.forEach { $0.cancel() } }
  return try await work.value
}
