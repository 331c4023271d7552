package import Interface
internal import Synchronization

/// What the terminal tells, for one reader.
///
/// `AsyncStream` leaves the reader's thread to look whether there is more, so that a burst of keys would come one by
/// one, each with a frame of its own. This one stays.
package struct TerminalEvents: AsyncSequence, Sendable {
  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let box: Box

    package mutating func next(isolation actor: isolated (any Actor)?) async -> TerminalEvent? {
      while true {
        if let event = box.take() { return event }
        if box.isFinished { return nil }
        await withCheckedContinuation(isolation: actor) { box.wait($0) }
      }
    }

    package mutating func next() async -> TerminalEvent? { await next(isolation: nil) }
  }

  private let box = Box()

  init() {}

  package func makeAsyncIterator() -> Iterator { Iterator(box: box) }

  func send(_ event: TerminalEvent) { box.change { $0.waiting.append(event) } }
  func finish() { box.change { $0.isFinished = true } }
}

/// Events that wait, and the reader who waits for one.
private final class Box: Sendable {
  struct State {
    var waiting: [TerminalEvent] = []
    /// How many of `waiting` were read: taking them off one by one would move the rest each time.
    var read = 0
    var isFinished = false
    var reader: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  var isFinished: Bool { state.withLock { $0.isFinished } }

  func take() -> TerminalEvent? {
    state.withLock { state in
      guard state.read < state.waiting.count else {
        (state.waiting, state.read) = ([], 0)
        return nil
      }
      defer { state.read += 1 }
      return state.waiting[state.read]
    }
  }

  func change(_ body: (inout State) -> Void) {
    let reader = state.withLock { state in
      body(&state)
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  func wait(_ reader: CheckedContinuation<Void, Never>) {
    let isReady = state.withLock { state in
      if state.read < state.waiting.count || state.isFinished { return true }
      state.reader = reader
      return false
    }
    if isReady { reader.resume() }
  }
}
