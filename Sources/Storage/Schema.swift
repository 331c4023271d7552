internal import GRDB

extension Storage {
  /// The tables, and every change to them since the first release: a step that was released is never edited.
  static var schema: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          -- place: the time of the activity, made unique (see Place). arrival: counts up as activities come in.
          CREATE TABLE activity (
            place INTEGER PRIMARY KEY,
            arrival INTEGER NOT NULL,
            id TEXT NOT NULL,
            json TEXT NOT NULL
          );
          CREATE UNIQUE INDEX activity_id ON activity (id);
          CREATE UNIQUE INDEX activity_arrival ON activity (arrival);
          -- One row: how far the feed has been read.
          CREATE TABLE feed (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            newest TEXT,
            oldest TEXT,
            is_complete INTEGER NOT NULL DEFAULT 0,
            polled_at INTEGER
          );
          INSERT INTO feed (one) VALUES (1);
          """)
    }
    return migrator
  }
}
