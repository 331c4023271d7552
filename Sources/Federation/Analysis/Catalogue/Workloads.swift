extension Catalogue {
  static let kubernetes: [Risk] = [
    Risk(
      "K8S001", .high, "Every pod of the cluster", "nothing of the identity is pinned",
      example: #"system:serviceaccount:* accepts {"sub":"system:serviceaccount:default:default"}"#,
      remedy: "Write the exact account."),
    Risk(
      "K8S002", .high, "The prefix stops inside the namespace", "namespaces whose name begins alike get in",
      example: #"system:serviceaccount:prod* accepts {"sub":"system:serviceaccount:prod-evil:x"}"#,
      remedy: "Put the colon after the namespace, then write the account."),
    Risk(
      "K8S003", .medium, "Every account of the namespace",
      "every account gets in that anybody may create in the namespace",
      example: #"system:serviceaccount:inference:* accepts {"sub":"system:serviceaccount:inference:debug"}"#,
      remedy: "Write the exact account."),
    Risk(
      "K8S004", .medium, "The prefix stops inside the account", "accounts with a longer name get in",
      example: #"system:serviceaccount:inference:worker* accepts …:worker-evil"#,
      remedy: "Write the exact account."),
    Risk(
      "K8S005", .medium, "The default account", "every pod of the namespace that names no account runs as it",
      example: #"system:serviceaccount:inference:default"#,
      remedy: "Make an account for this workload."),
    Risk(
      "K8S006", .info, "An issuer name that many clusters use", "only the keys tell the clusters apart",
      example: #"https://kubernetes.default.svc.cluster.local"#,
      remedy: "Keep one issuer record with its own keys for each cluster."),
    Risk(
      "K8S007", .high, "An account without its namespace",
      "the same account name in any namespace gets in",
      example: #"serviceaccount.name worker accepts {"kubernetes.io":{"namespace":"mallory"}}"#,
      remedy: "Add the namespace."),
  ]

  static let spiffe: [Risk] = [
    Risk(
      "SP001", .high, "The whole trust domain", "every workload of the trust domain gets in",
      example: #"spiffe://prod.example.com/* accepts spiffe://prod.example.com/ns/dev/sa/x"#,
      remedy: "Write the whole SPIFFE ID."),
    Risk(
      "SP002", .high, "The prefix stops inside the trust domain",
      "trust domains whose name begins alike get in, should the issuer ever sign for them",
      example: #"spiffe://prod.example.com* accepts spiffe://prod.example.com.evil/x"#,
      remedy: "Put the slash after the trust domain, then write the path."),
    Risk(
      "SP003", .medium, "Everything below a path", "every workload below the path gets in",
      example: #"spiffe://prod.example.com/ns/inference/* accepts …/ns/inference/sa/debug"#,
      remedy: "Write the whole SPIFFE ID."),
    Risk(
      "SP004", .high, "The prefix stops inside a path segment", "workloads whose path begins alike get in",
      example: #"spiffe://prod.example.com/ns/ml* accepts …/ns/ml-evil/sa/x"#,
      remedy: "Put the slash after the segment, or write the whole SPIFFE ID."),
  ]

  static let buildkite: [Risk] = [
    Risk(
      "BK001", .critical, "No organization on the shared issuer", "every customer of Buildkite gets in",
      example: #"claims.build_branch main accepts {"organization_slug":"mallory"}"#,
      remedy: "Pin organization_id."),
    Risk(
      "BK002", .critical, "The prefix stops inside the organization", "slugs that begin alike get in",
      example: #"organization:acme* accepts organization:acme-evil:pipeline:x:…"#,
      remedy: "Put the colon after the organization."),
    Risk(
      "BK003", .high, "Every pipeline", "every pipeline of the organization gets in",
      example: #"organization:acme:* accepts {"pipeline_slug":"sandbox"}"#,
      remedy: "Pin the pipeline."),
    Risk(
      "BK004", .high, "The prefix stops inside the pipeline", "pipelines whose slug begins alike get in",
      example: #"…:pipeline:deploy* accepts …:pipeline:deploy-evil:…"#,
      remedy: "Put the colon after the pipeline."),
    Risk(
      "BK005", .high, "Every branch of the pipeline", "every branch and every pull-request build gets in",
      example: #"…:pipeline:deploy:* accepts {"build_branch":"mallory:main"}"#,
      remedy: "Pin a branch closed by a colon, or build_branch."),
    Risk(
      "BK006", .high, "The prefix stops inside the branch", "branches with a longer name get in",
      example: #"…:ref:refs/heads/main* accepts …:ref:refs/heads/main-evil:…"#,
      remedy: "Put the colon before the star."),
    Risk(
      "BK007", .low, "One commit, for ever", "an exact subject with a commit fits one build and never another",
      example: #"organization:acme:pipeline:deploy:ref:refs/heads/main:commit:…:step:x"#,
      remedy: "Stop after the branch, with :*."),
  ]

  static let terraform: [Risk] = [
    Risk(
      "TFC001", .critical, "No organization", "every customer of the service gets in",
      example: #"run_phase apply accepts {"terraform_organization_name":"mallory"}"#,
      remedy: "Pin the organization's id."),
    Risk(
      "TFC002", .critical, "The prefix stops inside the organization",
      "organizations whose name begins alike get in, and a free one is enough",
      example: #"organization:acme* accepts organization:acme-evil:project:…"#,
      remedy: "Put the colon after the organization."),
    Risk(
      "TFC003", .high, "Every workspace of the organization", "nothing below the organization is pinned",
      example: #"organization:acme:* accepts {"terraform_workspace_name":"playground"}"#,
      remedy: "Pin the workspace's id."),
    Risk(
      "TFC004", .high, "Every workspace of the project", "the project is pinned and the workspace is not",
      example: #"organization:acme:project:P:* accepts {"terraform_workspace_name":"test"}"#,
      remedy: "Pin the workspace."),
    Risk(
      "TFC005", .high, "The prefix stops inside a name",
      "projects, workspaces, stacks or deployments whose name begins alike get in",
      example: #"…:workspace:prod* accepts …:workspace:prod-evil:run_phase:apply"#,
      remedy: "Put the colon after the name."),
    Risk(
      "TFC006", .medium, "Every phase", "plans get in too, and they run proposed code",
      example: #"…:workspace:prod:* accepts {"terraform_run_phase":"plan"}"#,
      remedy: "Pin run_phase:apply."),
    Risk(
      "TFC007", .medium, "The plan phase",
      "plans run proposed code, and speculative ones that of pull requests",
      example: #"…:run_phase:plan"#,
      remedy: "Trust it only with a service account that may read."),
  ]

  static let circleCI: [Risk] = [
    Risk(
      "CCI001", .critical, "No organization on the root issuer", "every customer of CircleCI gets in",
      example: #"vcs-ref alone accepts {"oidc.circleci.com/org-id":"<mallory>"}"#,
      remedy: "Use the issuer of your organization, or pin its id."),
    Risk(
      "CCI002", .high, "Every project", "every project of the organization gets in",
      example: #"org/ID/* accepts {"oidc.circleci.com/project-id":"<other>"}"#,
      remedy: "Pin the project's id."),
    Risk(
      "CCI003", .medium, "Every branch of the project", "the project is pinned and the ref is not",
      example: #"org/ID/project/ID/* accepts {"oidc.circleci.com/vcs-ref":"refs/heads/evil"}"#,
      remedy: "Pin vcs-ref and vcs-origin."),
    Risk(
      "CCI004", .medium, "A ref without its repository",
      "a fork's branch of the same name gets in, where forks are given secrets",
      example: #"vcs-ref accepts {"oidc.circleci.com/vcs-origin":"github.com/mallory/api"}"#,
      remedy: "Pin vcs-origin."),
    Risk(
      "CCI005", .high, "The prefix stops inside an id", "other projects get in",
      example: #"org/ID/project/3a2f* accepts org/ID/project/3a2fffff-…"#,
      remedy: "Write the whole id, then the slash."),
    Risk(
      "CCI006", .medium, "A person's id", "the jobs of one person get in, and nobody else's",
      example: #"org/ID/project/ID/user/ID"#,
      remedy: "Pin the project and the ref."),
    Risk(
      "CCI007", .info, "Runs with a login are not excluded", "somebody may be logged in to the job",
      example: #"accepts {"oidc.circleci.com/ssh-rerun":true}"#,
      remedy: "Add the condition claims[\"oidc.circleci.com/ssh-rerun\"] == false."),
  ]
}
