import Foundation
import Platform
import PlatformClient
import Sandbox
import Testing

@Suite("Refresh tokens that rotate")
struct RotationTests {
  /// A program that knows no lock: it reads, turns in, and writes down when that went well.
  private func careless(_ home: Home, _ sandbox: Sandbox) async throws -> Bool {
    let refresh = try #require(try home.credentials["refresh_token"]?.string)
    let body: JSON = ["grant_type": "refresh_token", "refresh_token": .string(refresh), "client_id": "c1"]
    let response = try await sandbox.send(Request(.post, "/v1/oauth/token", json: body))
    for _ in 0..<Int.random(in: 0...30) { await Task.yield() }
    guard response.status == 200 else { return false }
    let json = try JSON(parsing: response.body)
    try home.writeCredentials(
      access: json["access_token"]?.string ?? "", refresh: json["refresh_token"]?.string,
      expiry: Int(testTime.timeIntervalSince1970) + 9000)
    return true
  }

  @Test("are never lost, though three programs renew one profile at once")
  func manyAtOnce() async throws {
    let sandbox = try Sandbox(scenario: .empty, seed: 3, now: { testTime })
    let home = try Home()
    try home.writeProfile()
    let first = sandbox.credentials.refreshToken.expose { $0 }
    try home.writeCredentials(refresh: first, expiry: 0)
    for round in 1...30 {
      let refresh = try home.credentials["refresh_token"]?.string
      try home.writeCredentials(access: "old", refresh: refresh, expiry: 0)
      let sources = try (1...2).map { _ in try home.source(sandbox, clock: PatientClock()) { testTime } }
      async let other = careless(home, sandbox)
      async let one = sources[0].credential(insteadOf: nil)
      async let two = sources[1].credential(insteadOf: nil)
      for credential in [try await one, try await two] {
        let client = PlatformClient(
          transport: sandbox, credentials: Credentials(token: FixedCredential(credential)))
        await #expect(throws: Never.self, "round \(round)") { try await client.organization() }
      }
      _ = try await other
    }
    #expect(try home.files == ["default.json"])
  }
}

/// Ten times as slow: what a program has just been told may be written down late on a machine that is busy with tests.
private struct PatientClock: Clock {
  private let clock = ContinuousClock()
  var now: ContinuousClock.Instant { clock.now }
  var minimumResolution: Duration { clock.minimumResolution }
  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    try await clock.sleep(for: clock.now.duration(to: deadline) * 10, tolerance: tolerance)
  }
}
