extension Form {
  static let gitHub = Form(
    subject: GitHubForm.subject,
    fields: Dictionary(uniqueKeysWithValues: GitHubForm.fields.map { (ClaimPath([$0]), $1) }),
    structured: [
      "repository": { GitHubForm.repository($0) ?? .impossible() },
      "ref": { text in
        var text = text
        let ref = text.take(upTo: "").opened(after: GitHubForm.refFolders)
        return Reading([.ref: ref, .refType: GitHubForm.type(of: ref)])
      },
    ],
    parts: ["repository": [.owner, .repository], "ref": [.ref]],
    kinds: ["aud": .text],
    everywhere: [
      "repository", "repository_id", "repository_owner", "repository_owner_id", "repository_visibility", "ref",
      "ref_type", "ref_protected", "event_name", "workflow", "workflow_ref", "workflow_sha", "job_workflow_ref",
      "job_workflow_sha", "actor", "actor_id", "sha", "run_id", "run_number", "run_attempt", "runner_environment",
      "base_ref", "head_ref", "jti", "nbf",
    ])

  static let gitLab = Form(
    subject: gitLabSubject,
    fields: [
      "namespace_id": .namespaceID, "project_id": .projectID, "ref": .ref, "ref_type": .refType,
      "ref_protected": .refProtected, "environment": .environment, "environment_protected": .environmentProtected,
      "ci_config_ref_uri": .configRef, "pipeline_source": .event, "user_login": .user, "user_email": .user,
      "user_id": .user, "user_access_level": .user, "runner_environment": .runner,
    ],
    structured: [
      "project_path": gitLabProject,
      "namespace_path": { text in
        var text = text
        let group = text.take(upTo: "/")
        guard !text.hasEnded else { return Reading([.group: group]) }
        return Reading(
          text.isPrefix || group.one == nil
            ? [.group: group] : [.group: group, .namespace: .exact([(group.one ?? "") + text.rest])])
      },
      "ref_path": { text in
        var text = text
        let path = text.take(upTo: "")
        var reading = Reading([.refPath: path])
        if let name = path.one {
          for (form, type) in [("refs/heads/", "branch"), ("refs/tags/", "tag")] where name.hasPrefix(form) {
            reading.extents[.ref] = .exact([String(name.dropFirst(form.count))])
            reading.extents[.refType] = .exact([type])
          }
        }
        return reading
      },
    ],
    parts: ["project_path": [.group, .project], "namespace_path": [.group], "ref_path": [.refPath]],
    kinds: ["groups_direct": .list, "user_identities": .list, "runner_id": .number],
    everywhere: [
      "namespace_id", "namespace_path", "project_id", "project_path", "user_id", "user_login", "user_email",
      "pipeline_id", "pipeline_source", "job_id", "ref", "ref_type", "ref_path", "ref_protected", "sha", "jti", "nbf",
      "runner_id", "runner_environment", "project_visibility",
    ])

  /// `project_path:GROUP/PROJECT:ref_type:TYPE:ref:NAME`, the project first and then any claims.
  private static func gitLabSubject(_ text: SubjectText) -> Reading {
    var text = text
    var reading = Reading()
    while !text.isAtEnd, !text.hasEnded {
      let key = text.take(upTo: ":")
      guard let name = key.one else {
        let first = reading.keys.isEmpty
        let isKnown = key.beginning.map { start in
          first ? ["project_path", "project_id"].contains { $0.hasPrefix(start) } : true
        }
        return isKnown ?? true ? reading : .impossible()
      }
      guard text.skip(":"), !text.isAtEnd || text.isPrefix else { return .impossible() }
      guard !reading.keys.isEmpty || name == "project_path" || name == "project_id" else { return .impossible() }
      reading.keys.append(name)
      let value = text.take(upTo: ":")
      guard value != .exact([""]) else { return .impossible() }
      switch name {
      case "project_path":
        let project = gitLabProject(SubjectText(value.named.first ?? "", isPrefix: value.beginning != nil))
        if !value.isOpen {
          guard project.impossibility == nil else { return project }
          reading.extents.merge(project.extents) { $1 }
        }
      case "ref_type":
        let types = ["branch", "tag"]
        let fits = value.named.allSatisfy { text in
          types.contains { value.beginning == nil ? $0 == text : $0.hasPrefix(text) }
        }
        guard fits else { return .impossible() }
        reading.extents[.refType] = value
      case "ref":
        guard !value.named.contains(where: { $0.hasPrefix("refs/heads/") || $0.hasPrefix("refs/tags/") }) else {
          return .impossible()
        }
        reading.extents[.ref] = value
      default:
        if let field = gitLab.fields[ClaimPath([name])] { reading.extents[field] = value }
      }
      if !text.isAtEnd { _ = text.skip(":") }
    }
    return reading
  }

  /// `GROUP/SUBGROUP/PROJECT`: the top-level group, the namespace and the whole path.
  private static func gitLabProject(_ text: SubjectText) -> Reading {
    var text = text
    let path = text.rest
    let group = text.take(upTo: "/")
    guard !text.hasEnded else { return Reading([.group: group]) }
    guard !text.isAtEnd, group.isPinned else { return .impossible() }
    guard text.isPrefix else {
      guard !path.contains(Extent.gap) else {
        let whole = path.split(separator: "/").contains { $0.allSatisfy { $0 == Extent.gap } }
        return Reading(whole ? [.group: group] : [.group: group, .project: Extent(value: path)])
      }
      guard let slash = path.lastIndex(of: "/"), path.last != "/" else { return .impossible() }
      return Reading([.group: group, .namespace: .exact([String(path[..<slash])]), .project: Extent(value: path)])
    }
    guard path.last == "/" else { return Reading([.group: group, .project: .begins(String(path))]) }
    let namespace = path.dropLast()
    return Reading(namespace.contains("/") ? [.group: group, .namespace: .begins(String(namespace))] : [.group: group])
  }

  static let buildkite = Form(
    subject: { text in
      var text = text
      if !text.isPrefix, text.rest.isUUID { return Reading([.subject: Extent(value: text.rest)]) }
      let form = PairForm(separator: ":", names: ["organization", "pipeline", "ref", "commit", "step"])
      let start = text.rest
      guard let values = form.values(&text) else {
        return .impossible(start.contains(":commit:") ? "BK007" : "GEN007")
      }
      if values["commit"]?.isPinned ?? false { return .impossible("BK007") }
      var reading = Reading()
      reading.extents = [.organization: values["organization"] ?? .open, .pipeline: values["pipeline"] ?? .open]
      guard let ref = values["ref"] else { return reading }
      let fits = ref.named.allSatisfy { GitHubForm.isBranchOrTag($0, isPrefix: ref.beginning != nil) }
      guard fits else { return .impossible() }
      reading.extents[.ref] = ref
      // That of a tag's build may be any: it says what was built beside.
      reading.extents[.branch] = ref.dropping("refs/heads/")
      return reading
    },
    fields: [
      "build_branch": .branch, "organization_slug": .organization, "organization_id": .organizationID,
      "pipeline_slug": .pipeline,
      "pipeline_id": .pipelineID, "runner_environment": .runner, "build_source": .event,
    ],
    structured: ["build_tag": { $0.asField(.ref, after: "refs/tags/") }],
    parts: ["build_tag": [.ref]],
    kinds: ["build_number": .number, "https://aws.amazon.com/tags": .object],
    everywhere: [
      "organization_slug", "pipeline_slug", "build_number", "build_branch", "build_commit", "step_key", "job_id",
      "agent_id", "build_source", "runner_environment", "nbf",
    ])

  static let circleCI = Form(
    subject: circleCISubject,
    fields: [
      "oidc.circleci.com/org-id": .organizationID, "oidc.circleci.com/project-id": .projectID,
      "oidc.circleci.com/vcs-origin": .origin, "oidc.circleci.com/vcs-ref": .ref,
      "oidc.circleci.com/ssh-rerun": .loginRerun,
    ],
    kinds: ["oidc.circleci.com/context-ids": .list, "oidc.circleci.com/ssh-rerun": .boolean],
    everywhere: [
      "oidc.circleci.com/org-id", "oidc.circleci.com/project-id", "oidc.circleci.com/pipeline-id",
      "oidc.circleci.com/workflow-id", "oidc.circleci.com/job-id", "oidc.circleci.com/ssh-rerun",
    ])

  /// `org/ID/project/ID/user/ID`, and in the second version `/vcs-origin/ORIGIN/vcs-ref/REF`, which have slashes of
  /// their own.
  private static func circleCISubject(_ text: SubjectText) -> Reading {
    var (ids, tail) = text.cut(at: "/vcs-origin/")
    guard let values = PairForm(separator: "/", names: ["org", "project", "user"]).values(&ids) else {
      return .impossible()
    }
    var reading = Reading([
      .organizationID: values["org"] ?? .open, .projectID: values["project"] ?? .open, .user: values["user"] ?? .open,
    ])
    guard let tail else { return reading }
    var (origin, ref) = tail.cut(at: "/vcs-ref/")
    if ref == nil, origin.rest.last == "/" { origin = SubjectText(origin.rest.dropLast(), isPrefix: true) }
    reading.extents[.origin] = origin.take(upTo: "")
    guard ref != nil || text.isPrefix else { return .impossible() }
    reading.extents[.ref] = ref?.take(upTo: "")
    return reading
  }

  static let terraform = Form(
    subject: { terraformSubject($0, needsPhase: true) },
    fields: [
      "terraform_organization_name": .organization, "terraform_organization_id": .organizationID,
      "terraform_project_name": .project, "terraform_project_id": .projectID,
      "terraform_workspace_name": .workspace, "terraform_workspace_id": .workspaceID,
      "terraform_run_phase": .phase,
    ],
    structured: ["terraform_full_workspace": { terraformSubject($0, needsPhase: false) }],
    parts: ["terraform_full_workspace": [.organization, .project, .workspace]],
    everywhere: [
      "terraform_organization_id", "terraform_organization_name", "terraform_project_id", "terraform_project_name",
      "terraform_run_id", "terraform_run_phase", "jti", "nbf",
    ])

  private static func terraformSubject(_ text: SubjectText, needsPhase: Bool) -> Reading {
    let forms: [[String]] = [
      ["organization", "project", "workspace"] + (needsPhase ? ["run_phase"] : []),
      ["organization", "project", "stack", "deployment"] + (needsPhase ? ["operation"] : []),
    ]
    for names in forms {
      var rest = text
      guard let values = PairForm(separator: ":", names: names).values(&rest) else { continue }
      let phase = values["run_phase"] ?? values["operation"] ?? .open
      let phases = phase.phases
      guard !phases.isEmpty else { return .impossible() }
      return Reading([
        .organization: values["organization"] ?? .open, .project: values["project"] ?? .open,
        .workspace: values["workspace"] ?? .open, .stack: values["stack"] ?? .open,
        .deployment: values["deployment"] ?? .open, .phase: phases.count == 1 ? .exact(phases) : phase,
      ])
    }
    return .impossible()
  }
}

extension SubjectText {
  /// What stands before and after `mark`. Where a prefix ends within the mark, nothing after it is known.
  func cut(at mark: String) -> (before: SubjectText, after: SubjectText?) {
    if let range = rest.firstRange(of: mark) {
      let after = SubjectText(rest[range.upperBound...], isPrefix: isPrefix)
      return (SubjectText(rest[..<range.lowerBound], isPrefix: false), after)
    }
    guard isPrefix, let begun = (1..<mark.count).last(where: { rest.hasSuffix(mark.prefix($0)) }) else {
      return (self, nil)
    }
    return (SubjectText(rest.dropLast(begun) + "/", isPrefix: true), nil)
  }

  /// The whole text as one field, with what the claim leaves out put before it.
  func asField(_ field: Field, after start: String) -> Reading {
    var text = SubjectText(start + rest, isPrefix: isPrefix)
    return Reading([field: text.take(upTo: "")])
  }
}

extension Extent {
  /// The phases of a Terraform run that it allows.
  fileprivate var phases: Set<String> {
    switch self {
    case .exact(let values): values.intersection(["plan", "apply"])
    case .begins(let text): Set(["plan", "apply"].filter { $0.hasPrefix(text) })
    case .shaped, .open: ["plan", "apply"]
    }
  }
}

extension StringProtocol {
  /// 8-4-4-4-12 hexadecimal digits, in either case.
  var isUUID: Bool {
    split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
      && allSatisfy { $0 == "-" || $0.isASCII && $0.isHexDigit }
  }
}
