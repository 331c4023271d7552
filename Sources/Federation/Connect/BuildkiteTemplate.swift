import Platform

extension ProviderTemplate {
  /// Buildkite (Buildkite, buildkite-agent oidc).
  package static let buildkite = ProviderTemplate(
    id: .buildkite,
    title: "Buildkite",
    summary: "Steps of one pipeline ask their agent for a token.",
    fields: [
      Field(
        "organization", label: "Organization", hint: "its slug, as in buildkite.com/SLUG", example: "acme",
        fault: { Buildkite.slugFault(in: $0) }),
      Field(
        "pipeline", label: "Pipeline", hint: "its slug, as in buildkite.com/ORGANIZATION/SLUG", example: "deploy-api",
        fault: { Buildkite.slugFault(in: $0) }),
      Field(
        "branch", label: "Branch", hint: "one branch", example: "main", alternative: "which builds",
        fault: { Grammar.refNameFault(in: $0.after("refs/heads/") ?? $0) }),
      Field(
        "tag", label: "Tag", hint: "one tag", example: "v1.2", alternative: "which builds",
        fault: { Grammar.refNameFault(in: $0.after("refs/tags/") ?? $0) }),
      Field(
        "organization-id", label: "Organization's id",
        hint: "optional: a slug can be taken again, an id cannot; the step then asks for it in its token",
        example: "2f3c1d9e-8a4b-4c6d-9e0f-112233445566", isRequired: false, fault: { Grammar.uuidFault(in: $0) }),
    ],
    tokenLifetime: 600,
    lifetimeReason: "a step can ask for another token at any time, and one lives five minutes",
    relations: { _ in [] },
    trust: Buildkite.trust,
    files: { [HandoverFile(path: ".buildkite/pipeline.yml", text: Buildkite.pipeline($0, $1))] },
    recognise: Buildkite.recognise)
}

enum Buildkite {
  static let issuer = "https://agent.buildkite.com"

  static func slugFault(in text: String) -> String? {
    Grammar.matches(text, /[a-z0-9][a-z0-9\-]{0,99}/) ? nil : "small letters, digits and hyphens"
  }

  private static func ref(_ values: ProviderTemplate.Values) -> String {
    let (branch, tag) = (values["branch"], values["tag"])
    return tag.isEmpty
      ? "refs/heads/" + (branch.after("refs/heads/") ?? branch) : "refs/tags/" + (tag.after("refs/tags/") ?? tag)
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (organization, pipeline, ref) = (values["organization"], values["pipeline"], ref(values))
    let id = values["organization-id"]
    func token(
      _ who: String, organization: String = values["organization"], pipeline slug: String = values["pipeline"],
      ref: String = Buildkite.ref(values), id: String
    ) -> SampleToken {
      var claims: JSON.Object = [
        "sub": .string("organization:\(organization):pipeline:\(slug):ref:\(ref):commit:0a1b2c3d:step:claude"),
        "organization_slug": .string(organization), "pipeline_slug": .string(slug),
        "build_branch": .string(ref.after("refs/heads/") ?? ""), "step_key": "claude", "build_number": 42,
      ]
      if !id.isEmpty { claims["organization_id"] = .string(id) }
      return SampleToken(who, issuer: issuer, claims)
    }
    let short = ref.split(separator: "/").dropFirst(2).joined(separator: "/")
    return Trust(
      issuer: IssuerDraft(name: "buildkite", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil)),
      // Commit and step differ in every build; the colon before the star closes the branch.
      match: FederationRule.Match(
        subjectPrefix: "organization:\(organization):pipeline:\(pipeline):ref:\(ref):*", audience: serviceAudience,
        claims: id.isEmpty ? [:] : ["organization_id": id]),
      ruleName: String(Slug.from("buildkite-\(pipeline)-\(short)").prefix(80)),
      sample: token("a step on \(short) of \(organization)/\(pipeline)", id: id),
      others: [
        token(
          "a pipeline of another organization", organization: "mallory",
          id: id.isEmpty ? "" : "99999999-9999-4999-8999-999999999999"),
        token("another pipeline of \(organization)", pipeline: "sandbox", id: id),
        token("a pipeline whose name begins alike", pipeline: pipeline + "-test", id: id),
        token("a branch whose name begins alike", ref: ref + "-evil", id: id),
      ])
  }

  static func pipeline(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> String {
    let ref = ref(values)
    let only =
      ref.after("refs/heads/").map { "build.branch == \(YAML.quoted($0))" }
      ?? "build.tag == \(YAML.quoted(ref.after("refs/tags/") ?? ""))"
    let claim = values["organization-id"].isEmpty ? "" : " --claim organization_id"
    return """
      # Nothing here is secret. Remove ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN from the agents' environment, also
      # empty ones: they win over the identity token.
      steps:
        - label: Claude
          key: claude
          if: \(YAML.quoted(only))
          env:
      \(identifiers.yaml(indent: 6))
          command: |
            set -eu
            umask 077
            export ANTHROPIC_IDENTITY_TOKEN_FILE="$$(mktemp)"
            buildkite-agent oidc request-token --audience \(serviceAudience) --lifetime 300\(claim) > "$$ANTHROPIC_IDENTITY_TOKEN_FILE"
            pip install --quiet anthropic
            python3 -c 'import anthropic; print(anthropic.Anthropic().messages.create(model="claude-sonnet-5", max_tokens=64, messages=[{"role": "user", "content": "Say hello."}]).content[0].text)'

      """
  }

  static func recognise(_ claims: JSON) -> [String: String]? {
    guard claims["iss"]?.string == issuer, let organization = claims["organization_slug"]?.string,
      let pipeline = claims["pipeline_slug"]?.string
    else { return nil }
    var values = ["organization": organization, "pipeline": pipeline]
    if let id = claims["organization_id"]?.string { values["organization-id"] = id }
    if let tag = claims["build_tag"]?.string, !tag.isEmpty {
      values["tag"] = tag
    } else if let branch = claims["build_branch"]?.string {
      values["branch"] = branch
    }
    return values
  }
}
