package import Platform
package import PlatformClient
package import Storage

/// What a forwarding did.
package struct ForwardCounts: Hashable, Sendable {
  /// Those that the receiver has taken.
  package var forwarded = 0
  /// Those that do not pass the filter.
  package var left = 0
  /// Those that the receiver will never take, and that were passed over.
  package var refused = 0
  package init() {}

  package var json: JSON {
    ["forwarded": JSON(forwarded), "left_out": JSON(left), "refused": JSON(refused)]
  }
}

/// Takes what the store has to one receiver, in the order of arrival, each at least once: how far it has come is kept in
/// the store, and moves only after the receiver's answer.
package struct Forwarder: Sendable {
  private let storage: Storage
  private let receiver: any Receiver
  /// Under which the position is kept, and what failures call the receiver.
  private let name: String
  private let query: ActivityQuery
  private let passesOverRefused: Bool
  private let policy: RetryPolicy
  private let clock: any Clock<Duration>

  /// Of one batch.
  private static let (countLimit, sizeLimit) = (500, 1 << 20)

  /// - Parameter passesOverRefused: goes on behind an activity that the receiver will never take; else it stops there.
  package init(
    _ storage: Storage, to receiver: any Receiver, named name: String, only query: ActivityQuery = ActivityQuery(),
    passesOverRefused: Bool = false, policy: RetryPolicy = RetryPolicy(attempts: 8, budget: .seconds(300)),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    (self.storage, self.receiver, self.name, self.query) = (storage, receiver, name, query)
    (self.passesOverRefused, self.policy, self.clock) = (passesOverRefused, policy, clock)
  }

  /// Begins behind all that is there, where nothing was forwarded yet.
  package func beginNow() throws(Problem) {
    guard try storage.position(of: name) == nil else { return }
    let last = try storage.latest(limit: 1).first?.row ?? 0
    try storage.keepPosition(ForwardPosition(newest: last, oldest: .min), of: name)
  }

  /// Forwards all that is there and was not forwarded yet: what came in since, then history that was read since.
  /// - Parameters:
  ///   - progress: told after each batch.
  ///   - remark: told what the receiver says, and which activity it refuses.
  package func forward(
    progress: (ForwardCounts) -> Void = { _ in }, remark: (String) -> Void = { _ in }
  ) async throws(Problem) -> ForwardCounts {
    var counts = ForwardCounts()
    while true {
      let position = try storage.position(of: name)
      let newer = try storage.arrivals(after: position?.newest ?? .min, limit: Forwarder.countLimit)
      guard !newer.isEmpty else { break }
      let oldest = position?.oldest ?? newer[0].row
      try await forward(newer, &counts, remark) { ForwardPosition(newest: $0, oldest: oldest) }
      progress(counts)
    }
    while let position = try storage.position(of: name) {
      let older = try storage.arrivals(before: position.oldest, limit: Forwarder.countLimit)
      guard !older.isEmpty else { break }
      try await forward(older, &counts, remark) { ForwardPosition(newest: position.newest, oldest: $0) }
      progress(counts)
    }
    return counts
  }

  /// - Parameter position: what to keep once all up to a row have been taken.
  private func forward(
    _ rows: [StoredActivity], _ counts: inout ForwardCounts, _ remark: (String) -> Void,
    _ position: (Int64) -> ForwardPosition
  ) async throws(Problem) {
    let rows = Forwarder.batch(rows)
    let wanted = rows.filter { query.accepts($0.activity) }
    let refused = try await deliver(wanted.map(\.activity), remark)
    for number in refused.keys.sorted() {
      let activity = wanted[number].activity
      let cause = "it refuses \(activity.id): \(refused[number] ?? "")"
      if passesOverRefused {
        remark(cause)
        continue
      }
      // What stands before it has been taken, and is not sent again.
      if let last = rows.prefix(while: { $0.row != wanted[number].row }).last {
        try storage.keepPosition(position(last.row), of: name)
      }
      throw Problem(
        "Nothing more was forwarded to \(name)", because: cause,
        try: "Mend what refuses it, or go on behind it with --skip-refused.", code: "activity_refused")
    }
    if let last = rows.last { try storage.keepPosition(position(last.row), of: name) }
    counts.forwarded += wanted.count - refused.count
    counts.left += rows.count - wanted.count
    counts.refused += refused.count
  }

  /// As many as go into one request.
  private static func batch(_ rows: [StoredActivity]) -> ArraySlice<StoredActivity> {
    var size = 0
    let count = rows.prefix { row in
      size += row.activity.json.compact.utf8.count
      return size <= sizeLimit
    }.count
    return rows.prefix(max(1, count))
  }

  /// - Returns: those that the receiver will never take, by their number.
  private func deliver(_ activities: [Activity], _ remark: (String) -> Void) async throws(Problem) -> [Int: String] {
    var refused: [Int: String] = [:]
    var parts = [Array(activities.indices)]
    while let part = parts.popLast() {
      guard !part.isEmpty else { continue }
      switch try await answer(to: part.map { activities[$0] }, remark) {
      case .success(let found):
        for (number, cause) in found { refused[part[number]] = cause }
      case .failure(let refusal):
        // For one of them: halves tell which.
        if part.count == 1 {
          refused[part[0]] = refusal.cause
        } else {
          parts.append(Array(part[(part.count / 2)...]))
          parts.append(Array(part[..<(part.count / 2)]))
        }
      }
      if !refused.isEmpty, !passesOverRefused { break }
    }
    return refused
  }

  private struct Refusal: Error { let cause: String }

  /// The receiver's answer, after as many tries as it takes, or as the policy allows.
  private func answer(
    to activities: [Activity], _ remark: (String) -> Void
  ) async throws(Problem) -> Result<[Int: String], Refusal> {
    var pending = Array(activities.indices)
    var refused: [Int: String] = [:]
    var (tries, waited) = (0, Duration.zero)
    while true {
      tries += 1
      let problem: Problem
      var asked: Duration?
      do throws(DeliveryFailure) {
        let delivery = try await receiver.deliver(pending.map { activities[$0] })
        for (number, cause) in delivery.refused { refused[pending[number]] = cause }
        if let text = delivery.remark { remark(text) }
        guard !delivery.again.isEmpty else { return .success(refused) }
        // It is on its way: only those that make none count as tries.
        if delivery.again.count < pending.count { (tries, waited) = (1, .zero) }
        pending = delivery.again.map { pending[$0] }
        problem = Problem(
          "Nothing more was forwarded to \(name)", because: "it does not take \(pending.count) of them now",
          try: "Run it again: it goes on where it stopped.", kind: .unavailable)
      } catch {
        switch error {
        case .later(let why, let after): (problem, asked) = (why, after)
        case .refused(let cause): return .failure(Refusal(cause: cause))
        case .never(let why): throw why
        }
      }
      guard let wait = policy.wait(after: tries, limit: .max, asked: asked, waited: waited) else { throw problem }
      waited += wait
      do { try await clock.sleep(for: wait) } catch {
        throw Problem(
          "It was not finished", because: "it was interrupted", try: "Run it again: it goes on where it stopped.",
          kind: .interrupted)
      }
    }
  }
}
