internal import GRDB

/// How the numbers of activities change by type and by hour, which are kept so that nothing needs counting.
struct Tally {
  private var types: [String: Int] = [:]
  private var hours: [Int64: Int] = [:]

  static let secondsPerHour = 3600

  mutating func count(type: String, by change: Int = 1) { types[type, default: 0] += change }

  mutating func count(at microseconds: Int64, by change: Int = 1) {
    let hour = Int64(Tally.secondsPerHour) * 1_000_000
    hours[(microseconds - (microseconds % hour + hour) % hour) / hour, default: 0] += change
  }

  /// Adds to what is there; what comes to nothing goes.
  func write(to database: Database) throws {
    let type = try database.cachedStatement(
      sql: """
        INSERT INTO tally (type, activities) VALUES (?, ?)
        ON CONFLICT (type) DO UPDATE SET activities = activities + excluded.activities
        """)
    for (name, change) in types where change != 0 { try type.execute(arguments: [name, change]) }
    let hour = try database.cachedStatement(
      sql: """
        INSERT INTO hour (hour, activities) VALUES (?, ?)
        ON CONFLICT (hour) DO UPDATE SET activities = activities + excluded.activities
        """)
    for (number, change) in hours where change != 0 { try hour.execute(arguments: [number, change]) }
    guard types.values.contains(where: { $0 < 0 }) else { return }
    try database.execute(sql: "DELETE FROM tally WHERE activities <= 0; DELETE FROM hour WHERE activities <= 0")
  }

  static func total(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT coalesce(sum(activities), 0) FROM tally") ?? 0
  }
}
