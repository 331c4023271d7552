/// How often, and how long apart, a call is tried again.
package struct RetryPolicy: Sendable {
  /// All tries of one call, the first included.
  package var attempts: Int
  /// The wait before the second try; each one after is twice as long, up to `longest`.
  package var first: Duration
  package var longest: Duration
  /// The most that one call waits between its tries, `retry-after` included.
  package var budget: Duration
  /// 0 to 1: the part of a quarter of each wait that is left out, so that clients do not come back in step.
  package var jitter: @Sendable () -> Double

  package init(
    attempts: Int = 6, first: Duration = .milliseconds(250), longest: Duration = .seconds(8),
    budget: Duration = .seconds(30), jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
  ) {
    (self.attempts, self.first, self.longest, self.budget) = (attempts, first, longest, budget)
    self.jitter = jitter
  }

  /// - Parameters:
  ///   - tries: how many there were, at least 1.
  ///   - limit: the most there may be for this kind of failure, if fewer than ``attempts``.
  ///   - asked: `retry-after`, which is obeyed to the second or not at all.
  ///   - waited: by this call so far.
  /// - Returns: the wait before the next try; nil when there is to be none.
  package func wait(after tries: Int, limit: Int, asked: Duration?, waited: Duration) -> Duration? {
    guard tries < min(attempts, limit) else { return nil }
    let doubled = min(first * (1 << min(tries - 1, 16)), longest)
    let wait = asked ?? doubled * (1 - 0.25 * jitter())
    return waited + wait <= budget ? wait : nil
  }
}
