import Operations
import Platform
import PlatformClient
import Sandbox
import Testing

@Suite("Reading the feed into the store")
struct AuditingTests {
  private func ledgerCount(_ sandbox: Sandbox) async throws -> Int {
    let body = try await sandbox.send(Request(.get, "/_sandbox/ledger")).body
    let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
    return lines.filter { !$0.contains("compliance_api_accessed") }.count
  }

  @Test("keeps all there is, once, however often it is read")
  func all() async throws {
    let bench = try Workbench(.demo)
    let first = try await bench.operations.sync()
    #expect(first.added == first.read && first.rejected == 0)
    #expect(try await first.added == ledgerCount(bench.sandbox))
    #expect(try await bench.operations.sync().added == 0)
    #expect(try bench.operations.storage.cursors().isComplete)
  }

  @Test("keeps an event that comes late, behind the cursor", arguments: [10.0, 3600, 80000])
  func late(age: Double) async throws {
    let bench = try await Workbench.small()
    _ = try await bench.operations.sync()
    try await bench.addActivity(age: age)
    #expect(try await bench.operations.sync().added == 1)
    #expect(try await bench.operations.sync().added == 0)
  }

  @Test("shows a tail what is new, and what is late, as it arrives")
  func tail() async throws {
    let bench = try Workbench(.empty)
    try await bench.addActivity(age: 200)
    let start = try await bench.operations.tail(after: nil)
    #expect(start.count == 1)
    try await bench.addActivity(age: 0)
    try await bench.addActivity(age: 100)
    let arrivals = try await bench.operations.tail(after: start.last?.row)
    #expect(arrivals.count == 2)
    #expect(try await bench.operations.tail(after: arrivals.last?.row).isEmpty)
  }

  @Test("begins with an empty feed, and finds the first event of all")
  func empty() async throws {
    let bench = try Workbench(.empty)
    #expect(try await bench.operations.sync().added == 0)
    try await bench.addActivity(age: 0)
    #expect(try await bench.operations.sync().added == 1)
    try await bench.addActivity(age: 0)
    #expect(try await bench.operations.sync().added == 1)
  }

  @Test("finds its way when the platform no longer takes the cursor")
  func lostCursor() async throws {
    let bench = try await Workbench.small()
    let whole = try await bench.operations.sync().added
    try bench.operations.storage.append([], newest: "activity_gone", polledAt: .now)
    try await bench.addActivity(age: 0)
    #expect(try await bench.operations.sync().added == 1)
    #expect(try bench.operations.storage.cursors().newest != "activity_gone")
    try await bench.addActivity(age: 0)
    #expect(try await bench.operations.sync().added == 1)
    #expect(try await ledgerCount(bench.sandbox) == whole + 2)
  }
}
