import Foundation
import Platform
@testable import Storage
import Testing

@Suite("The store's file")
struct StoreFileTests {
  @Test("is the person's alone, with its directory and its log")
  func permissions() throws {
    let place = try Scratch()
    let storage = try Storage(path: place.path + "/data/gatehouse/acme.sqlite")
    try storage.append([try Activity.sample(1)], newest: "n", polledAt: .now)
    #expect(place.mode("data/gatehouse") == 0o700)
    for file in ["acme.sqlite", "acme.sqlite-wal", "acme.sqlite-shm", "acme.sqlite.lock"] {
      #expect(place.mode("data/gatehouse/" + file) == 0o600, "\(file)")
    }
  }

  @Test("is closed to others even when it was open to them")
  func tightens() throws {
    let place = try Scratch()
    let path = place.path + "/acme.sqlite"
    _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o644])
    _ = try Storage(path: path)
    #expect(place.mode("acme.sqlite") == 0o600)
  }

  @Test("keeps what was kept, cursors included")
  func reopened() throws {
    let place = try Scratch()
    let path = place.path + "/acme.sqlite"
    let now = Date(timeIntervalSince1970: 1_764_000_000.25)
    let activity = try Activity.sample(7)
    try Storage(path: path).append([activity], newest: "n", oldest: "o", isComplete: true, polledAt: now)
    let storage = try Storage(path: path)
    #expect(try storage.latest(limit: 5).map(\.activity) == [activity])
    let cursors = try storage.cursors()
    #expect(cursors.newest == "n" && cursors.oldest == "o" && cursors.isComplete && cursors.polledAt == now)
  }

  @Test("has one writer; the next can read, and writes when the first is gone")
  func oneWriter() throws {
    let place = try Scratch()
    let path = place.path + "/acme.sqlite"
    var first: Storage? = try Storage(path: path)
    let second = try Storage(path: path)
    try first?.append([try Activity.sample(1)], newest: "n", polledAt: .now)
    #expect(!second.isWriter)
    #expect(try second.latest(limit: 5).count == 1)
    let problem = #expect(throws: Problem.self) { try second.append([try Activity.sample(2)], polledAt: .now) }
    #expect(problem?.kind == .local && problem?.code == "store_locked")
    #expect(problem?.cause.contains("process \(getpid())") == true)
    first = nil
    let third = try Storage(path: path)
    #expect(third.isWriter)
    #expect(try third.append([try Activity.sample(2)], polledAt: .now).added == 1)
  }

  @Test("can be made by many at once")
  func race() async throws {
    let place = try Scratch()
    let path = place.path + "/acme.sqlite"
    let writers = try await withThrowingTaskGroup(of: Storage.self) { group in
      for _ in 0..<6 { group.addTask { try Storage(path: path) } }
      return try await group.reduce(into: []) { $0.append($1) }.filter(\.isWriter)
    }
    #expect(writers.count == 1)
  }

  @Test("of a newer program is left alone")
  func newer() throws {
    let place = try Scratch()
    let path = place.path + "/acme.sqlite"
    try Storage(path: path).write("test") { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
    let problem = #expect(throws: Problem.self) { try Storage(path: path) }
    #expect(problem?.kind == .local && problem?.code == "store_newer")
  }

  @Test("that cannot be opened is a local problem with the reason")
  func unusable() throws {
    let place = try Scratch()
    try Data("this is no database, only text of some length".utf8).write(
      to: URL(fileURLWithPath: place.path + "/no.sqlite"))
    let damaged = #expect(throws: Problem.self) { try Storage(path: place.path + "/no.sqlite") }
    #expect(damaged?.kind == .local && damaged?.code == "store_damaged")
    let misplaced = #expect(throws: Problem.self) { try Storage(path: place.path + "/no.sqlite/below/acme.sqlite") }
    #expect(misplaced?.kind == .local && misplaced?.code == "store_unavailable")
  }
}

/// A directory of one test, gone with it.
final class Scratch {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "gatehouse-storage-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func mode(_ name: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: path + "/" + name))?[.posixPermissions] as? Int
  }
}
