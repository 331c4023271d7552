import Foundation
import Platform
import Storage
import Testing

@Suite("Queries")
struct QueryTests {
  @Test("answer as a plain scan does, whatever is asked", arguments: 1...3 as ClosedRange<UInt64>)
  func equalsScan(seed: UInt64) async throws {
    var random = RandomFeed(seed: seed)
    let storage = try Storage.inMemory()
    let activities = (0..<160).map { random.activity($0) }
    // In batches of every kind of order and size, some read twice.
    for (number, start) in stride(from: 0, to: 160, by: 16).enumerated() {
      let batch = Array(activities[max(0, start - number)..<start + 16])
      try storage.append(
        number % 3 == 0 ? batch.reversed() : batch, newest: number % 2 == 0 ? "n" : nil, oldest: "o", polledAt: .now)
    }
    let texts = activities.map(ActivityText.init)
    var (asked, found) = (0, 0)
    for _ in 0..<70 {
      let text = random.filter()
      let filter: ActivityFilter
      do { filter = try ActivityFilter(text, now: .now) } catch { continue }
      let query = ActivityQuery(
        filter, since: random.chance(20) ? random.time() : nil, until: random.chance(20) ? random.time() : nil)
      let expected = zip(activities, texts).filter { activity, text in
        filter.accepts(activity, text) && activity.createdAt >= query.since ?? .distantPast
          && activity.createdAt < query.until ?? .distantFuture
      }.map(\.0)
      let newest = try await storage.newest(query, limit: 1000)
      #expect(Set(newest.map(\.activity)) == Set(expected), "\(text)")
      #expect(newest.count == expected.count, "\(text)")
      #expect(newest.map(\.activity.createdAt) == expected.map(\.createdAt).sorted(by: >), "\(text)")
      #expect(try await storage.oldest(query, limit: 1000) == newest.reversed(), "\(text)")
      #expect(try await storage.count(query) == expected.count, "\(text)")
      let bins = try await storage.histogram(query, width: 60)
      #expect(bins.reduce(0) { $0 + $1.count } == expected.count && bins.allSatisfy { $0.count > 0 }, "\(text)")
      #expect(try await pages(query, in: storage) == newest, "\(text)")
      asked += 1
      found += expected.isEmpty ? 0 : 1
    }
    #expect(asked > 40 && found > 20, "the filters must be worth asking: \(asked), \(found)")
  }

  private func pages(_ query: ActivityQuery, in storage: Storage) async throws -> [StoredActivity] {
    var all: [StoredActivity] = []
    while true {
      let page = try await storage.newest(query, before: all.last?.place, limit: 7)
      all += page
      if page.count < 7 { return all }
    }
  }
}
