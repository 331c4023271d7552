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
      source.setEventHandler { Glibc.exit(0) }
      source.resume()
      return source
    }
  }
}
