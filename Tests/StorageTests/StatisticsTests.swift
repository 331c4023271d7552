import Foundation
import Platform
import Storage
import Testing

@Suite("What the store says of its activities")
struct StatisticsTests {
  static func sample() throws -> Storage {
    let storage = try Storage.inMemory()
    try storage.append(try Fixture.activities(), newest: "n", polledAt: Date(timeIntervalSince1970: 1_764_000_000))
    return storage
  }

  @Test("counts by type, with the ends of time and the last poll")
  func statistics() throws {
    let statistics = try Self.sample().statistics()
    #expect(statistics.activities == 44)
    #expect(statistics.byType.first?.type == "platform_federated_authentication")
    #expect(statistics.byType.first?.count == 7)
    #expect(statistics.oldest?.timestampToSecond == "2026-11-18T08:00:03Z")
    #expect(statistics.json["last_poll_at"] == "2025-11-24T16:00:00.000000Z")
    #expect(statistics.json.at("by_type.sso_login_failed") == 1)
    #expect(try Storage.inMemory().statistics().json["oldest"] == .null)
  }

  @Test("lists what one can pivot on, the same with and without a filter")
  func values() async throws {
    let storage = try Self.sample()
    let all = try await storage.values(of: .reason, limit: 10)
    #expect(all.counts.map(\.value).contains("match_subject_prefix") && all.isComplete)
    for field in ActivityField.allCases {
      let indexed = try await storage.values(of: field, limit: 100)
      let looked = try await storage.values(of: field, in: ActivityQuery(since: .distantPast), limit: 100)
      #expect(indexed == looked && !indexed.counts.isEmpty, "\(field)")
      for value in indexed.counts {
        let filter = try ActivityFilter(field.term(value.value), now: .now)
        #expect(try await storage.count(ActivityQuery(filter)) == value.activities, "\(field) \(value)")
      }
    }
    #expect(try await storage.values(of: .type, limit: 2).counts.count == 2)
  }

  @Test("gathers refusals by rule, reason and subject, the latest first")
  func denials() async throws {
    let storage = try Self.sample()
    let denied = try Fixture.activities().filter(\.isDenied)
    let groups = try await storage.denials()
    #expect(groups.reduce(0) { $0 + $1.count } == denied.count && denied.count >= 4)
    #expect(groups.map(\.latest.activity.createdAt) == groups.map(\.latest.activity.createdAt).sorted(by: >))
    #expect(Set(groups.map(\.key)).count == groups.count)
    let prefix = ActivityQuery(try ActivityFilter("reason:match_subject_prefix", now: .now))
    #expect(try await storage.denials(prefix).allSatisfy { $0.key.reason == "match_subject_prefix" })
  }

  @Test("finds an activity by its identifier, and the first from a time on")
  func finding() async throws {
    let storage = try Self.sample()
    let all = try await storage.oldest(limit: 100)
    let time = Storage.place(at: all[20].activity.createdAt)
    #expect(try await storage.oldest(after: time - 1, limit: 1) == [all[20]])
    #expect(try storage.activity(all[5].activity.id) == all[5])
    #expect(try storage.activity(ID("activity_0nobody")) == nil)
  }

  @Test("tells by the hour without counting what it tells by counting", arguments: [400, 20, 6])
  func hours(bars: Int) async throws {
    let storage = try Storage.inMemory()
    var random = RandomFeed(seed: 3)
    try storage.append((0..<100).map { random.activity($0) }, newest: "n", polledAt: .now)
    let known = try #require(try await storage.spread(.everything, bars: bars))
    let counted = ActivityFilter.created(.below, .distantFuture)
    #expect(try await storage.spread(counted, bars: bars)?.counts == known.counts)
    #expect(known.counts.count > 1 && known.counts.reduce(0, +) == 100)
    #expect(try await Storage.inMemory().spread(.everything, bars: bars) == nil)
  }

  @Test("finds a beginning that few values have, that many have, and that none has")
  func beginnings() async throws {
    let storage = try Storage.inMemory()
    let activities = try (0..<400).map { number in
      try Activity(
        json: [
          "id": .string("activity_\(number)"), "created_at": "2026-01-01T00:00:00Z", "type": "t",
          "service_account_id": .string("svac_\(number)"),
        ])
    }
    try storage.append(activities, newest: "n", polledAt: .now)
    for (text, count) in [("account:svac_39*", 11), ("account:svac_*", 400), ("account:x*", 0), ("-account:x*", 400)] {
      let query = ActivityQuery(try ActivityFilter(text, now: .now))
      #expect(try await storage.count(query) == count, "\(text)")
      #expect(try await storage.newest(query, limit: 1000).count == count, "\(text)")
    }
  }

  @Test("stops when nobody waits any more")
  func cancelled() async throws {
    let storage = try Self.sample()
    let task = Task { () throws(Problem) in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await storage.count(ActivityQuery(.words(FilterValue("a", isPrefix: true))))
    }
    let problem = await #expect(throws: Problem.self) { try await task.value }
    #expect(problem?.kind == .interrupted)
  }
}

enum Fixture {
  static let path = Bundle.module.path(forResource: "sample-activities", ofType: "jsonl", inDirectory: "Fixtures")!

  static func activities() throws -> [Activity] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { try Activity(json: JSON(parsing: String($0))) }
  }
}
