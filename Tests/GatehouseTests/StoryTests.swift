import Foundation
import Platform
import Testing

/// The main job from end to end, by command, against a served sandbox.
@Suite("Connecting a workload by command")
struct StoryTests {
  @Test("an account, a rule, an exchange, and the events of all three")
  func story() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "empty", in: program)
    let client = try sandbox.client(program)
    let base = ["--base-url", try sandbox.text("base_url"), "--json"]

    let account = try client.run(["accounts", "create", "ci-deploy", "--yes"] + base)
    #expect(account.status == 0, "\(account.errors)")
    #expect(try account.object["name"] == "ci-deploy")
    let again = try client.run(["accounts", "create", "ci-deploy", "--yes"] + base)
    #expect(again.status == 4)
    #expect(try again.error["status"] == 409)

    let connect = ["connect", "github", "--repository", "acme/site", "--account", "ci-deploy", "--yes"]
    let planned = try client.run(connect + ["--ref", "main", "--dry-run"] + base)
    #expect(
      try planned.json.map { $0["path"]?.string } == [
        "/v1/organizations/federation_issuers", "/v1/organizations/federation_rules",
      ])
    #expect(try client.run(["rules", "list"] + base).output.isEmpty, "a dry run makes nothing")
    let refused = try client.run(connect + ["--subject", "repo:acme/*"] + base)
    #expect(refused.status == 1)
    #expect(try client.run(["rules", "list"] + base).output.isEmpty)
    let connected = try client.run(connect + ["--ref", "main"] + base)
    #expect(connected.status == 0, "\(connected.errors)")
    let rule = try #require(try connected.object.at("rule.id")?.string)
    #expect(try connected.object.at("handover.environment.ANTHROPIC_FEDERATION_RULE_ID") == .string(rule))
    #expect(try connected.object.at("handover.files.0.text")?.string?.contains(rule) == true)

    #expect(sandbox.stop() == 0)
  }

  @Test("a rule on the sandbox's own issuer accepts the token that fits and explains the one that does not")
  func explained() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--seed", "7", in: program)
    let client = try sandbox.client(program)
    let base = ["--base-url", try sandbox.text("base_url"), "--json"]
    let keys = try scratch.file("keys.json", try #require(sandbox.handover.at("issuer.jwks")).compact)
    let issuer = try client.run(
      ["issuers", "create", "test", "--url", try sandbox.text("issuer.url"), "--jwks", keys, "--yes"] + base)
    #expect(issuer.status == 0, "\(issuer.errors)")
    _ = try client.run(["accounts", "create", "worker", "--yes"] + base)
    let rule = try client.run(
      ["rules", "create", "one", "--issuer", "test", "--account", "worker", "--subject", "workload:a", "--yes"] + base)
    #expect(rule.status == 0, "\(rule.errors)")

    func token(_ subject: String) throws -> String {
      let claims: JSON = [
        "iss": .string(try sandbox.text("issuer.url")), "sub": .string(subject), "aud": .string(serviceAudience),
      ]
      return try program.run("sandbox", "mint", "--seed", "7", "--claims", claims.compact).output
    }
    let good = try client.run(["token", "explain", "-", "--rule", "one"] + base, input: try token("workload:a"))
    #expect(good.status == 0, "\(good.output)")
    #expect(try good.object["accepted"] == true)
    let bad = try client.run(["token", "explain", "-", "--rule", "one"] + base, input: try token("workload:b"))
    #expect(bad.status == 1)
    #expect(try bad.object["reason"] == "match_subject_prefix")
  }

  @Test("a finding is lived with for a reason and for a time, and a refused exchange is explained afterwards")
  func accepted() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "demo", in: program)
    let client = try sandbox.client(program)
    let base = ["--base-url", try sandbox.text("base_url"), "--json"]
    func lint() throws -> (found: [String], accepted: [String], status: Int32) {
      let result = try client.run(["rules", "lint", "--fail-on", "high"] + base)
      let rule = try #require(try result.json.first { "\($0)".contains("GH003") })
      func codes(_ member: String, _ name: String) -> [String] {
        (rule[member]?.array ?? []).compactMap { $0[name]?.string }
      }
      return (codes("findings", "id"), codes("accepted", "finding_id"), result.status)
    }
    let accept = ["rules", "accept", "gha-whole-organization", "GH003"]
    let day = String((Date() + 30 * 86400).timestamp.prefix(10))
    #expect(try lint().found.contains("GH003"))
    let late = try client.run(accept + ["--reason", "x", "--until", "2999-01-01"] + base)
    #expect(late.status == 2 && late.output.isEmpty)
    let other = try client.run(["rules", "accept", "gha-docs", "GH003", "--reason", "x", "--until", day] + base)
    #expect(other.status == 2 && other.errors.contains("gha-docs has no such finding"))
    let result = try client.run(accept + ["--reason", "moves in March", "--until", day] + base)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try result.object["reason"] == "moves in March")
    let after = try lint()
    #expect(!after.found.contains("GH003") && after.accepted == ["GH003"])
    #expect(try client.run(accept + ["--withdraw"] + base).status == 0)
    #expect(try lint().found.contains("GH003"))
    #expect(try client.run(accept + ["--withdraw"] + base).status == 4)

    #expect(try client.run(["audit", "sync"] + base).status == 0)
    let denials = try client.run(["audit", "denials", "--filter", "reason:match_subject_prefix"] + base).json
    let activity = try #require(denials.first?["latest_activity"]?.string)
    let why = try client.run(["audit", "show", activity, "--why"] + base)
    #expect(why.status == 0, "\(why.errors)")
    #expect(why.output.contains("subject_prefix") && why.output.contains("as it is now"))
  }

  @Test(
    "each failure of the platform has words, a status and no half answer",
    arguments: [
      ("status=401", Int32(3)), ("status=403", 3), ("status=404", 4), ("status=429,retry-after=0", 5),
      ("status=500", 5), ("status=529", 5), ("truncate", 5), ("garbage", 4), ("drop=before", 5),
    ])
  func faults(fault: String, status: Int32) throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--fault", fault, in: program)
    let result = try sandbox.client(program).run(
      "accounts", "list", "--base-url", try sandbox.text("base_url"), "--json")
    #expect(result.status == status, "\(result.errors)")
    #expect(result.output.isEmpty)
    let error = try result.error
    #expect(error["message"]?.string?.isEmpty == false && error["remedy"]?.string?.isEmpty == false)
  }
}
