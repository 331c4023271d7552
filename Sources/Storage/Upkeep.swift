internal import GRDB
package import Platform

/// What `doctor` asks and mends.
extension Storage {
  /// Everything that does not agree with everything else, in words; none when all is well.
  package func integrityFaults() throws(Problem) -> [String] {
    try read("The store was not checked") { database in
      var faults = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
      let kept = try Int.fetchOne(database, sql: "SELECT count(*) FROM activity") ?? 0
      let indexed = try Int.fetchOne(database, sql: "SELECT count(*) FROM words WHERE words MATCH '\".\"'") ?? 0
      if indexed != kept { faults.append("the search index has \(indexed) of \(kept) activities") }
      let tallied = try Tally.total(database)
      if tallied != kept { faults.append("\(tallied) activities are counted by type, \(kept) are kept") }
      let timed = try Int.fetchOne(database, sql: "SELECT coalesce(sum(activities), 0) FROM hour") ?? 0
      if timed != kept { faults.append("\(timed) activities are counted by hour, \(kept) are kept") }
      return faults
    }
  }

  /// Makes the search index and the counts again from the activities themselves.
  /// - Parameter progress: called now and then with the number indexed so far.
  package func rebuildIndex(progress: @Sendable (Int) -> Void = { _ in }) throws(Problem) {
    try writeActivities("The search index was not made again") { database in
      try database.execute(sql: "INSERT INTO words (words) VALUES ('delete-all'); DELETE FROM tally; DELETE FROM hour")
      let insert = try database.cachedStatement(sql: "INSERT INTO words (rowid, text) VALUES (?, ?)")
      let rows = try Row.fetchCursor(database, sql: "SELECT place, json FROM activity ORDER BY place")
      var tally = Tally()
      var count = 0
      while let row = try rows.next() {
        let activity = try Activity(json: JSON(parsing: row[1] as String))
        var text: [UInt8] = []
        ActivityText(activity).append(to: &text)
        try insert.execute(arguments: [row[0] as Int64, String(decoding: text, as: UTF8.self)])
        tally.count(type: activity.type)
        tally.count(at: activity.createdAt.microseconds)
        count += 1
        if count.isMultiple(of: 10_000) { progress(count) }
      }
      try tally.write(to: database)
    }
  }

  /// Bytes of the file, and of those what is free within it.
  package func size() throws(Problem) -> (total: Int, free: Int) {
    try read("The store was not measured") { database in
      func value(_ name: String) throws -> Int { try Int.fetchOne(database, sql: "PRAGMA \(name)") ?? 0 }
      let page = try value("page_size")
      return (try value("page_count") * page, try value("freelist_count") * page)
    }
  }

  /// Gives the room of what was removed back to the disk, and merges the search index into one piece. For a while
  /// the file is there twice.
  package func compact() throws(Problem) {
    try writeActivities("The store was not compacted") {
      try $0.execute(sql: "INSERT INTO words (words) VALUES ('optimize')")
    }
    try Storage.attempt("The store was not compacted") {
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "VACUUM")
        _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
    }
  }
}
