package import FoundationEssentials
package import Platform

/// That somebody decided to live with a finding of one rule, why, and until when.
package struct Acceptance: Hashable, Sendable {
  package let findingID: String
  package let ruleID: String
  package let reason: String
  package let expiresAt: Date
  package let acceptedAt: Date
  /// What the rule matched then: once it is changed, the acceptance no longer holds.
  package let match: FederationRule.Match

  /// - Throws: a problem when there is no reason, or the date is past or more than a year away.
  package init(
    findingID: String, ruleID: String, match: FederationRule.Match, reason: String, until expiresAt: Date, at now: Date
  ) throws(Problem) {
    let summary = "\(findingID) was not accepted"
    guard Catalogue.risk(findingID) != nil else {
      throw Problem(summary, because: "no finding has this code", try: "See rules lint.", kind: .usage)
    }
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw Problem(summary, because: "there is no reason", try: "Say why it is fine for now.", kind: .usage)
    }
    guard expiresAt > now, expiresAt.timeIntervalSince(now) <= 366 * 86400 else {
      throw Problem(
        summary, because: "it must end within a year from now", try: "Give a date until when it is fine.", kind: .usage)
    }
    (self.findingID, self.ruleID, self.match, self.reason) = (findingID, ruleID, match, reason)
    (self.expiresAt, acceptedAt) = (expiresAt, now)
  }

  package init(json: JSON) throws(Undecodable) {
    findingID = try json.text("finding_id")
    ruleID = try json.text("rule_id")
    reason = try json.text("reason")
    expiresAt = try json.time("expires_at")
    acceptedAt = try json.time("accepted_at")
    match = .init(json: json["match"] ?? .null)
  }

  package var json: JSON {
    [
      "finding_id": .string(findingID), "rule_id": .string(ruleID), "reason": .string(reason),
      "expires_at": JSON(expiresAt), "accepted_at": JSON(acceptedAt), "match": match.json,
    ]
  }

  package enum State: String, Sendable { case holds, expired, changed }

  /// Whether it still holds for a rule that has this match now.
  package func state(for match: FederationRule.Match, at now: Date) -> State {
    if now >= expiresAt { return .expired }
    return match == self.match ? .holds : .changed
  }
}

extension [Acceptance] {
  /// The findings that nobody accepted, and those that somebody did with what they said.
  package func split(
    _ findings: [Finding], ruleID: String, match: FederationRule.Match, at now: Date
  ) -> (open: [Finding], accepted: [(finding: Finding, acceptance: Acceptance)]) {
    var open: [Finding] = []
    var accepted: [(finding: Finding, acceptance: Acceptance)] = []
    for finding in findings {
      let acceptance = last {
        $0.ruleID == ruleID && $0.findingID == finding.id && $0.state(for: match, at: now) == .holds
      }
      if let acceptance { accepted.append((finding, acceptance)) } else { open.append(finding) }
    }
    return (open, accepted)
  }
}
