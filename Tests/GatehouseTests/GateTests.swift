import Foundation
import Platform
import Testing

/// What keeps a change from letting in more than was meant, and what ends one that stopped half way.
@Suite("Changes by command that need a second look")
struct GateTests {
  private func served(_ scratch: borrowing Scratch) throws -> (client: Program, sandbox: ServedSandbox, base: [String])
  {
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "empty", in: program)
    return (try sandbox.client(program), sandbox, ["--base-url", try sandbox.text("base_url"), "--json", "--yes"])
  }

  @Test("another account or every workspace has to answer for whom the rule lets in, and an issuer for what it is")
  func gates() throws {
    let scratch = try Scratch()
    let (client, sandbox, base) = try served(scratch)
    for name in ["one", "two"] { #expect(try client.run(["accounts", "create", name] + base).status == 0) }
    func codes(_ result: Program.Result) throws -> [String] {
      (try result.object["findings"]?.array ?? []).compactMap { $0["id"]?.string }
    }
    let everyone = try client.run(
      ["issuers", "create", "entra", "--url", "https://login.microsoftonline.com/common/v2.0"] + base)
    #expect(everyone.status == 1)
    #expect(try codes(everyone) == ["AZ001"])
    #expect(
      try client.run(
        ["issuers", "create", "github", "--url", "https://token.actions.githubusercontent.com"] + base
      ).status == 0)
    let create = [
      "rules", "create", "wide", "--issuer", "github", "--account", "one", "--subject", "repo:acme/*",
      "--all-workspaces",
    ]
    #expect(try codes(try client.run(create + base)) == ["GH003"])
    #expect(try client.run(create + ["--accept", "GH003"] + base).status == 0)
    let renamed = try client.run(["rules", "update", "wide", "--description", "to be narrowed"] + base)
    #expect(renamed.status == 0, "\(renamed.output)")
    let moved = try client.run(["rules", "update", "wide", "--account", "two"] + base)
    #expect(moved.status == 1)
    #expect(try codes(moved) == ["GH003"])
    #expect(try client.run(["rules", "update", "wide", "--account", "two", "--accept", "GH003"] + base).status == 0)
    #expect(sandbox.stop() == 0)
  }

  @Test("an issuer's new address has to answer for the rules that trust it")
  func issuerUpdate() throws {
    let scratch = try Scratch()
    let (client, sandbox, base) = try served(scratch)
    #expect(try client.run(["accounts", "create", "one"] + base).status == 0)
    #expect(
      try client.run(["issuers", "create", "ghes", "--url", "https://ghes.acme.example/_services/token"] + base).status
        == 0)
    let rule = [
      "rules", "create", "wide", "--issuer", "ghes", "--account", "one", "--claim", "ref=refs/heads/main", "--audience",
      serviceAudience,
    ]
    #expect(try client.run(rule + ["--accept", "GH024"] + base).status == 0)
    let renamed = try client.run(["issuers", "update", "ghes", "--name", "server"] + base)
    #expect(renamed.status == 0, "\(renamed.output)")
    let moved = try client.run(
      ["issuers", "update", "server", "--url", "https://token.actions.githubusercontent.com"] + base)
    #expect(moved.status == 1)
    #expect(moved.output.contains("GH001"))
    #expect(sandbox.stop() == 0)
  }

  @Test("a connection that stopped half way is taken back, and another is gone on with")
  func halfWay() throws {
    let scratch = try Scratch()
    let (client, sandbox, base) = try served(scratch)
    func setFaults(_ faults: [String]) throws {
      let body: JSON = ["faults": .array(faults.map(JSON.string))]
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [
        "curl", "--silent", "--fail", "--output", "/dev/null", "--data", body.compact,
        try sandbox.text("base_url") + "/_sandbox/faults",
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    func names(_ list: String) throws -> [String] {
      try client.run([list, "list"] + base).json.compactMap { $0["name"]?.string }
    }
    func connect(_ repository: String) throws -> Program.Result {
      try client.run(
        ["connect", "github", "--repository", repository, "--ref", "main", "--new-account", "bot"] + base)
    }
    #expect(try client.run(["connect", "undo"] + base).status == 4)
    try setFaults(["status=403,path=/v1/organizations/service_accounts"])
    let stopped = try connect("acme/api")
    #expect(stopped.status == 3 && stopped.errors.contains("gatehouse connect undo"), "\(stopped.errors)")
    #expect(try names("issuers") == ["github-actions"])
    try setFaults([])
    let undone = try client.run(["connect", "undo"] + base)
    #expect(undone.status == 0, "\(undone.errors)")
    #expect(try undone.object["removed"] == ["the issuer github-actions"])
    #expect(try names("issuers").isEmpty)

    try setFaults(["status=403,path=/v1/organizations/service_accounts"])
    #expect(try connect("acme/web").status == 3)
    try setFaults([])
    let resumed = try client.run(["connect", "resume"] + base)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try resumed.object.at("rule.name") == "gha-acme-web-main")
    #expect(try names("accounts") == ["bot"])
    #expect(try names("issuers") == ["github-actions-2"])
    #expect(try client.run(["connect", "resume"] + base).status == 4)
    #expect(sandbox.stop() == 0)
  }

  @Test("a token whose issuer's keys cannot be had is not accepted")
  func unverified() throws {
    let scratch = try Scratch()
    let (client, sandbox, base) = try served(scratch)
    let url = try sandbox.text("issuer.url")
    #expect(try client.run(["accounts", "create", "one"] + base).status == 0)
    let issuer = ["issuers", "create", "test", "--url", url, "--jwks-url", "https://127.0.0.1:9/keys"]
    #expect(try client.run(issuer + base).status == 0)
    let rule = ["rules", "create", "one", "--issuer", "test", "--account", "one", "--subject", "job:7"]
    #expect(try client.run(rule + base).status == 0)
    func explained(_ subject: String) throws -> Program.Result {
      let claims: JSON = ["iss": .string(url), "sub": .string(subject), "aud": .string(serviceAudience)]
      let token = try client.run("sandbox", "mint", "--claims", claims.compact).output
      return try client.run(["token", "explain", "-", "--rule", "one"] + base, input: token)
    }
    let unknown = try explained("job:7")
    #expect(unknown.status == 5, "\(unknown.output)")
    #expect(try unknown.object["accepted"] == .null)
    let refused = try explained("job:8")
    #expect(refused.status == 1)
    #expect(try refused.object["accepted"] == false)
    #expect(sandbox.stop() == 0)
  }
}
