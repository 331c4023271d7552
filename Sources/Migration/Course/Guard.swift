package import FoundationEssentials
package import Platform

/// Reasons not to disable or to archive a key yet. Everything that is known goes in; nothing is assumed.
package struct Guard: Hashable, Sendable {
  /// A stable word, and a sentence for a person.
  package struct Refusal: Hashable, Sendable {
    package let code, text: String
    /// Whether a person may set it aside, with a reason that is kept.
    package let isWaivable: Bool

    package var json: JSON { ["code": .string(code), "message": .string(text), "waivable": .bool(isWaivable)] }
  }

  package let key: APIKey
  package let evidence: Evidence?
  package let soak: Soak
  package let now: Date

  package init(key: APIKey, evidence: Evidence?, soak: Soak, now: Date) {
    (self.key, self.evidence, self.soak, self.now) = (key, evidence, soak, now)
  }

  /// Reasons against disabling. Coming back needs the key's text, which only the stored copy has.
  /// - Parameter isCopyKept: whether a person says that the secret store still has the key.
  package func againstDisabling(isCopyKept: Bool) -> [Refusal] {
    var refusals: [Refusal] = []
    if key.status != .active {
      refusals.append(Refusal(code: "not_active", text: "It is \(key.status.rawValue), not active.", isWaivable: false))
    }
    guard let evidence else {
      // No data is not zero.
      return refusals + [
        Refusal(
          code: "no_evidence", text: "Nothing was verified: run gatehouse migrate verify first.", isWaivable: false)
      ]
    }
    if !evidence.isCutOver {
      refusals.append(
        Refusal(
          code: "not_cut_over", text: "The workload was not seen to federate and to be billed to its account.",
          isWaivable: true))
    }
    if evidence.silentDays < soak.silence {
      refusals.append(
        Refusal(
          code: "soak",
          text:
            "The key is silent for \(evidence.silentDays) days; its rhythm (\(soak.rhythm.rawValue)) asks for \(soak.silence).",
          isWaivable: true))
    }
    if evidence.isFailing {
      refusals.append(
        Refusal(
          code: "denied",
          text: "The last exchange of the workload was refused: it does not federate any more.", isWaivable: true))
    }
    if let moved = evidence.volume?.moved, moved < Guard.least {
      refusals.append(
        Refusal(
          code: "volume",
          text:
            "The account carries \(Int((moved * 100).rounded())) % of what the key did: a part may be forgotten or broken.",
          isWaivable: true))
    }
    if let expiry = key.expiresAt, expiry < now.addingTimeInterval(Double(soak.watch) * 86400) {
      refusals.append(
        Refusal(
          code: "expires_in_watch",
          text:
            "It expires \(expiry.columnText.prefix(10)), within the watch of \(soak.watch) days: there would be no way back.",
          isWaivable: true))
    }
    if !isCopyKept {
      refusals.append(
        Refusal(
          code: "copy_not_confirmed",
          text: "Nobody said that the stored copy is still there: without it, enabling the key again is of no use.",
          isWaivable: false))
    }
    return refusals
  }

  /// Below this part of the key's volume something is missing; what is above may be a quiet week.
  private static let least = 0.5

  /// Reasons against turning it off for a short while. The soak is no such reason: to find silent users sooner is what
  /// a brown-out is for.
  /// - Parameter seconds: how long.
  package func againstBrownOut(isCopyKept: Bool, seconds: Double) -> [Refusal] {
    let passing: Set<String> = ["soak", "expires_in_watch", "volume"]
    var refusals = againstDisabling(isCopyKept: isCopyKept).filter { !passing.contains($0.code) }
    if let expiry = key.expiresAt, expiry < now.addingTimeInterval(seconds + 86400) {
      refusals.append(
        Refusal(
          code: "expires_in_watch", text: "It expires \(expiry.columnText.prefix(16)): there would be no way back.",
          isWaivable: false))
    }
    return refusals
  }

  /// Reasons against archiving, which cannot be undone.
  /// - Parameter disabledAt: when this program disabled it; nil when it did not.
  package func againstArchiving(disabledAt: Date?) -> [Refusal] {
    guard key.status == .inactive, let disabledAt else {
      return [
        Refusal(code: "not_disabled", text: "It is archived only after it was disabled and watched.", isWaivable: false)
      ]
    }
    let days = Int(now.timeIntervalSince(disabledAt) / 86400)
    guard days < soak.watch else { return [] }
    return [
      Refusal(
        code: "watch", text: "It is disabled for \(days) days; the watch is \(soak.watch).", isWaivable: days >= 1)
    ]
  }
}
