import CEL
import Federation
import FoundationEssentials
import Platform

/// How fast tokens, conditions and rules are judged.
enum Judging {
  /// - Parameter path: rules as JSON Lines, as `gatehouse rules lint --input` takes them.
  static func run(rules path: String) throws {
    try conditions()
    try patterns()
    try verdicts()
    try lint(path)
  }

  // MARK: what is judged

  private static let condition =
    #"claims.repository == "acme/app" && claims.ref.startsWith("refs/heads/")"#

  /// A GitHub token's claims, in full.
  private static let claims: JSON.Object = [
    "iss": "https://token.actions.githubusercontent.com", "sub": "repo:acme/app:ref:refs/heads/main",
    "aud": "https://api.anthropic.com", "iat": 1_790_000_000, "nbf": 1_790_000_000, "exp": 1_790_000_300,
    "jti": "0d3f7c52-8b5e-4d59-9b6e-0f1d8a5f6c3b", "repository": "acme/app", "repository_owner": "acme",
    "repository_id": "821093847", "repository_owner_id": "5544123", "repository_visibility": "private",
    "ref": "refs/heads/main", "ref_type": "branch", "ref_protected": "true", "event_name": "push",
    "actor": "octocat", "actor_id": "583231", "workflow": "deploy", "run_id": "9000000001", "run_number": "17",
    "run_attempt": "1", "sha": "3f786850e387550fdab836ed7e6dc881de23001b", "runner_environment": "github-hosted",
    "job_workflow_ref": "acme/app/.github/workflows/deploy.yml@refs/heads/main",
  ]

  private static func conditions() throws {
    let expression = try Expression(parsing: condition)
    let value = Claims(claims).value(.double)
    var refused = claims
    refused["ref"] = "refs/tags/v1"
    let other = Claims(refused).value(.double)
    try measure("condition evaluated") { expression.decide(claims: value).isSuccess(true) }
    try measure("condition explained") { expression.explain(claims: other).blame.count == 1 }
    try measure("condition parsed and checked") { try Expression(parsing: condition).checkCondition().issues.isEmpty }
    try measure("condition examined for a rule") { Expression.issues(inCondition: condition).isEmpty }
  }

  /// The same pattern on a text and on one ten times as long: the second should take ten times as long, not more.
  private static func patterns() throws {
    let pattern = try Pattern("(a|aa)*b(x+x+)+y")
    for size in [100_000, 1_000_000] {
      let text = String(repeating: "aaaabxxx", count: size / 8)
      try measure("pattern on \(size / 1000) KB", batch: 1) { !pattern.matches(text) }
    }
  }

  private static func verdicts() throws {
    let now = Date(timeIntervalSince1970: 1_790_000_010)
    for algorithm in [Algorithm.rs256, .es256] {
      let key = try SigningKey(algorithm, id: "k", seed: "benchmark")
      let token = try key.sign(claims)
      let issuer = Issuer(
        id: try ID("fdis_01i"), name: "github", issuerURL: "https://token.actions.githubusercontent.com",
        keys: .inline([key.publicJWK]), checksJTI: true, maxTokenLifetime: 3600, createdAt: now, createdBy: nil)
      let account = ServiceAccount(
        id: try ID("svac_01a"), name: "deployer", description: nil, organizationRole: .developer, createdAt: now,
        createdBy: nil)
      let work: ID<Workspace> = try ID("wrkspc_01w")
      let rule = FederationRule(
        id: try ID("fdrl_01r"), name: "deploy", description: nil, issuerID: issuer.id,
        match: .init(
          subjectPrefix: "repo:acme/app:*", audience: "https://api.anthropic.com",
          claims: ["repository_owner": "acme"], condition: condition),
        accountID: account.id, scope: Scope.developer, tokenLifetime: 600, appliesToAllWorkspaces: false,
        workspaceIDs: [work], createdAt: now, createdBy: nil)
      let keys = try KeySet(json: key.publicKeySet)
      let member = WorkspaceMembership(
        accountID: account.id, workspaceID: work, role: "workspace_user", isImplicit: false, createdBy: nil)
      try measure("verdict with \(algorithm.rawValue)", batch: 10) {
        let exchange = Exchange(
          .token(try Token(token)), rule: rule, issuer: issuer, keys: keys, account: account,
          requestedAccountID: account.id, memberships: [member], isReplay: false, now: now)
        return exchange.verdict().isAccepted
      }
    }
  }

  /// Every finding with its witness, of plain rules and of rules with a condition, over and over.
  private static func lint(_ path: String) throws {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let rules = try lines.map { try Candidate(json: JSON(parsing: String($0))) }
    let plain = rules.filter { $0.match.condition == nil }
    let conditioned = rules.filter { $0.match.condition != nil }
    for (name, rules) in [("rule linted, plain", plain), ("rule linted, with a condition", conditioned)] {
      try measure(name, batch: 1, of: rules.count) {
        rules.reduce(0) { $0 + Analyser.findings(of: $1).count } > 0
      }
    }
  }
}
