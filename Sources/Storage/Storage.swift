internal import Glibc
internal import GRDB
package import Platform

/// What one profile keeps on this machine: activities with their search index and cursors, the journal of changes,
/// bookmarks, accepted findings, and the lists last seen. One SQLite file in WAL mode; every verb is one transaction.
///
/// All verbs throw a `Problem` of kind `.local` and then have changed nothing.
package struct Storage: Sendable {
  /// What a process means to do with a store.
  package enum Access: Sendable {
    /// To write activities, if no other process does; else as `reading`.
    case writing
    /// To read, and to write small things (journal, bookmarks), which SQLite's own locks keep apart.
    case reading
  }

  let database: any DatabaseWriter
  private let file: StoreFile?

  /// - Parameter path: of the file, which is made when it is missing: `$XDG_DATA_HOME/gatehouse/<profile>.sqlite`.
  package init(path: String, access: Access = .writing) throws(Problem) {
    let file = try StoreFile(path: path, wantsLock: access == .writing)
    self.file = file
    database = try Storage.attempt("The local store was not opened") {
      // Once more when it fails: of two processes that make the same store, one finds its tables there already.
      do { return try Storage.openPool(path) } catch is DatabaseError { return try Storage.openPool(path) }
    }
  }

  private static func openPool(_ path: String) throws -> DatabasePool {
    let pool = try DatabasePool(path: path, configuration: configuration)
    guard try !pool.read(schema.hasBeenSuperseded) else {
      throw Problem(
        "The local store was not opened", because: "a newer gatehouse made \(path)", try: "Update gatehouse.",
        kind: .local, code: "store_newer")
    }
    try schema.migrate(pool)
    return pool
  }

  /// A store that is gone with the last value that knows it: for the sandbox, and for tests.
  package static func inMemory() throws(Problem) -> Storage { try Storage() }

  private init() throws(Problem) {
    file = nil
    database = try Storage.attempt("The local store was not opened") {
      let queue = try DatabaseQueue(configuration: Storage.configuration)
      try Storage.schema.migrate(queue)
      return queue
    }
  }

  /// Whether this process may write activities.
  package var isWriter: Bool { file?.isWriter ?? true }

  /// Whether it outlives the process.
  package var isOnDisk: Bool { file != nil }

  /// The right to take steps that are journaled in several parts, and to settle those that another process was stopped
  /// in. It is given back with the value, or by the kernel when the process dies.
  package final class Claim: Sendable {
    private let lock: CInt?
    fileprivate init(_ lock: CInt?) { self.lock = lock }
    deinit { if let lock { close(lock) } }
  }

  /// Nil when another has it. A store in memory has one process only.
  package func claimSteps() throws(Problem) -> Claim? {
    guard let file else { return Claim(nil) }
    return try file.claimSteps().map { Claim($0) }
  }

  static let readerCount = 3

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = readerCount
    configuration.prepareDatabase { database in
      // In WAL mode a loss of power can undo the last transactions, never break the file; the feed gives them again.
      // What is deleted here is in no need of being wiped: it was never secret.
      try database.execute(
        sql: """
          PRAGMA page_size = 16384; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000;
          PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF
          """)
    }
    return configuration
  }

  /// Name and version of the library that keeps it.
  package static var libraryVersion: String {
    let version = try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
    return "SQLite/\(version.flatMap(\.self) ?? "unknown")"
  }

  // MARK: Reading and writing

  func read<Value>(_ failure: String, _ body: (Database) throws -> Value) throws(Problem) -> Value {
    try Storage.attempt(failure) { try database.read(body) }
  }

  func write<Value>(_ failure: String, _ body: (Database) throws -> Value) throws(Problem) -> Value {
    try Storage.attempt(failure) { try database.write(body) }
  }

  /// As ``write(_:_:)``, for what only the process with the lock may do.
  func writeActivities<Value>(_ failure: String, _ body: (Database) throws -> Value) throws(Problem) -> Value {
    guard isWriter else {
      let process = file?.writer.map { " (process \($0))" } ?? ""
      throw Problem(
        failure, because: "another gatehouse\(process) has this profile's store open for writing",
        try: "Quit it, or use what it shows.", kind: .local, code: "store_locked")
    }
    return try write(failure, body)
  }
}
