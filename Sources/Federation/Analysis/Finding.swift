package import Platform

/// How much a stranger gains.
package enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Advice; never counts as a warning.
  case info
  /// The rule does not work, or a matter of hygiene.
  case low
  /// One more condition is needed, or the privileges are larger than necessary.
  case medium
  /// Many identities inside the organisation get in, or a stranger with one easy step.
  case high
  /// Strangers from outside the organisation get in.
  case critical

  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
  private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}

/// One thing that is wrong with one rule.
package struct Finding: Hashable, Sendable {
  /// The code of the ``Risk`` in the catalogue, `GH005`.
  package let id: String
  package let severity: Severity
  /// The part of the rule that it is about: `subject_prefix`, `claims.ref`, `condition`, `issuer.check_jti` …
  package let field: String
  /// What is wrong, in one or two sentences.
  package let message: String
  package let remedy: String
  /// Claims that the rule accepts and its owner did not mean, where some could be made.
  package var witness: JSON?

  package init(
    id: String, severity: Severity, field: String, message: String, remedy: String, witness: JSON? = nil
  ) {
    (self.id, self.severity, self.field, self.message) = (id, severity, field, message)
    (self.remedy, self.witness) = (remedy, witness)
  }

  package var json: JSON {
    [
      "id": .string(id), "severity": .string(severity.rawValue), "field": .string(field),
      "message": .string(message), "remedy": .string(remedy), "witness": witness ?? .null,
    ]
  }
}
