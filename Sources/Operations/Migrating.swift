internal import FoundationEssentials
package import Migration
package import Platform
internal import PlatformClient
internal import Storage

/// Moving off static keys: what each key is used for, and how far each is on its way out.
extension Operations {
  /// The days of usage that are read: enough to see a quarter's rhythm.
  static let usageHistory = 93

  /// A key with what is known of its use.
  package struct KeyRecord: Sendable {
    package let key: APIKey
    /// Nil when it was not used in the history.
    package let use: KeyUse?
    /// What it used and cost in the last 31 days; nil when nothing.
    package let month: UsageLine?
    /// Days of usage that were read, or that the key has existed.
    package let history: Int
    /// Places in files that this key, by its hint, is found in.
    package let places: [Find]
    /// Whether another key has the same hint, so that places and usage may be the other's.
    package let isAmbiguous: Bool

    package var soak: Soak { Soak(use: use, history: history) }

    package var json: JSON {
      [
        "key": key.json, "use": use?.json ?? .null, "last_31_days": month?.json ?? .null, "history_days": JSON(history),
        "ambiguous": .bool(isAmbiguous),
        "idle": .bool(use == nil && key.status == .active), "rhythm": .string(soak.rhythm.rawValue),
        "soak_days": JSON(soak.silence), "watch_days": JSON(soak.watch), "places": .array(places.map(\.json)),
        "not_visible": .array(Evidence.unseen.map(JSON.string)),
      ]
    }
  }

  /// All keys of all statuses with their use.
  /// - Parameters:
  ///   - finds: of scans; they are tied to records by their hints, and nothing of them is sent.
  ///   - withMonth: whether to ask for the last 31 days too.
  package func keyRecords(finds: [Find] = [], withMonth: Bool = true) async throws(Problem) -> [KeyRecord] {
    let keys = try await client.keys()
    let uses = KeyUse.byKey(try await usageByDay(of: "api_key_id"))
    let end = now()
    let month = !withMonth ? [] : try await usage(by: .key, from: end.addingTimeInterval(-31 * 86400), to: end)
    let matches = finds.filter { $0.class == .real }.map { ($0, KeyMatch.of($0, among: keys)) }
    return keys.map { key in
      let mine = matches.filter { $0.1.ids.contains(key.id) }
      return KeyRecord(
        key: key, use: uses[key.id], month: month.first { $0.subject == key.id.description }, history: history(of: key),
        places: mine.map(\.0),
        isAmbiguous: keys.contains { $0.id != key.id && $0.hint != nil && $0.hint == key.hint })
    }
  }

  private func history(of key: APIKey) -> Int {
    min(Operations.usageHistory, Int(now().timeIntervalSince(key.createdAt) / 86400))
  }

  func usageByDay(
    of groups: String..., since: Date? = nil, bucket: UsageBucketWidth = .day
  ) async throws(Problem) -> [UsageBucket] {
    let end = now()
    let start = since ?? end.addingTimeInterval(-Double(Operations.usageHistory) * 86400)
    var buckets: [UsageBucket] = []
    for (first, last) in Operations.spans(from: start, to: end) {
      buckets += try await client.usageReport(from: first, to: last, by: groups, bucket: bucket)
    }
    return buckets
  }

  /// When a key was last used, to the minute: the last day by hours, and the last hour by minutes.
  func use(of key: APIKey) async throws(Problem) -> KeyUse? {
    guard var use = KeyUse.byKey(try await usageByDay(of: "api_key_id"))[key.id] else { return nil }
    for bucket in [UsageBucketWidth.hour, .minute] {
      let finer = try await client.usageReport(from: use.lastStart, to: use.lastEnd, by: ["api_key_id"], bucket: bucket)
      use.refine(KeyUse.byKey(finer)[key.id])
    }
    return use
  }

  /// Keeps a plan, with the places it was made from, beside the keys that it is about.
  package func keepPlan(_ plan: Plan, of keys: [APIKey]) throws(Problem) {
    for key in keys {
      let consumers = plan.consumers.filter { $0.keys.contains { $0.ids.contains(key.id) } }
      guard !consumers.isEmpty else { continue }
      // Of the other keys in the same places nothing is kept here.
      let places = consumers.flatMap(\.places).filter {
        $0.class != .real || KeyMatch.of($0, among: [key]).ids == [key.id]
      }
      try writeDown(
        .plan, of: key,
        record: [
          "consumers": .array(consumers.map { .string("\($0.platform.rawValue) \($0.name)") }),
          "places": .array(places.map(\.json)),
        ])
    }
  }

  /// Keeps what a patch changes beside the key that the workload used.
  package func keepPatch(_ changes: [Patch.Change], rule: String, isWritten: Bool, of key: APIKey) throws(Problem) {
    guard !changes.isEmpty else { return }
    try writeDown(
      .patch, of: key,
      record: ["rule": .string(rule), "written": .bool(isWritten), "changes": .array(changes.map(\.record))])
  }

  func writeDown(_ step: Course.Step, of key: APIKey, record: JSON) throws(Problem) {
    let number = try storage.record(
      Change(at: now(), who: who, action: step.action, target: key.id.description, after: record))
    try storage.settle(number, .done)
  }

  // MARK: Where keys stand

  /// Every key that a step was taken for, or the one asked for.
  package func courses(of key: APIKey? = nil) async throws(Problem) -> [Course] {
    let records = try await keyRecords(withMonth: false)
    var courses: [Course] = []
    for record in records where key == nil || record.key.id == key?.id {
      try settleStopped(record.key)
      let steps = try steps(of: record.key)
      if key != nil || !steps.isEmpty { courses.append(Course(key: record.key, steps: steps, soak: record.soak)) }
    }
    return courses
  }

  /// Where a key stands, as the journal has it.
  package func course(of key: APIKey, soak: Soak) throws(Problem) -> Course {
    Course(key: key, steps: try steps(of: key), soak: soak)
  }

  private func steps(of key: APIKey) throws(Problem) -> [Course.Taken] {
    try storage.journal(target: key.id.description, limit: 1000).compactMap { entry in
      guard let step = Course.Step(action: entry.change.action) else { return nil }
      let outcome: Course.Taken.Outcome =
        switch entry.change.outcome {
        case .open: .open
        case .done: .done
        case .failed: .failed
        }
      return Course.Taken(
        step, at: entry.change.at, who: entry.change.who, outcome: outcome, record: entry.change.after,
        requestID: entry.change.requestID)
    }
  }

  /// Settles steps that were under way when the program was stopped, by what the key is now. Nothing is done while
  /// another process may be at one.
  func settleStopped(_ key: APIKey) throws(Problem) {
    guard storage.isOnDisk, let claim = try storage.claimSteps() else { return }
    try settleStopped(key, claim)
  }

  /// - Parameter claim: without it a step that seems stopped may be another process's.
  func settleStopped(_ key: APIKey, _ claim: Storage.Claim) throws(Problem) {
    for entry in try storage.openChanges() where entry.change.target == key.id.description {
      guard let step = Course.Step(action: entry.change.action) else { continue }
      var after = entry.change.after?.object ?? JSON.Object()
      after["settled_after_stop"] = true
      let outcome: Change.Outcome =
        step.fits(key.status)
        ? .done : .failed("The program was stopped before this was done: the key is \(key.status.rawValue).")
      try storage.settle(entry.number, outcome, after: .object(after))
    }
    withExtendedLifetime(claim) {}
  }
}
