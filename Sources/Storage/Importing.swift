internal import GRDB
internal import Glibc
package import Platform

/// What an import did.
package struct ImportCounts: Hashable, Sendable {
  /// Lines that were not empty.
  package var read = 0
  package var added = 0
  /// Those that were kept before.
  package var duplicate = 0
  /// Those that are no activity: no JSON object, or one without a valid `id`, `created_at` or `type`.
  package var rejected = 0
  /// The number of the first such line, from 1.
  package var firstRejected: Int?

  package init() {}

  /// As `gatehouse audit import` prints it.
  package var json: JSON {
    ["read": JSON(read), "added": JSON(added), "duplicate": JSON(duplicate), "rejected": JSON(rejected)]
  }
}

extension Storage {
  /// Keeps activities written as JSON Lines, as they are written. Memory stays bounded however many there are.
  /// - Parameters:
  ///   - descriptor: of a file or pipe, which is read to its end.
  ///   - progress: called now and then with the counts so far.
  /// - Throws: what was counted as added before a failure, or before the task was cancelled, is kept.
  package func importActivities(
    reading descriptor: Int32, progress: (ImportCounts) -> Void = { _ in }
  ) throws(Problem) -> ImportCounts {
    let failure = "The activities were not imported"
    var counts = ImportCounts()
    var batch = Ingest()
    var scanner = ActivityScanner()
    var lines = LineReader(descriptor: descriptor)
    try tune(forImport: true)
    // The store works untuned too, only slower.
    defer { try? tune(forImport: false) }
    var isAtEnd = false
    while !isAtEnd {
      let isTaken = try lines.next(failure) { line in line.map { batch.add(line: $0, &scanner) } ?? false }
      if let isTaken {
        counts.read += 1
        if !isTaken {
          counts.rejected += 1
          counts.firstRejected = counts.firstRejected ?? lines.number
        }
      }
      isAtEnd = isTaken == nil
      guard isAtEnd || batch.isFull else { continue }
      let added = try writeActivities(failure) { try batch.write(to: $0, order: .afterAll) }
      counts.added += added.added
      counts.duplicate += added.duplicate
      batch.removeAll()
      progress(counts)
      if Task.isCancelled {
        throw Problem(
          failure, because: "it was cancelled after \(counts.added) were added", try: "Import again for the rest.",
          kind: .interrupted)
      }
    }
    return counts
  }

  /// Larger batches and a larger cache, and merges of the index put off until many are due.
  private func tune(forImport isImport: Bool) throws(Problem) {
    try writeActivities("The activities were not imported") { database in
      try database.execute(
        sql: "INSERT INTO words (words, rank) VALUES ('automerge', ?)", arguments: [isImport ? 0 : 8])
      try database.execute(sql: "PRAGMA cache_size = \(isImport ? -65536 : -4000)")
    }
  }
}

extension Ingest {
  /// Batches are as large as a transaction may be without a large write-ahead log: 20 to 40 MB.
  fileprivate var isFull: Bool { count >= 32_768 || size >= 32 << 20 }

  /// - Returns: whether the line was an activity.
  fileprivate mutating func add(line: UnsafeBufferPointer<UInt8>, _ scanner: inout ActivityScanner) -> Bool {
    if scanner.scan(line) {
      add(id: scanner.id, type: scanner.type, scanner.microseconds, json: line, scanner.text)
      return true
    }
    guard let json = try? JSON(parsing: line), let activity = try? Activity(json: json) else { return false }
    add(
      id: activity.id.description.utf8, type: Array(activity.type.utf8), activity.createdAt.microseconds, json: line,
      ActivityText(activity))
    return true
  }
}
