internal import FoundationEssentials
internal import GRDB
internal import GRDBSQLite
internal import Platform

/// How a query is answered: candidates from the index within a range of places, and a look at each where the index
/// cannot decide.
struct QueryPlan: Sendable {
  /// In the language of FTS5; nil when the index has nothing to say.
  private(set) var match: String?
  private(set) var places: ClosedRange<Int64>
  /// What must stand in the JSON of each candidate, which is looked for before anything is made of it.
  private var fragments: [Fragment] = []
  /// What each candidate has still to pass; nil when all do.
  private(set) var residual: ActivityFilter?

  /// - Returns: nil when nothing can pass.
  init?(_ query: ActivityQuery, _ database: Database) throws {
    var low = Int64.min
    var high = Int64.max
    var rest: [ActivityFilter] = []
    for filter in QueryPlan.conjuncts(of: query.whole) {
      switch filter {
      case .created(let comparison, let date):
        let time = date.microseconds
        switch comparison {
        case .atLeast: low = max(low, Place.first(at: time))
        case .above: low = max(low, Place.first(at: time + 1))
        case .below: high = min(high, Place.first(at: time) - 1)
        case .atMost: high = min(high, Place.first(at: time + 1) - 1)
        }
      case .id(let value) where !value.isPrefix:
        let place = try Int64.fetchOne(
          database, sql: "SELECT place FROM activity WHERE id = ?", arguments: [value.text])
        guard let place else { return nil }
        (low, high) = (max(low, place), min(high, place))
      case .fragment(let fragment): fragments.append(fragment)
      default: rest.append(filter)
      }
    }
    guard low <= high else { return nil }
    places = low...high
    guard !rest.isEmpty else { return }
    let filter = ActivityFilter.all(rest)
    let (candidates, isExact) = filter.candidates
    match = try candidates.map { try $0.expanded(database).expression }
    residual = isExact ? nil : filter
  }

  private static func conjuncts(of filter: ActivityFilter) -> [ActivityFilter] {
    if case .all(let filters) = filter { return filters.flatMap(conjuncts) }
    return [filter]
  }

  /// Whether candidates have to be looked at one by one.
  var needsLooking: Bool { residual != nil }

  /// The same within a stretch of time; nil when that lies outside.
  func within(_ stretch: Range<Date>) -> QueryPlan? {
    let low = max(places.lowerBound, Place.first(at: stretch.lowerBound.microseconds))
    let high = min(places.upperBound, Place.first(at: stretch.upperBound.microseconds) - 1)
    guard low <= high else { return nil }
    var part = self
    part.places = low...high
    return part
  }

  /// Whether it asks for all there is.
  var isEverything: Bool { match == nil && fragments.isEmpty && residual == nil && places == .min ... .max }

  // MARK: Rows

  enum Direction: String { case newestFirst = "DESC", oldestFirst = "ASC" }

  /// Gives each activity that passes to `body`, until it says to stop.
  /// - Parameter edge: the place of the one before the first that is wanted.
  func forEach(
    _ database: Database, _ direction: Direction, after edge: Int64? = nil,
    _ body: (StoredActivity) throws -> Bool
  ) throws {
    try forEachRow(database, direction, after: edge) { row in
      let stored = try StoredActivity(row)
      if let residual, !residual.accepts(stored.activity) { return true }
      return try body(stored)
    }
  }

  /// Arrival, place and JSON text of each candidate that has the fragments.
  private func forEachRow(
    _ database: Database, _ direction: Direction, after edge: Int64? = nil, _ body: (Row) throws -> Bool
  ) throws {
    guard let places = remaining(direction, after: edge) else { return }
    let source =
      match == nil
      ? "activity WHERE place BETWEEN ? AND ?"
      : "words CROSS JOIN activity ON place = words.rowid WHERE words MATCH ? AND words.rowid BETWEEN ? AND ?"
    let statement = try database.cachedStatement(
      sql: """
        SELECT arrival, place, json FROM \(source)
        ORDER BY \(match == nil ? "place" : "words.rowid") \(direction.rawValue)
        """)
    let rows = try Row.fetchCursor(statement, arguments: arguments(places))
    while let row = try rows.next() {
      guard fragments.allSatisfy({ $0.isWithin(statement.text(2)) }) else { continue }
      guard try body(row) else { return }
    }
  }

  /// As ``forEach(_:_:after:_:)``, but only the place, which the index alone gives in most cases.
  func forEachPlace(_ database: Database, _ body: (Int64) -> Void) throws {
    guard residual == nil else {
      return try forEach(database, .oldestFirst) {
        body($0.place)
        return true
      }
    }
    guard fragments.isEmpty else {
      return try forEachRow(database, .oldestFirst) {
        body($0[1])
        return true
      }
    }
    let rows = try Int64.fetchCursor(
      database.cachedStatement(sql: "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"),
      arguments: indexArguments)
    while let place = try rows.next() { body(place) }
  }

  func count(_ database: Database) throws -> Int {
    if isEverything { return try Tally.total(database) }
    guard residual == nil, fragments.isEmpty else {
      var count = 0
      try forEachPlace(database) { _ in count += 1 }
      return count
    }
    let statement = try database.cachedStatement(
      sql: "SELECT count(*) FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?")
    return try Int.fetchOne(statement, arguments: indexArguments) ?? 0
  }

  /// The same in pieces of time that hold about as many activities each, for readers beside each other; itself alone
  /// where an index answers.
  func pieces(_ number: Int, _ database: Database) throws -> [QueryPlan] {
    guard match == nil, residual != nil || !fragments.isEmpty else { return [self] }
    let share = try max(1, Tally.total(database) / number)
    var (pieces, start, count) = ([QueryPlan](), places.lowerBound, 0)
    let hours = try Row.fetchCursor(database, sql: "SELECT hour, activities FROM hour ORDER BY hour")
    while pieces.count < number - 1, let hour = try hours.next() {
      count += hour[1]
      let end = Place.first(at: (hour[0] + 1) * Int64(Tally.secondsPerHour) * 1_000_000)
      guard count >= share, end > start, end <= places.upperBound else { continue }
      var piece = self
      piece.places = start...(end - 1)
      pieces.append(piece)
      (start, count) = (end, 0)
    }
    var last = self
    last.places = start...places.upperBound
    return pieces + [last]
  }

  private func remaining(_ direction: Direction, after edge: Int64?) -> ClosedRange<Int64>? {
    guard let edge else { return places }
    switch direction {
    case .newestFirst:
      return edge > places.lowerBound ? places.lowerBound...min(places.upperBound, edge - 1) : nil
    case .oldestFirst:
      return edge < places.upperBound ? max(places.lowerBound, edge + 1)...places.upperBound : nil
    }
  }

  private func arguments(_ places: ClosedRange<Int64>) -> StatementArguments {
    match.map { [$0, places.lowerBound, places.upperBound] } ?? [places.lowerBound, places.upperBound]
  }

  /// The table's rows are as long as their JSON: what needs places only takes them from the index.
  private var indexArguments: StatementArguments {
    [match ?? TokenQuery.everything.expression, places.lowerBound, places.upperBound]
  }
}

extension Statement {
  /// The text of a column of the row that it stands at, where SQLite has it: making a value of each would take longer
  /// than looking through it.
  fileprivate func text(_ column: CInt) -> UnsafeRawBufferPointer {
    let text = sqlite3_column_text(sqliteStatement, column)
    return UnsafeRawBufferPointer(
      start: text, count: text == nil ? 0 : Int(sqlite3_column_bytes(sqliteStatement, column)))
  }
}
