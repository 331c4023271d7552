package import FoundationEssentials
internal import GRDB
package import Platform

/// An activity that a person marked. Retention never removes it.
package struct Bookmark: Hashable, Sendable {
  package let activity: StoredActivity
  package let note: String
  package let at: Date
}

extension Storage {
  /// Marks an activity, or changes its note.
  package func bookmark(_ id: ID<Activity>, note: String, at: Date) throws(Problem) {
    try write("The bookmark was not set") { database in
      try database.execute(
        sql: """
          INSERT INTO bookmark (id, note, at) SELECT id, ?, ? FROM activity WHERE id = ?
          ON CONFLICT (id) DO UPDATE SET note = excluded.note, at = excluded.at
          """, arguments: [note, at.microseconds, id.description])
      guard database.changesCount > 0 else {
        throw Problem(
          "The bookmark was not set", because: "\(id) is not in the local store", try: "Run gatehouse audit sync.",
          kind: .local, code: "not_found_error")
      }
    }
  }

  package func removeBookmark(_ id: ID<Activity>) throws(Problem) {
    try write("The bookmark was not removed") { database in
      try database.execute(sql: "DELETE FROM bookmark WHERE id = ?", arguments: [id.description])
    }
  }

  /// The newest activity first.
  package func bookmarks() throws(Problem) -> [Bookmark] {
    try read("The bookmarks were not read") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT arrival, place, json, note, at FROM bookmark JOIN activity USING (id) ORDER BY place DESC
          """
      ).map { Bookmark(activity: try StoredActivity($0), note: $0[3], at: Date(microseconds: $0[4])) }
    }
  }
}
