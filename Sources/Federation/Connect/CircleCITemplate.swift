import Platform

extension ProviderTemplate {
  /// CircleCI (CircleCI, using OpenID Connect tokens).
  package static let circleci = ProviderTemplate(
    id: .circleci,
    title: "CircleCI",
    summary: "Jobs of one project ask for a token with the right audience. The branch is pinned by claims.",
    fields: [
      Field(
        "organization-id", label: "Organization's id", hint: "Organization Settings, Overview",
        example: "2f3c1d9e-8a4b-4c6d-9e0f-112233445566", fault: { Grammar.uuidFault(in: $0) }),
      Field(
        "project-id", label: "Project's id", hint: "Project Settings, Overview",
        example: "7a8b9c0d-1e2f-4a3b-8c4d-556677889900",
        fault: { Grammar.uuidFault(in: $0) }),
      Field(
        "origin", label: "Repository", hint: "host, owner and name, without https://", example: "github.com/acme/api",
        fault: {
          Grammar.matches($0, /[a-z0-9.\-]+(?:\/[A-Za-z0-9._\-]+){2,}/)
            ? nil : "HOST/OWNER/NAME, such as github.com/acme/api"
        }),
      Field(
        "ref", label: "Branch or tag", hint: "a branch, such as main, or refs/tags/v1.2", example: "main",
        fault: { GitHubRun.refFault(in: $0) }),
    ],
    tokenLifetime: 3600,
    lifetimeReason: "CircleCI's token lives an hour",
    relations: { _ in [] },
    trust: CircleCI.trust,
    files: { [HandoverFile(path: ".circleci/config.yml", text: CircleCI.config($0, $1))] },
    recognise: CircleCI.recognise)
}

enum CircleCI {
  private static let root = "oidc.circleci.com/"

  private static func fullRef(_ ref: String) -> String { ref.hasPrefix("refs/") ? ref : "refs/heads/" + ref }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (organization, project) = (values["organization-id"], values["project-id"])
    let (origin, ref) = (values["origin"], fullRef(values["ref"]))
    let issuer = "https://oidc.circleci.com/org/\(organization)"
    func token(_ who: String, project: String, origin: String, ref: String, isRerun: Bool = false) -> SampleToken {
      SampleToken(
        who, issuer: issuer,
        [
          "sub": .string("org/\(organization)/project/\(project)/user/0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"),
          "\(root)org-id": .string(organization), "\(root)project-id": .string(project),
          "\(root)vcs-origin": .string(origin), "\(root)vcs-ref": .string(ref), "\(root)ssh-rerun": .bool(isRerun),
        ])
    }
    let name = origin.split(separator: "/").last.map(String.init) ?? ""
    let short = ref.split(separator: "/").dropFirst(2).joined(separator: "/")
    return Trust(
      issuer: IssuerDraft(
        name: "circleci-\(organization.prefix(8))", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil)),
      // The user stands before the branch in the subject, so no prefix can pin the branch.
      match: FederationRule.Match(
        audience: serviceAudience,
        claims: ["\(root)project-id": project, "\(root)vcs-origin": origin, "\(root)vcs-ref": ref],
        condition: "claims[\"\(root)ssh-rerun\"] == false"),
      ruleName: String(Slug.from("circleci-\(name)-\(short)").prefix(80)),
      sample: token("a job on \(short) of \(origin)", project: project, origin: origin, ref: ref),
      others: [
        token("a job of another project", project: "99999999-9999-4999-8999-999999999999", origin: origin, ref: ref),
        token("a fork's job", project: project, origin: origin.replacing("/\(name)", with: "-fork/\(name)"), ref: ref),
        token("another branch of \(origin)", project: project, origin: origin, ref: ref + "-evil"),
        token("a job run again with SSH, by hand", project: project, origin: origin, ref: ref, isRerun: true),
      ])
  }

  static func config(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> String {
    let ref = fullRef(values["ref"])
    let only =
      ref.after("refs/tags/").map {
        "tags:\n                only: \(YAML.quoted($0))\n              branches:\n                ignore: /.*/"
      }
      ?? "branches:\n                only: \(YAML.quoted(ref.after("refs/heads/") ?? ""))"
    return """
      # Nothing here is secret. Remove ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN from the project and its contexts,
      # also empty ones: they win over the identity token.
      version: 2.1
      jobs:
        claude:
          docker:
            - image: cimg/python:3.13
          environment:
      \(identifiers.yaml(indent: 6))
          steps:
            - run:
                name: Ask Claude
                command: |
                  set -eu
                  umask 077
                  export ANTHROPIC_IDENTITY_TOKEN_FILE="$(mktemp)"
                  circleci run oidc get --claims '{"aud":"\(serviceAudience)"}' > "$ANTHROPIC_IDENTITY_TOKEN_FILE"
                  pip install --quiet anthropic
                  python -c 'import anthropic; print(anthropic.Anthropic().messages.create(model="claude-sonnet-5", max_tokens=64, messages=[{"role": "user", "content": "Say hello."}]).content[0].text)'
      workflows:
        claude:
          jobs:
            - claude:
                filters:
                  \(only.replacing("\n              ", with: "\n            "))

      """
  }

  static func recognise(_ claims: JSON) -> [String: String]? {
    guard let organization = claims["\(root)org-id"]?.string, let project = claims["\(root)project-id"]?.string else {
      return nil
    }
    var values = ["organization-id": organization, "project-id": project]
    if let origin = claims["\(root)vcs-origin"]?.string { values["origin"] = origin }
    if let ref = claims["\(root)vcs-ref"]?.string { values["ref"] = ref.after("refs/heads/") ?? ref }
    return values
  }
}
