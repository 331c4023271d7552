import Platform

extension ProviderTemplate {
  /// GitLab CI (GitLab, OpenID Connect authentication using ID tokens).
  package static let gitlab = ProviderTemplate(
    id: .gitlab,
    title: "GitLab CI",
    summary: "Jobs of one project exchange the id token that GitLab gives them.",
    fields: [
      Field(
        "project", label: "Project", hint: "its whole path: group, subgroups and name", example: "acme/platform/api",
        fault: { GitLab.projectFault(in: $0) }),
      Field(
        "branch", label: "Branch", hint: "one branch, without refs/heads/", example: "main", alternative: "which jobs",
        fault: { Grammar.refNameFault(in: $0.after("refs/heads/") ?? $0) }),
      Field(
        "tag", label: "Tag", hint: "one tag, without refs/tags/", example: "v1.2", alternative: "which jobs",
        fault: { Grammar.refNameFault(in: $0.after("refs/tags/") ?? $0) }),
      Field(
        "subject", label: "Subject as text", hint: "exact, or a prefix when it ends in *",
        example: "project_path:acme/api:ref_type:branch:ref:main", alternative: "which jobs",
        fault: { $0 == "*" ? "a star alone would let in every project" : nil }),
      Field(
        "protected", label: "Protected only",
        hint: "only jobs of protected branches and tags, where not everyone can push",
        kind: .choice([
          .init("yes", "yes: ref_protected must be true"), .init("no", "no: any branch or tag of that name"),
        ])),
      Field(
        "project-id", label: "Project's id",
        hint: "optional: a path can be taken again, an id cannot; on the project's page",
        example: "4711", isRequired: false, fault: { Grammar.numberFault(in: $0) }),
      Field(
        "issuer-url", label: "Issuer", hint: "optional: the address of an instance of your own", example: GitLab.shared,
        isRequired: false, fault: { Grammar.issuerFault(in: $0) }),
    ],
    tokenLifetime: 3600,
    lifetimeReason: "a job has one token that is accepted once, so what it is exchanged for should last the job",
    relations: { _ in [] },
    trust: GitLab.trust,
    files: { [HandoverFile(path: ".gitlab-ci.yml", text: GitLab.pipeline($0, $1))] },
    recognise: GitLab.recognise)
}

enum GitLab {
  static let shared = "https://gitlab.com"

  static func projectFault(in text: String) -> String? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2 else { return "GROUP/PROJECT, with every subgroup between them" }
    if parts.count > 21 { return "at most 20 groups before the project" }
    let isFine = parts.allSatisfy {
      Grammar.matches($0, /[A-Za-z0-9_.][A-Za-z0-9_.\-]*/) && !$0.hasSuffix(".git") && !$0.hasSuffix(".atom")
    }
    return isFine ? nil : "letters, digits, dots, hyphens and underscores between the slashes"
  }

  private static func ref(_ values: ProviderTemplate.Values) -> (type: String, name: String) {
    let tag = values["tag"]
    if !tag.isEmpty { return ("tag", tag.after("refs/tags/") ?? tag) }
    let branch = values["branch"]
    return ("branch", branch.isEmpty ? "main" : branch.after("refs/heads/") ?? branch)
  }

  static func subject(_ values: ProviderTemplate.Values) -> String {
    if !values["subject"].isEmpty { return values["subject"] }
    let ref = ref(values)
    return "project_path:\(values["project"]):ref_type:\(ref.type):ref:\(ref.name)"
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (project, id) = (values["project"], values["project-id"].isEmpty ? "4711" : values["project-id"])
    let issuer = values["issuer-url"].isEmpty ? shared : values["issuer-url"]
    let ref = ref(values)
    var claims: [String: String] = [:]
    if values["protected"] == "yes" { claims["ref_protected"] = "true" }
    if !values["project-id"].isEmpty { claims["project_id"] = values["project-id"] }
    func token(
      _ who: String, project path: String = values["project"], id: String, type: String = GitLab.ref(values).type,
      ref name: String = GitLab.ref(values).name, isProtected: Bool = true, source: String = "push"
    ) -> SampleToken {
      SampleToken(
        who, issuer: issuer,
        [
          "sub": .string("project_path:\(path):ref_type:\(type):ref:\(name)"), "project_path": .string(path),
          "project_id": .string(id),
          "namespace_path": .string(path.split(separator: "/").dropLast().joined(separator: "/")),
          "ref": .string(name), "ref_type": .string(type), "ref_protected": .string(isProtected ? "true" : "false"),
          "pipeline_source": .string(source),
        ])
    }
    let group = project.split(separator: "/").dropLast().joined(separator: "/")
    return Trust(
      issuer: IssuerDraft(name: "gitlab", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil)),
      match: FederationRule.Match(subjectPrefix: subject(values), audience: serviceAudience, claims: claims),
      ruleName: String(Slug.from("gitlab-\(project)-\(ref.name)").prefix(80)),
      sample: token("a job on \(ref.type) \(ref.name) of \(project)", id: id),
      others: [
        token("a job of anyone's project", project: "mallory/x", id: "99"),
        token(
          "a group whose name begins alike", project: group + "-evil/" + (project.split(separator: "/").last ?? ""),
          id: "98"),
        token("another project of \(group)", project: group + "/sandbox", id: "97"),
        token(
          "a merge request's branch of \(project)", id: id, type: "branch", ref: "patch-1", isProtected: false,
          source: "merge_request_event"),
        token("a longer \(ref.type) name of \(project)", id: id, ref: ref.name + "-evil", isProtected: false),
      ])
  }

  static func pipeline(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> String {
    let ref = ref(values)
    let rule =
      ref.type == "tag" ? "$CI_COMMIT_TAG == \(YAML.quoted(ref.name))" : "$CI_COMMIT_BRANCH == \(YAML.quoted(ref.name))"
    return """
      # Nothing here is secret. Remove ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN from the project's and the group's
      # variables, also empty ones: they win over the identity token.
      claude:
        image: python:3.13-slim
        rules:
          - if: '\(rule.replacing("'", with: "''"))'
        id_tokens:
          ANTHROPIC_IDENTITY_TOKEN:
            aud: \(serviceAudience)
        variables:
      \(identifiers.yaml(indent: 4))
        script:
          - pip install --quiet anthropic
          - |
            python - <<'PYTHON'
            import anthropic
            reply = anthropic.Anthropic().messages.create(
                model="claude-sonnet-5", max_tokens=64,
                messages=[{"role": "user", "content": "Say hello to the reader of this log."}])
            print(reply.content[0].text)
            PYTHON

      """
  }

  static func recognise(_ claims: JSON) -> [String: String]? {
    guard let issuer = claims["iss"]?.string, let project = claims["project_path"]?.string,
      let type = claims["ref_type"]?.string, let ref = claims["ref"]?.string, let subject = claims["sub"]?.string
    else { return nil }
    var values = ["project": project]
    if issuer != shared { values["issuer-url"] = issuer }
    if let id = claims["project_id"]?.string { values["project-id"] = id }
    values["protected"] = claims["ref_protected"]?.string == "true" ? "yes" : "no"
    if subject == "project_path:\(project):ref_type:\(type):ref:\(ref)" {
      values[type == "tag" ? "tag" : "branch"] = ref
    } else {
      values["subject"] = subject
    }
    return values
  }
}
