package import FoundationEssentials
package import Platform

/// What the usage reports say of one key. They trail by minutes, and failed calls are in none.
package struct KeyUse: Hashable, Sendable {
  /// The last bucket with tokens in it.
  package private(set) var lastStart, lastEnd: Date
  package let firstStart: Date
  /// The longest time without use between two uses.
  package let longestGap: TimeInterval
  package let tokens: Int

  /// Uses by key; a key that is not in the result was not used in the buckets.
  package static func byKey(_ buckets: [UsageBucket]) -> [ID<APIKey>: KeyUse] { by(buckets, \.keyID) }

  /// The same for accounts, which is what federated calls are billed to.
  package static func byAccount(_ buckets: [UsageBucket]) -> [ID<ServiceAccount>: KeyUse] { by(buckets, \.accountID) }

  private static func by<Subject>(
    _ buckets: [UsageBucket], _ subject: (UsageBucket.Result) -> ID<Subject>?
  ) -> [ID<Subject>: KeyUse] {
    var spans: [ID<Subject>: [(start: Date, end: Date, tokens: Int)]] = [:]
    for bucket in buckets {
      for result in bucket.results where result.tokens.total > 0 {
        guard let id = subject(result) else { continue }
        spans[id, default: []].append((bucket.startingAt, bucket.endingAt, result.tokens.total))
      }
    }
    return spans.mapValues(KeyUse.init)
  }

  private init(_ spans: [(start: Date, end: Date, tokens: Int)]) {
    let sorted = spans.sorted { $0.start < $1.start }
    (firstStart, lastStart, lastEnd) = (sorted[0].start, sorted[sorted.count - 1].start, sorted[sorted.count - 1].end)
    longestGap = zip(sorted, sorted.dropFirst()).map { $1.start.timeIntervalSince($0.end) }.max() ?? 0
    tokens = sorted.reduce(0) { $0 + $1.tokens }
  }

  /// The last use in finer buckets of the same days; what these do not know changes nothing.
  package mutating func refine(_ finer: KeyUse?) {
    guard let finer, finer.lastStart >= lastStart, finer.lastEnd <= lastEnd else { return }
    (lastStart, lastEnd) = (finer.lastStart, finer.lastEnd)
  }

  /// From ``json``.
  init?(json: JSON) {
    guard let first = json.optionalTime("first_used_from"), let start = json.optionalTime("last_used_from"),
      let end = json.optionalTime("last_used_to")
    else { return nil }
    (firstStart, lastStart, lastEnd) = (first, start, end)
    longestGap = Double(json["longest_gap_days"]?.int ?? 0) * 86400
    tokens = json["tokens"]?.int ?? 0
  }

  package var json: JSON {
    [
      "first_used_from": JSON(firstStart), "last_used_from": JSON(lastStart), "last_used_to": JSON(lastEnd),
      "longest_gap_days": JSON(Int(longestGap / 86400)), "tokens": JSON(tokens),
    ]
  }

  /// `2026-11-21 00:00 to 2026-11-22 00:00 UTC`: a bucket, for a bare time would say more than is known.
  package var lastText: String { "\(lastStart.columnText.prefix(16)) to \(lastEnd.columnText.prefix(16)) UTC" }
}

/// How long a key must be silent before it is disabled, and how long it is watched afterwards.
package struct Soak: Hashable, Sendable {
  package enum Rhythm: String, Sendable { case daily, weekly, monthly, sparse }

  package let rhythm: Rhythm
  /// In days.
  package let silence, watch: Int

  /// - Parameters:
  ///   - use: nil when the key was not used in the history.
  ///   - history: days of usage that were read, or that the key has existed.
  package init(use: KeyUse?, history: Int) {
    // From one use to the next: the bucket of a use counts too.
    let turn = 1 + Int(((use?.longestGap ?? 0) / 86400).rounded(.up))
    // Even a busy key gets a week: weekly jobs hide behind it.
    rhythm =
      switch turn {
      case _ where use == nil || history < 90: .sparse
      case ...2: .daily
      case ...8: .weekly
      case ...32: .monthly
      default: .sparse
      }
    let least =
      switch rhythm {
      case .daily: (7, 7)
      case .weekly: (15, 15)
      case .monthly: (35, 35)
      case .sparse: (90, 30)
      }
    (silence, watch) = (max(least.0, 2 * turn), least.1)
  }
}
