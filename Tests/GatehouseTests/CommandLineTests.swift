import Foundation
import Platform
import Testing

@Suite("The command line")
struct CommandLineTests {
  let program = Program.isolated(FileManager.default.temporaryDirectory)

  @Test("takes global options before and behind the command")
  func globalOptions() throws {
    for arguments in [
      ["--sandbox", "--json", "accounts", "list"], ["accounts", "list", "--json", "--sandbox"],
      ["--json", "accounts", "--sandbox", "list"],
    ] where arguments[1] != "accounts" {
      let result = try program.run(arguments)
      #expect(result.status == 0, "\(arguments): \(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  @Test(
    "answers what it does not understand with status 2",
    arguments: [
      ["accounts", "make"], ["rules", "lint", "--fail-on", "terrible"], ["connect", "github"],
      ["connect", "github", "--repository", "acme/api", "--ref", "main", "--environment", "x", "--new-account", "a"],
      ["connect", "github", "--repository", "not a repository", "--ref", "main", "--new-account", "a"],
      ["connect", "github", "--repo", "acme/api", "--new-account", "a"], ["sandbox", "serve", "--listen", "nowhere"],
      ["sandbox", "serve", "--listen", "0.0.0.0:0"], ["sandbox", "serve", "--fault", "explode"],
      ["accounts", "create", "Bad Name", "--sandbox", "--yes"], ["accounts", "create", "needs-yes", "--sandbox"],
      ["condition", "eval", "--expr", "true"], ["accounts", "list", "--base-url", "http://example.com"],
    ])
  func usage(arguments: [String]) throws {
    let result = try program.run(arguments)
    #expect(result.status == 2, "\(result.output)\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(!result.errors.isEmpty)
    let json = try program.run(arguments + ["--json"])
    #expect(json.status == 2)
    #expect(try json.error["remedy"]?.string?.isEmpty == false)
  }

  @Test("says which credential is missing, with status 3")
  func noCredential() throws {
    let result = try program.run("accounts", "list", "--json")
    #expect(result.status == 3)
    #expect(try result.error["code"] == "credential_missing")
  }

  @Test("says that nothing answers, with status 5")
  func unreachable() throws {
    var program = program
    program.environment["ANTHROPIC_OAUTH_TOKEN"] = "token"
    let result = try program.run("accounts", "list", "--base-url", "http://127.0.0.1:9", "--json")
    #expect(result.status == 5)
    #expect(try result.error["message"]?.string?.isEmpty == false)
  }

  @Test(
    "shows help and version with status 0",
    arguments: [["--help"], ["--version"], ["help", "connect"], ["rules", "lint", "--help"]])
  func help(arguments: [String]) throws {
    let result = try program.run(arguments)
    #expect(result.status == 0)
    #expect(!result.output.isEmpty && result.errors.isEmpty)
  }

  @Test("names its version, and the commit where its build was told one")
  func version() throws {
    let said = try program.run("--version").output
    #expect(try Regex(#"\d+\.\d+\.\d+( \([0-9a-f]{9,}(-dirty)?\))?\n"#).wholeMatch(in: said) != nil)
    let known = try #require(said.split(separator: " ").first)
    #expect(try program.run("doctor", "--sandbox").output.contains(known.trimmingCharacters(in: .newlines)))
  }

  @Test("opens no console where there is no terminal, and says what to do instead")
  func noTerminal() throws {
    let result = try program.run("demo")
    #expect(result.status == 6)
    #expect(result.errors.contains("subcommand"))
  }
}

@Suite("Conditions, tokens and rules by command")
struct JudgingTests {
  let program = Program.isolated(FileManager.default.temporaryDirectory)

  @Test("says which part of a condition decided")
  func eval() throws {
    let result = try program.run(
      "condition", "eval", "--expr", #"claims.repository == "acme/api" && claims.ref == "refs/heads/main""#,
      "--claims", #"{"repository":"acme/api","ref":"refs/heads/dev"}"#, "--json")
    #expect(result.status == 1)
    #expect(try result.object["outcome"] == false)
    #expect(try result.object["blame"] == [#"claims.ref == "refs/heads/main""#])
  }

  @Test(
    "keeps the kinds of typed values",
    arguments: ["1", "1u", "1.5", "\"é\"", "b'\\xff'", "[1]", "{1u: null}", "duration('1.5s')"])
  func typed(expression: String) throws {
    let first = try program.run("condition", "eval", "--expr", expression, "--bindings", "{}", "--json").object
    let value = try #require(first["value"])
    let again = try program.run(
      "condition", "eval", "--expr", "x", "--bindings", JSON.object(["x": value]).compact, "--json")
    #expect(try again.object["value"] == value)
  }

  @Test("points at the mistake in a condition")
  func check() throws {
    let result = try program.run("condition", "check", "claims.sub = \"x\"", "--json")
    #expect(result.status == 1)
    let issue = try #require(try result.object["issues"]?.array?.first)
    #expect(issue["line"] == 1 && issue["column"] == 12 && issue["length"] == 1)
  }

  @Test("never prints a token's signature")
  func decode() throws {
    let token = try program.run("sandbox", "mint", "--claims", #"{"sub":"me"}"#).output
    let signature = try #require(token.split(separator: ".").last).trimmingCharacters(in: .whitespacesAndNewlines)
    let result = try program.run(["token", "decode", "-", "--json"], input: token)
    #expect(try result.object.at("claims.sub") == "me")
    #expect(!result.output.contains(signature))
  }

  @Test("judges rules from a file and fails where it was asked to")
  func lint() throws {
    let scratch = try Scratch()
    let rules = try scratch.file(
      "rules.jsonl",
      #"{"id":"wide","rule":{"match":{"subject_prefix":"repo:acme*"},"issuer_url":"https://token.actions.githubusercontent.com"}}"#
    )
    let result = try program.run("rules", "lint", "--input", rules, "--fail-on", "critical", "--json")
    #expect(result.status == 1)
    #expect(try result.object["id"] == "wide")
    #expect(try result.object["findings"]?.array?.contains { $0["severity"] == "critical" } == true)
  }
}
