import Foundation
import Platform
import Testing

/// What a slip of the hand, or of a script, must not do.
@Suite("Changes that let in more than was meant")
struct SafetyTests {
  @Test(
    "a new rule takes no empty part: it is a variable that is not set",
    arguments: [
      ["--subject", ""], ["--subject", "me", "--claim", "repository="], ["--subject", "me", "--condition", ""],
      ["--subject", "me", "--audience", ""],
    ])
  func emptyParts(parts: [String]) throws {
    let scratch = try Scratch()
    let result = try Program.isolated(scratch.url).run(
      ["rules", "create", "r", "--issuer", "i", "--account", "a", "--sandbox", "--yes"] + parts)
    #expect(result.status == 2 && result.output.isEmpty, "\(result.errors)")
    #expect(result.errors.contains("Leave it out") == true)
  }

  @Test("a rule with a finding is mended freely, and widened under the same finding never")
  func widened() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "empty", in: program)
    let client = try sandbox.client(program)
    let base = ["--base-url", try sandbox.text("base_url"), "--yes"]
    func run(_ words: String...) throws -> Program.Result { try client.run(words + base) }
    #expect(
      try run("issuers", "create", "gha", "--url", "https://token.actions.githubusercontent.com").status == 0)
    #expect(try run("accounts", "create", "ci").status == 0)
    let create = try run(
      "rules", "create", "r", "--issuer", "gha", "--account", "ci", "--subject", "repo:acme/api:*", "--accept", "GH005")
    #expect(create.status == 0, "\(create.errors)")
    let widened = try run("rules", "update", "r", "--subject", "repo:other/thing:*")
    #expect(widened.status == 1 && widened.errors.contains("--accept GH005"))
    #expect(try run("rules", "update", "r", "--description", "x").status == 0)
    let mended = try run("rules", "update", "r", "--claim", "ref=refs/heads/main")
    #expect(mended.status == 0, "\(mended.errors)")
    #expect(sandbox.stop() == 0)
  }

  @Test(
    "a protection that is written wrongly is said to be, and not taken for none",
    arguments: ["read_only = \"yes\"", "production = true", "base_url = 1", "token = { command = [\"echo\", 1] }"])
  func protections(line: String) throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    try FileManager.default.createDirectory(
      at: scratch.url.appending(path: ".config/gatehouse"), withIntermediateDirectories: true)
    _ = try scratch.file(".config/gatehouse/config.toml", "[profiles.p]\n\(line)\n")
    let result = try program.run("accounts", "list", "--profile", "p", "--json")
    #expect(result.status == 6)
    #expect(try result.error["code"] == "configuration_unusable")
  }

  @Test("a token that ant was signed in with goes to no address that nobody named beside it")
  func otherAddress() throws {
    let household = try Household()
    try household.put(".config/anthropic/active_config", "canary\n", 0o644)
    func token(_ profile: String) throws -> JSON? {
      try household.put(".config/gatehouse/config.toml", "[profiles.p]\n\(profile)\n")
      return try Program.isolated(household.home).run("profiles", "--profile", "p", "--json").json.first?["token"]
    }
    #expect(try token("base_url = \"https://elsewhere.example\"") == .null)
    #expect(try token("base_url = \"https://elsewhere.example\"\ntoken = { ant = \"canary\" }") != .null)
    #expect(try token("base_url = \"https://api.anthropic.com\"") != .null)
    #expect(try token("read_only = true") != .null)
  }

  @Test("what the environment holds goes to no other machine that a profile names without it")
  func withheld() throws {
    let scratch = try Scratch()
    var program = Program.isolated(scratch.url)
    program.environment["ANTHROPIC_OAUTH_TOKEN"] = "t"
    program.environment["ANTHROPIC_ADMIN_KEY"] = "k"
    program.environment["GATEHOUSE_CONFIG_HOME"] = scratch.url.path
    func profile(_ lines: String, _ options: String...) throws -> JSON {
      _ = try scratch.file("config.toml", "[profiles.p]\n\(lines)\n")
      return try #require(try program.run(["profiles", "--profile", "p", "--json"] + options).json.first)
    }
    for address in ["https://gateway.example", "https://api.anthropic.com.example", "https://api.anthropic.com/x"] {
      let bare = try profile("base_url = \"\(address)\"")
      #expect(bare["token"] == .null && bare["admin_key"] == .null, "\(address)")
    }
    let named = try profile(
      "base_url = \"https://gateway.example\"\ntoken = { env = \"ANTHROPIC_OAUTH_TOKEN\" }")
    #expect(named["token"] != .null && named["admin_key"] == .null)
    for lines in ["base_url = \"https://api.anthropic.com\"", "base_url = \"http://127.0.0.1:1\"", "read_only = true"] {
      let usual = try profile(lines)
      #expect(usual["token"] != .null && usual["admin_key"] != .null, "\(lines)")
    }
    // Said on the command line, the address and the credentials are of one mind.
    #expect(try profile("read_only = true", "--base-url", "https://gateway.example")["token"] != .null)
    _ = try profile("base_url = \"https://gateway.example\"")
    let refused = try program.run("accounts", "list", "--profile", "p")
    #expect(refused.status == 3 && refused.errors.contains("as in token = { env = \"ANTHROPIC_OAUTH_TOKEN\" }"))
    #expect(try program.run("doctor", "--profile", "p").output.contains("is not sent there"))
  }

  @Test("read-only holds for every change, wherever it is asked for")
  func readOnly() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "demo", in: program)
    var client = try sandbox.client(program)
    client.environment["GATEHOUSE_CONFIG_HOME"] = scratch.url.path
    _ = try scratch.file("config.toml", "[profiles.safe]\nread_only = true\n")
    let base = ["--base-url", try sandbox.text("base_url"), "--yes"]
    let before = try client.run(["export"] + base).output
    let keys = try client.run(["keys", "list", "--json"] + base).output
    for words in CanaryTests.changing where !words.contains(where: { $0.hasPrefix("{") }) {
      for safety in [["--read-only"], ["--profile", "safe"]] {
        // What the story of the other test makes is not there; what is there takes its place.
        let named = words.map { $0 == "canary" ? "ci-deploy" : $0 }
        let result = try client.run(safety + named + base)
        #expect(result.status != 0, "\(words): \(result.output)")
      }
    }
    #expect(try client.run(["export"] + base).output == before)
    #expect(try client.run(["keys", "list", "--json"] + base).output == keys)
    #expect(sandbox.stop() == 0)
  }

  @Test("a profile that has its name typed takes --yes for no name, and another profile's for none")
  func production() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "demo", in: program)
    var client = try sandbox.client(program)
    client.environment["GATEHOUSE_CONFIG_HOME"] = scratch.url.path
    let address = try sandbox.text("base_url")
    _ = try scratch.file(
      "config.toml",
      "[profiles.acme]\nproduction = \"type-name\"\nbase_url = \"\(address)\"\n[profiles.lab]\nbase_url = \"\(address)\"\n"
    )
    let before = try client.run("export", "--profile", "acme").output
    for words in CanaryTests.changing where !words.contains(where: { $0.hasPrefix("{") }) {
      let named = words.map { $0 == "canary" ? "ci-deploy" : $0 }
      for options in [["--yes"], ["--yes", "--confirm", "lab"], []] {
        let result = try client.run(named + ["--profile", "acme"] + options)
        #expect(result.status != 0 && result.output.isEmpty, "\(named): \(result.output)")
      }
    }
    let refused = try client.run("accounts", "create", "a-1", "--profile", "acme", "--yes")
    #expect(refused.status == 2 && refused.errors.contains("--yes --confirm acme"))
    #expect(try client.run("export", "--profile", "acme").output == before)
    for options in [["--profile", "acme", "--confirm", "acme"], ["--profile", "lab", "--yes"]] {
      #expect(try client.run(["accounts", "create", "a-\(options.count)"] + options).status == 0)
    }
    // The account's own name is still to be typed; --yes is for that.
    let archive = ["accounts", "archive", "a-4", "--profile", "acme", "--confirm", "acme"]
    #expect(try client.run(archive).status == 2)
    #expect(try client.run(archive + ["--yes"]).status == 0)
    let other = try client.run("accounts", "create", "b", "--profile", "lab", "--yes", "--confirm", "acme")
    #expect(other.status == 2 && other.errors.contains("the profile is lab"))
  }
}
