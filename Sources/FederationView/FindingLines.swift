import Federation
import Interface
import Platform

extension Rules {
  /// A finding as people read it: how bad, what, who would get in, what to do.
  /// - Parameter own: claims of the workload that is meant, where they are known.
  static func lines(for finding: Finding, unlike own: JSON? = nil) -> [Pager.Line] {
    var lines = indented(
      "\(mark(finding.severity)) \(finding.severity.rawValue) \(finding.id)  \(finding.message)", by: 2,
      role: role(of: finding.severity))
    if let witness = finding.witness { lines += indented("gets in: \(telling(witness, unlike: own))", by: 6) }
    return lines + indented("mend: \(finding.remedy)", by: 6, role: .dim)
  }

  /// The claims of a token that say who brings it: of a whole token few do, and those that everyone has say nothing.
  static func telling(_ witness: JSON, unlike own: JSON?) -> String {
    let silent = [
      "iss", "iat", "nbf", "exp", "jti", "sha", "run_id", "run_number", "run_attempt", "check_run_id", "workflow_ref",
      "workflow_sha", "job_workflow_sha", "repository_visibility", "runner_environment", "workflow", "job_id",
      "pipeline_id",
    ]
    let claims = (witness.object ?? [:]).filter { claim in
      !silent.contains(claim.key) && claim.value != "" && (claim.key == "sub" || own?[claim.key] != claim.value)
        && (claim.key != "aud" || claim.value != .string(serviceAudience))
    }
    return claims.prefix(6).map { "\($0.key)=\($0.value.string ?? $0.value.compact)" }.joined(separator: "  ")
  }

  /// Wrapped, every line begun by so many blanks.
  static func indented(_ text: String, by indent: Int, role: Role = .text) -> [Pager.Line] {
    Text.wrapped(text, to: pageWidth - indent).map {
      Pager.Line(String(repeating: " ", count: indent) + $0, role: role)
    }
  }

  static func role(of severity: Severity) -> Role {
    switch severity {
    case .critical, .high: .danger
    case .medium: .warning
    case .low, .info: .dim
    }
  }

  /// Meaning is never in colour alone.
  static func mark(_ severity: Severity) -> String {
    switch severity {
    case .critical: "‼"
    case .high: "!"
    case .medium: "▲"
    case .low: "·"
    case .info: "i"
    }
  }
}
