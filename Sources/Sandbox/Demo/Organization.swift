import FoundationEssentials
import Platform

/// The example organization: who and what it has. Made through the same handlers as everything else, at times in the
/// past, so that the feed tells how it came about.
enum Example {
  static let accounts: [(name: String, description: String, workspace: String)] = [
    ("ci-deploy", "Deploys the API from main", "Production"),
    ("ci-tests", "Runs the evaluation suite on every push", "Staging"),
    ("docs-site", "Builds and translates the documentation", "Production"),
    ("data-pipeline", "Labels incoming tickets every hour", "Data Science"),
    ("nightly-eval", "Nightly model comparison", "Data Science"),
    ("support-bot", "Answers first-line support", "Production"),
    ("infra-terraform", "Manages workspaces and limits as code", "Production"),
    ("code-review", "Comments on pull requests", "Staging"), ("batch-runner", "Overnight batches", "Data Science"),
    ("release-notes", "Drafts release notes", "Production"),
    ("search-index", "Summaries for the search index", "Production"),
    ("legacy-importer", "Imported the old wiki", "Staging"),
  ]

  static let workspaces = ["Production", "Staging", "Data Science", "Old Experiments"]

  static let people: [(name: String, email: String, role: String)] = [
    ("Bo Lindqvist", "bo@acme.example", "admin"), ("Chiara Rossi", "chiara@acme.example", "developer"),
    ("Dele Adeyemi", "dele@acme.example", "developer"), ("Emi Tanaka", "emi@acme.example", "developer"),
    ("Farid Haddad", "farid@acme.example", "user"), ("Grace Okoye", "grace@acme.example", "billing"),
    ("佐藤 花子", "hanako@acme.example", "claude_code_user"),
  ]

  struct Provider: Sendable {
    let name, url: String
    let keys: Keys
    enum Keys: Sendable { case discovery, address(String), inline }
  }

  static let providers = [
    Provider(name: "github-actions", url: "https://token.actions.githubusercontent.com", keys: .discovery),
    Provider(name: "gitlab-com", url: "https://gitlab.com", keys: .discovery),
    Provider(name: "buildkite", url: "https://agent.buildkite.com", keys: .discovery),
    Provider(name: "terraform-cloud", url: "https://app.terraform.io", keys: .discovery),
    Provider(name: "google-cloud", url: "https://accounts.google.com", keys: .discovery),
    Provider(
      name: "eks-prod", url: "https://oidc.eks.eu-central-1.amazonaws.com/id/5C1D3A9E7B", keys: .discovery),
    Provider(
      name: "okta-staff", url: "https://acme.okta.com/oauth2/default",
      keys: .address("https://acme.okta.com/oauth2/default/v1/keys")),
    Provider(name: "office-cluster", url: "https://kubernetes.office.acme.internal", keys: .inline),
  ]

  struct Rule: Sendable {
    let name, provider, account: String
    var subject: String?
    var audience: String? = serviceAudience
    var claims: [String: String] = [:]
    var condition: String?
    var scope = Scope.developer
    var lifetime = 600
    /// Nil for all workspaces.
    var workspaces: [String]? = ["Production"]
  }

  /// Some of them are what a review should find: too wide, too long, or open to pull requests.
  static let rules = [
    Rule(
      name: "gha-api-main", provider: "github-actions", account: "ci-deploy",
      subject: "repo:acme/api:ref:refs/heads/main", claims: ["repository_owner_id": "10203040"]),
    Rule(
      name: "gha-api-production", provider: "github-actions", account: "ci-deploy",
      subject: "repo:acme/api:environment:production", claims: ["repository_owner_id": "10203040"]),
    Rule(
      name: "gha-tests-any-branch", provider: "github-actions", account: "ci-tests", subject: "repo:acme/api:*",
      lifetime: 3600, workspaces: ["Staging"]),
    Rule(
      name: "gha-whole-organization", provider: "github-actions", account: "code-review", subject: "repo:acme/*",
      lifetime: 3600, workspaces: ["Staging"]),
    Rule(
      name: "gha-docs", provider: "github-actions", account: "docs-site", subject: "repo:acme/docs:ref:refs/heads/main",
      scope: Scope.inference),
    Rule(
      name: "gha-release-notes", provider: "github-actions", account: "release-notes",
      condition: "claims.repository == 'acme/api' && claims.ref.startsWith('refs/tags/v')", scope: Scope.inference),
    Rule(
      name: "gha-old-prefix", provider: "github-actions", account: "ci-deploy", subject: "repo:acme*", audience: nil,
      lifetime: 86400, workspaces: nil),
    Rule(
      name: "gitlab-pipeline", provider: "gitlab-com", account: "data-pipeline",
      subject: "project_path:acme/tickets:ref_type:branch:ref:main", workspaces: ["Data Science"]),
    Rule(
      name: "gitlab-any-project", provider: "gitlab-com", account: "data-pipeline", subject: "project_path:acme/*",
      lifetime: 7200, workspaces: ["Data Science"]),
    Rule(
      name: "buildkite-search", provider: "buildkite", account: "search-index",
      subject: "organization:acme:pipeline:search:ref:refs/heads/main:*", claims: ["organization_slug": "acme"],
      scope: Scope.inference),
    Rule(
      name: "terraform-apply", provider: "terraform-cloud", account: "infra-terraform",
      subject: "organization:acme:project:platform:workspace:anthropic:run_phase:apply",
      claims: ["terraform_organization_name": "acme"], scope: Scope.admin, workspaces: ["Production"]),
    Rule(
      name: "terraform-plan", provider: "terraform-cloud", account: "infra-terraform",
      subject: "organization:acme:project:platform:workspace:anthropic:run_phase:*", scope: Scope.admin,
      lifetime: 3600, workspaces: ["Production"]),
    Rule(
      name: "gcp-batch", provider: "google-cloud", account: "batch-runner", subject: "108842957620143759012",
      claims: ["email": "batch@acme-data.iam.gserviceaccount.com"], scope: Scope.inference, lifetime: 1800,
      workspaces: ["Data Science"]),
    Rule(
      name: "gcp-notebooks", provider: "google-cloud", account: "nightly-eval", claims: ["hd": "acme.example"],
      lifetime: 3600, workspaces: ["Data Science"]),
    Rule(
      name: "eks-support-bot", provider: "eks-prod", account: "support-bot",
      subject: "system:serviceaccount:support:bot", scope: Scope.inference),
    Rule(
      name: "eks-any-namespace", provider: "eks-prod", account: "nightly-eval", subject: "system:serviceaccount:*",
      lifetime: 3600, workspaces: ["Data Science", "Staging"]),
    Rule(
      name: "okta-notebook-users", provider: "okta-staff", account: "nightly-eval", audience: "api://acme",
      condition: "'data' in claims.groups || claims.admin == true", lifetime: 28800, workspaces: ["Data Science"]),
    Rule(
      name: "office-runner", provider: "office-cluster", account: "ci-tests",
      subject: "system:serviceaccount:runners:default", workspaces: ["Staging"]),
    Rule(
      name: "office-importer", provider: "office-cluster", account: "legacy-importer",
      subject: "system:serviceaccount:import:wiki", workspaces: ["Staging"]),
    Rule(
      name: "gha-staging-review", provider: "github-actions", account: "code-review",
      subject: "repo:acme/api:pull_request", claims: ["repository_owner_id": "10203040"], scope: Scope.inference,
      workspaces: ["Staging"]),
  ]

  /// Static keys that are still about: who made them, for what, in which workspace; some act as an account.
  static let keys: [(name: String, workspace: String?, principal: String?, age: Int, status: String)] = [
    ("backend-prod", "Production", nil, 380, "active"), ("backend-prod-2024", "Production", nil, 390, "inactive"),
    ("ci-deploy-key", "Production", "ci-deploy", 210, "active"), ("docs-translate", "Production", nil, 300, "active"),
    ("tickets-cron", "Data Science", nil, 260, "active"), ("notebook-shared", "Data Science", nil, 330, "active"),
    ("support-widget", "Production", nil, 150, "active"), ("support-widget-old", "Production", nil, 350, "archived"),
    ("emi-laptop", "Staging", "emi@acme.example", 90, "active"),
    ("dele-laptop", "Staging", "dele@acme.example", 75, "active"),
    ("chiara-scripts", nil, "chiara@acme.example", 60, "active"), ("batch-runner", nil, "batch-runner", 95, "active"),
    ("search-nightly", "Production", nil, 240, "active"), ("load-test", "Staging", nil, 120, "inactive"),
    ("demo-booth", "Staging", nil, 200, "archived"), ("wiki-import", "Staging", "legacy-importer", 320, "active"),
    ("release-notes-bot", "Production", nil, 180, "active"),
    ("eval-runner", "Data Science", "nightly-eval", 45, "active"),
    ("eval-runner-2", "Data Science", nil, 140, "active"), ("grafana-plugin", "Production", nil, 310, "active"),
    ("slack-summaries", "Default", nil, 270, "active"), ("hackday", "Default", nil, 360, "archived"),
    ("zapier", "Default", nil, 290, "active"), ("old-experiment", "Old Experiments", nil, 370, "active"),
    ("terraform-bootstrap", nil, "bo@acme.example", 220, "active"),
  ]
}
