package import Platform

/// Questions about what was there before something arrived.
extension Storage {
  /// Whether something that passes came in before the arrival `row`; of history, read later, all counts as before.
  package func hasEarlier(_ filter: ActivityFilter, than row: Int64) throws(Problem) -> Bool {
    try read("The store was not asked") { database in
      var found = false
      try QueryPlan(ActivityQuery(filter), database)?.forEach(database, .oldestFirst) {
        found = $0.row < row
        return !found
      }
      return found
    }
  }

  /// How many pass, but no more than `limit`.
  package func count(_ query: ActivityQuery, upTo limit: Int) throws(Problem) -> Int {
    try read("The store was not asked") { database in
      var count = 0
      try QueryPlan(query, database)?.forEach(database, .newestFirst) { _ in
        count += 1
        return count < limit
      }
      return count
    }
  }
}
