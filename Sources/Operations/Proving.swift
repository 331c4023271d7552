package import FoundationEssentials
package import Migration
package import Platform
internal import Storage

/// Proof that a workload federates and that its key is silent.
extension Operations {
  /// Looks for the workload's exchanges, the tokens billed to its account and the key's silence, and writes down what
  /// was seen. The workload's own tokens, which can be used once, are never touched.
  /// - Parameters:
  ///   - since: of the change; exchanges before it prove nothing.
  ///   - source: which source of credentials won inside the workload, as a person saw it there.
  package func verify(
    _ key: APIKey, rule: FederationRule, since: Date, source: String? = nil
  ) async throws(Problem) -> Evidence {
    let evidence = try await look(at: key, rule: rule, since: since, source: source)
    try keep(evidence, of: key)
    return evidence
  }

  /// Looks again and again until the workload is seen to federate, or until the deadline. What was seen last is written
  /// down, also when somebody cannot wait any longer.
  /// - Parameters:
  ///   - interval: the usage report may be asked once a minute, and trails by about five.
  ///   - sleep: throws when it is interrupted.
  ///   - progress: told of every look, and of one that failed and is made again.
  /// - Throws: ``Problem`` of kind `.interrupted` when the sleep was.
  package func watch(
    _ key: APIKey, rule: FederationRule, since: Date, source: String? = nil, until deadline: Date,
    every interval: Duration, sleep: (Duration) async throws -> Void, progress: (Result<Evidence, Problem>) -> Void
  ) async throws(Problem) -> Evidence {
    var last: Evidence?
    while true {
      do throws(Problem) {
        let evidence = try await look(at: key, rule: rule, since: since, source: source)
        last = evidence
        progress(.success(evidence))
        if evidence.isProven || now() >= deadline {
          try keep(evidence, of: key)
          return evidence
        }
      } catch {
        // The next look may succeed, but not after the deadline.
        guard error.kind == .unavailable, now() < deadline else { throw error }
        progress(.failure(error))
      }
      do { try await sleep(interval) } catch {
        if let last { try keep(last, of: key) }
        throw Problem(
          "The watch was not finished", because: "it was interrupted",
          try: last == nil
            ? "Run it again." : "What was seen so far is in the journal: gatehouse migrate status \(key.id).",
          kind: .interrupted)
      }
    }
  }

  private func keep(_ evidence: Evidence, of key: APIKey) throws(Problem) {
    try writeDown(.verify, of: key, record: evidence.json)
  }

  private func look(
    at key: APIKey, rule: FederationRule, since: Date, source: String?
  ) async throws(Problem) -> Evidence {
    _ = try await sync(since: since)
    let end = now()
    let start = end.addingTimeInterval(-Double(Operations.usageHistory) * 86400)
    var evidence = Evidence(
      at: end, keyID: key.id, ruleID: rule.id, accountID: rule.accountID, readFrom: max(start, key.createdAt))
    (evidence.source, evidence.ruleMatch) = (source, rule.match.json)
    for activity in try await exchanges(of: rule, since: since) { evidence.add(activity) }
    evidence.keyUse = try await use(of: key)
    try await addVolume(to: &evidence, since: since)
    try await addWorkspaces(to: &evidence, of: try await client.key(key.id), since: since)
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

  /// E2 and E4: what the account carries since the change, and the key before it.
  private func addVolume(to evidence: inout Evidence, since: Date) async throws(Problem) {
    let disabledAt = try course(of: try await client.key(evidence.keyID), soak: Soak(use: nil, history: 0)).disabledAt
    var start = since.addingTimeInterval(-Volume.lead)
    if let disabledAt { start = min(start, disabledAt.addingTimeInterval(-7 * 86400)) }
    // Hours as long as the change is young: in days it would be on the day that is left out.
    let isYoung = evidence.at.timeIntervalSince(min(since, disabledAt ?? since)) <= 7 * 86400
    let buckets = try await usageByDay(
      of: "api_key_id", "service_account_id", "model", since: start, bucket: isYoung ? .hour : .day)
    let after = buckets.filter { $0.endingAt > since }.flatMap(\.results)
    evidence.accountTokens = after.reduce(0) {
      // A key of the account's own would be billed to it too.
      $0 + ($1.accountID == evidence.accountID && $1.keyID == nil ? $1.tokens.total : 0)
    }
    evidence.volume = Volume(
      buckets, key: evidence.keyID, account: evidence.accountID, changedAt: since, end: evidence.at)
    if let disabledAt {
      evidence.aftermath = Aftermath(
        buckets, account: evidence.accountID, disabledAt: disabledAt, end: evidence.at,
        denials: evidence.lastDenial.map { $0 > disabledAt ? evidence.denials : 0 } ?? 0)
    }
  }

  /// E6: where the account's calls count. The classic report has no name for the default workspace.
  private func addWorkspaces(
    to evidence: inout Evidence, of key: APIKey, since: Date
  ) async throws(Problem) {
    guard let own = key.workspaceID else { return }
    let results = try await usageByDay(of: "api_key_id", "service_account_id", "workspace_id", since: since).flatMap(
      \.results)
    let mine = results.filter { $0.accountID == evidence.accountID && $0.keyID == nil && $0.tokens.total > 0 }
    guard !mine.isEmpty else { return }
    var names = Set(mine.compactMap(\.workspaceID?.description))
    if mine.contains(where: { $0.workspaceID == nil }) {
      guard let standard = try? await workspace("default") else { return }
      names.insert(standard.id.description)
    }
    (evidence.workspaces, evidence.keyWorkspace) = (names.sorted(), own.description)
  }
}

extension Evidence {
  /// E1, or a refusal.
  fileprivate mutating func add(_ activity: Activity) {
    let at = activity.createdAt
    guard !activity.isDenied else {
      denials += 1
      denialReasons[activity.reason ?? "unknown", default: 0] += 1
      lastDenial = max(lastDenial ?? at, at)
      return
    }
    exchanges += 1
    firstExchange = min(firstExchange ?? at, at)
    lastExchange = max(lastExchange ?? at, at)
    if let subject = activity.json.at("event_data.oidc_token.claims.sub")?.string, subjects.count < 3,
      !subjects.contains(subject)
    {
      subjects.append(subject)
    }
    if requestIDs.count < 5,
      let id = activity.json.at("event_data.request_id")?.string ?? activity.json["request_id"]?.string
    {
      requestIDs.append(id)
    }
  }
}
