package import FoundationEssentials
internal import GRDB
package import Platform

/// One change that this program made, or tried to make, on the platform: what `gatehouse` did, as against the audit
/// log, which says what the platform saw.
package struct Change: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    /// Sent, and not answered: after a crash nobody here knows whether it happened.
    case open
    case done
    /// Refused or failed, in one line.
    case failed(String)
  }

  package var at: Date
  /// Who was signed in: an e-mail address, or the profile.
  package var who: String
  /// What was done, as the command line names it: `rules.update`.
  package var action: String
  /// The identifier of what it was done to, where there is one yet.
  package var target: String?
  /// What stood there, and what was to stand there.
  package var before, after: JSON?
  /// The command that does the same.
  package var command: String?
  package var requestID: String?
  package var outcome = Outcome.open

  package init(
    at: Date, who: String, action: String, target: String? = nil, before: JSON? = nil, after: JSON? = nil,
    command: String? = nil
  ) {
    (self.at, self.who, self.action, self.target) = (at, who, action, target)
    (self.before, self.after, self.command) = (before, after, command)
  }
}

/// A change in the journal.
package struct JournalEntry: Hashable, Sendable {
  /// Counts up.
  package let number: Int64
  package let change: Change
  package init(number: Int64, change: Change) { (self.number, self.change) = (number, change) }
}

extension Storage {
  /// Writes a change down before its request is sent, so that none is made that is not in the journal.
  /// - Returns: its number, for ``settle(_:_:target:after:requestID:)``.
  package func record(_ change: Change) throws(Problem) -> Int64 {
    try write("The change was not written to the journal, and not made") { database in
      try database.execute(
        sql: """
          INSERT INTO journal (at, who, action, target, before, after, command, request_id, outcome, failure)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          change.at.microseconds, change.who, change.action, change.target, change.before?.compact,
          change.after?.compact, change.command, change.requestID, change.outcome.word, change.outcome.failure,
        ])
      return database.lastInsertedRowID
    }
  }

  /// Writes down how a change ended.
  /// - Parameters:
  ///   - target: of what was made; nil leaves what was recorded.
  ///   - after: as the platform answered; nil leaves what was asked for.
  package func settle(
    _ number: Int64, _ outcome: Change.Outcome, target: String? = nil, after: JSON? = nil, requestID: String? = nil
  ) throws(Problem) {
    try write("The outcome of the change was not written to the journal") { database in
      try database.execute(
        sql: """
          UPDATE journal SET outcome = ?, failure = ?, target = coalesce(?, target), after = coalesce(?, after),
            request_id = coalesce(?, request_id) WHERE number = ?
          """,
        arguments: [outcome.word, outcome.failure, target, after?.compact, requestID, number])
    }
  }

  /// The newest first.
  /// - Parameters:
  ///   - number: of the last one of the page before.
  ///   - target: only changes of this one.
  package func journal(
    before number: Int64? = nil, target: String? = nil, limit: Int
  ) throws(Problem) -> [JournalEntry] {
    try entries(
      "WHERE number < ? AND (?2 IS NULL OR target = ?2) ORDER BY number DESC LIMIT ?3", [number ?? .max, target, limit])
  }

  /// Changes whose outcome was never written down, the oldest first.
  package func openChanges() throws(Problem) -> [JournalEntry] {
    try entries("WHERE outcome = 'open' ORDER BY number", [])
  }

  private func entries(_ condition: String, _ arguments: StatementArguments) throws(Problem) -> [JournalEntry] {
    try read("The journal was not read") { database in
      try Row.fetchAll(database, sql: "SELECT * FROM journal " + condition, arguments: arguments).map { row in
        func json(_ column: String) throws -> JSON? { try (row[column] as String?).map { try JSON(parsing: $0) } }
        var change = Change(
          at: Date(microseconds: row["at"]), who: row["who"], action: row["action"], target: row["target"],
          before: try json("before"), after: try json("after"), command: row["command"])
        change.requestID = row["request_id"]
        change.outcome = Change.Outcome(word: row["outcome"], failure: row["failure"])
        return JournalEntry(number: row["number"], change: change)
      }
    }
  }
}

extension Change.Outcome {
  fileprivate init(word: String, failure: String?) {
    self =
      switch word {
      case "done": .done
      case "failed": .failed(failure ?? "")
      default: .open
      }
  }

  fileprivate var word: String {
    switch self {
    case .open: "open"
    case .done: "done"
    case .failed: "failed"
    }
  }

  fileprivate var failure: String? { if case .failed(let line) = self { line } else { nil } }
}
