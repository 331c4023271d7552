import Foundation
import Platform
import Testing

/// Every command, with a secret in every place that can hold one: it stays there.
@Suite("No secret leaves its place")
struct CanaryTests {
  /// All that reads or works on this machine only, then changes; `{token}` and the like stand for files.
  static let reading: [[String]] = [
    ["accounts", "list", "--archived"], ["accounts", "show", "ci-deploy"], ["issuers", "list"],
    ["issuers", "show", "github-actions"], ["rules", "list"], ["rules", "show", "{rule}"], ["rules", "lint", "--mend"],
    ["rules", "lint", "--format", "sarif"], ["rules", "lint", "--format", "junit"],
    ["rules", "explain", "--rule", "{rule}", "--token", "{token}"],
    ["rules", "blast-radius", "--repository", "acme/site"], ["token", "decode", "{token}"],
    ["token", "verify", "{token}", "--jwks", "{jwks}", "--issuer-url", "https://elsewhere.example"],
    ["token", "explain", "{token}", "--rule", "{rule}"], ["condition", "check", "claims.sub == \"{secret}\" +"],
    ["condition", "eval", "--expr", "claims.sub == 1", "--claims", "{\"sub\":\"me\"}"], ["workspaces", "list"],
    ["workspaces", "show", "default"], ["keys", "list"], ["keys", "show", "batch-runner"], ["usage", "by-account"],
    ["usage", "by-key"], ["usage", "by-workspace"], ["audit", "sync", "--since", "-1d"], ["audit", "tail"],
    ["audit", "query", "--search", "rule"], ["audit", "stats"], ["audit", "denials"], ["audit", "export", "-"],
    ["audit", "import", "{token}"], ["export"], ["diff", "{jwks}"], ["profiles"], ["doctor"], ["login"], ["logout"],
    ["completions", "bash"], ["console"], ["demo"], ["accounts", "--help"], ["no-such-command"],
  ]
  static let changing: [[String]] = [
    ["accounts", "create", "canary"], ["accounts", "update", "canary", "--description", "x"],
    ["accounts", "add-workspace", "canary", "default"], ["accounts", "shut-off", "canary", "--keys"],
    ["issuers", "create", "canary", "--url", "https://canary.example", "--jwks", "{jwks}"],
    ["issuers", "create", "leak", "--url", "https://canary.example", "--jwks", "{private}"],
    ["issuers", "update", "canary", "--max-lifetime", "600"],
    ["rules", "create", "canary", "--issuer", "canary", "--account", "canary", "--subject", "me"],
    ["rules", "update", "canary", "--lifetime", "300"],
    ["connect", "github", "--from-token", "{workload}", "--account", "canary"],
    ["connect", "github", "--from-token", "{token}", "--account", "canary"],
    ["connect", "spiffe", "--spiffe-id", "spiffe://a/b", "--jwks", "{private}", "--account", "canary"],
    ["keys", "rename", "batch-runner", "canary"], ["keys", "disable", "batch-runner"],
    ["rules", "archive", "canary"], ["issuers", "archive", "canary"],
    ["accounts", "archive", "canary", "--with-rules"],
  ]

  private static func filled(_ words: [String], _ household: Household) throws -> [String] {
    let rule = "gha-old-prefix"
    let files = [
      "{token}": "\(household.home.path)/work/token.jwt", "{workload}": "\(household.home.path)/work/workload.jwt",
      "{jwks}": "\(household.home.path)/work/jwks.json", "{private}": "\(household.home.path)/work/private.json",
      "{rule}": rule, "{secret}": "me",
    ]
    return words.map { files[$0] ?? $0.replacing("{secret}", with: "me") }
  }

  /// Files that commands read: a key set as it should be, and one with the private half left in.
  private static func household(_ fault: String...) throws -> Household {
    let household = try fault.isEmpty ? Household() : Household(fault[0])
    let keys = try #require(household.sandbox.handover.at("issuer.jwks"))
    try household.put("work/jwks.json", keys.compact)
    var key = try #require(keys.at("keys.0")?.object)
    key["d"] = "CANARY-private-exponent-of-a-key-that-was-never-public"
    household.canaries.add("the private half of a key", "CANARY-private-exponent-of-a-key-that-was-never-public")
    try household.put("work/private.json", JSON.object(["keys": [.object(key)]]).compact)
    return household
  }

  private func check(_ result: Program.Result, _ words: [String], _ household: Household) {
    let output = Data((result.output + "\u{0}" + result.errors).utf8)
    #expect(household.canaries.found(in: output).isEmpty, "\(words): \(result.output)\(result.errors)")
    #expect(
      ![4, 5, 6, 11, 132, 133, 134, 139].contains(result.status) || result.errors.contains("gatehouse:")
        || result.errors.contains("{\"error\":"), "\(words) ended with \(result.status)")
  }

  @Test("while all goes well", arguments: [["--verbose"], ["--json", "--verbose", "--profile", "kept"]])
  func well(options: [String]) throws {
    let household = try Self.household()
    let program = try household.byEnvironment
    let base = ["--base-url", try household.sandbox.text("base_url")] + options
    for words in Self.reading + Self.changing {
      let filled = try Self.filled(words, household)
      let isChange = Self.changing.contains(words)
      if isChange { check(try program.run(filled + ["--dry-run"] + base), words, household) }
      check(try program.run(filled + (isChange ? ["--yes"] : []) + base), words, household)
    }
    if options.contains("kept") { try household.watchRenewedTokens() }
    try household.searchFiles()
    let log = try String(contentsOfFile: "\(household.home.path)/.local/state/gatehouse/gatehouse.log", encoding: .utf8)
    #expect(log.contains("POST /v1/organizations/service_accounts -> 200"))
  }

  @Test("while the platform refuses, or nothing answers", arguments: ["status=401", "status=403", "refused"])
  func refused(fault: String) throws {
    let household = fault == "refused" ? try Self.household() : try Self.household(fault)
    let program = try household.byEnvironment
    let address = fault == "refused" ? "http://127.0.0.1:9" : try household.sandbox.text("base_url")
    for words in Self.reading + Self.changing {
      let isChange = Self.changing.contains(words)
      let filled =
        try Self.filled(words, household) + (isChange ? ["--yes"] : []) + ["--base-url", address, "--verbose"]
      check(try program.run(filled + (words.count.isMultiple(of: 2) ? ["--json"] : [])), words, household)
    }
    for profile in ["kept", "canary"] {
      check(
        try Program.isolated(household.home).run("accounts", "list", "--profile", profile, "--base-url", address),
        [profile], household)
    }
    try household.searchFiles()
  }

  @Test("while the platform fails", arguments: ["status=500", "garbage", "truncate", "drop=after"])
  func failing(fault: String) throws {
    let household = try Self.household(fault)
    let address = try household.sandbox.text("base_url")
    let program = try household.byEnvironment
    for words in [["accounts", "list"], ["accounts", "create", "canary", "--yes"], ["audit", "sync"]] {
      check(try program.run(words + ["--base-url", address, "--verbose"]), words, household)
    }
    check(
      try Program.isolated(household.home).run(
        "accounts", "list", "--profile", "kept", "--base-url", address, "--json"),
      ["kept"], household)
    try household.searchFiles()
  }

  @Test("when a token is given in a way that cannot be read")
  func mistaken() throws {
    let household = try Self.household()
    let program = try household.byEnvironment
    let token = household.token
    for input in [
      "Bearer \(token)", String(token.dropLast(2)), "\(token) \(token)", "{\"token\":\"\(token)\"}", "x\(token)",
      token + "=",
      token.replacing(".", with: ".."),
    ] {
      for words in [
        ["token", "decode", "-"], ["token", "verify", "-", "--jwks", "\(household.home.path)/work/jwks.json"],
      ] {
        check(try program.run(words, input: input), words, household)
        check(try program.run(words + ["--json"], input: input), words, household)
      }
    }
    // As an argument it is in the shell's history already, but need not be in a build's log as well.
    for words in [
      ["token", "decode", token], ["token", "verify", "x", "--jwks", token],
      ["rules", "explain", "--rule", "r", "--token", token],
      ["connect", "github", "--from-token", token, "--account", "a"], ["token", "decode", "x", token],
      ["connect", "github", "--token", token, "--account", "a"], [token],
      ["accounts", "list", "--base-url", token], ["accounts", "list", "--profile", token],
    ] {
      check(try program.run(words), words, household)
      check(try program.run(words + ["--json"]), words, household)
    }
    try household.searchFiles()
  }
}
