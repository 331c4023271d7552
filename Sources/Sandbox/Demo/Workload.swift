import FoundationEssentials
import Platform

extension Example {
  /// Something that exchanges tokens: which rule it asks for, and what its provider says of it.
  struct Workload: Sendable {
    let rule: String
    /// How often, compared with the others.
    let weight: Int
    let subject: String
    let claims: [String: String]
    let address: String
    var agent = "anthropic-sdk-python/2.12.0"
    /// Asked for when the rule covers several.
    var workspace: String?
    /// Uncached input tokens of a request, about.
    var appetite = 2000
    var model = "claude-sonnet-5"
  }

  private static func github(_ repository: String, _ ref: String, event: String = "push") -> [String: String] {
    [
      "repository": repository, "repository_owner": String(repository.prefix { $0 != "/" }),
      "repository_owner_id": "10203040", "ref": ref, "event_name": event, "workflow": "CI",
      "runner_environment": "github-hosted", "repository_visibility": "private", "actor": "mona",
    ]
  }

  static let workloads = [
    Workload(
      rule: "gha-api-main", weight: 12, subject: "repo:acme/api:ref:refs/heads/main",
      claims: github("acme/api", "refs/heads/main"), address: "203.0.113.20"),
    Workload(
      rule: "gha-api-production", weight: 4, subject: "repo:acme/api:environment:production",
      claims: github("acme/api", "refs/heads/main"), address: "203.0.113.21"),
    Workload(
      rule: "gha-tests-any-branch", weight: 16, subject: "repo:acme/api:ref:refs/heads/feature/retries",
      claims: github("acme/api", "refs/heads/feature/retries"), address: "203.0.113.22", appetite: 6000,
      model: "claude-haiku-4-5"),
    Workload(
      rule: "gha-tests-any-branch", weight: 3, subject: "repo:acme/api:pull_request",
      claims: github("acme/api", "refs/pull/812/merge", event: "pull_request"), address: "203.0.113.23",
      model: "claude-haiku-4-5"),
    Workload(
      rule: "gha-docs", weight: 5, subject: "repo:acme/docs:ref:refs/heads/main",
      claims: github("acme/docs", "refs/heads/main"), address: "203.0.113.24", appetite: 9000),
    Workload(
      rule: "gha-whole-organization", weight: 6, subject: "repo:acme/web:pull_request",
      claims: github("acme/web", "refs/pull/44/merge", event: "pull_request"), address: "203.0.113.25"),
    Workload(
      rule: "gha-release-notes", weight: 1, subject: "repo:acme/api:ref:refs/tags/v2.8.1",
      claims: github("acme/api", "refs/tags/v2.8.1"), address: "203.0.113.26"),
    Workload(
      rule: "gitlab-pipeline", weight: 10, subject: "project_path:acme/tickets:ref_type:branch:ref:main",
      claims: ["project_path": "acme/tickets", "namespace_path": "acme", "ref": "main", "ref_protected": "true"],
      address: "192.0.2.61", appetite: 12000, model: "claude-haiku-4-5"),
    Workload(
      rule: "buildkite-search", weight: 4,
      subject: "organization:acme:pipeline:search:ref:refs/heads/main:commit:9f2c11:step:index",
      claims: ["organization_slug": "acme", "pipeline_slug": "search", "build_branch": "main"], address: "192.0.2.70",
      agent: "anthropic-sdk-go/1.60.0", appetite: 4000),
    Workload(
      rule: "terraform-apply", weight: 1,
      subject: "organization:acme:project:platform:workspace:anthropic:run_phase:apply",
      claims: ["terraform_organization_name": "acme", "terraform_run_phase": "apply"], address: "192.0.2.80",
      agent: "terraform-provider-anthropic/0.4.0"),
    Workload(
      rule: "gcp-batch", weight: 5, subject: "108842957620143759012",
      claims: ["email": "batch@acme-data.iam.gserviceaccount.com"], address: "198.51.100.9", appetite: 30000,
      model: "claude-opus-4-8"),
    Workload(
      rule: "eks-support-bot", weight: 20, subject: "system:serviceaccount:support:bot", claims: [:],
      address: "198.51.100.30", appetite: 1500),
    Workload(
      rule: "eks-any-namespace", weight: 3, subject: "system:serviceaccount:eval:runner", claims: [:],
      address: "198.51.100.31", workspace: "Data Science", appetite: 15000, model: "claude-opus-4-8"),
    Workload(
      rule: "office-runner", weight: 4, subject: "system:serviceaccount:runners:default", claims: [:],
      address: "198.51.100.77"),
    // What goes wrong: a subject that GitHub now writes with numbers, a branch that is not main, a workspace left out,
    // and somebody else's repository.
    Workload(
      rule: "gha-docs", weight: 2, subject: "repo:acme@10203040/docs@712345678:ref:refs/heads/main",
      claims: github("acme/docs", "refs/heads/main"), address: "203.0.113.24"),
    Workload(
      rule: "gha-api-main", weight: 3, subject: "repo:acme/api:ref:refs/heads/dev",
      claims: github("acme/api", "refs/heads/dev"), address: "203.0.113.20"),
    Workload(
      rule: "eks-any-namespace", weight: 2, subject: "system:serviceaccount:eval:runner", claims: [:],
      address: "198.51.100.31"),
    Workload(
      rule: "gha-api-main", weight: 1, subject: "repo:acme-evil/api:ref:refs/heads/main",
      claims: github("acme-evil/api", "refs/heads/main"), address: "203.0.113.199", agent: "curl/8.5.0"),
    Workload(
      rule: "office-importer", weight: 1, subject: "system:serviceaccount:import:wiki", claims: [:],
      address: "198.51.100.77"),
  ]

  /// Which of the workloads is next, by weight.
  static func index(_ random: inout Randomness) -> Int {
    var ticket = Int.random(in: 0..<workloads.reduce(0) { $0 + $1.weight }, using: &random)
    for (index, workload) in workloads.enumerated() {
      ticket -= workload.weight
      if ticket < 0 { return index }
    }
    return 0
  }

  /// The claims of one of its tokens. Seconds are whole, as providers write them.
  static func claims(of workload: Workload, issuer: String, at now: Date, _ random: inout Randomness) -> JSON.Object {
    let second = Int(now.timeIntervalSince1970)
    var claims: JSON.Object = [
      "iss": .string(issuer), "sub": .string(workload.subject), "aud": .string(serviceAudience),
    ]
    for name in workload.claims.keys.sorted() { claims[name] = JSON(workload.claims[name]) }
    claims["jti"] = .string(random.uuid())
    (claims["iat"], claims["nbf"], claims["exp"]) = (JSON(second), JSON(second), JSON(second + 300))
    return claims
  }
}
