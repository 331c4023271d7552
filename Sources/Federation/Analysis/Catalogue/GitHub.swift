extension Catalogue {
  static let gitHub: [Risk] = [
    Risk(
      "GH001", .critical, "No owner on GitHub's shared issuer",
      "neither an owner nor a repository is pinned, so every repository on GitHub gets in",
      example: #"repo:* accepts {"sub":"repo:mallory/x:ref:refs/heads/main","repository_owner":"mallory"}"#,
      remedy: "Pin the repository and the ref in the subject."),
    Risk(
      "GH002", .critical, "The prefix stops inside the owner",
      "accounts whose name begins alike get in, and anybody may create one",
      example: #"repo:acme* accepts {"sub":"repo:acme-evil/x:ref:refs/heads/main"}"#,
      remedy: "End the owner with its slash at least (repo:acme/…), better pin one repository."),
    Risk(
      "GH003", .high, "Every repository of the owner",
      "the owner is pinned and the repository is not: new, archived and forked-in repositories get in, "
        + "and a branch or environment does not help, for each repository has its own",
      example: #"repo:acme/* accepts {"sub":"repo:acme/intern-sandbox:ref:refs/heads/main"}"#,
      remedy: "Pin the repository, or one reusable workflow at a commit."),
    Risk(
      "GH004", .high, "The prefix stops inside the repository",
      "repositories of the owner whose name begins alike get in",
      example: #"repo:acme/api* accepts {"sub":"repo:acme/api-evil:ref:refs/heads/main"}"#,
      remedy: "Put the colon after the repository, then a ref or an environment."),
    Risk(
      "GH005", .high, "Every run of the repository",
      "every branch, tag, environment and pull request gets in, those of forks too where the repository allows it",
      example: #"repo:acme/api:* accepts {"sub":"repo:acme/api:pull_request","ref":"refs/pull/9/merge"}"#,
      remedy: "Pin an exact ref or an environment."),
    Risk(
      "GH006", .high, "The prefix stops inside a branch or environment",
      "branches or environments with a longer name get in",
      example: #"repo:acme/api:ref:refs/heads/main* accepts {"ref":"refs/heads/main-evil"}"#,
      remedy: "Write the exact branch or environment, without a star."),
    Risk(
      "GH007", .medium, "Any branch",
      "anybody who may push a branch gets in, and so does every dependency-update bot",
      example: #"repo:acme/api:ref:refs/heads/* accepts {"ref":"refs/heads/x","actor":"dependabot[bot]"}"#,
      remedy: "Pin one branch."),
    Risk(
      "GH008", .medium, "Any tag", "anybody who may push a tag gets in",
      example: #"repo:acme/api:ref:refs/tags/* accepts {"ref":"refs/tags/v0.0.0-evil"}"#,
      remedy: "Pin an exact tag or an environment, and protect tags with a ruleset."),
    Risk(
      "GH009", .low, "A branch folder", "new branches in the folder get in",
      example: #"repo:acme/api:ref:refs/heads/release/* accepts {"ref":"refs/heads/release/evil"}"#,
      remedy: "Protect the folder with a ruleset and pin ref_protected, or pin exact branches."),
    Risk(
      "GH010", .high, "Pull requests are trusted",
      "the code of every pull request gets in, from forks too where the repository allows it",
      example: #"repo:acme/api:pull_request accepts {"head_ref":"evil","event_name":"pull_request"}"#,
      remedy: "Run on the branch, after the review."),
    Risk(
      "GH011", .high, "An event that strangers start",
      "strangers start such a run, and it carries the identity of the base branch",
      example: #"event_name pull_request_target accepts {"actor":"mallory","ref":"refs/heads/main"}"#,
      remedy: "Pin push, schedule or workflow_dispatch."),
    Risk(
      "GH012", .low, "Names without ids",
      "a repository or account that is deleted or renamed leaves its name to whoever registers it next",
      example: #"repository acme/api accepts {"repository":"acme/api","repository_id":"888"}"#,
      remedy: "Add repository_owner_id or repository_id, or use the immutable subject."),
    Risk(
      "GH013", .medium, "The actor as a pin",
      "the actor is only the last account that touched the event, and bots act in every repository",
      example: #"actor dependabot[bot] accepts {"repository":"mallory/x","actor":"dependabot[bot]"}"#,
      remedy: "Drop the actor and pin the repository."),
    Risk(
      "GH014", .critical, "A subject without owner or repository",
      "any repository can be given the same subject template",
      example: #"environment:production accepts {"sub":"environment:production","repository":"mallory/x"}"#,
      remedy: "Put repo, or the ids, into the subject template."),
    Risk(
      "GH015", .high, "A reusable workflow without its caller",
      "any repository may call a public reusable workflow, with inputs of its own",
      example: #"job_workflow_ref alone accepts {"repository":"mallory/x"}"#,
      remedy: "Pin the owner of the caller as well."),
    Risk(
      "GH016", .medium, "A reusable workflow that moves",
      "the workflow is followed by branch or tag, so it changes with them",
      example: #"job_workflow_ref acme/ci/.github/workflows/deploy.yml@refs/heads/main"#,
      remedy: "Pin a commit, or protect the branch or tag."),
    Risk(
      "GH017", .low, "Pins that exclude each other",
      "no token has both, so nothing ever gets in: a job with an environment has no ref in its subject, "
        + "and a pull request has no branch or tag",
      example: #"repo:acme/api:ref:refs/heads/main with claims.environment production"#,
      remedy: "Write the environment's subject and put the branch into claims.ref."),
    Risk(
      "GH018", .info, "An environment alone",
      "any branch that may deploy to the environment gets in, and unprotected environments are made by anybody "
        + "with write access",
      example: #"repo:acme/api:environment:production accepts {"ref":"refs/heads/evil"}"#,
      remedy: "Give the environment reviewers and a branch policy; pin claims.ref."),
    Risk(
      "GH019", .medium, "Self-hosted runners are required",
      "jobs leave files, caches and processes behind, and forks of public repositories may reach the machine",
      example: #"claims.runner_environment self-hosted"#,
      remedy: "Use hosted runners, or runners that serve one job each."),
    Risk(
      "GH020", .info, "Manual starts", "anybody with write access starts the run, with inputs of their choice",
      example: #"event_name workflow_dispatch with a ref"#,
      remedy: "Put an environment with required reviewers before the job."),
    Risk(
      "GH021", .medium, "Text that the author of a branch chooses",
      "the display name of a workflow, head_ref and base_ref are written by whoever writes the branch",
      example: #"claims.workflow Deploy accepts {"workflow":"Deploy","ref":"refs/heads/evil"}"#,
      remedy: "Pin workflow_ref instead."),
    Risk(
      "GH022", .info, "The subject by name",
      "it stops matching when the repository is renamed, moved or opts in to immutable subjects, and older names "
        + "can be registered again",
      example: #"repo:acme/api:ref:refs/heads/main"#,
      remedy: "Use the immutable form, repo:OWNER@ID/REPO@ID:…, where the repository has it."),
    Risk(
      "GH023", .info, "A ref without its event",
      "pull_request_target, issue_comment and workflow_run of that branch are included",
      example: #"repo:acme/api:ref:refs/heads/main accepts {"event_name":"issue_comment"}"#,
      remedy: "Pin event_name as well."),
    Risk(
      "GH024", .high, "No owner on the enterprise's own issuer",
      "every repository of the enterprise or server gets in",
      example: #"repo:* accepts {"sub":"repo:anyone/x:ref:refs/heads/main"}"#,
      remedy: "Pin the repository and the ref in the subject."),
  ]
}
