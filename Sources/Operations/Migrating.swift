package import FoundationEssentials
package import Migration
package import Platform
internal import Storage

/// Moving off static keys: what each key is used for, proof that a workload federates, and a key's way out, with a way
/// back until it is archived.
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

  private func usageByDay(of group: String, since: Date? = nil) async throws(Problem) -> [UsageBucket] {
    let end = now()
    let start = since ?? end.addingTimeInterval(-Double(Operations.usageHistory) * 86400)
    var buckets: [UsageBucket] = []
    for (first, last) in Operations.spans(from: start, to: end) {
      buckets += try await client.usageReport(from: first, to: last, by: [group], bucket: .day)
    }
    return buckets
  }

  // MARK: Proof

  /// Looks for the workload's exchanges, the tokens billed to its account and the key's silence, and writes down what
  /// was seen. The workload's own tokens, which can be used once, are never touched.
  /// - Parameter since: of the change; exchanges before it prove nothing.
  package func verify(_ key: APIKey, rule: FederationRule, since: Date) async throws(Problem) -> Evidence {
    _ = try await sync(since: since)
    let end = now()
    let start = end.addingTimeInterval(-Double(Operations.usageHistory) * 86400)
    var evidence = Evidence(
      at: end, keyID: key.id, ruleID: rule.id, accountID: rule.accountID, readFrom: max(start, key.createdAt))
    let exchanges = try await exchanges(of: rule, since: since)
    for activity in exchanges {
      if activity.isDenied {
        evidence.denials += 1
        continue
      }
      evidence.exchanges += 1
      evidence.firstExchange = min(evidence.firstExchange ?? activity.createdAt, activity.createdAt)
      evidence.lastExchange = max(evidence.lastExchange ?? activity.createdAt, activity.createdAt)
      if evidence.requestIDs.count < 5,
        let id = activity.json.at("event_data.request_id")?.string ?? activity.json["request_id"]?.string
      {
        evidence.requestIDs.append(id)
      }
    }
    let account = KeyUse.byAccount(try await usageByDay(of: "service_account_id", since: since))
    evidence.accountTokens = account[rule.accountID]?.tokens ?? 0
    evidence.keyUse = KeyUse.byKey(try await usageByDay(of: "api_key_id"))[key.id]
    try writeDown(.verify, of: key, record: evidence.json)
    return evidence
  }

  private func exchanges(of rule: FederationRule, since: Date) async throws(Problem) -> [Activity] {
    let filter: ActivityFilter
    do throws(InvalidFilter) {
      filter = try ActivityFilter("type:\(Activity.exchangeType) rule:\(rule.id)", now: now())
    } catch {
      throw error.problem
    }
    return try await storage.newest(ActivityQuery(filter, since: since), limit: 1000).map(\.activity)
  }

  /// Keeps a plan beside the keys that it is about.
  package func keepPlan(_ plan: Plan, of keys: [APIKey]) throws(Problem) {
    for key in keys {
      let consumers = plan.consumers.filter { $0.keys.contains { $0.ids.contains(key.id) } }
      guard !consumers.isEmpty else { continue }
      try writeDown(
        .plan, of: key, record: ["consumers": .array(consumers.map { .string("\($0.platform.rawValue) \($0.name)") })])
    }
  }

  private func writeDown(_ step: Course.Step, of key: APIKey, record: JSON) throws(Problem) {
    let number = try storage.record(
      Change(at: now(), who: who, action: step.action, target: key.id.description, after: record))
    try storage.settle(number, .done)
  }

  // MARK: The way out

  /// Every key that a step was taken for, or the one asked for.
  package func courses(of key: APIKey? = nil) async throws(Problem) -> [Course] {
    let records = try await keyRecords(withMonth: false)
    var courses: [Course] = []
    for record in records where key == nil || record.key.id == key?.id {
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
      guard let step = Course.Step.allCases.first(where: { $0.action == entry.change.action }) else { return nil }
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

  /// What stands against disabling or archiving a key, with the key as it is now.
  package func guards(for key: APIKey) async throws(Problem) -> (guarded: Guard, course: Course) {
    let fresh = try await client.key(key.id)
    guard let course = try await courses(of: fresh).first else {
      throw Problem(
        "\(key.name) was not looked at", because: "it is in no list of keys", try: "See gatehouse keys list.")
    }
    var evidence = course.evidence
    // Silence that was seen says nothing of what came after it.
    evidence?.keyUse = KeyUse.byKey(try await usageByDay(of: "api_key_id"))[key.id]
    return (Guard(key: fresh, evidence: evidence, soak: course.soak, now: now()), course)
  }

  /// Turns the key off and reads it back.
  /// - Parameters:
  ///   - waiver: why a guard is set aside; kept in the journal.
  /// - Throws: ``Problem`` with every guard that stands against it, code `guarded`.
  package func disable(_ key: APIKey, isCopyKept: Bool, waiver: String?) async throws(Problem) -> APIKey {
    let (guarded, _) = try await guards(for: key)
    try Operations.pass(guarded.againstDisabling(isCopyKept: isCopyKept), waiver, "\(key.name) was not disabled")
    return try await change(guarded.key, to: .inactive, .disable, waiver)
  }

  /// Turns the key on again. Works at every step before archiving.
  package func rollBack(_ key: APIKey) async throws(Problem) -> APIKey {
    let fresh = try await client.key(key.id)
    guard fresh.status == .inactive || fresh.status == .active else {
      throw Problem(
        "\(key.name) was not turned on", because: "it is \(fresh.status.rawValue), for good",
        try: "Have a person make a new key in the Console.", code: "key_is_over")
    }
    return try await change(fresh, to: .active, .rollback, nil)
  }

  /// Archives a key that was disabled and watched.
  package func retire(_ key: APIKey, waiver: String?) async throws(Problem) -> APIKey {
    let (guarded, course) = try await guards(for: key)
    try Operations.pass(guarded.againstArchiving(disabledAt: course.disabledAt), waiver, "\(key.name) was not archived")
    return try await change(guarded.key, to: .archived, .archive, waiver)
  }

  private static func pass(_ refusals: [Guard.Refusal], _ waiver: String?, _ summary: String) throws(Problem) {
    let standing = refusals.filter { waiver == nil || !$0.isWaivable }
    guard !standing.isEmpty else { return }
    throw Problem(
      summary, because: standing.map { $0.text.dropLast() }.joined(separator: "; "),
      try: standing.contains { !$0.isWaivable }
        ? "Settle this first." : "Wait, or set it aside with --waive and a reason.",
      code: "guarded")
  }

  private func change(
    _ key: APIKey, to status: APIKey.Status, _ step: Course.Step, _ waiver: String?
  ) async throws(Problem) -> APIKey {
    var asked: JSON.Object = ["status": .string(status.rawValue)]
    if let waiver { asked["waiver"] = .string(waiver) }
    return try await journaled(
      step.action, target: key.id.description, before: ["status": .string(key.status.rawValue)], after: .object(asked)
    ) { () async throws(Problem) in
      if key.status != status { _ = try await client.updateKey(key.id, KeyUpdate(status: status)) }
      let read = try await client.key(key.id)
      // A dry run changes nothing, so it has nothing to read back; neither has a change that someone undid at once.
      return read
    }
  }
}
