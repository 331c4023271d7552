package import FoundationEssentials
internal import GRDB
package import Platform

/// A finding that a person knows of and lives with, for a reason and mostly for a time.
package struct AcceptedFinding: Hashable, Sendable {
  /// Its code: `GH005`.
  package let code: String
  /// What it was found on: the identifier of a rule, an issuer, an account.
  package let target: String
  package let reason: String
  /// Who accepted it.
  package let who: String
  package let at: Date
  /// nil when it holds until it is withdrawn.
  package let expiresAt: Date?

  package init(code: String, target: String, reason: String, who: String, at: Date, expiresAt: Date?) {
    (self.code, self.target, self.reason, self.who) = (code, target, reason, who)
    (self.at, self.expiresAt) = (at, expiresAt)
  }

  package func holds(at now: Date) -> Bool { expiresAt.map { now < $0 } ?? true }
}

extension Storage {
  /// Accepts a finding, in place of what was accepted before.
  package func accept(_ finding: AcceptedFinding) throws(Problem) {
    try write("The finding was not accepted") { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO accepted (code, target, reason, who, at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          finding.code, finding.target, finding.reason, finding.who, finding.at.microseconds,
          finding.expiresAt?.microseconds,
        ])
    }
  }

  package func withdrawAcceptance(of code: String, on target: String) throws(Problem) {
    try write("The acceptance was not withdrawn") { database in
      try database.execute(sql: "DELETE FROM accepted WHERE code = ? AND target = ?", arguments: [code, target])
    }
  }

  /// By target and code, those that ran out included: see ``AcceptedFinding/holds(at:)``.
  package func acceptedFindings() throws(Problem) -> [AcceptedFinding] {
    try read("The accepted findings were not read") { database in
      try Row.fetchAll(
        database, sql: "SELECT code, target, reason, who, at, expires_at FROM accepted ORDER BY target, code"
      ).map { row in
        AcceptedFinding(
          code: row[0], target: row[1], reason: row[2], who: row[3], at: Date(microseconds: row[4]),
          expiresAt: (row[5] as Int64?).map(Date.init(microseconds:)))
      }
    }
  }
}
