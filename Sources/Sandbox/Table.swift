import Platform

/// One thing the sandbox holds, as the newest version of the platform writes it. Members whose names begin with
/// `_` are the sandbox's own and never leave it.
typealias Document = JSON.Object

extension Document {
  /// The text of a member that is always there.
  func text(_ key: String) -> String { self[key]?.string ?? "" }
  func has(_ key: String) -> Bool { self[key].map { !$0.isNull } ?? false }
  var isArchived: Bool { has("archived_at") }
}

/// Documents in the order they were made, found by their keys, with a note of what changed since it was last asked.
struct Table: Sendable {
  /// A removed row leaves a hole, so that a place stays what it was for a cursor.
  private var rows: [(key: String, document: Document)?] = []
  private var places: [String: Int] = [:]
  /// Documents by their `name`, archived ones too: an archived account keeps its name.
  private var names: [String: String] = [:]
  private var changes: Set<String> = []

  var count: Int { places.count }

  subscript(key: String) -> Document? {
    get { places[key].flatMap { rows[$0]?.document } }
    set {
      let place = places[key]
      if let place, let name = rows[place]?.document["name"]?.string, names[name] == key { names[name] = nil }
      if let newValue {
        if let place {
          rows[place] = (key, newValue)
        } else {
          places[key] = rows.count
          rows.append((key, newValue))
        }
        if let name = newValue["name"]?.string { names[name] = key }
      } else if let place {
        rows[place] = nil
        places[key] = nil
      }
      changes.insert(key)
    }
  }

  /// The key of the document called `name`.
  func holder(of name: String) -> String? { names[name] }

  func contains(_ key: String) -> Bool { places[key] != nil }

  /// All documents, oldest first.
  var documents: some Sequence<Document> { rows.lazy.compactMap { $0?.document } }

  var rowsByKey: some Sequence<(key: String, document: Document)> { rows.lazy.compactMap { $0 } }

  /// Up to `limit` documents that `isWanted`, newest first, from the one made just before that at `place`.
  /// - Returns: with each its place, which a cursor can hold.
  func newestFirst(
    before place: Int? = nil, limit: Int, where isWanted: (Document) -> Bool
  ) -> [(place: Int, document: Document)] {
    var found: [(place: Int, document: Document)] = []
    var index = min(place ?? rows.count, rows.count) - 1
    while index >= 0, found.count < limit {
      if let document = rows[index]?.document, isWanted(document) { found.append((index, document)) }
      index -= 1
    }
    return found
  }

  /// The other way: up to `limit` documents made just after that at `place`, newest first.
  func newer(than place: Int, limit: Int, where isWanted: (Document) -> Bool) -> [Document] {
    var found: [Document] = []
    var index = place + 1
    while index < rows.count, found.count < limit {
      if let document = rows[index]?.document, isWanted(document) { found.append(document) }
      index += 1
    }
    return found.reversed()
  }

  func place(of key: String) -> Int? { places[key] }

  /// The key of the row at a place that ``newestFirst(before:limit:where:)`` gave.
  func key(at place: Int) -> String { rows[place]?.key ?? "" }

  mutating func forgetChanges() { changes.removeAll(keepingCapacity: true) }

  /// What changed since the last call, in the order of the rows, each with its new document or nil when it is gone.
  mutating func takeChanges() -> [(key: String, document: Document?)] {
    defer { changes.removeAll() }
    return changes.map { (place: places[$0] ?? rows.count, key: $0) }.sorted { $0.place < $1.place }
      .map { ($0.key, self[$0.key]) }
  }
}
