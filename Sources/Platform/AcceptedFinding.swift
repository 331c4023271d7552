package import FoundationEssentials

/// A finding of a rule that somebody knows of and lives with, for a reason and for a time.
package struct AcceptedFinding: Hashable, Sendable {
  /// Its code: `GH005`.
  package let code: String
  package let ruleID: ID<FederationRule>
  /// What the rule matched then: once that is changed, nobody has accepted what it has become.
  package let match: FederationRule.Match
  package let reason: String
  /// Who accepted it.
  package let who: String
  package let at: Date
  package let expiresAt: Date

  package init(
    code: String, ruleID: ID<FederationRule>, match: FederationRule.Match, reason: String, who: String, at: Date,
    expiresAt: Date
  ) {
    (self.code, self.ruleID, self.match, self.reason) = (code, ruleID, match, reason)
    (self.who, self.at, self.expiresAt) = (who, at, expiresAt)
  }

  package enum Standing: String, Sendable { case holds, expired, changed }

  /// Whether it still holds for a rule that has this match now.
  package func standing(for match: FederationRule.Match, at now: Date) -> Standing {
    if now >= expiresAt { return .expired }
    return match == self.match ? .holds : .changed
  }

  package var json: JSON {
    [
      "finding_id": .string(code), "rule_id": JSON(ruleID), "reason": .string(reason), "accepted_by": .string(who),
      "accepted_at": JSON(at), "expires_at": JSON(expiresAt),
    ]
  }
}
