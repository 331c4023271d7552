import Foundation
import Migration
import Operations
import Platform
import Sandbox
import Storage
import Testing

@Suite("Moving off a static key")
struct MigratingTests {
  private func bench() async throws -> (Workbench, APIKey, FederationRule) {
    let bench = try Workbench(.demo)
    let key = try #require(try await bench.operations.keys().first { $0.status == .active })
    let rule = try #require(try await bench.operations.rules().first)
    bench.requests.forget()
    return (bench, key, rule)
  }

  @Test("shows each key with its use and the places of its hint")
  func records() async throws {
    let (bench, key, _) = try await bench()
    let records = try await bench.operations.keyRecords()
    #expect(records.contains { $0.key.id == key.id })
    #expect(records.contains { $0.use != nil })
    #expect(bench.requests.changes == [])
  }

  @Test("turns a key off only when nothing stands against it, and back on at once")
  func wayBack() async throws {
    let (bench, key, rule) = try await bench()
    let operations = bench.operations
    await #expect { try await operations.disable(key, isCopyKept: true, waiver: "ready") } throws: { error in
      (error as? Problem)?.code == "guarded"
    }
    let evidence = try await operations.verify(key, rule: rule, since: Date().addingTimeInterval(-86400))
    #expect(evidence.keyID == key.id)
    // Without the stored copy there is no way back, and no reason sets that aside.
    await #expect { try await operations.disable(key, isCopyKept: false, waiver: "ready") } throws: { error in
      (error as? Problem)?.code == "guarded"
    }
    #expect(bench.requests.changes == [])
    #expect(try await operations.disable(key, isCopyKept: true, waiver: "agreed with its owner").status == .inactive)
    let watching = try #require(try await operations.courses(of: key).first)
    #expect(watching.state(at: Date()) == .watching && watching.steps.map(\.step) == [.verify, .disable])
    #expect(watching.steps.last?.record?["waiver"]?.string == "agreed with its owner")

    await #expect { try await operations.retire(key, waiver: "now") } throws: { error in
      (error as? Problem)?.code == "guarded"
    }
    #expect(try await operations.rollBack(key).status == .active)
    #expect(try await operations.courses(of: key).first?.state(at: Date()) == .rolledBack)
  }

  @Test("believes no silence that was seen before the key was used again")
  func usedSince() async throws {
    let (bench, _, rule) = try await bench()
    let operations = bench.operations
    let silent = try #require(
      try await operations.keyRecords().first { $0.key.status == .active && $0.use == nil && $0.key.principal == nil })
    func standsAgainst() async throws -> [String] {
      try await operations.guards(for: silent.key).guarded.againstDisabling(isCopyKept: true).map(\.code)
    }
    _ = try await operations.verify(silent.key, rule: rule, since: Date().addingTimeInterval(-86400))
    #expect(try await !standsAgainst().contains("soak"))

    let secrets = try JSON(parsing: try await bench.sandbox.send(Request(.get, "/_sandbox/keys")).body)
    let secret = try #require(secrets["keys"]?[silent.key.id.description]?.string)
    var request = Request(
      .post, "/v1/messages",
      json: ["model": "claude-sonnet-5", "max_tokens": 8, "messages": [["role": "user", "content": "hello"]]])
    request.headers.append(Request.Item("anthropic-version", "2023-06-01"))
    request.credential = .apiKey(Secret(secret))
    #expect(try await bench.sandbox.send(request).status == 200)
    #expect(try await standsAgainst().contains("soak"))
  }

  @Test("goes on or back after a stop between the request and its answer", arguments: [true, false])
  func stopped(wasSent: Bool) async throws {
    let (bench, key, rule) = try await bench()
    let operations = bench.operations
    _ = try await operations.verify(key, rule: rule, since: Date().addingTimeInterval(-86400))
    // What the journal holds when the program is killed there.
    _ = try operations.storage.record(
      Change(
        at: Date(), who: "ana", action: "migrate.disable", target: key.id.description, after: ["status": "inactive"]))
    if wasSent { _ = try await operations.client.updateKey(key.id, KeyUpdate(status: .inactive)) }
    let course = try #require(try await operations.courses(of: key).first)
    #expect((course.state(at: Date()) == .watching) == wasSent)
    #expect((course.disabledAt != nil) == wasSent)
    if !wasSent { #expect(try await operations.disable(key, isCopyKept: true, waiver: "agreed").status == .inactive) }
    #expect(try await operations.rollBack(key).status == .active)
  }
}
