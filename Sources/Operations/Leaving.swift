internal import FoundationEssentials
package import Migration
package import Platform
internal import Storage

/// A key's way out: a short brown-out, disabling, archiving, and the way back until then. One process at a time takes a
/// step, each is journaled before and after, and one that was stopped in the middle is settled by the next.
extension Operations {
  /// What stands against disabling or archiving a key, with the key as it is now.
  package func guards(for key: APIKey) async throws(Problem) -> (guarded: Guard, course: Course) {
    let fresh = try await client.key(key.id)
    guard let course = try await courses(of: fresh).first else {
      throw Problem(
        "\(key.name) was not looked at", because: "it is in no list of keys", try: "See gatehouse keys list.")
    }
    var evidence = course.evidence
    // Silence that was seen says nothing of what came after it.
    evidence?.keyUse = try await use(of: key)
    return (Guard(key: fresh, evidence: evidence, soak: course.soak, now: now()), course)
  }

  /// Turns the key off and reads it back.
  /// - Parameters:
  ///   - waiver: why a guard is set aside; kept in the journal.
  /// - Throws: ``Problem`` with every guard that stands against it, code `guarded`.
  package func disable(_ key: APIKey, isCopyKept: Bool, waiver: String?) async throws(Problem) -> APIKey {
    try await step(of: key, "\(key.name) was not disabled") { (guarded, course) throws(Problem) in
      // A step that was stopped behind its request is done.
      if guarded.key.status == .inactive, course.disabledAt != nil { return guarded.key }
      try Operations.pass(guarded.againstDisabling(isCopyKept: isCopyKept), waiver, "\(key.name) was not disabled")
      return try await change(guarded.key, to: .inactive, .disable, waiver)
    }
  }

  /// Turns the key off for a while. Who still uses it notices, and ``endBrownOut(_:)`` turns it on again at the end.
  /// - Returns: where the key stands, with the end of it.
  package func brownOut(
    _ key: APIKey, seconds: Double, isCopyKept: Bool, waiver: String?
  ) async throws(Problem) -> Course {
    try await step(of: key, "\(key.name) was not turned off") { (guarded, course) throws(Problem) in
      if course.brownOutEnd != nil { return course }
      let refusals = guarded.againstBrownOut(isCopyKept: isCopyKept, seconds: seconds)
      try Operations.pass(refusals, waiver, "\(key.name) was not turned off")
      let until = now().addingTimeInterval(seconds)
      let off = try await change(guarded.key, to: .inactive, .brownOut, waiver, more: ["until": JSON(until)])
      return try self.course(of: off, soak: course.soak)
    }
  }

  /// Ends a brown-out; what was seen before it still counts.
  package func endBrownOut(_ key: APIKey) async throws(Problem) -> APIKey {
    try await step(of: key, "\(key.name) was not turned on") { (guarded, course) throws(Problem) in
      guard course.brownOutEnd != nil else { return guarded.key }
      return try await change(guarded.key, to: .active, .restore, nil)
    }
  }

  /// Turns the key on again. Works at every step before archiving.
  package func rollBack(_ key: APIKey) async throws(Problem) -> APIKey {
    try await step(of: key, "\(key.name) was not turned on") { (guarded, course) throws(Problem) in
      let fresh = guarded.key
      guard fresh.status == .inactive || fresh.status == .active else {
        throw Problem(
          "\(key.name) was not turned on", because: "it is \(fresh.status.rawValue), for good",
          try: "Have a person make a new key in the Console.", code: "key_is_over")
      }
      if fresh.status == .active, course.state(at: now()) == .rolledBack { return fresh }
      return try await change(fresh, to: .active, .rollback, nil)
    }
  }

  /// Archives a key that was disabled and watched.
  package func retire(_ key: APIKey, waiver: String?) async throws(Problem) -> APIKey {
    try await step(of: key, "\(key.name) was not archived") { (guarded, course) throws(Problem) in
      if guarded.key.status == .archived { return guarded.key }
      try Operations.pass(
        guarded.againstArchiving(disabledAt: course.disabledAt), waiver, "\(key.name) was not archived")
      return try await change(guarded.key, to: .archived, .archive, waiver)
    }
  }

  /// Takes a step with the key as it is now, while no other process does, and behind those that were stopped.
  private func step<Answer: Sendable>(
    of key: APIKey, _ failure: String, _ body: (Guard, Course) async throws(Problem) -> Answer
  ) async throws(Problem) -> Answer {
    guard let claim = try storage.claimSteps() else {
      throw Problem(
        failure, because: "another gatehouse is taking a step of this profile's migration", try: "Wait for it.",
        kind: .local, code: "step_under_way")
    }
    try settleStopped(try await client.key(key.id), claim)
    let (guarded, course) = try await guards(for: key)
    let answer = try await body(guarded, course)
    withExtendedLifetime(claim) {}
    return answer
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
    _ key: APIKey, to status: APIKey.Status, _ step: Course.Step, _ waiver: String?, more: JSON.Object = [:]
  ) async throws(Problem) -> APIKey {
    var asked: JSON.Object = ["status": .string(status.rawValue)]
    for (name, value) in more { asked[name] = value }
    if let waiver { asked["waiver"] = .string(waiver) }
    return try await journaled(
      step.action, target: key.id.description, before: ["status": .string(key.status.rawValue)], after: .object(asked)
    ) { () async throws(Problem) in
      if key.status != status { try await set(key, status) }
      let read = try await client.key(key.id)
      guard read.status == status else {
        throw Problem(
          "\(key.name) did not become \(status.rawValue)",
          because: "it is \(read.status.rawValue): somebody changed it",
          try: "See who: gatehouse audit query --filter key:\(key.id).", code: "changed_meanwhile")
      }
      return read
    }
  }

  /// A limit of active keys can stand in the way back.
  private func set(_ key: APIKey, _ status: APIKey.Status) async throws(Problem) {
    do throws(Problem) {
      _ = try await client.updateKey(key.id, KeyUpdate(status: status))
    } catch {
      guard error.code.hasSuffix("key_limit_exceeded") else { throw error }
      throw Problem(
        "\(key.name) was not turned on", because: "the limit of active keys is reached",
        try: "Disable another idle key first, or have a person issue a service account key that expires soon.",
        code: error.code, status: error.status, requestID: error.requestID)
    }
  }
}
