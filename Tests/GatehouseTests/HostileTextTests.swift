import Foundation
import Platform
import Testing

/// Text that strangers choose: claims of a token, user agents, descriptions. None of it steers the terminal of the
/// person who reads it, or passes for a line of ours.
@Suite("Hostile text")
struct HostileTextTests {
  static let texts = [
    "\u{1B}[2J\u{1B}]0;title\u{7}", "\u{1B}]52;c;ZXZpbA==\u{1B}\\", "a\rb", "x\n✓ FORGED", "\u{9B}31m",
    "\u{9D}52;c;eA==\u{9C}",
    "\u{202E}txet\u{2066}", "\u{200B}\u{FEFF}", "\u{8}\u{8}\u{7F}", "\u{1BCA0}",
  ]
  static let hostile = texts.joined(separator: " ")

  private func check(_ result: Program.Result, _ words: [String]) {
    for text in [result.output, result.errors] {
      // Who types a line end gets a line end.
      let isTyped = words.contains { $0.contains("FORGED") }
      #expect(
        Data(text.replacing("\r\n", with: "\n").utf8).harmfulScalars.isEmpty, "\(words): \(text.debugDescription)")
      #expect(isTyped || !text.split(separator: "\n").contains { $0.hasPrefix("✓ FORGED") }, "\(words): \(text)")
    }
  }

  private static func activity(_ number: Int) -> JSON {
    [
      "id": .string("activity_hostile\(number)"), "type": "platform_federated_authentication",
      "created_at": "2026-11-20T09:00:00Z",
      "actor": [
        "type": "federated_actor", "subject": .string(hostile), "user_agent": .string(hostile),
        "ip_address": .string(hostile), "email_address": .string(hostile),
      ],
      "status": ["outcome": "denied", "reason": .string(hostile), "detail": .string(hostile)],
      "event_data": [
        "federation_rule_id": .string(hostile), "name": .string(hostile),
        "oidc_token": ["claims": ["sub": .string(hostile), "repository": .string(hostile)]],
      ], .init("\(hostile)"): .string(hostile),
    ]
  }

  @Test("in the log, imported or served, is shown harmless by every command that shows it")
  func log() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let lines = (0..<3).map { Self.activity($0).compact } + [#"{"id":1,"type":"\#u{1B}"}"#]
    let file = try scratch.file("hostile.jsonl", lines.joined(separator: "\n"))
    let sandbox = try ServedSandbox("--scenario", "demo", in: program)
    let client = try sandbox.client(program)
    let base = ["--base-url", try sandbox.text("base_url")]
    #expect(try client.run("audit", "import", file, "--json").object["added"] == 3)
    for words in [
      ["audit", "import", file], ["audit", "query", "--limit", "5"], ["audit", "query", "--search", Self.hostile],
      ["audit", "query", "--filter", "\(Self.texts[0]):x"], ["audit", "denials"], ["audit", "stats"],
      ["audit", "show", "activity_hostile0"], ["audit", "show", Self.texts[3]], ["audit", "tail"], ["audit", "sync"],
      ["audit", "export", "-"],
      ["audit", "export", "-", "--format", "csv"], ["audit", "query", "--since", Self.texts[0]],
    ] {
      check(try client.run(words + base), words)
      // CSV lines end in CR LF, which are ours.
      if !words.contains("export") { check(try client.run(words + base + ["--json"]), words) }
    }
  }

  @Test("in names, tokens, rules and arguments as well")
  func elsewhere() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "empty", in: program)
    let client = try sandbox.client(program)
    let base = ["--base-url", try sandbox.text("base_url")]
    let hostile = Self.hostile
    let claims: JSON = [
      "iss": .string(hostile), "sub": .string(hostile), "aud": .string(hostile), "exp": .string(hostile),
    ]
    let token = try scratch.file(
      "t.jwt", try program.run("sandbox", "mint", "--claims", claims.compact, "--kid", hostile).output)
    let rule: JSON = [
      "match": [
        "subject_prefix": .string(hostile + "*"), "claims": [.init(hostile): .string(hostile)],
        "condition": .string("claims.sub == \"\(Self.texts[4])\""),
      ],
      "issuer_url": "https://token.actions.githubusercontent.com",
    ]
    let rules = try scratch.file("rules.jsonl", JSON.object(["id": .string(hostile), "rule": rule]).compact)
    let one = try scratch.file("rule.json", rule.compact)
    let keys = try scratch.file("keys.json", try #require(sandbox.handover.at("issuer.jwks")).compact)
    for words in [
      ["accounts", "create", "ci", "--description", hostile, "--yes"], ["accounts", "show", "ci"],
      ["accounts", "list"],
      ["accounts", "update", "ci", "--description", Self.texts[1], "--yes"], ["accounts", "show", hostile],
      ["accounts", "create", hostile, "--yes"], ["accounts", "create", "dry", "--description", hostile, "--dry-run"],
      ["issuers", "create", "i", "--url", "https://i.example/\(Self.texts[1])", "--jwks", keys, "--yes"],
      ["issuers", "list"], ["issuers", "show", "i"],
      [
        "rules", "create", "r", "--issuer", "i", "--account", "ci", "--subject", hostile, "--description", hostile,
        "--yes",
      ],
      ["rules", "list"], ["rules", "show", "r"], ["rules", "lint"], ["rules", "lint", "--input", rules],
      ["rules", "lint", "--input", rules, "--format", "junit"],
      ["rules", "lint", "--input", rules, "--format", "sarif"],
      ["rules", "lint", "--explain", hostile], ["rules", "lint", "--input", hostile],
      ["rules", "explain", "--rule", one, "--token", token],
      ["rules", "explain", "--rule", "r", "--claims", claims.compact],
      ["rules", "blast-radius", "--repository", hostile], ["token", "decode", token],
      ["token", "verify", token, "--jwks", keys, "--issuer-url", hostile], ["token", "explain", token, "--rule", "r"],
      ["condition", "check", "claims.sub == '\(Self.texts[0])' && claims.\(Self.texts[4])"],
      ["condition", "check", hostile],
      ["condition", "eval", "--expr", "claims.sub == 'a'", "--claims", claims.compact],
      ["connect", "github", "--repository", hostile, "--ref", "main", "--account", "ci", "--yes"],
      ["connect", "oidc", "--issuer", hostile, "--account", "ci", "--yes"], ["connect", "github", hostile],
      ["export"], ["diff", keys], ["profiles"], ["doctor"], ["accounts", "list", "--profile", hostile],
      ["accounts", "list", "--base-url", hostile], [hostile],
    ] {
      check(try client.run(words + base), words)
      check(try client.run(words + base + ["--json"]), words)
    }
  }
}

/// Files that only their owner may read, wherever they are made.
@Suite("Files of the program")
struct FileModeTests {
  @Test("are for their owner only, whatever the umask and the environment say")
  func modes() throws {
    let scratch = try Scratch()
    let file = try scratch.file(
      "one.jsonl",
      #"{"id":"activity_1","type":"x","created_at":"2026-11-20T09:00:00Z","actor":{"type":"system_actor"}}"#)
    var program = Program.isolated(scratch.url.appending(path: "home"))
    program.environment["XDG_DATA_HOME"] = scratch.url.path + "/data/deep"
    program.environment["XDG_STATE_HOME"] = scratch.url.path + "/state/deep"
    program.launcher = ["/bin/sh", "-c", "umask 0; exec \"$0\" \"$@\""]
    #expect(try program.run("audit", "import", file).status == 0)
    _ = try program.run(["audit", "export", "\(scratch.url.path)/out.jsonl"])
    program.environment["ANTHROPIC_OAUTH_TOKEN"] = "t"
    _ = try program.run("accounts", "list", "--verbose", "--base-url", "http://127.0.0.1:9")
    _ = try program.run("accounts", "create", "x", "--yes", "--verbose", "--base-url", "http://127.0.0.1:9")
    let made = scratch.url.contents.filter { $0.lastPathComponent != "one.jsonl" }
    #expect(made.contains { $0.lastPathComponent == "gatehouse.log" } && made.contains { $0.pathExtension == "sqlite" })
    for url in made { #expect(try url.mode == (url.isDirectory ? 0o700 : 0o600), "\(url.path)") }
  }

  @Test("that hold a credential are not used when they are links, or others may read them")
  func refused() throws {
    let household = try Household()
    let path = ".config/anthropic/credentials/canary.json"
    let file = household.home.appending(path: path)
    let program = Program.isolated(household.home)
    func run(_ profile: String) throws -> Program.Result {
      try program.run("accounts", "list", "--profile", profile, "--base-url", try household.sandbox.text("base_url"))
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
    #expect(try run("canary").status == 3)
    try FileManager.default.moveItem(at: file, to: household.home.appending(path: "elsewhere"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: household.home.appending(path: "elsewhere").path)
    try FileManager.default.createSymbolicLink(
      at: file, withDestinationURL: household.home.appending(path: "elsewhere"))
    #expect(try run("canary").status == 3)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: household.home.appending(path: "work/admin.key").path)
    let keys = try program.run(
      "keys", "list", "--profile", "kept", "--base-url", try household.sandbox.text("base_url"))
    #expect(keys.status == 3)
  }
}
