import Foundation
import Platform
import Storage
import Testing

@Suite("Keeping the feed")
struct AppendingTests {
  @Test("a page read twice changes nothing")
  func twice() throws {
    let storage = try Storage.inMemory()
    let page = try (1...3).map { try Activity.sample($0) }
    #expect(try storage.append(page, newest: "n", oldest: "o", polledAt: .now).added == 3)
    let again = try storage.append(page, newest: "n", polledAt: .now)
    #expect(again.added == 0 && again.duplicate == 3)
    #expect(try storage.latest(limit: 10).map(\.activity) == page)
  }

  @Test("history goes before what came first, a late one comes last")
  func arrivalOrder() throws {
    let storage = try Storage.inMemory()
    try storage.append(try (5...6).map { try Activity.sample($0) }, newest: "6", oldest: "5", polledAt: .now)
    let seen = try #require(try storage.latest(limit: 1).first?.row)
    try storage.append(try (3...4).map { try Activity.sample($0) }, oldest: "3", polledAt: .now)
    try storage.append([try Activity.sample(2)], oldest: "2", isComplete: true, polledAt: .now)
    #expect(try storage.arrivals(after: seen, limit: 10).isEmpty)
    #expect(try storage.latest(limit: 10).map(\.activity.createdAt) == (2...6).map(Date.ofSample))
    try storage.append([try Activity.sample(1)], newest: "1", polledAt: .now)
    #expect(try storage.arrivals(after: seen, limit: 10).map(\.activity.createdAt) == [Date.ofSample(1)])
    #expect(try storage.latest(limit: 2).map(\.activity.createdAt) == [6, 1].map(Date.ofSample))
  }

  @Test("cursors that a page does not name stay")
  func cursors() throws {
    let storage = try Storage.inMemory()
    #expect(try storage.cursors() == FeedCursors())
    let now = Date(timeIntervalSince1970: 1_764_000_000)
    try storage.append([], newest: "a", oldest: "b", polledAt: now)
    try storage.append([], oldest: "c", isComplete: true, polledAt: now)
    #expect(try storage.cursors() == FeedCursors(newest: "a", oldest: "c", isComplete: true, polledAt: now))
    try storage.forgetNewestCursor()
    #expect(try storage.cursors() == FeedCursors(oldest: "c", isComplete: true, polledAt: now))
  }
}

extension Activity {
  static func sample(_ number: Int, type: String = "platform_api_key_created") throws -> Activity {
    try Activity(
      json: [
        "id": .string("activity_01\(number)"),
        "created_at": .string(Date.ofSample(number).timestamp),
        "type": .string(type),
        "actor": ["type": "user_actor", "email_address": "ada@acme.example", "ip_address": "198.51.100.42"],
      ])
  }
}

extension Date {
  static func ofSample(_ number: Int) -> Date { Date(timeIntervalSince1970: 1_764_000_000 + Double(number)) }
}
