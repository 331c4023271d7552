internal import GRDB
package import Platform

/// How far a receiver has come: it has had all arrivals (``StoredActivity/row``) from `oldest` to `newest`.
package struct ForwardPosition: Hashable, Sendable {
  package let newest: Int64
  /// The least there can be for one that wants no history.
  package let oldest: Int64
  package init(newest: Int64, oldest: Int64) { (self.newest, self.oldest) = (newest, oldest) }
}

extension Storage {
  /// What a receiver has confirmed; nil for a new one.
  package func position(of receiver: String) throws(Problem) -> ForwardPosition? {
    try read("The position was not read") { database in
      try Row.fetchOne(database, sql: "SELECT arrival, oldest FROM position WHERE receiver = ?", arguments: [receiver])
        .map { ForwardPosition(newest: $0[0], oldest: $0[1]) }
    }
  }

  /// Moves a receiver on, once it has confirmed: what is sent after a crash is sent at least once.
  package func keepPosition(_ position: ForwardPosition, of receiver: String) throws(Problem) {
    try write("The position was not kept") { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO position (receiver, arrival, oldest) VALUES (?, ?, ?)",
        arguments: [receiver, position.newest, position.oldest])
    }
  }

  /// Those that came in before `row`, the last of them first: history that was read later.
  package func arrivals(before row: Int64, limit: Int) throws(Problem) -> [StoredActivity] {
    try read("The activities were not read") { database in
      try StoredActivity.fetch(
        database, "SELECT arrival, place, json FROM activity WHERE arrival < ? ORDER BY arrival DESC LIMIT ?",
        [row, limit])
    }
  }

  /// How many a receiver has not had.
  package func countArrivals(outside position: ForwardPosition?) throws(Problem) -> Int {
    try read("The activities were not counted") { database in
      guard let position else { return try Tally.total(database) }
      return try Int.fetchOne(
        database, sql: "SELECT count(*) FROM activity WHERE arrival > ? OR arrival < ?",
        arguments: [position.newest, position.oldest]) ?? 0
    }
  }
}
