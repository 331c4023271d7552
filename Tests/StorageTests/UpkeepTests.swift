import Foundation
import Platform
@testable import Storage
import Testing

@Suite("Keeping the store in order")
struct UpkeepTests {
  /// 200 activities of every kind, over many times.
  private func filled(_ storage: Storage) throws -> [Activity] {
    var random = RandomFeed(seed: 4)
    let activities = (0..<200).map { random.activity($0) }
    try storage.append(activities, newest: "n", polledAt: .now)
    return activities
  }

  @Test("says what it will remove, removes that, and leaves bookmarks and a sound index")
  func retention() async throws {
    let storage = try Storage.inMemory()
    let activities = try filled(storage)
    let edge = Date(timeIntervalSince1970: 300)
    let old = activities.filter { $0.createdAt < edge }
    try storage.bookmark(old[0].id, note: "", at: .now)
    let plan = try await storage.retention(keepingSince: edge)
    #expect(plan.removed == old.count - 1 && plan.bookmarked == 1 && plan.remaining == 200 - plan.removed)
    #expect(plan.explanation.hasPrefix("\(old.count - 1) activities before 1970-01-01T00:05:00Z"))
    #expect(try storage.statistics().activities == 200)
    #expect(try storage.remove(plan) == plan.removed)
    #expect(try storage.integrityFaults() == [])
    let left = Set(activities).subtracting(old.dropFirst())
    #expect(try await Set(storage.newest(limit: 500).map(\.activity)) == left)
    #expect(try storage.statistics().activities == left.count)
    for type in RandomFeed.types {
      let filter = ActivityFilter.field(.type, FilterValue(type))
      #expect(try await storage.count(ActivityQuery(filter)) == left.count(where: filter.accepts), "\(type)")
    }
    #expect(try await storage.retention(keepingSince: edge).removed == 0)
  }

  @Test("brings the store down to a size, and gives the room back")
  func size() async throws {
    let place = try Scratch()
    let storage = try Storage(path: place.path + "/a.sqlite")
    var random = RandomFeed(seed: 5)
    for start in stride(from: 0, to: 3000, by: 500) {
      try storage.append((start..<start + 500).map { random.activity($0) }, newest: "n", polledAt: .now)
    }
    let before = try storage.size()
    #expect(try await storage.retention(keepingBytes: before.total * 2).removed == 0)
    let plan = try await storage.retention(keepingBytes: before.total / 2)
    #expect((1200...1800).contains(plan.removed))
    _ = try storage.remove(plan)
    try storage.compact()
    let after = try storage.size()
    #expect(after.total < before.total * 2 / 3 && after.free == 0)
    #expect(try storage.integrityFaults() == [])
    #expect(try storage.statistics().activities == 3000 - plan.removed)
  }

  @Test("finds an index that does not agree, and makes it again")
  func rebuild() async throws {
    let storage = try Storage.inMemory()
    let activities = try filled(storage)
    try storage.write("test") {
      try $0.execute(sql: "INSERT INTO words (words) VALUES ('delete-all'); DELETE FROM tally; DELETE FROM hour")
    }
    #expect(try storage.integrityFaults().count == 3)
    try storage.rebuildIndex()
    #expect(try storage.integrityFaults() == [])
    let filter = ActivityFilter.words(FilterValue("token"))
    #expect(try await storage.count(ActivityQuery(filter)) == activities.count(where: filter.accepts))
  }

  @Test("a full disk is a local problem, and what was kept is still there")
  func full() throws {
    let place = try Scratch()
    let storage = try Storage(path: place.path + "/a.sqlite")
    try storage.append([try Activity.sample(1)], newest: "1", polledAt: .now)
    try storage.write("test") { try $0.execute(sql: "PRAGMA max_page_count = 20") }
    var random = RandomFeed(seed: 6)
    let problem = #expect(throws: Problem.self) {
      try storage.append((0..<2000).map { random.activity($0) }, newest: "2", polledAt: .now)
    }
    #expect(problem?.kind == .local && problem?.code == "disk_full")
    #expect(try storage.statistics().activities == 1)
    #expect(try storage.cursors().newest == "1")
    #expect(try storage.integrityFaults() == [])
  }

  @Test("a directory that cannot be made is a local problem")
  func noDirectory() {
    let problem = #expect(throws: Problem.self) { try Storage(path: "/proc/gatehouse/a.sqlite") }
    #expect(problem?.kind == .local && problem?.code == "store_unavailable")
  }
}
