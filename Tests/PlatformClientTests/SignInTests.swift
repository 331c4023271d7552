import Foundation
import Platform
import PlatformClient
import Synchronization
import Testing

@Suite("Signing in with an ant profile")
struct SignInTests {
  static let granted = ScriptedTransport.Step.ok([
    "access_token": "a2", "refresh_token": "r2", "expires_in": 28800, "token_type": "Bearer",
  ])

  private func token(_ home: Home, _ transport: any Transport) async throws -> Credential {
    try await home.source(transport) { testTime }.credential(insteadOf: nil)
  }

  @Test("uses a token that is good for a while yet as it stands")
  func fresh() async throws {
    let home = try Home()
    try home.writeProfile()
    try home.writeCredentials(expiry: 1_000_121)
    let transport = ScriptedTransport(Self.granted)
    #expect(try await token(home, transport) == .bearer(Secret("a1")))
    #expect(transport.requests.isEmpty)
  }

  @Test("renews one that is about to end, and keeps what it does not know in the file")
  func renewed() async throws {
    let home = try Home()
    try home.writeProfile()
    try home.writeCredentials(expiry: 1_000_119)
    let transport = ScriptedTransport(Self.granted)
    #expect(try await token(home, transport) == .bearer(Secret("a2")))
    let request = try #require(transport.requests.first)
    #expect(request.path == "/v1/oauth/token" && request.credential == nil)
    #expect(
      try JSON(parsing: request.body ?? []) == [
        "grant_type": "refresh_token", "refresh_token": "r1", "client_id": "c1",
      ])
    #expect(request.headers.contains(Request.Item("anthropic-beta", "oauth-2025-04-20")))
    #expect(
      try home.credentials == [
        "version": "1.0", "type": "oauth_token", "access_token": "a2", "refresh_token": "r2", "expires_at": 1_028_800,
        "later": ["kept": true],
      ])
    #expect(try home.files == ["default.json"])
    let mode = try FileManager.default.attributesOfItem(atPath: home.credentialsPath)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test("keeps the refresh token where the answer has none")
  func sameRefreshToken() async throws {
    let home = try Home()
    try home.writeProfile()
    try home.writeCredentials(expiry: 0)
    _ = try await token(home, ScriptedTransport(.ok(["access_token": "a2", "expires_in": "60"])))
    #expect(try home.credentials["refresh_token"] == "r1")
    #expect(try home.credentials["expires_at"] == 1_000_060)
  }

  @Test("believes the program that was faster, though its own refresh token was refused")
  func faster() async throws {
    /// Another program turned in the same refresh token first, and writes down what it got while we are refused.
    struct Late: Transport {
      let home: Home
      func send(_ request: Request) async throws(TransportFailure) -> Response {
        try? home.writeCredentials(access: "theirs", refresh: "r9", expiry: 1_020_000)
        return Response(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8))
      }
    }
    let home = try Home()
    try home.writeProfile()
    try home.writeCredentials(expiry: 0)
    #expect(try await token(home, Late(home: home)) == .bearer(Secret("theirs")))
    #expect(try home.credentials["refresh_token"] == "r9")
  }

  @Test("says how to sign in again when the refresh token is of no use, and leaves the file alone")
  func refused() async throws {
    let home = try Home()
    try home.writeProfile()
    try home.writeCredentials(expiry: 0)
    let before = try home.credentials
    let problem = await #expect(throws: Problem.self) {
      try await token(home, ScriptedTransport(.answer(400, ["error": "invalid_grant", "error_description": "Gone."])))
    }
    #expect(problem?.remedy == "Run ant auth login --profile default --scope org:admin.")
    #expect(problem?.kind == .credential && problem?.cause.contains("Gone") == true)
    #expect(try home.credentials == before && home.files == ["default.json"])
  }

  @Test("only reads a profile that somebody else renews")
  func othersProfile() async throws {
    let home = try Home()
    try home.writeProfile(["type": "user_oauth"])
    try home.writeCredentials(expiry: 1_000_001)
    let transport = ScriptedTransport(Self.granted)
    #expect(try await token(home, transport) == .bearer(Secret("a1")))
    try home.writeCredentials(expiry: 999_999)
    await #expect(throws: Problem.self) { try await token(home, transport) }
    #expect(transport.requests.isEmpty)
  }

  @Test("touches no credentials that others may read, or that a link leads to")
  func unsafe() async throws {
    let home = try Home()
    try home.writeProfile()
    try home.writeCredentials(expiry: 1_009_999, mode: 0o640)
    let exposed = await #expect(throws: Problem.self) { try await token(home, ScriptedTransport(Self.granted)) }
    #expect(exposed?.remedy.hasPrefix("Run chmod 600") == true)
    rename(home.credentialsPath, "\(home.path)/elsewhere")
    chmod("\(home.path)/elsewhere", 0o600)
    symlink("\(home.path)/elsewhere", home.credentialsPath)
    let link = await #expect(throws: Problem.self) { try await token(home, ScriptedTransport(Self.granted)) }
    #expect(link?.cause.contains("symbolic link") == true)
  }

  @Test("trusts no configuration that others may write, and no name that leads elsewhere")
  func unsafeConfiguration() throws {
    let home = try Home()
    try home.writeProfile(mode: 0o666)
    #expect(throws: Problem.self) { try AntProfile("default", in: home.directory) }
    try home.writeProfile()
    #expect(try AntProfile("default", in: home.directory).organizationID == "org1")
    for name in ["../configs/default", ".hidden", "", "a/b"] {
      #expect(throws: Problem.self) { try AntProfile(name, in: home.directory) }
    }
  }

  @Test(
    "shows nothing of a secret in an error, whatever the file is like",
    arguments: ["{\"access_token\":\"CANARY", "CANARY"])
  func canary(text: String) async throws {
    let home = try Home()
    try home.writeProfile()
    try home.write("anthropic/credentials/default.json", text)
    let problem = await #expect(throws: Problem.self) { try await token(home, ScriptedTransport(Self.granted)) }
    var dumped = ""
    dump(problem, to: &dumped)
    #expect(!dumped.contains("CANARY"))
    try home.writeCredentials(access: "CANARY", expiry: 1_009_999)
    let source = try home.source(ScriptedTransport(Self.granted)) { testTime }
    dump(try await source.credential(insteadOf: nil), to: &dumped)
    dump(source, to: &dumped)
    #expect(!dumped.contains("CANARY"))
  }

  @Test("finds the directory and the profile as the other programs do")
  func places() throws {
    let home = try Home()
    #expect(AntProfile.directory(["HOME": "/h"]) == "/h/.config/anthropic")
    #expect(AntProfile.directory(["HOME": "/h", "ANTHROPIC_CONFIG_DIR": ""]) == "/h/.config/anthropic")
    #expect(AntProfile.directory(["XDG_CONFIG_HOME": home.path, "HOME": "/h"]) == home.directory)
    #expect(AntProfile.directory(["XDG_CONFIG_HOME": "/nowhere", "HOME": "/h"]) == "/h/.config/anthropic")
    #expect(AntProfile.activeName(in: home.directory, [:]) == "default")
    try home.write("anthropic/active_config", " admin\n")
    #expect(AntProfile.activeName(in: home.directory, [:]) == "admin")
    #expect(AntProfile.activeName(in: home.directory, ["ANTHROPIC_PROFILE": "other"]) == "other")
  }
}

@Suite("One token for all who ask")
struct TokenCacheTests {
  /// Gives numbered tokens that last so many seconds, or fails.
  final class Numbered: TokenOrigin {
    private let state = Mutex<(calls: Int, lifetime: Double?)>((0, 1000))
    var calls: Int { state.withLock { $0.calls } }
    /// Nil to fail.
    func set(lifetime: Double?) { state.withLock { $0.lifetime = lifetime } }

    func token(insteadOf rejected: Secret?) async throws(Problem) -> AccessToken {
      // Others get to ask while this is under way.
      for _ in 1...20 { await Task.yield() }
      let (calls, lifetime) = state.withLock { state in
        state.calls += 1
        return state
      }
      guard let lifetime else { throw Problem("No", because: "it is so", try: "Wait.") }
      return AccessToken(secret: Secret("t\(calls)"), expiresAt: testTime + lifetime)
    }
  }

  /// A clock that is set by hand.
  final class Time: Sendable {
    private let date = Mutex(testTime)
    var now: Date { date.withLock { $0 } }
    func pass(_ seconds: Double) { date.withLock { $0 += seconds } }
  }

  @Test("is asked for once, however many wait for it")
  func once() async throws {
    let origin = Numbered()
    let cache = TokenCache(origin, now: { testTime })
    try await withThrowingTaskGroup { group in
      for _ in 1...100 { group.addTask { try await cache.credential(insteadOf: nil) } }
      for try await credential in group { #expect(credential == .bearer(Secret("t1"))) }
    }
    #expect(origin.calls == 1)
  }

  @Test("is renewed ahead of time, and used on while that fails, until the end is near")
  func ahead() async throws {
    let (origin, time) = (Numbered(), Time())
    let cache = TokenCache(origin, now: { time.now })
    #expect(try await cache.credential(insteadOf: nil) == .bearer(Secret("t1")))
    time.pass(879)
    #expect(try await cache.credential(insteadOf: nil) == .bearer(Secret("t1")) && origin.calls == 1)
    origin.set(lifetime: nil)
    time.pass(2)
    #expect(try await cache.credential(insteadOf: nil) == .bearer(Secret("t1")) && origin.calls == 2)
    #expect(try await cache.credential(insteadOf: nil) == .bearer(Secret("t1")) && origin.calls == 2)
    time.pass(6)
    #expect(try await cache.credential(insteadOf: nil) == .bearer(Secret("t1")) && origin.calls == 3)
    time.pass(84)
    await #expect(throws: Problem.self) { try await cache.credential(insteadOf: nil) }
    origin.set(lifetime: 9000)
    #expect(try await cache.credential(insteadOf: nil) == .bearer(Secret("t5")))
  }

  @Test("is renewed when it was refused, and not again for those who were refused with the old one")
  func refused() async throws {
    let origin = Numbered()
    let cache = TokenCache(origin, now: { testTime })
    let first = try await cache.credential(insteadOf: nil)
    let second = try await cache.credential(insteadOf: first)
    #expect(second == .bearer(Secret("t2")))
    #expect(try await cache.credential(insteadOf: first) == second && origin.calls == 2)
  }

  @Test("is renewed to the end though the one who asked goes away")
  func cancelled() async throws {
    let origin = Numbered()
    let cache = TokenCache(origin, now: { testTime })
    let task = Task { try await cache.credential(insteadOf: nil) }
    task.cancel()
    _ = await task.result
    #expect(try await cache.credential(insteadOf: nil) == .bearer(Secret("t1")) && origin.calls == 1)
  }
}
