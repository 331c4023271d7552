import Foundation
import Platform
import Storage
import Testing

@Suite("Importing JSON Lines")
struct ImportTests {
  private func importing(_ text: String, into storage: Storage) throws -> ImportCounts {
    try importing(Data(text.utf8), into: storage)
  }

  private func importing(_ data: Data, into storage: Storage) throws -> ImportCounts {
    let scratch = try Scratch()
    let path = scratch.path + "/audit.jsonl"
    try data.write(to: URL(fileURLWithPath: path))
    let file = try #require(FileHandle(forReadingAtPath: path))
    return try storage.importActivities(reading: file.fileDescriptor)
  }

  @Test("keeps each line as it is written, and the same as the feed would bring")
  func sample() async throws {
    let text = try String(contentsOfFile: Fixture.path, encoding: .utf8)
    let (imported, fed) = (try Storage.inMemory(), try Storage.inMemory())
    let counts = try importing(text, into: imported)
    #expect(counts.json == ["read": 44, "added": 44, "duplicate": 0, "rejected": 0])
    try fed.append(try Fixture.activities(), newest: "n", polledAt: .now)
    #expect(try await imported.newest(limit: 100) == fed.newest(limit: 100))
    #expect(try imported.statistics().byType.map(\.type) == fed.statistics().byType.map(\.type))
    for field in ActivityField.allCases {
      #expect(try await imported.values(of: field, limit: 100) == fed.values(of: field, limit: 100))
    }
    #expect(try imported.statistics().lastPollAt == nil)
    let again = try importing(text, into: imported)
    #expect(again.json == ["read": 44, "added": 0, "duplicate": 44, "rejected": 0])
    #expect(try imported.statistics().activities == 44)
  }

  @Test("counts what is no activity, and takes the rest")
  func rejected() throws {
    let line = #"{"id":"activity_01a","created_at":"2026-01-01T00:00:00Z","type":"t"}"#
    let other = line.replacing("01a", with: "01b")
    let storage = try Storage.inMemory()
    let text =
      "\u{FEFF}\(line)\r\n\n   \nnonsense\n[]\n{\"id\":\"activity_01c\"}\n\(line)\n\(other.dropLast())\n\(other)"
    let counts = try importing(text, into: storage)
    #expect(counts.json == ["read": 7, "added": 2, "duplicate": 1, "rejected": 4])
    #expect(counts.firstRejected == 4)
    #expect(try importing("", into: storage) == ImportCounts())
    #expect(try importing(Data([0xFF, 0x0A, 0x7B, 0x22, 0xC3]), into: storage).rejected == 2)
  }

  @Test("passes over a line without end, in little memory")
  func longLine() throws {
    let line = #"{"id":"activity_01a","created_at":"2026-01-01T00:00:00Z","type":"t"}"#
    let long = #"{"id":"activity_01b","created_at":"2026-01-01T00:00:00Z","type":"t","x":""#
    let fits = String(repeating: "y", count: 5 << 18)
    let counts = try importing(
      "\(long)\(String(repeating: "y", count: 9 << 20))\"}\n\(line)\n\(long)\(fits)\"}", into: try Storage.inMemory())
    #expect(counts.json == ["read": 3, "added": 2, "duplicate": 0, "rejected": 1])
  }

  @Test("finds hostile text by its words, and gives it back unchanged")
  func hostile() async throws {
    var random = RandomFeed(seed: 9)
    let activities = (0..<200).map { random.activity($0) }
    let storage = try Storage.inMemory()
    #expect(try importing(activities.map(\.json.compact).joined(separator: "\n"), into: storage).added == 200)
    let kept = try await storage.newest(limit: 500)
    #expect(Set(kept.map(\.activity)) == Set(activities))
    let texts = activities.map(ActivityText.init)
    for _ in 0..<40 {
      let text = random.filter()
      guard let filter = try? ActivityFilter(text, now: .now) else { continue }
      let expected = zip(activities, texts).count { filter.accepts($0, $1) }
      #expect(try await storage.count(ActivityQuery(filter)) == expected, "\(text)")
    }
  }

  @Test("times that fall together keep their order of arrival, and lose nothing")
  func together() async throws {
    let storage = try Storage.inMemory()
    let lines = (0..<100).map { #"{"id":"activity_\#($0)","created_at":"2026-01-01T00:00:00Z","type":"t"}"# }
    #expect(try importing(lines[..<50].joined(separator: "\n"), into: storage).added == 50)
    #expect(try importing(lines[50...].joined(separator: "\n"), into: storage).added == 50)
    #expect(try await storage.oldest(limit: 200).map(\.activity.id.description) == (0..<100).map { "activity_\($0)" })
    #expect(try storage.latest(limit: 200).map(\.activity.id.description) == (0..<100).map { "activity_\($0)" })
  }
}
