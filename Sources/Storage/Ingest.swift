internal import FoundationEssentials
internal import GRDB
internal import Platform

/// One batch on its way into the store, inside a transaction.
struct Ingest {
  private(set) var counts = Storage.Appended()
  private let isHistory: Bool
  private var arrival: Int64
  private let known, insert, taken: Statement

  init(_ database: Database, isHistory: Bool) throws {
    self.isHistory = isHistory
    known = try database.cachedStatement(sql: "SELECT 1 FROM activity WHERE id = ?")
    taken = try database.cachedStatement(sql: "SELECT place FROM activity WHERE place >= ? ORDER BY place")
    insert = try database.cachedStatement(sql: "INSERT INTO activity (place, arrival, id, json) VALUES (?, ?, ?, ?)")
    let edge = isHistory ? "min" : "max"
    arrival = try Int64.fetchOne(database, sql: "SELECT \(edge)(arrival) FROM activity") ?? 0
  }

  /// - Parameter activities: oldest first. History is numbered downwards, hence from its newest.
  mutating func add(_ activities: [Activity]) throws {
    for activity in isHistory ? activities.reversed() : activities { try add(activity) }
  }

  private mutating func add(_ activity: Activity) throws {
    let id = activity.id.description
    guard try Int.fetchOne(known, arguments: [id]) == nil else {
      counts.duplicate += 1
      return
    }
    arrival += isHistory ? -1 : 1
    try insert.execute(
      arguments: [freePlace(from: Place.first(at: activity.createdAt)), arrival, id, activity.json.compact])
    counts.added += 1
  }

  private func freePlace(from first: Int64) throws -> Int64 {
    var place = first
    let rows = try Int64.fetchCursor(taken, arguments: [first])
    while let row = try rows.next(), row == place { place += 1 }
    return place
  }
}
