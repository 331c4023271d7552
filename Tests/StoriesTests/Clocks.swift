import Foundation
import Synchronization

/// A clock that stands still until it is told to tick.
final class ManualClock: Clock, Sendable {
  typealias Duration = Swift.Duration
  struct Instant: InstantProtocol {
    var offset: Swift.Duration
    func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    let id: UUID
    let deadline: Instant
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    let now = Instant(offset: .zero)
    var sleepers: [Sleeper] = []
    var cancelled: Set<UUID> = []
    /// Ticks that came when nobody slept.
    var ticks = 0
  }

  private let state = Mutex(State())
  var now: Instant { state.withLock(\.now) }
  var minimumResolution: Swift.Duration { .zero }

  func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    let id = UUID()
    let isOver = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.contains(id) { return false }
          if deadline <= state.now { return true }
          if state.ticks > 0 {
            state.ticks -= 1
            return true
          }
          state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.cancelled.insert(id)
        let sleeper = state.sleepers.first { $0.id == id }
        state.sleepers.removeAll { $0.id == id }
        return sleeper
      }
      sleeper?.continuation.resume(returning: false)
    }
    if !isOver { throw CancellationError() }
  }

  /// Ends one sleep: one that goes on, or the next one.
  func tick() {
    let sleeper = state.withLock { state -> Sleeper? in
      guard !state.sleepers.isEmpty else {
        state.ticks += 1
        return nil
      }
      return state.sleepers.removeFirst()
    }
    sleeper?.continuation.resume(returning: true)
  }
}

/// A clock on which nothing takes time, for waits between tries.
struct ImpatientClock: Clock {
  typealias Instant = ContinuousClock.Instant
  var now: Instant { .now }
  var minimumResolution: Duration { .zero }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}
