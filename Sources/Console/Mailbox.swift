import Synchronization

/// Messages for one reader, who takes all that wait at once.
final class Mailbox<Message: Sendable>: Sendable {
  private struct Box {
    var waiting: [Message] = []
    var reader: CheckedContinuation<Void, Never>?
  }

  private let box = Mutex(Box())

  func send(_ message: Message) {
    let reader = box.withLock { box in
      box.waiting.append(message)
      defer { box.reader = nil }
      return box.reader
    }
    reader?.resume()
  }

  /// Waits until there is one. In the order they were sent, which a task for each would lose.
  func take(isolation: isolated (any Actor)? = #isolation) async -> [Message] {
    await withCheckedContinuation(isolation: isolation) { continuation in
      let isReady = box.withLock { box in
        if box.waiting.isEmpty { box.reader = continuation }
        return !box.waiting.isEmpty
      }
      if isReady { continuation.resume() }
    }
    return box.withLock { box in
      defer { box.waiting = [] }
      return box.waiting
    }
  }
}
