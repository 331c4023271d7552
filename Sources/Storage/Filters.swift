internal import GRDB
package import Platform

/// A filter under the name that a person gave it.
package struct NamedFilter: Hashable, Sendable {
  package let name: String
  /// As it was typed: see ``ActivityFilter/init(_:now:)``.
  package let text: String
  package init(name: String, text: String) { (self.name, self.text) = (name, text) }
}

extension Storage {
  /// Keeps a filter, in place of the one that had the name before.
  package func save(_ filter: NamedFilter) throws(Problem) {
    try write("The filter was not kept") { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO filter (name, text) VALUES (?, ?)", arguments: [filter.name, filter.text])
    }
  }

  package func removeFilter(named name: String) throws(Problem) {
    try write("The filter was not removed") { database in
      try database.execute(sql: "DELETE FROM filter WHERE name = ?", arguments: [name])
    }
  }

  /// By name.
  package func filters() throws(Problem) -> [NamedFilter] {
    try read("The filters were not read") { database in
      try Row.fetchAll(database, sql: "SELECT name, text FROM filter ORDER BY name")
        .map { NamedFilter(name: $0[0], text: $0[1]) }
    }
  }
}
