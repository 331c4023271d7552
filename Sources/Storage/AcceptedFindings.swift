internal import FoundationEssentials
internal import GRDB
package import Platform

extension Storage {
  /// Accepts a finding, in place of what was accepted before.
  package func accept(_ finding: AcceptedFinding) throws(Problem) {
    try write("The finding was not accepted") { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO accepted (code, target, match, reason, who, at, expires_at)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          finding.code, finding.ruleID.description, finding.match.json.compact, finding.reason, finding.who,
          finding.at.microseconds, finding.expiresAt.microseconds,
        ])
    }
  }

  package func withdrawAcceptance(of code: String, on rule: ID<FederationRule>) throws(Problem) {
    try write("The acceptance was not withdrawn") { database in
      try database.execute(
        sql: "DELETE FROM accepted WHERE code = ? AND target = ?", arguments: [code, rule.description])
    }
  }

  /// By rule and code, those that no longer hold included: see ``AcceptedFinding/standing(for:at:)``.
  package func acceptedFindings() throws(Problem) -> [AcceptedFinding] {
    try read("The accepted findings were not read") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT code, target, match, reason, who, at, expires_at FROM accepted
          WHERE expires_at IS NOT NULL ORDER BY target, code
          """
      ).compactMap { row in
        guard let ruleID = try? ID<FederationRule>(row[1]), let match = try? JSON(parsing: row[2] as String) else {
          return nil
        }
        return AcceptedFinding(
          code: row[0], ruleID: ruleID, match: .init(json: match), reason: row[3], who: row[4],
          at: Date(microseconds: row[5]), expiresAt: Date(microseconds: row[6]))
      }
    }
  }
}
