package import FoundationEssentials
package import Platform

/// How far a key is on its way out. It is not kept anywhere: the journal's steps and the key's own status give it, so
/// a stop between two steps leaves nothing to repair.
package struct Course: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case inUse = "IN-USE"
    case planned = "PLANNED"
    case soaking = "SOAKING"
    /// Off for a short while, to find who still uses it.
    case brownOut = "BROWN-OUT"
    case readyToDisable = "READY-TO-DISABLE"
    case watching = "WATCHING"
    case watched = "WATCHED"
    case rolledBack = "ROLLED-BACK"
    case retired = "RETIRED"
  }

  package enum Step: String, Hashable, Sendable, CaseIterable {
    case plan, patch, verify, disable, rollback, archive
    /// Turns the key off for a while, and ``restore`` on again when that is over.
    case brownOut = "brownout"
    case restore

    /// As the journal names it.
    package var action: String { "migrate." + rawValue }

    package init?(action: String) {
      guard let step = Step.allCases.first(where: { $0.action == action }) else { return nil }
      self = step
    }

    /// Whether a key with this status is as the step asks for.
    package func fits(_ status: APIKey.Status) -> Bool {
      switch self {
      case .disable, .brownOut: status == .inactive || status == .archived
      case .rollback, .restore: status == .active
      case .archive: status == .archived
      case .plan, .patch, .verify: true
      }
    }
  }

  /// One step of one key, as the journal has it.
  package struct Taken: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable { case open, done, failed }
    package let step: Step
    package let at: Date
    package let who: String
    package let outcome: Outcome
    /// What was asked for or seen.
    package let record: JSON?
    package let requestID: String?

    package init(
      _ step: Step, at: Date, who: String, outcome: Outcome = .done, record: JSON? = nil, requestID: String? = nil
    ) {
      (self.step, self.at, self.who, self.outcome) = (step, at, who, outcome)
      (self.record, self.requestID) = (record, requestID)
    }
  }

  package let key: APIKey
  /// Oldest first.
  package let steps: [Taken]
  package let soak: Soak

  package init(key: APIKey, steps: [Taken], soak: Soak) {
    (self.key, self.soak) = (key, soak)
    self.steps = steps.sorted { $0.at < $1.at }
  }

  private func last(_ step: Step) -> Taken? {
    steps.last { taken in
      guard taken.step == step else { return false }
      // A change whose answer was lost counts when the key stands as it was asked to.
      return taken.outcome == .done || (taken.outcome == .open && step.fits(key.status))
    }
  }

  /// When a brown-out that goes on is to end; it may be past, when the program that was to end it was stopped.
  package var brownOutEnd: Date? {
    guard key.status == .inactive, let off = last(.brownOut) else { return nil }
    let others = [last(.restore), last(.rollback), last(.disable)]
    guard others.allSatisfy({ ($0?.at ?? .distantPast) <= off.at }) else { return nil }
    return off.record?.optionalTime("until") ?? off.at
  }

  /// When this program last disabled the key, unless it was turned on again since.
  package var disabledAt: Date? {
    guard let disabled = last(.disable) else { return nil }
    if let back = last(.rollback), back.at > disabled.at { return nil }
    return disabled.at
  }

  package func state(at now: Date) -> State {
    if key.status == .archived || key.status == .expired { return .retired }
    if key.status == .inactive {
      if brownOutEnd != nil { return .brownOut }
      guard let disabledAt else { return .watching }
      return now.timeIntervalSince(disabledAt) < Double(soak.watch) * 86400 ? .watching : .watched
    }
    let verified = last(.verify)
    if let back = last(.rollback), back.at > (verified?.at ?? .distantPast) { return .rolledBack }
    if let verified, verified.record?["cut_over"]?.bool == true {
      return (verified.record?["silent_days"]?.int ?? 0) >= soak.silence ? .readyToDisable : .soaking
    }
    return last(.plan) == nil && last(.patch) == nil && verified == nil ? .inUse : .planned
  }

  /// What was verified last. Nothing from before the key was turned on again counts: it proved to be wrong.
  package var evidence: Evidence? {
    guard let verified = last(.verify), verified.at >= (last(.rollback)?.at ?? .distantPast) else { return nil }
    return verified.record.flatMap(Evidence.init)
  }

  /// What to do next, as a command; `PATH` and `ID` stand for what is not known here. Nil when nothing is left.
  package func command(at now: Date) -> String? {
    switch state(at: now) {
    case .inUse: "gatehouse migrate plan PATH"
    case .planned, .rolledBack, .soaking:
      "gatehouse migrate verify \(key.id) --rule \(evidence?.ruleID?.description ?? "ID")"
    case .readyToDisable: "gatehouse migrate disable \(key.id) --copy-kept"
    case .brownOut, .watching: "gatehouse migrate rollback \(key.id)"
    case .watched: "gatehouse migrate archive \(key.id)"
    case .retired: nil
    }
  }

  /// ``command(at:)`` with when to give it.
  package func next(at now: Date) -> String {
    guard let command = command(at: now) else { return "Delete the stored copies." }
    return switch state(at: now) {
    case .soaking: command + ", when the soak of \(soak.silence) days is over"
    case .watching: command + ", if anything breaks"
    case .brownOut:
      if let end = brownOutEnd, end <= now {
        command + ": the brown-out was to end at \(end.columnText) UTC, and the key is still off"
      } else {
        command + ", if anything breaks; it is on again by itself at \(brownOutEnd?.columnText ?? "its end") UTC"
      }
    default: command
    }
  }
}
