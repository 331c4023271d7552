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
  /// Of a condition: what it is joined from, in the order of its text.
  package let parts: [Part]
  /// The word for the history of exchanges, when it failed.
  package let reason: DenialReason?

  /// A part of a condition that stands for itself: a comparison, a call, a claim, a macro.
  package struct Part: Hashable, Sendable {
    package let text: String
    /// Nil for an error.
    package let outcome: Bool?
    /// Whether it made the condition what it is.
    package let isDecisive: Bool
    /// The values it saw and how near they came. Fit to be drawn.
    package let remarks: [String]
    /// Of a macro: the body for the element that decided.
    package let parts: [Part]

    package var json: JSON {
      [
        "text": .string(text), "outcome": outcome.map(JSON.bool) ?? "error", "decisive": .bool(isDecisive),
        "remarks": .array(remarks.map(JSON.string)), "parts": .array(parts.map(\.json)),
      ]
    }
  }

  init(
    _ matcher: String, _ outcome: Outcome, expected: String?, actual: String?, note: String? = nil,
    parts: [Part] = [], reason: DenialReason
  ) {
    (self.matcher, self.outcome, self.expected, self.actual) = (matcher, outcome, expected, actual)
    (self.note, self.parts, self.reason) = (note, parts, outcome == .failed ? reason : nil)
  }

  init(
    _ matcher: String, _ holds: Bool, expected: String?, actual: String?, note: String? = nil, parts: [Part] = [],
    reason: DenialReason
  ) {
    self.init(
      matcher, holds ? .passed : .failed, expected: expected, actual: actual, note: note, parts: parts, reason: reason)
  }

  package var passed: Bool { outcome == .passed }
  package var failed: Bool { outcome == .failed }

  /// `{"matcher","passed","expected","actual","note"}`, and `parts` where there are some. `passed` is null where it is
  /// not known.
  package var json: JSON {
    var object: JSON.Object = [
      "matcher": .string(matcher), "passed": outcome == .unknown ? .null : .bool(passed),
      "expected": JSON(expected), "actual": JSON(actual), "note": JSON(note),
    ]
    if !parts.isEmpty { object["parts"] = .array(parts.map(\.json)) }
    return .object(object)
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
