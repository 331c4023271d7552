import Foundation
import Platform
@testable import PlatformClient
import Testing

@Suite("Where credentials come from")
struct CredentialOriginTests {
  private func key(_ origin: CredentialOrigin, _ environment: [String: String]) async throws -> Credential? {
    let credentials = SignIn(adminKey: origin).credentials(environment, ScriptedTransport(.ok([:])))
    return try await credentials.adminKey?.credential(insteadOf: nil)
  }

  @Test("are a variable, a private file, or what a command prints")
  func kinds() async throws {
    let home = try Home()
    let file = try home.write("key", "  k1\n")
    #expect(try await key(.file(file), [:]) == .apiKey(Secret("k1")))
    #expect(try await key(.environment("K"), ["K": "k2"]) == .apiKey(Secret("k2")))
    #expect(try await key(.command(["/bin/echo", "k3"]), [:]) == .apiKey(Secret("k3")))
  }

  @Test("are nothing that others may read, that has no line or two, or that fails")
  func refused() async throws {
    let home = try Home()
    let origins: [CredentialOrigin] = [
      .file(try home.write("open", "k", mode: 0o604)), .file("\(home.path)/none"), .file(home.path),
      .file(try home.write("two", "CANARY\nCANARY")), .environment("NONE"), .command(["/bin/false"]),
      .command(["/nowhere/none"]), .command([]), .command(["/bin/echo"]), .antProfile(nil),
    ]
    for origin in origins {
      let problem = await #expect(throws: Problem.self, "\(origin)") { try await key(origin, [:]) }
      #expect(problem?.kind == .credential && problem?.line.contains("CANARY") == false)
    }
  }

  @Test("are a link's only where nobody else can make it lead elsewhere")
  func links() async throws {
    let home = try Home()
    let file = try home.write("key", "k1")
    func link(_ directory: String, mode: Int, to target: String) throws -> String {
      let folder = "\(home.path)/\(directory)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/key", withDestinationPath: target)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder)
      return "\(folder)/key"
    }
    // As Kubernetes lays a secret out: a link through a link, all in directories of the owner's.
    let own = try link("own", mode: 0o755, to: "../key")
    #expect(try await key(.file(own), [:]) == .apiKey(Secret("k1")))
    #expect(try await key(.file(try link("again", mode: 0o700, to: own)), [:]) == .apiKey(Secret("k1")))
    #expect(try await key(.file(try link("sticky", mode: 0o1777, to: file)), [:]) == .apiKey(Secret("k1")))
    for (directory, mode) in [("open", 0o777), ("group", 0o775)] {
      let open = try link(directory, mode: mode, to: file)
      let problem = await #expect(throws: Problem.self) { try await key(.file(open), [:]) }
      #expect(problem?.cause.contains("somebody else may point elsewhere") == true)
      // Also where the first link is in good hands.
      let through = try link("\(directory)-through", mode: 0o700, to: open)
      await #expect(throws: Problem.self) { try await key(.file(through), [:]) }
    }
    let circle = try link("circle", mode: 0o700, to: "key")
    await #expect(throws: Problem.self) { try await key(.file(circle), [:]) }
  }

  @Test("are not waited for longer than the limit, though the command has closed its output")
  func lingering() async throws {
    let start = ContinuousClock.now
    await #expect(throws: Command.Failure.self) {
      try await Command(["sh", "-c", "echo k; exec >&-; exec sleep 60"], ["PATH": "/usr/bin:/bin"], limit: 1).output()
    }
    await #expect(throws: Command.Failure.self) {
      try await Command(["sh", "-c", "trap '' TERM; exec sleep 60"], ["PATH": "/usr/bin:/bin"], limit: 1).output()
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("are asked for by commands that can be interrupted, and find a broken pipe as usual")
  func signals() async throws {
    signal(SIGPIPE, SIG_IGN)
    let script = "grep -E '^Sig(Blk|Ign)' /proc/self/status | tr -d '\\t\\n'"
    let output = try await Command(["sh", "-c", script], ["PATH": "/usr/bin:/bin"]).output()
    let masks = String(decoding: output, as: UTF8.self)
    // Signals 1 to 31 are what counts; the next two are the C library's own.
    for mask in masks.split(separator: "Sig") {
      let set = UInt64(mask.split(separator: ":").last ?? "", radix: 16)
      #expect(set.map { $0 & 0x7FFF_FFFF } == 0, "\(masks)")
    }
  }

  @Test("are kept from the commands that print others")
  func withheld() async throws {
    let environment = ["ANTHROPIC_ADMIN_KEY": "CANARY", "OTHER": "x", "PATH": "/usr/bin:/bin"]
    let script = "echo \"$OTHER$ANTHROPIC_ADMIN_KEY\""
    #expect(try await key(.command(["sh", "-c", script]), environment) == .apiKey(Secret("x")))
    // A profile may have one in a variable of its own naming.
    let signIn = SignIn(
      adminKey: .command(["sh", "-c", "echo \"y$ACME_TOKEN\""]), complianceKey: .environment("ACME_TOKEN"))
    let own = signIn.credentials(["ACME_TOKEN": "CANARY", "PATH": "/usr/bin:/bin"], ScriptedTransport(.ok([:])))
    #expect(try await own.adminKey?.credential(insteadOf: nil) == .apiKey(Secret("y")))
  }

  @Test("are looked up once, and again when they are refused")
  func once() async throws {
    let home = try Home()
    let file = try home.write("key", "k1")
    let source = SignIn(adminKey: .file(file)).credentials([:], ScriptedTransport(.ok([:]))).adminKey
    let first = try await source?.credential(insteadOf: nil)
    try home.write("key", "k2")
    #expect(try await source?.credential(insteadOf: nil) == first)
    #expect(try await source?.credential(insteadOf: first) == .apiKey(Secret("k2")))
  }

  @Test("without configuration are the variables, the profile, or the federation variables")
  func standard() throws {
    let home = try Home()
    #expect(SignIn.standard(home.environment) == SignIn())
    try home.writeProfile()
    #expect(SignIn.standard(home.environment).token == .antProfile(nil))
    var environment = home.environment
    environment["ANTHROPIC_FEDERATION_RULE_ID"] = "fdrl_1"
    environment["ANTHROPIC_ORGANIZATION_ID"] = "org1"
    environment["ANTHROPIC_IDENTITY_TOKEN_FILE"] = "/t"
    #expect(SignIn.standard(environment).token == .federation)
    environment["ANTHROPIC_PROFILE"] = "default"
    #expect(SignIn.standard(environment).token == .antProfile(nil))
    environment["ANTHROPIC_OAUTH_TOKEN"] = "t"
    environment["ANTHROPIC_COMPLIANCE_KEY"] = "c"
    environment["ANTHROPIC_ADMIN_KEY"] = ""
    #expect(
      SignIn.standard(environment)
        == SignIn(token: .environment("ANTHROPIC_OAUTH_TOKEN"), complianceKey: .environment("ANTHROPIC_COMPLIANCE_KEY"))
    )
  }
}

@Suite("Signing in as a workload")
struct FederatedSignInTests {
  private func profile(_ home: Home) throws {
    try home.writeProfile([
      "type": "oidc_federation", "federation_rule_id": "fdrl_1",
      "identity_token": ["source": "file", "path": .string("\(home.path)/jwt")],
    ])
  }

  @Test("exchanges the token that is in the file now, with what the environment adds")
  func exchange() async throws {
    let home = try Home()
    try profile(home)
    try home.write("jwt", "j1\n", mode: 0o644)
    let transport = ScriptedTransport(.ok(["access_token": "a1", "expires_in": 600]))
    let environment = home.environment.merging(
      ["ANTHROPIC_SERVICE_ACCOUNT_ID": "svac_1", "ANTHROPIC_FEDERATION_RULE_ID": "fdrl_other"]) { $1 }
    let source = try #require(SignIn(token: .antProfile(nil)).credentials(environment, transport).token)
    #expect(try await source.credential(insteadOf: nil) == .bearer(Secret("a1")))
    let request = try #require(transport.requests.first)
    #expect(
      try JSON(parsing: request.body ?? []) == [
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "j1", "federation_rule_id": "fdrl_1",
        "organization_id": "org1", "service_account_id": "svac_1",
      ])
    #expect(request.headers.contains(Request.Item("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01")))
  }

  @Test("tries once more when it is refused, and then says where the reason is")
  func refused() async throws {
    let home = try Home()
    try profile(home)
    try home.write("jwt", "j1")
    let transport = ScriptedTransport(.refusal(401, "authentication_error"))
    let source = try #require(SignIn(token: .antProfile(nil)).credentials(home.environment, transport).token)
    let problem = await #expect(throws: Problem.self) { try await source.credential(insteadOf: nil) }
    #expect(problem?.code == "exchange_refused" && problem?.remedy.contains("gatehouse audit denials") == true)
    #expect(transport.requests.count == 2)
  }

  @Test("takes no answer without a token in it", arguments: ["{}", "{\"access_token\":\"\"}", "x", "[]"])
  func nonsense(body: String) async throws {
    let home = try Home()
    try profile(home)
    try home.write("jwt", "j1")
    let source = try #require(
      SignIn(token: .antProfile(nil)).credentials(home.environment, ScriptedTransport(.text(200, body))).token)
    await #expect(throws: Problem.self) { try await source.credential(insteadOf: nil) }
  }
}
