internal import GRDB

extension Storage {
  /// The tables, and every change to them since the first release: a step that was released is never edited.
  static var schema: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: activities)
      try database.execute(sql: words)
      try database.execute(sql: notes)
    }
    // What the rule matched when the finding was accepted, as JSON.
    migrator.registerMigration("2") { database in
      try database.execute(sql: "ALTER TABLE accepted ADD COLUMN match TEXT NOT NULL DEFAULT 'null'")
    }
    // What a receiver has had of history, which is numbered downwards; and which platform the activities are of.
    migrator.registerMigration("3") { database in
      try database.execute(
        sql: """
          ALTER TABLE position ADD COLUMN oldest INTEGER NOT NULL DEFAULT \(Int64.min);
          CREATE TABLE platform (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            base TEXT NOT NULL
          );
          """)
    }
    return migrator
  }

  private static let activities = """
    -- place: the time of the activity, made unique (see Place). arrival: counts up as activities come in.
    CREATE TABLE activity (
      place INTEGER PRIMARY KEY,
      arrival INTEGER NOT NULL,
      id TEXT NOT NULL,
      json TEXT NOT NULL
    );
    CREATE UNIQUE INDEX activity_id ON activity (id);
    CREATE UNIQUE INDEX activity_arrival ON activity (arrival);
    -- How many there are of each type, so that nothing needs counting.
    CREATE TABLE tally (
      type TEXT PRIMARY KEY,
      activities INTEGER NOT NULL
    ) WITHOUT ROWID;
    -- How many there are in each hour since 1970.
    CREATE TABLE hour (
      hour INTEGER PRIMARY KEY,
      activities INTEGER NOT NULL
    );
    -- One row: how far the feed has been read. polled_at: microseconds since 1970.
    CREATE TABLE feed (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      newest TEXT,
      oldest TEXT,
      is_complete INTEGER NOT NULL DEFAULT 0,
      polled_at INTEGER
    );
    INSERT INTO feed (one) VALUES (1);
    """

  /// What people and this program wrote down themselves. Times are microseconds since 1970.
  private static let notes = """
    CREATE TABLE journal (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      who TEXT NOT NULL,
      action TEXT NOT NULL,
      target TEXT,
      before TEXT,
      after TEXT,
      command TEXT,
      request_id TEXT,
      outcome TEXT NOT NULL,
      failure TEXT
    );
    CREATE INDEX journal_target ON journal (target);
    CREATE INDEX journal_open ON journal (number) WHERE outcome = 'open';
    CREATE TABLE bookmark (
      id TEXT PRIMARY KEY,
      note TEXT NOT NULL,
      at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE accepted (
      code TEXT NOT NULL,
      target TEXT NOT NULL,
      reason TEXT NOT NULL,
      who TEXT NOT NULL,
      at INTEGER NOT NULL,
      expires_at INTEGER,
      PRIMARY KEY (target, code)
    ) WITHOUT ROWID;
    CREATE TABLE list (
      name TEXT PRIMARY KEY,
      json TEXT NOT NULL,
      at INTEGER NOT NULL
    );
    -- Filters by the name that a person gave them.
    CREATE TABLE filter (
      name TEXT PRIMARY KEY,
      text TEXT NOT NULL
    ) WITHOUT ROWID;
    -- The last arrival that each receiver of activities has confirmed.
    CREATE TABLE position (
      receiver TEXT PRIMARY KEY,
      arrival INTEGER NOT NULL
    ) WITHOUT ROWID;
    """

  /// The index of each activity's ActivityText by place. Its tokens are parted by spaces and nothing else, so words
  /// and tags of fields are found, combined and turned round in one expression, newest first, without a sort.
  /// It keeps no copy of the text (the JSON gives it again) and no sizes (nothing is ranked).
  private static var words: String {
    let tokenCharacters = (1...127 as ClosedRange<UInt8>).filter { $0 != 0x20 }
    let quoted = String(decoding: tokenCharacters, as: UTF8.self)
      .replacing("'", with: "''").replacing("\"", with: "\"\"")
    return """
      CREATE VIRTUAL TABLE words USING fts5 (
        text, content = '', columnsize = 0, tokenize = "ascii tokenchars '\(quoted)'"
      );
      CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
      CREATE VIRTUAL TABLE occurrence USING fts5vocab (words, instance);
      INSERT INTO words (words, rank) VALUES ('pgsz', 16000), ('hashsize', 33554432), ('automerge', 8);
      """
  }
}
