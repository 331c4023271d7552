import Foundation
import Platform
import Storage
import Testing

/// The process that is killed is this one over again, which runs nothing but ``CrashTests/writesUntilKilled()``.
@Suite("A process that dies")
struct CrashTests {
  static let variable = "GATEHOUSE_TEST_CRASHING_STORE"
  static let path = ProcessInfo.processInfo.environment[variable]

  @Test("writes until it is killed", .enabled(if: path != nil))
  func writesUntilKilled() throws {
    let storage = try Storage(path: try #require(Self.path))
    var number = try storage.statistics().activities
    while true {
      let page = try (number..<number + 50).map { try Activity.sample($0) }
      number += 50
      try storage.append(page, newest: String(number), oldest: "0", polledAt: .now)
    }
  }

  @Test("loses nothing that was kept, and leaves rows, index and cursors in step", .enabled(if: path == nil))
  func killed() async throws {
    let place = try Scratch()
    let path = place.path + "/a.sqlite"
    var known = 0
    for round in 1...4 {
      let child = try spawn(path)
      // Not before it has written, and then at a moment of the machine's choosing.
      try waitUntil(child) {
        (try? Storage(path: path, access: .reading).statistics().activities) ?? 0 > known + 200 * round
      }
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
      let storage = try Storage(path: path)
      #expect(storage.isWriter, "its lock died with it")
      let kept = try storage.statistics().activities
      #expect(kept > known && kept.isMultiple(of: 50))
      #expect(try storage.cursors().newest == String(kept))
      #expect(try storage.integrityFaults() == [])
      #expect(try await storage.count(ActivityQuery(ActivityFilter(searching: "ada"))) == kept)
      known = kept
    }
  }

  private func spawn(_ path: String) throws -> Process {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    child.arguments = CommandLine.arguments.dropFirst() + ["--filter", "writesUntilKilled"]
    child.environment = ProcessInfo.processInfo.environment.merging([Self.variable: path]) { $1 }
    child.standardOutput = FileHandle.nullDevice
    child.standardError = FileHandle.nullDevice
    try child.run()
    return child
  }

  private func waitUntil(_ child: Process, _ isReached: () -> Bool) throws {
    let end = Date.now.addingTimeInterval(60)
    while !isReached() {
      try #require(child.isRunning && .now < end, "the child must write")
      sched_yield()
    }
  }
}
