package import Platform
package import Storage

/// What a person writes down about the audit log. It stays on this machine, in the profile's store.
extension Operations {
  /// An activity in the store, with its places there.
  package typealias Kept = StoredActivity

  /// Marks activities for good, with one note.
  package func bookmark(_ ids: [ID<Activity>], note: String) throws(Problem) {
    for id in ids { try storage.bookmark(id, note: note, at: now()) }
  }

  package func removeBookmark(_ id: ID<Activity>) throws(Problem) { try storage.removeBookmark(id) }

  /// The newest activity first.
  package func bookmarks() throws(Problem) -> [Bookmark] { try storage.bookmarks() }

  /// Keeps a filter under a name, in place of the one that had it.
  package func saveFilter(named name: String, text: String) throws(Problem) {
    try storage.save(NamedFilter(name: name, text: text))
  }

  package func removeFilter(named name: String) throws(Problem) { try storage.removeFilter(named: name) }

  /// By name.
  package func filters() throws(Problem) -> [NamedFilter] { try storage.filters() }
}
