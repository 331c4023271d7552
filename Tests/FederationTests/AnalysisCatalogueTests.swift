import Platform
import Testing

@testable import Federation

/// A rule in few words, and the codes of what is wrong with it.
struct Sample: Sendable, CustomTestStringConvertible {
  let provider: Provider
  let match: FederationRule.Match
  let expected: [String]
  let issuerURL: String

  init(
    _ provider: Provider, _ subject: String? = nil, claims: [String: String] = [:], if condition: String? = nil,
    audience: String? = serviceAudience, issuer: String? = nil, _ expected: String...
  ) {
    self.provider = provider
    match = .init(
      subjectPrefix: subject, audience: provider == .entra && audience == serviceAudience ? Sample.client : audience,
      claims: claims, condition: condition)
    issuerURL = issuer ?? Sample.issuers[provider] ?? "https://id.ci.example.org"
    self.expected = expected.sorted()
  }

  var testDescription: String { "\(provider.rawValue) \(match.requestJSON.compact)" }

  var candidate: Candidate { Candidate(match: match, issuerURL: issuerURL, provider: provider) }

  static let client = "0f4c7d1a-93be-4c58-a1de-6b2f30c9e8d7"
  static let tenant = "2a585d57-a5a8-4688-a60c-9796389eae7a"
  static let object = "b6f1c0de-4a52-4f0e-8f3d-0d9a7c5e1b22"
  static let organization = "c9035eb6-6eb2-4c85-8a81-d9ed6a1d1d1e"
  static let circleProject = "3a2f5b1c-7d4e-4f6a-9b8c-0d1e2f3a4b5c"
  static let commit = "4f1c2b9e7a6d5c3b2a190807f6e5d4c3b2a19080"

  static let issuers: [Provider: String] = [
    .gitHub: "https://token.actions.githubusercontent.com", .gitLab: "https://gitlab.com",
    .aws: "https://3f2a9c10-7b44-4e0e-9a51-0c6d8b1e2f73.tokens.sts.global.api.aws",
    .google: "https://accounts.google.com",
    .kubernetes: "https://oidc.eks.us-west-2.amazonaws.com/id/6FA42E7BFDE8549CB0A1C2D3E4F50617",
    .entra: "https://login.microsoftonline.com/\(tenant)/v2.0",
    .okta: "https://acme.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9", .spiffe: "https://oidc-discovery.prod.example.com",
    .buildkite: "https://agent.buildkite.com", .terraform: "https://app.terraform.io",
    .circleCI: "https://oidc.circleci.com/org/\(organization)",
  ]
}

@Suite("The catalogue of risks")
struct AnalysisCatalogueTests {
  @Test("has every risk once, told in full")
  func isComplete() {
    #expect(Catalogue.risks.count == 138)
    #expect(Set(Catalogue.risks.map(\.id)).count == 138)
    for risk in Catalogue.risks {
      #expect(!risk.title.isEmpty && !risk.meaning.isEmpty && !risk.example.isEmpty && !risk.remedy.isEmpty)
      #expect(risk.remedy.hasSuffix(".") && !risk.meaning.hasSuffix("."), "\(risk.id)")
    }
    #expect(Catalogue.risk("gh005")?.id == "GH005")
    #expect(Catalogue.risk("GH999") == nil)
  }

  @Test("becomes a page with a section for every risk, and no text of it is taken for Markdown")
  func document() {
    let page = Catalogue.markdown
    #expect(page.split(separator: "\n").filter { $0.hasPrefix("### ") }.count == 138)
    #expect(page.contains("## GitHub Actions\n"))
    for risk in Catalogue.risks { #expect(page.contains("\n### \(risk.id)\n")) }
    #expect(page.contains("- Example: ``arn:aws:iam::123456789012:root``\n"))
    #expect(page.contains(#"Use a custom authorization server, …/oauth2/\<id\>."#))
  }

  @Test("finds what each matcher does", arguments: generalSamples + conditionSamples)
  func general(sample: Sample) { check(sample) }

  @Test("judges the scope of repositories and pipelines", arguments: sourceSamples)
  func sources(sample: Sample) { check(sample) }

  @Test("judges the scope of identities", arguments: identitySamples)
  func identities(sample: Sample) { check(sample) }

  private func check(_ sample: Sample) {
    let found = Analyser.findings(of: sample.candidate).filter { $0.severity > .info }
    #expect(Set(found.map(\.id)).sorted() == sample.expected)
  }
}

extension AnalysisCatalogueTests {
  static let main = "repo:acme/api:ref:refs/heads/main"

  static let generalSamples: [Sample] = [
    Sample(.gitHub, "*", claims: ["repository_id": "1", "ref": "refs/heads/main"], "GEN001"),
    Sample(.gitHub, nil, "GEN002"),
    Sample(.generic, claims: ["iss": "https://id.ci.example.org"], "GEN002"),
    Sample(.generic, if: "has(claims.sub) && claims.iss == \"https://id.ci.example.org\"", "GEN002"),
    Sample(.generic, if: "size(claims.sub) > 2 && claims.sub != \"never\"", "GEN002"),
    Sample(.generic, if: "claims.tenant == \"acme\""),
    Sample(.kubernetes, "system:serviceaccount:inference:worker", audience: nil, "GEN003"),
    Sample(.gitHub, main, audience: "https://token.actions.githubusercontent.com", "GEN004"),
    Sample(.aws, "arn:aws:iam::123456789012:role/worker", audience: "sts.amazonaws.com", "GEN004"),
    Sample(.circleCI, claims: projectPins, audience: Sample.organization, "GEN004"),
    Sample(
      .buildkite, "organization:a:pipeline:b:ref:refs/heads/main:*", audience: "https://buildkite.com/a", "GEN004"),
    Sample(.gitHub, "repo:acme/**", "GEN005"),
    Sample(.gitHub, "repo:acme/api:ref:refs/heads/ma?n", "GEN005"),
    Sample(.gitHub, "repo:acme/api:*", claims: ["ref": "refs/heads/*"], "GEN005"),
    Sample(.gitHub, "", "GEN007"),
    Sample(.gitHub, "repo:acme/", "GEN006"),
    Sample(.spiffe, "spiffe://prod.example.com/ns/", "GEN006"),
    Sample(.gitHub, "repo:acme/api:ref:main", "GEN007"),
    Sample(.gitHub, "repo:acme/api:ref:refs/pull/7/merge", "GEN007"),
    Sample(.gitHub, "repo:acme:ref:refs/heads/main", "GEN007"),
    Sample(.google, "worker@acme-prod.iam.gserviceaccount.com", "GEN007"),
    Sample(.kubernetes, "system:serviceaccounts:inference", "GEN007"),
    Sample(.kubernetes, "system:serviceaccount:inference", "GEN007"),
    Sample(.spiffe, "spiffe://Prod.example.com/ns/a", "GEN007"),
    Sample(.terraform, "organization:acme:workspace:prod:run_phase:apply", "GEN007"),
    Sample(.terraform, "organization:acme:project:P:workspace:prod", "GEN007"),
    Sample(.gitLab, "acme/api:ref_type:branch:ref:main", "GEN007"),
    Sample(.aws, "arn:aws:iam::1234:role/worker", "GEN007"),
    Sample(.google, claims: ["sub": "104892101234567890123", "email_verified": "true"], "GEN008"),
    Sample(.kubernetes, claims: ["kubernetes.io.namespace": "inference"], "GEN008"),
    Sample(.kubernetes, claims: ["aud": serviceAudience], "GEN008"),
    Sample(.okta, "0oa1b2c3d4E5f6G7h8i9", claims: ["scp": "anthropic.access"], "GEN008"),
    Sample(.generic, "team-a*", "GEN009"),
    Sample(.gitHub, main, issuer: "http://token.actions.githubusercontent.com", "GEN010"),
    Sample(
      .gitHub, main, issuer: "https://token.actions.githubusercontent.com/.well-known/openid-configuration", "GEN010"),
    Sample(.gitHub, main, issuer: "https://Token.actions.githubusercontent.com", "GEN010"),
    Sample(
      .kubernetes, "system:serviceaccount:a:b",
      issuer: "https://westeurope.oic.prod-aks.azure.com/\(Sample.tenant)/\(Sample.client)", "GEN010"),
    Sample(.entra, claims: ["oid": Sample.object], issuer: "https://sts.windows.net/\(Sample.tenant)", "GEN010"),
    Sample(.generic, "job:7", issuer: "https://acme.eu.auth0.com", "GEN010"),
    Sample(.generic, "svc/team-a/*", "GEN011"),
    Sample(.generic, "job:7", claims: ["iss": "https://other.example"], "GEN012"),
    Sample(.gitHub, main, claims: ["repository": "acme/web"], "GEN012"),
    Sample(.gitHub, main, if: "claims.ref == \"refs/heads/dev\"", "GEN012"),
    Sample(.gitHub, "repo:acme/api:environment:production", claims: ["environment": "Production"], "GEN012"),
    Sample(.gitHub, claims: ["repository_id": "1", "ref": "refs/heads/main", "ref_type": "tag"], "GEN012"),
    Sample(.entra, claims: ["oid": Sample.object, "tid": Sample.client], "GEN012"),
    Sample(.circleCI, claims: projectPins.merging(["oidc.circleci.com/org-id": Sample.client]) { $1 }, "GEN012"),
    Sample(.gitLab, "project_path:acme/api:ref_type:branch:ref:main", claims: ["ref_path": "refs/heads/dev"], "GEN012"),
    Sample(.gitHub, main, claims: ["repository_owner": "acme "], "GEN013"),
    Sample(.gitHub, "repo:acme/\u{430}pi:ref:refs/heads/main", "GEN013"),
    Sample(.gitHub, "repo:acme/api\u{200B}:ref:refs/heads/main", "GEN013"),
  ]

  static let conditionSamples: [Sample] = [
    Sample(.gitHub, main, if: "true", "CEL001"),
    Sample(.gitHub, main, if: "claims.ref == claims.ref", "CEL001"),
    Sample(.gitHub, main, if: "claims.ref == \"x\" || !(claims.ref == \"x\")", "CEL001"),
    Sample(.gitHub, main, if: "1 == 1", "CEL001"),
    Sample(.gitHub, main, if: "claims.ref == \"refs/heads/main\" ? true : false", "CEL002"),
    Sample(
      .gitHub, if: "claims.repository == \"acme/api\" || claims.actor == \"octocat\"", "CEL002"),
    Sample(.gitHub, "repo:acme/api:*", if: "claims.ref == \"refs/heads/a\" || claims.ref == \"refs/heads/b\""),
    Sample(.gitHub, "repo:acme/api:*", if: "[\"main\", \"dev\"].exists(b, claims.ref == \"refs/heads/\" + b)"),
    Sample(.gitHub, if: "claims.sub.matches(\"^repo:acme/api:ref:refs/heads/main$|^repo:acme/web\")", "CEL004"),
    Sample(.gitHub, if: "claims.sub.matches(\"^repo:acme/api:ref:refs/heads/(main|release)$\")"),
    Sample(.gitHub, if: "claims.sub.matches(\"^repo:acme/[a-z]+:ref:refs/heads/main$\")", "GH003"),
    Sample(.gitHub, "repo:acme/api:*", if: "claims.ref.matches(\"^refs/heads/[a-z]+$\")", "GH007"),
    Sample(.gitHub, if: "claims.sub.matches(\"^repo:acme/[^/]+:ref:refs/heads/main$\")", "CEL013"),
    Sample(.gitHub, "repo:acme/api:*", if: "claims.ref.startsWith(\"refs/heads/release/\")", "GH009"),
    Sample(.gitHub, if: "claims.sub.matches(\"^repo:acme/api:(ref:refs/heads/main|environment:production)$\")"),
    Sample(
      .gitHub, if: "claims.sub in [\"repo:acme/api:ref:refs/heads/main\", \"repo:acme/api:environment:production\"]"),
    Sample(
      .gitHub, if: "claims.sub in [\"repo:acme/api:ref:refs/heads/main\", \"repo:acme/api:pull_request\"]", "GH010"),
    Sample(.gitHub, if: "claims.sub in [\"repo:acme/api:ref:refs/heads/main\", \"repo:acme/api\"]", "GH005"),
    Sample(.gitHub, "repo:acme/api:*", if: "claims.ref.startsWith(\"refs/heads/main\")", "CEL006"),
    Sample(.gitHub, "repo:acme/api:*", if: "claims.ref.startsWith(\"refs/tags/v\")", "GH008"),
    Sample(.gitHub, if: "claims.repository.startsWith(\"acme/\")", "GH003", "GH012"),
    Sample(.gitHub, main, if: "!(claims.event_name in [\"pull_request_target\"])", "CEL008"),
    Sample(.gitHub, main, if: "\"repository\" in claims && claims.actor != \"\" && size(claims.ref) > 0", "CEL009"),
    Sample(.google, if: "claims.sub == \"104892101234567890123\" && claims.email_verified == \"true\"", "CEL010"),
    Sample(.gitHub, if: "claims.repository_id == 456789 && claims.ref == \"refs/heads/main\"", "CEL010"),
    Sample(.gitHub, main, if: "claims.repository", "CEL010"),
    Sample(.gitHub, main, if: "\"\(serviceAudience)\" in claims.aud", "CEL010"),
    Sample(.gitHub, main, if: "claims.ref = \"refs/heads/main\"", "CEL012"),
    Sample(.google, claims: ["sub": "104892101234567890123"], if: "google.email == \"x\"", "CEL012"),
    Sample(.kubernetes, "system:serviceaccount:a:b", if: "\"\(serviceAudience)\" in claims.aud", audience: nil),
    Sample(.gitHub, if: "claims.sub == \"acme/api:ref:refs/heads/main\"", "GEN007"),
  ]

  static let projectPins = [
    "oidc.circleci.com/project-id": Sample.circleProject, "oidc.circleci.com/vcs-origin": "github.com/acme/api",
    "oidc.circleci.com/vcs-ref": "refs/heads/main",
  ]

  static let sourceSamples: [Sample] = [
    Sample(.gitHub, claims: ["ref": "refs/heads/main", "event_name": "push"], "GH001"),
    Sample(.gitHub, "repo:acme@12*", "GH002"),
    Sample(.gitHub, "repo:acme-*", "GH002"),
    Sample(.gitHub, "repo:acme@12*", claims: ["repository_owner": "acme"], "GH003"),
    Sample(.gitHub, "workflow:Deploy", "GH014"),
    Sample(.gitHub, "head_ref:main", "GH014"),
    Sample(.gitHub, "repo:acme*", claims: ["repository_owner": "acme"], "GH003"),
    Sample(.gitHub, "repo:acme@12/*", claims: ["environment": "production"], "GH003"),
    Sample(.gitHub, "repo:acme@12/api@3*", "GH004"),
    Sample(.gitHub, "repo:acme/api", "GH005"),
    Sample(.gitHub, "repo:acme/api:environment:*", "GH005"),
    Sample(.gitHub, "repo:acme/api:*", claims: ["ref_type": "branch"], "GH005"),
    Sample(
      .gitHub, "repo:acme/api:*", if: "claims.workflow_ref.startsWith(\"acme/api/.github/workflows/x.yml@\")", "GH005"),
    Sample(.gitHub, "repo:acme/api:environment:prod*", "GH006"),
    Sample(.gitHub, "repo:acme/api:ref:*", "GH007"),
    Sample(.gitHub, "repo:acme/api:ref:refs/*", "GH007"),
    Sample(.gitHub, "repo:acme/api:*", claims: ["event_name": "push"], "GH007"),
    Sample(.gitHub, "repo:acme/api:ref:refs/tags/v1*", "GH008"),
    Sample(.gitHub, "repo:acme/api:*", claims: ["ref_type": "tag"], "GH008"),
    Sample(.gitHub, "repo:acme/api:*", claims: ["event_name": "pull_request"], "GH010"),
    Sample(.gitHub, main, claims: ["base_ref": "main"], "GH010", "GH021"),
    Sample(.gitHub, "repo:acme/*", claims: ["event_name": "issue_comment"], "GH003", "GH011"),
    Sample(.gitHub, claims: ["repository": "acme/api", "repository_id": "7", "ref": "refs/heads/main"]),
    Sample(.gitHub, main, claims: ["actor": "octocat", "actor_id": "583231"]),
    Sample(.gitHub, "ref:refs/heads/main", "GH014"),
    Sample(.gitHub, "job_workflow_ref:acme/ci/.github/workflows/x.yml@\(Sample.commit)", "GH015"),
    Sample(.gitHub, "repo:acme/api:job_workflow_ref:acme/ci/.github/workflows/x.yml@refs/tags/v1", "GH016"),
    Sample(.gitHub, "repo:acme/api:pull_request", claims: ["ref": "refs/heads/main"], "GH017"),
    Sample(.gitHub, main, claims: ["event_name": "pull_request"], "GH017"),
    Sample(.gitHub, "repo:*", issuer: "https://token.actions.acme.ghe.com", "GH024"),

    Sample(.gitLab, "project_path:*", issuer: "https://gitlab.acme.example", "GL001"),
    Sample(.gitLab, claims: ["ref_path": "refs/heads/main"], "GL001"),
    Sample(.gitLab, "project_path:acme/platform/*", "GL003"),
    Sample(.gitLab, claims: ["namespace_id": "72"], "GL003"),
    Sample(.gitLab, "project_id:99*", "GL004"),
    Sample(.gitLab, claims: ["project_id": "99"], "GL005"),
    Sample(.gitLab, "project_path:acme/api:ref_type:branch:ref:release/*", "GL006"),
    Sample(.gitLab, "project_path:acme/api:ref_type:branch:ref:main*", "GL007"),
    Sample(.gitLab, "project_path:acme/api:ref_type:tag:ref:v*", "GL008"),
    Sample(.gitLab, claims: ["project_id": "20", "pipeline_source": "merge_request_event"], "GL012"),
    Sample(.gitLab, claims: ["project_id": "20", "ref": "main"], "GL011"),
    Sample(
      .gitLab, claims: ["project_path": "acme/api", "namespace_path": "acme", "ref_path": "refs/heads/main"], "GL010"),

    Sample(.buildkite, "organization:acme*", "BK002"),
    Sample(.buildkite, "organization:acme:pipeline:deploy*", "BK004"),
    Sample(.buildkite, "organization:acme:pipeline:deploy:ref:refs/heads/*", "BK005"),
    Sample(.buildkite, "organization:acme:pipeline:deploy:ref:refs/heads/main:commit:abc:step:x", "BK007"),

    Sample(.terraform, "organization:acme*", "TFC002"),
    Sample(.terraform, "organization:acme:project:P:workspace:prod:run_phase:apply*"),
    Sample(.terraform, "organization:acme:project:P:*", "TFC004"),
    Sample(.terraform, "organization:acme:project:P*", "TFC005"),
    Sample(.terraform, claims: ["terraform_workspace_id": "ws-1", "terraform_organization_id": "org-1"], "TFC006"),
    Sample(
      .terraform,
      claims: ["terraform_full_workspace": "organization:a:project:b:workspace:c", "terraform_run_phase": "plan"],
      "TFC007"),

    Sample(.circleCI, "org/\(Sample.organization)/*", "CCI002"),
    Sample(.circleCI, "org/\(Sample.organization)/project/3a2f*", "CCI005"),
    Sample(.circleCI, "org/\(Sample.organization)/project/\(Sample.circleProject)/user/\(Sample.object)", "CCI006"),
  ]

  static let identitySamples: [Sample] = [
    Sample(.aws, "arn:aws:iam::1234*", "AWS001"),
    Sample(.aws, if: "claims[\"https://sts.amazonaws.com/\"].aws_account == \"123456789012\"", "AWS001"),
    Sample(.aws, "arn:aws:iam::123456789012:role/ci/*", "AWS004"),
    Sample(
      .aws,
      if: "claims[\"https://sts.amazonaws.com/\"].principal_tags.team == \"ml\" && "
        + "claims[\"https://sts.amazonaws.com/\"].principal_tags.env == \"prod\"", "AWS005"),
    Sample(.aws, "arn:aws:sts::123456789012:assumed-role/worker/i-1", "AWS006"),
    Sample(.aws, "arn:aws:iam::123456789012:user/ci", "AWS007"),
    Sample(.aws, if: "claims.sub.matches(\"^arn:aws:iam::123456789012:role/[a-z-]+$\")", "AWS002"),
    Sample(.aws, if: "claims.sub.matches(\"^arn:aws:iam::123456789012:role/batch-[0-9]+$\")"),
    Sample(
      .aws, "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_ab12", "AWS007"),
    Sample(.aws, "arn:aws:iam::123456789012:root", "AWS009"),
    Sample(
      .aws, "arn:aws:iam::123456789012:role/worker",
      if: "claims[\"https://sts.amazonaws.com/\"].aws_account == \"210987654321\"", "GEN012"),

    Sample(.google, claims: ["hd": "acme.example"], "GCP005"),
    Sample(.google, if: "claims.google.compute_engine.project_id == \"acme-prod\"", "GCP005"),
    Sample(
      .google, claims: ["email": "acme-prod@appspot.gserviceaccount.com", "sub": "112233445566778899001"], "GCP006"),

    Sample(.kubernetes, "system:serviceaccount*", "K8S001"),
    Sample(.kubernetes, if: "claims[\"kubernetes.io\"].serviceaccount.name == \"worker\"", "K8S007"),
    Sample(.kubernetes, if: "claims[\"kubernetes.io\"].serviceaccount.uid == \"a-b\""),

    Sample(.entra, claims: ["azp": Sample.client], "AZ005"),
    Sample(.entra, "b6f1*", claims: ["oid": Sample.object]),
    Sample(.entra, claims: ["oid": Sample.object], audience: "api://\(Sample.client)", "AZ006"),
    Sample(
      .entra, claims: ["azp": Sample.client, "oid": Sample.object],
      issuer: "https://sts.windows.net/\(Sample.tenant)/", "AZ006"),
    Sample(.okta, "0oa1b2*", "OK003"),
    Sample(.okta, "0oa1b2c3d4E5f6G7h8i9", claims: ["cid": "0oaZZZZZZZZZZZZZZZZZ"], "GEN012"),
    Sample(.okta, if: "\"a\" in claims.scp", issuer: "https://acme.okta.com", "OK002"),
    Sample(.entra, claims: ["tid": Sample.tenant], audience: "api://\(Sample.client)", "AZ006"),
    Sample(.spiffe, "spiffe://prod.example*", "SP002"),
    Sample(.spiffe, claims: ["team": "ml"], "SP001"),
    Sample(.spiffe, "spiffe://prod.example.com/ns/ml*", "SP004"),
  ]
}
