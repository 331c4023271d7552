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
      try await compareSpread(of: filter, in: storage, with: activities.filter { filter.accepts($0) })
      #expect(try await pages(query, in: storage) == newest, "\(text)")
      asked += 1
      found += expected.isEmpty ? 0 : 1
    }
    #expect(asked > 40 && found > 20, "the filters must be worth asking: \(asked), \(found)")
  }

  /// In all of the log, in a part of it, and without some types.
  private func compareSpread(of filter: ActivityFilter, in storage: Storage, with passing: [Activity]) async throws {
    let times = passing.map(\.createdAt).sorted()
    let part = times.isEmpty ? nil : times[times.count / 4]..<times[times.count * 3 / 4].addingTimeInterval(1)
    for (range, excluded, bars) in [(nil, [], 90), (part, [], 20), (nil, [Activity.exchangeType], 12)] {
      let spread = try #require(try await storage.spread(filter, excluding: excluded, in: range, bars: bars))
      #expect(spread.counts.count <= bars && spread.denials.count == spread.counts.count)
      func scan(_ wanted: (Activity) -> Bool) -> [Int] {
        var counts = spread.counts.map { _ in 0 }
        for activity in passing where wanted(activity) && !excluded.contains(activity.type) {
          let bar = Int((activity.createdAt.timeIntervalSince(spread.start) / Double(spread.width)).rounded(.down))
          if counts.indices.contains(bar) { counts[bar] += 1 }
        }
        return counts
      }
      #expect(spread.counts == scan { _ in true }, "\(filter) \(spread.width)")
      #expect(spread.denials == scan { Storage.refusals.accepts($0) }, "\(filter) \(spread.width)")
      if range == nil, excluded.isEmpty { #expect(spread.counts.reduce(0, +) == passing.count) }
    }
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
