import Federation
import Platform
import Testing

@Suite("Connecting a GitHub repository")
struct GitHubConnectTests {
  static func workload(_ values: [String: String]) throws -> Workload {
    try Workload(.github, values: ["repository": "acme/api"].merging(values) { $1 })
  }

  @Test(
    "pins exactly the runs that were asked for",
    arguments: [
      (["ref": "main"], "repo:acme/api:ref:refs/heads/main", "any job on branch main of acme/api, and nothing else"),
      (["ref": "refs/heads/main"], "repo:acme/api:ref:refs/heads/main", nil),
      (
        ["ref": "refs/tags/v1.2"], "repo:acme/api:ref:refs/tags/v1.2",
        "any job on tag v1.2 of acme/api, and nothing else"
      ),
      (["ref": "feature/x"], "repo:acme/api:ref:refs/heads/feature/x", nil),
      (
        ["environment": "production"], "repo:acme/api:environment:production",
        "any job in environment production of acme/api, and nothing else"
      ),
      (["environment": "eu: west"], "repo:acme/api:environment:eu%3A west", nil),
      (
        ["ref": "main", "subject-form": "ids", "owner-id": "55", "repository-id": "82"],
        "repo:acme@55/api@82:ref:refs/heads/main", nil
      ),
    ] as [([String: String], String, String?)])
  func subjects(values: [String: String], subject: String, words: String?) throws {
    let workload = try Self.workload(values)
    #expect(workload.match.subjectPrefix == subject)
    #expect(workload.match.audience == "https://api.anthropic.com")
    #expect(workload.trust.sample.claims["sub"] == .string(subject))
    if let words { #expect(workload.words == words) }
  }

  @Test(
    "says who a wildcard lets in",
    arguments: [
      ("repo:acme/*", "any job of any repository of acme"),
      ("repo:acme*", "any job of any repository of any owner whose name begins acme"),
      ("repo:acme/api*", "any job of any repository of acme whose name begins api"),
      ("repo:acme/api:*", "any job of acme/api: every branch, tag, environment and pull request"),
      ("repo:acme/api:ref:refs/heads/*", "any job on any branch of acme/api"),
      ("repo:acme/api:ref:refs/heads/release/*", "any job on any branch below release/ of acme/api"),
      ("repo:acme/api:ref:refs/heads/main*", "any job on any branch whose name begins main of acme/api"),
      ("repo:*", "any job of any repository of anyone on GitHub"),
    ])
  func wildcards(subject: String, words: String) throws {
    #expect(try Self.workload(["subject": subject]).words == words)
  }

  @Test(
    "refuses what no job can bring, at the field it is about",
    arguments: [
      ([:], "ref"), (["ref": "main", "environment": "x"], "environment"),
      (["repository": "acme", "ref": "main"], "repository"),
      (["repository": "https://github.com/acme/api", "ref": "main"], "repository"),
      (["repository": "acme-/api", "ref": "main"], "repository"),
      (["repository": "acme/api.git", "ref": "main"], "repository"),
      (["repository": "acmé/api", "ref": "main"], "repository"), (["ref": "main*"], "ref"), (["ref": "a..b"], "ref"),
      (["ref": "refs/pull/7/merge"], "ref"), (["ref": "ma\u{200B}in"], "ref"), (["subject": "*"], "subject"),
      (["subject": "repo:other/x:*"], "subject"), (["subject": "repo:acme/api"], nil),
      (["subject": "repo:acme@12*"], nil),
      (["ref": "main", "subject-form": "ids", "owner-id": "5"], "repository-id"),
      (["ref": "main", "owner-id": "05"], "owner-id"),
      (["ref": "main", "issuer-url": "https://token.actions.githubusercontent.com/"], "issuer-url"),
      (["ref": "main", "issuer-url": "https://token.actions.githubusercontent.com/acme"], nil),
      (["ref": "main", "issuer-url": "https://git.acme.io:8443/_services/token"], nil),
      (["ref": "main", "colour": "red"], "colour"),
    ] as [([String: String], String?)])
  func faults(values: [String: String], field: String?) {
    let all = ["repository": "acme/api"].merging(values) { $1 }
    #expect(ProviderTemplate.github.faults(in: all).first?.field == field)
  }

  @Test(
    "reads back a token of its own sample",
    arguments: [
      ["ref": "main"], ["environment": "production"], ["ref": "refs/tags/v1"],
      ["subject": "repo:acme/api:pull_request"],
      ["ref": "main", "subject-form": "ids", "owner-id": "55", "repository-id": "82"],
    ])
  func recognises(values: [String: String]) throws {
    let workload = try Self.workload(values)
    let read = try #require(ProviderTemplate.github.recognise(workload.trust.sample.claims))
    #expect(try Workload(.github, values: read).match.subjectPrefix == workload.match.subjectPrefix)
  }

  @Test("has neighbours that are not the workload itself")
  func neighbours() throws {
    let workload = try Self.workload(["ref": "main"])
    #expect(workload.trust.others.count >= 5)
    #expect(workload.trust.others.allSatisfy { $0.claims["sub"] != workload.trust.sample.claims["sub"] })
  }

  @Test("hands over a workflow with the real identifiers and the trigger that fits")
  func workflow() throws {
    let identifiers = HandoverIdentifiers(
      ruleID: "fdrl_1", organizationID: "0-1", accountID: "svac_1", workspaceID: "wrkspc_1")
    let file = try #require(try Self.workload(["ref": "main"]).files(identifiers).first)
    #expect(file.path == ".github/workflows/claude.yml")
    for part in [
      "ANTHROPIC_FEDERATION_RULE_ID: fdrl_1", "ANTHROPIC_SERVICE_ACCOUNT_ID: svac_1", "branches: [\"main\"]",
      "id-token: write",
    ] {
      #expect(file.text.contains(part))
    }
    let deploy = try #require(try Self.workload(["environment": "prod"]).files(identifiers).first)
    #expect(deploy.text.contains("environment: \"prod\"") && deploy.text.contains("workflow_dispatch:"))
  }
}
