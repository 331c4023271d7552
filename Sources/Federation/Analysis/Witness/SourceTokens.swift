internal import Platform

extension TokenWriter {
  func gitHub(_ persona: Persona) -> [JSON.Object] {
    let environments: [String?] = persona[.environment].map { [$0] } ?? [nil, "staging"]
    return environments.flatMap { environment in gitHub(persona, environment: environment) }
  }

  private func gitHub(_ persona: Persona, environment: String?) -> [JSON.Object] {
    let owner = persona.value(.owner, or: "mallory")
    let name = persona.value(.repository, or: owner == "mallory" ? "x" : "intern-sandbox")
    let (ownerID, id) = (persona.value(.ownerID, or: "990001"), persona.value(.repositoryID, or: "990002"))
    let event = persona.value(.event, or: "push")
    let isPullRequest = event == "pull_request"
    let isTag = persona[.refType] == "tag"
    let ref = persona.value(
      .ref, or: isPullRequest ? "refs/pull/9/merge" : isTag ? "refs/tags/v0.0.0-evil" : "refs/heads/evil")
    let context = environment.map { "environment:\($0)" } ?? (isPullRequest ? "pull_request" : "ref:\(ref)")
    let workflow = persona.value(.workflowRef, or: "\(owner)/\(name)/.github/workflows/ci.yml@\(ref)")
    let claims = JSON.Object(texts: [
      ("jti", TokenWriter.tokenID.string), ("repository", "\(owner)/\(name)"), ("repository_id", id),
      ("repository_owner", owner), ("repository_owner_id", ownerID),
      ("repository_visibility", persona.value(.visibility, or: "public")), ("ref", ref),
      ("ref_type", persona.value(.refType, or: ref.hasPrefix("refs/tags/") ? "tag" : "branch")),
      ("ref_protected", persona.value(.refProtected, or: "false")),
      ("base_ref", persona.value(.baseRef, or: isPullRequest ? "main" : "")),
      ("head_ref", persona.value(.headRef, or: isPullRequest ? "evil" : "")), ("environment", environment),
      ("event_name", event), ("workflow", persona.value(.workflow, or: "CI")), ("workflow_ref", workflow),
      ("workflow_sha", TokenWriter.commit),
      ("job_workflow_ref", persona.value(.jobWorkflowRef, or: workflow)), ("job_workflow_sha", TokenWriter.commit),
      ("actor", persona.value(.actor, or: "mallory")), ("actor_id", "990003"), ("sha", TokenWriter.commit),
      ("run_id", "36905461215"), ("run_number", "7"), ("run_attempt", "1"),
      ("runner_environment", persona.value(.runner, or: "github-hosted")),
    ])
    let named = "repo:\(owner)/\(name)"
    let immutable = "repo:\(owner)@\(ownerID)/\(name)@\(id)"
    var subjects = ["\(named):\(context)", "\(immutable):\(context)", named]
    let custom = subjectKeys.map { key in
      switch key {
      case "repo": named
      case "pull_request": key
      case "context": context
      case "environment": "environment:\(environment ?? "")"
      default: "\(key):\(claims[key]?.string ?? persona.value(.workflow, or: "CI"))"
      }
    }
    if !custom.isEmpty {
      let text = custom.joined(separator: ":")
      subjects += [text, "\(text):\(context)", text.replacing(named, with: immutable)]
    }
    return subjects.map { token($0, nil, life: 300, claims) }
  }

  func gitLab(_ persona: Persona) -> [JSON.Object] {
    let group = persona[.group] ?? persona[.namespace] ?? persona[.project].map { $0.prefixPath } ?? "mallory"
    let project = persona.value(.project, or: "\(persona[.namespace] ?? group)/\(group == "mallory" ? "x" : "sandbox")")
    let (namespaceID, id) = (persona.value(.namespaceID, or: "990001"), persona.value(.projectID, or: "990002"))
    let event = persona.value(.event, or: "push")
    let path = persona[.refPath]
    let type = persona[.refType] ?? (path?.hasPrefix("refs/tags/") ?? false ? "tag" : "branch")
    let ref =
      persona[.ref] ?? path.map { String($0.split(separator: "/").dropFirst(2).joined(separator: "/")) }
      ?? (type == "tag" ? "v0.0.0-evil" : "evil")
    var claims = JSON.Object(texts: [
      ("namespace_id", namespaceID), ("namespace_path", project.prefixPath), ("project_id", id),
      ("project_path", project), ("user_id", persona.value(.user, or: "990003")),
      ("user_login", persona.value(.user, or: "mallory")),
      ("user_email", persona.value(.user, or: "mallory@mallory.example")),
      ("user_access_level", persona.value(.user, or: "developer")), ("pipeline_id", "574"),
      ("pipeline_source", event), ("job_id", "302"), ("ref", ref), ("ref_type", type),
      ("ref_path", path ?? "refs/\(type == "tag" ? "tags" : "heads")/\(ref)"),
      ("ref_protected", persona.value(.refProtected, or: "false")), ("environment", persona[.environment]),
      ("environment_protected", persona[.environmentProtected] ?? persona[.environment].map { _ in "false" }),
      ("ci_config_ref_uri", persona.value(.configRef, or: "gitlab.com/\(project)//.gitlab-ci.yml@refs/heads/\(ref)")),
      ("sha", TokenWriter.commit), ("project_visibility", "public"),
      ("runner_environment", persona.value(.runner, or: "gitlab-hosted")), ("jti", TokenWriter.tokenID.string),
    ])
    claims["runner_id"] = 1
    let run = "ref_type:\(type):ref:\(ref)"
    return ["project_path:\(project):\(run)", "project_id:\(id):\(run)"].map { token($0, nil, life: 300, claims) }
  }

  func buildkite(_ persona: Persona) -> [JSON.Object] {
    let organization = persona.value(.organization, or: "mallory")
    let pipeline = persona.value(.pipeline, or: "sandbox")
    let ref = persona[.ref] ?? "refs/heads/" + persona.value(.branch, or: "evil")
    var claims = JSON.Object(texts: [
      ("organization_slug", organization), ("pipeline_slug", pipeline),
      ("build_branch", ref.hasPrefix("refs/heads/") ? String(ref.dropFirst(11)) : persona.value(.branch, or: "main")),
      ("build_tag", ref.hasPrefix("refs/tags/") ? String(ref.dropFirst(10)) : nil),
      ("build_commit", TokenWriter.commit), ("step_key", "deploy"), ("job_id", "0184990a-477b-4fa8-9968-990000000001"),
      ("agent_id", "0184990a-477b-4fa8-9968-990000000002"), ("build_source", persona.value(.event, or: "webhook")),
      ("runner_environment", persona.value(.runner, or: "buildkite-hosted")),
      ("organization_id", persona.value(.organizationID, or: "0184990a-477b-4fa8-9968-990000000003")),
      ("pipeline_id", persona.value(.pipelineID, or: "0184990a-477b-4fa8-9968-990000000004")),
    ])
    claims["build_number"] = 7
    let start = "organization:\(organization):pipeline:\(pipeline):ref:\(ref)"
    return ["\(start):commit:\(TokenWriter.commit):step:deploy", persona[.subject]].compactMap(\.self)
      .map { token($0, nil, life: 300, claims) }
  }

  func terraform(_ persona: Persona) -> [JSON.Object] {
    let organization = persona.value(.organization, or: "mallory")
    let project = persona.value(.project, or: "Default Project")
    let workspace = persona.value(.workspace, or: "playground")
    let phase = persona.value(.phase, or: "plan")
    let place = "organization:\(organization):project:\(project)"
    let run = "\(place):workspace:\(workspace)"
    let stack =
      "\(place):stack:\(persona.value(.stack, or: "playground")):deployment:\(persona.value(.deployment, or: "test"))"
    let claims = JSON.Object(texts: [
      ("jti", TokenWriter.tokenID.string), ("terraform_organization_name", organization),
      ("terraform_organization_id", persona.value(.organizationID, or: "org-MALLORY990000001")),
      ("terraform_project_name", project),
      ("terraform_project_id", persona.value(.projectID, or: "prj-MALLORY990000002")),
      ("terraform_workspace_name", workspace),
      ("terraform_workspace_id", persona.value(.workspaceID, or: "ws-MALLORY9900000003")),
      ("terraform_full_workspace", run), ("terraform_run_id", "run-MALLORY990000004"), ("terraform_run_phase", phase),
    ])
    return ["\(run):run_phase:\(phase)", "\(stack):operation:\(phase)"].map { token($0, nil, life: 7200, claims) }
  }

  func circleCI(_ persona: Persona) -> [JSON.Object] {
    let own = Address(issuerURL).segments.last { $0.isUUID }
    let organization = persona[.organizationID] ?? own ?? "99000001-0000-4000-8000-000000000001"
    let project = persona.value(.projectID, or: "99000002-0000-4000-8000-000000000002")
    let user = persona.value(.user, or: "99000003-0000-4000-8000-000000000003")
    let origin = persona.value(.origin, or: "github.com/mallory/api")
    let ref = persona.value(.ref, or: "refs/heads/evil")
    let name = "oidc.circleci.com/"
    var claims = JSON.Object(texts: [
      (name + "org-id", organization), (name + "project-id", project), (name + "vcs-origin", origin),
      (name + "vcs-ref", ref), (name + "pipeline-id", "99000004-0000-4000-8000-000000000004"),
      (name + "workflow-id", "99000005-0000-4000-8000-000000000005"),
      (name + "job-id", "99000006-0000-4000-8000-000000000006"),
    ])
    claims[name + "ssh-rerun"] = .bool(persona[.loginRerun] == "true")
    let start = "org/\(organization)/project/\(project)/user/\(user)"
    return ["\(start)/vcs-origin/\(origin)/vcs-ref/\(ref)", start].map { token($0, nil, life: 3600, claims) }
  }
}

extension String {
  /// Everything before the last slash.
  fileprivate var prefixPath: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? self }
}
