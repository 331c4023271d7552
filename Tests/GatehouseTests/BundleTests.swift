import Foundation
import Platform
import Testing

/// What the doctor writes for support, on a machine with a secret wherever one can be.
@Suite("A bundle for support")
struct BundleTests {
  private func household() throws -> Household {
    let household = try Household()
    let path = household.home.appending(path: ".config/gatehouse/config.toml").path
    let config = try String(contentsOfFile: path, encoding: .utf8)
    // Where no secret belongs, and where people put them all the same.
    household.canaries.add("a word of a command", "hvs.CANARYCANARYCANARY1")
    household.canaries.add("a proxy's password", "CANARY-proxy")
    household.canaries.add("a key in the log", Household.keyShaped("CANARYinTheLog"))
    household.canaries.add("a header in the log", "Zm9vOmJhcg-CANARY-basic")
    household.canaries.add("an answer in the log", "CANARY.long.answer")
    household.canaries.add("a name that looks like a key", Household.keyShaped("CANARYasName"))
    try household.put(
      ".config/gatehouse/config.toml",
      config + """

        [profiles."\(Household.keyShaped("CANARYasName"))"]
        admin_key = { command = ["curl", "-H", "X-Vault-Token: hvs.CANARYCANARYCANARY1", "https://vault.example"] }
        """)
    try household.put(
      ".local/state/gatehouse/gatehouse.log",
      """
      2026-11-24T09:00:00Z GET /v1/organizations/me -> 200, 12 bytes, req_1
      2026-11-24T09:00:01Z x-api-key: \(Household.keyShaped("CANARYinTheLog"))
      2026-11-24T09:00:02Z Authorization: Basic Zm9vOmJhcg-CANARY-basic
      2026-11-24T09:00:03Z {"client_secret":"CANARY.long.answer"}
      2026-11-24T09:00:04Z \(household.token) \(household.workloadToken)
      2026-11-24T09:00:05Z \(try String(contentsOfFile: household.home.path + "/work/key.pem", encoding: .utf8))

      """)
    return household
  }

  private func program(_ household: Household) throws -> Program {
    var program = try household.byEnvironment
    program.environment["HTTPS_PROXY"] = "http://maya:CANARY-proxy@proxy.example:3128"
    program.environment["TERM"] = "xterm-256color"
    return program
  }

  @Test("tells what support asks for, and masks every secret", arguments: ["default", "kept"])
  func canaries(profile: String) throws {
    let household = try household()
    let program = try program(household)
    let file = household.home.appending(path: "support.json")
    let words =
      ["doctor", "--bundle", file.path, "--base-url", try household.sandbox.text("base_url")]
      + (profile == "default" ? [] : ["--profile", profile])
    let result = try program.run(words)
    if profile == "kept" { try household.watchRenewedTokens() }
    let data = try Data(contentsOf: file)
    #expect(household.canaries.found(in: data).isEmpty)
    #expect(household.canaries.found(in: Data((result.output + result.errors).utf8)).isEmpty)
    #expect(try file.mode == 0o600)
    let bundle = try JSON(parsing: data)
    #expect(bundle["version"]?.string?.isEmpty == false)
    #expect(bundle.at("system.kernel")?.string?.isEmpty == false)
    #expect(bundle.at("environment.TERM") == "xterm-256color")
    #expect(bundle.at("environment.HTTPS_PROXY") == "set")
    #expect(bundle.at("environment.ANTHROPIC_ADMIN_KEY") == "set")
    #expect(bundle.at("configuration.profiles.kept.token") == "the ant profile canary")
    #expect(bundle.at("configuration.profiles.kept.compliance_key")?.string?.contains("print.sh") == true)
    let lines = (bundle.at("log.tail")?.array ?? []).compactMap(\.string)
    #expect(lines.first?.contains("GET /v1/organizations/me -> 200") == true)
    #expect(lines.contains { $0.contains("x-api-key: ••••••") })
    let checks = try #require(bundle["checks"]?.array)
    for check in ["gatehouse", "memory", "terminal", "configuration", "token", "admin key", "platform", "clock"] {
      #expect(checks.contains { $0["check"]?.string == check }, "\(check)")
    }
    #expect(bundle.at("store.path")?.string?.hasSuffix("\(profile).sqlite") == true)
  }

  @Test("is written over nothing, and goes to standard output alone when asked")
  func places() throws {
    let household = try household()
    let program = try program(household)
    let there = try household.put("support.json", "mine")
    let base = ["--base-url", try household.sandbox.text("base_url")]
    let refused = try program.run(["doctor", "--bundle", there] + base)
    #expect(refused.status == 6)
    #expect(try String(contentsOfFile: there, encoding: .utf8) == "mine")
    let printed = try program.run(["doctor", "--bundle", "-"] + base)
    #expect(try printed.object["checks"]?.array?.isEmpty == false)
    #expect(household.canaries.found(in: Data(printed.output.utf8)).isEmpty)
  }

  @Test("is made of what there is when nothing works")
  func bare() throws {
    let scratch = try Scratch()
    var program = Program.isolated(scratch.url)
    program.environment["GATEHOUSE_CONFIG_HOME"] = scratch.url.path
    _ = try scratch.file("config.toml", "profile = [\n")
    let result = try program.run("doctor", "--bundle", "-")
    #expect(result.status == 1)
    #expect(try result.object.at("configuration.problem")?.string?.contains("config.toml:") == true)
    // Opening a store makes it, which a look must not.
    #expect(!FileManager.default.fileExists(atPath: scratch.url.path + "/.local/share/gatehouse/default.sqlite"))
  }
}
