internal import GRDB
package import Platform

/// Which platform a store is of: two of them in one would be told apart by nothing.
extension Storage {
  /// Its base URL; nil while nobody has said.
  package func platform() throws(Problem) -> String? {
    try read("The local store was not read") { try String.fetchOne($0, sql: "SELECT base FROM platform") }
  }

  /// Says it, where nobody has.
  package func belong(to base: String) throws(Problem) {
    try write("The local store was not written") { database in
      try database.execute(sql: "INSERT OR IGNORE INTO platform (one, base) VALUES (1, ?)", arguments: [base])
    }
  }
}
