package import Platform

/// One thing that is asked of a token or of the request that brings it, judged by itself.
package struct Check: Hashable, Sendable {
  package enum Outcome: Sendable {
    case passed, failed
    /// What it takes to judge is not known here.
    case unknown
  }

  /// What is judged: `token`, `rule_status`, `issuer_status`, `service_account`, `service_account_status`, `alg`, `kid`,
  /// `signature`, `issuer`, `sub`, `iat`, `exp`, `nbf`, `lifetime`, `subject_prefix`, `audience`, `claims.NAME`,
  /// `condition`, `workspace`, `membership`, `role` or `jti`.
  package let matcher: String
  package let outcome: Outcome
  /// In words or as the value itself; nil when there is none.
  package let expected, actual: String?
  /// What a person should know beside that: where two texts differ, what probably happened, what to do.
  package let note: String?
  /// The word for the history of exchanges, when it failed.
  package let reason: DenialReason?

  init(
    _ matcher: String, _ outcome: Outcome, expected: String?, actual: String?, note: String? = nil,
    reason: DenialReason
  ) {
    (self.matcher, self.outcome, self.expected, self.actual) = (matcher, outcome, expected, actual)
    (self.note, self.reason) = (note, outcome == .failed ? reason : nil)
  }

  init(
    _ matcher: String, _ holds: Bool, expected: String?, actual: String?, note: String? = nil, reason: DenialReason
  ) {
    self.init(matcher, holds ? .passed : .failed, expected: expected, actual: actual, note: note, reason: reason)
  }

  package var passed: Bool { outcome == .passed }
  package var failed: Bool { outcome == .failed }

  /// `passed` is null where it is not known.
  package var json: JSON {
    [
      "matcher": .string(matcher), "passed": outcome == .unknown ? .null : .bool(passed),
      "expected": JSON(expected), "actual": JSON(actual), "note": JSON(note),
    ]
  }
}

/// Why an exchange is refused, in the words of the authentication history. The platform publishes three of them
/// (`match_subject_prefix`, `workspace_id_required`, `jti_reused`); the others are this program's own.
package enum DenialReason: String, CaseIterable, Sendable {
  case malformedToken = "malformed_token"
  case ruleNotFound = "rule_not_found"
  case ruleArchived = "rule_archived"
  case issuerArchived = "issuer_archived"
  case accountMismatch = "service_account_mismatch"
  case accountArchived = "service_account_archived"
  case unsupportedAlgorithm = "unsupported_alg"
  case missingKeyID = "missing_kid"
  case unknownKeyID = "unknown_kid"
  case badSignature = "bad_signature"
  case issuerMismatch = "issuer_mismatch"
  case missingClaim = "missing_claim"
  case expired
  case notYetValid = "not_yet_valid"
  case lifetimeExceeded = "lifetime_exceeded"
  case subject = "match_subject_prefix"
  case audience = "match_audience"
  case claims = "match_claims"
  case condition = "match_condition"
  case workspaceRequired = "workspace_id_required"
  case workspaceNotEnabled = "workspace_not_enabled"
  case notMember = "not_workspace_member"
  case roleTooLow = "role_too_low"
  case tokenReused = "jti_reused"
}
