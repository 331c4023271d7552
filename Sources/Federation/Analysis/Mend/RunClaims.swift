internal import Platform

/// What a mend may pin: what the owner chose for the workload, such as a repository, a branch or an account. What is
/// another in every run, or says who happened to start it, would let in the runs seen and none after them.
extension Provider {
  /// Claims that are another in every run of one workload, or depend on who started it.
  var runClaims: Set<String> {
    let everywhere: Set = ["jti", "iat", "nbf", "exp"]
    let own: Set<String> =
      switch self {
      case .gitHub:
        [
          "run_id", "run_number", "run_attempt", "check_run_id", "sha", "workflow_sha", "job_workflow_sha", "actor",
          "actor_id", "head_ref", "base_ref",
        ]
      case .gitLab:
        [
          "pipeline_id", "job_id", "sha", "ci_config_sha", "user_id", "user_login", "user_email", "user_access_level",
          "runner_id",
        ]
      case .buildkite: ["build_number", "build_commit", "build_id", "job_id", "agent_id", "commit"]
      case .terraform: ["terraform_run_id"]
      case .circleCI: Set(["job-id", "workflow-id", "pipeline-id", "context-ids"].map { "oidc.circleci.com/" + $0 })
      case .entra: ["uti", "aio", "rh"]
      case .aws, .google, .kubernetes, .okta, .spiffe, .generic: []
      }
    return everywhere.union(own)
  }
}

extension MendWorkshop {
  /// Values that were another in each of so many tokens name single runs, whatever the claim is called.
  private static let manyRuns = 4

  /// Whether what tokens have there tells their runs apart and not whose they are.
  func tellsRunsApart(_ claim: String) -> Bool {
    if provider.runClaims.contains(claim) { return true }
    let values = tokens.map { $0[claim] }
    if isSeen, tokens.count >= MendWorkshop.manyRuns, Set(values).count == tokens.count { return true }
    guard claim == "sub" else { return false }
    // A customised subject may have anything in it.
    return values.contains { value in
      let keys = form.subject(SubjectText(value?.string ?? "", isPrefix: false)).keys
      return !provider.runClaims.isDisjoint(with: keys)
    }
  }

  /// Why a proposal says what the rule did not, and what it leaves open, each a line.
  func reasons(for proposal: FederationRule.Match, insteadOf old: FederationRule.Match) -> [String] {
    guard isSeen else { return [] }
    let seen = tokens.count == 1 ? "the one token seen" : "all \(tokens.count) tokens seen"
    var reasons: [String] = []
    if let subject = proposal.subjectPrefix, subject != old.subjectPrefix {
      reasons.append("the subject is pinned: it is the same in \(seen)")
    }
    for (name, value) in proposal.claims.sorted(by: { $0.key < $1.key }) where old.claims[name] != value {
      reasons.append("\(name) is pinned: it is the same in \(seen)")
    }
    for name in listed(in: proposal) {
      let count = Set(tokens.map { $0[name] }).count
      reasons.append("\(name) is one of the \(count) that the tokens seen have")
    }
    let open = provider.runClaims.filter { name in tokens.contains { $0[name] != nil } }
    let told = open.subtracting(["iat", "nbf", "exp"]).sorted()
    if !reasons.isEmpty, !told.isEmpty {
      reasons.append("left open, for they are others in every run: \(told.joined(separator: ", "))")
    }
    return reasons
  }

  private func listed(in proposal: FederationRule.Match) -> [String] {
    pinnable.filter { name in
      proposal.condition?.contains(MendWorkshop.reference(name) + " in [") ?? false && proposal.claims[name] == nil
    }
  }

  /// What a proposal takes for granted beside what every one does.
  func assumptions(of proposal: FederationRule.Match) -> [String] {
    guard isSeen else { return [] }
    var found: [String] = []
    if tokens.count == 1 { found.append("the one token seen is like those to come, but for its run") }
    let isTag = [proposal.claims["ref"], proposal.claims["ref_path"], proposal.subjectPrefix].contains {
      $0?.contains("refs/tags/") ?? false
    }
    if isTag || proposal.claims["ref_type"] == "tag" || proposal.claims["build_tag"] != nil {
      found.append("tags made later are not meant")
    }
    return found
  }
}
