/// How fast the line to the terminal is, learnt from when it kept us waiting.
///
/// The kernel and a modem take several screens before they say that they are full, and on a slow line those are
/// seconds: what one sees would be that old. So once a line is known to be slow, a frame is written only when what
/// was written before it has nearly gone out. Frames left out meanwhile cost nothing, for each shows what is true now.
struct LinePace {
  typealias Instant = ContinuousClock.Instant

  /// What may still be on its way when the next frame is written: short, but long enough to keep the line busy.
  private static let slack = 0.1
  /// The longest that a frame is held back, in seconds, should the line have become faster than it was.
  private static let patience = 0.5
  /// A line that has not kept us waiting for so long may be another one by now, in seconds.
  private static let memory = 20.0

  private var sent = 0
  private var writes: [(at: Instant, bytes: Int)] = []
  /// Since when the line has been full, and what had been sent by then.
  private var full: (since: Instant, sent: Int)?
  /// Bytes a second of the last two times that it was full, and when each was over.
  private var rates: [(bytes: Double, at: Instant)] = []

  /// Bytes a second; nil for a line that takes everything at once. The faster of two, because a terminal that stood
  /// still for a moment, or was stopped by its person, seems slow once.
  private var rate: Double? { rates.count < 2 ? nil : rates.map(\.bytes).max() }

  /// - Parameters:
  ///   - total: bytes that the line has taken since the start.
  ///   - isBlocked: whether it did not take all that there was.
  mutating func note(sent total: Int, isBlocked: Bool, at now: Instant) {
    if total > sent {
      if writes.count >= 64 { writes = Self.merged(writes) }
      writes.append((now, total - sent))
      sent = total
    }
    if isBlocked {
      if full == nil { full = (now, total) }
    } else if let since = full {
      full = nil
      let seconds = Self.seconds(from: since.since, to: now)
      if seconds > 0.002, total > since.sent {
        rates = rates.suffix(1) + [(Double(total - since.sent) / seconds, now)]
      }
    }
    if full == nil { rates.removeAll { Self.seconds(from: $0.at, to: now) > Self.memory } }
  }

  /// How long to wait with the next frame.
  func delay(at now: Instant) -> Duration {
    guard let rate, let first = writes.first else { return .zero }
    // What would still be on its way if the line took all at that speed.
    var (left, last) = (0.0, first.at)
    for write in writes {
      left = max(0, left - rate * Self.seconds(from: last, to: write.at)) + Double(write.bytes)
      last = write.at
    }
    left = max(0, left - rate * Self.seconds(from: last, to: now))
    let seconds = left / rate - Self.slack
    return seconds <= 0 ? .zero : .seconds(min(seconds, Self.patience))
  }

  /// Two writes as one at the time of the first, so that the oldest reach as far back as needed.
  private static func merged(_ writes: [(at: Instant, bytes: Int)]) -> [(at: Instant, bytes: Int)] {
    stride(from: 0, to: writes.count, by: 2).map { place in
      (writes[place].at, writes[place].bytes + (place + 1 < writes.count ? writes[place + 1].bytes : 0))
    }
  }

  private static func seconds(from start: Instant, to end: Instant) -> Double {
    let parts = start.duration(to: end).components
    return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
  }
}
