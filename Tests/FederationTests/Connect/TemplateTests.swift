import Federation
import Foundation
import Platform
import Testing

@Suite("Every provider's template")
struct TemplateTests {
  /// What the fields give as examples: the required ones, and the first of those that stand for one another.
  static func example(_ template: ProviderTemplate, withOptional: Bool = false) -> [String: String] {
    var values: [String: String] = [:]
    var groups: Set<String> = []
    for field in template.fields where !field.example.isEmpty {
      if let group = field.alternative {
        if groups.insert(group).inserted { values[field.id] = field.example }
      } else if field.isRequired || withOptional {
        values[field.id] = field.example
      }
    }
    return values
  }

  @Test("has examples that fit its own grammar", arguments: ProviderTemplate.all.map(\.id))
  func examples(id: ProviderTemplate.ID) {
    let template = ProviderTemplate.of(id)
    #expect(template.faults(in: Self.example(template)) == [])
    #expect(template.faults(in: Self.example(template, withOptional: true)) == [])
    for field in template.fields where !field.example.isEmpty {
      #expect(field.fault(field.example) == nil, "\(field.id)")
    }
  }

  @Test("lets its workload in, and no neighbour", arguments: ProviderTemplate.all.map(\.id), [false, true])
  func exact(id: ProviderTemplate.ID, withOptional: Bool) throws {
    let template = ProviderTemplate.of(id)
    let workload = try Workload(id, values: Self.example(template, withOptional: withOptional))
    let trial = workload.trial
    #expect(trial.isOwnAdmitted, "\(workload.match.json.compact) \(workload.trust.sample.claims.compact)")
    #expect(trial.admitted.map(\.who) == [])
    #expect(trial.refused.count >= 3)
    let findings = Analyser.findings(
      match: workload.match, scope: Scope.inference, lifetime: template.tokenLifetime, issuerURL: workload.issuerURL)
    #expect(findings.filter { $0.severity > .low }.map(\.id) == [], "\(findings)")
  }

  @Test("proposes the same rule for a token as for its fields", arguments: ProviderTemplate.all.map(\.id))
  func recognises(id: ProviderTemplate.ID) throws {
    let template = ProviderTemplate.of(id)
    let workload = try Workload(id, values: Self.example(template))
    let read = try #require(ProviderTemplate.recognise(workload.trust.sample.claims))
    #expect(read.template.id == id)
    let again = try Workload(id, values: read.values)
    #expect(again.match.subjectPrefix == workload.match.subjectPrefix)
    #expect(again.match.audience == workload.match.audience)
    #expect(again.issuerURL == workload.issuerURL)
    #expect(again.trial.isOwnAdmitted)
  }

  @Test(
    "hands over files with the identifiers, and says to unset what wins over them",
    arguments: ProviderTemplate.all.map(\.id))
  func files(id: ProviderTemplate.ID) throws {
    let identifiers = HandoverIdentifiers(
      ruleID: "fdrl_1", organizationID: "0-1", accountID: "svac_1", workspaceID: "wrkspc_1")
    let files = try Workload(id, values: Self.example(.of(id))).files(identifiers)
    let text = files.map(\.text).joined()
    for value in ["fdrl_1", "0-1", "svac_1", "wrkspc_1"] { #expect(text.contains(value)) }
    #expect(id == .kubernetes || text.contains("ANTHROPIC_API_KEY"))
    #expect(Set(files.map(\.path)).count == files.count)
  }

  @Test(
    "says what is wrong with a value, at its field",
    arguments: [
      (.aws, "role", "arn:aws:sts::123456789012:assumed-role/x/session"),
      (.aws, "issuer-url", "https://sts.amazonaws.com"),
      (.gcp, "service-account", "123-compute@developer.gserviceaccount.com"), (.gcp, "unique-id", "12"),
      (.kubernetes, "service-account", "default"), (.kubernetes, "namespace", "Prod"),
      (.kubernetes, "issuer-url", "https://oidc.eks.eu-central-1.amazonaws.com/id/ABC/"),
      (.kubernetes, "issuer-url", "https://eastus.oic.prod-aks.azure.com/a/b"),
      (.kubernetes, "jwks", "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"1\",\"n\":\"AQ\",\"e\":\"AQAB\",\"d\":\"AQ\"}]}"),
      (.kubernetes, "jwks", "{\"keys\":[]}"), (.kubernetes, "jwks", "no json"),
      (.azure, "tenant", "common"), (.azure, "object-id", "0C1D2E3F-4A5B-4C6D-8E7F-001122334455"),
      (.gitlab, "project", "acme"), (.gitlab, "project", "acme/api.git"),
      (.okta, "issuer-url", "https://acme.okta.com"),
      (.okta, "client-id", "0oa"), (.spiffe, "spiffe-id", "spiffe://acme.example/"),
      (.spiffe, "spiffe-id", "spiffe://Acme/x"),
      (.spiffe, "spiffe-id", "spiffe://acme.example"), (.buildkite, "pipeline", "Deploy API"),
      (.terraform, "run-phase", "destroy"), (.circleci, "origin", "https://github.com/acme/api"),
      (.oidc, "subject", "*"), (.oidc, "claims", "exp=1"), (.oidc, "claims", "a"), (.oidc, "issuer-url", "http://x"),
      (.oidc, "issuer-url", "https://x/.well-known/openid-configuration"), (.oidc, "longest-token", "176401"),
    ] as [(ProviderTemplate.ID, String, String)])
  func faults(id: ProviderTemplate.ID, field: String, value: String) {
    let template = ProviderTemplate.of(id)
    var values = Self.example(template)
    values[field] = value
    #expect(template.faults(in: values).map(\.field) == [field])
  }

  @Test("takes for the provider only an issuer that has its keys from the provider")
  func issuerChoice() throws {
    let workload = try Workload(.github, values: ["repository": "acme/api", "ref": "main"])
    func issuer(_ name: String, _ keys: Issuer.Keys) throws -> Issuer {
      Issuer(
        id: try ID("fdis_1"), name: name, issuerURL: workload.issuerURL, keys: keys, checksJTI: true,
        maxTokenLifetime: 3600, createdAt: Date(timeIntervalSince1970: 0), createdBy: nil)
    }
    // Whoever registered it signs what they like in the name of every repository.
    let forged = try issuer("github-actions", .inline([["kty": "RSA", "kid": "mallory"]]))
    let moved = try issuer("moved", .explicitURL("https://mallory.example/keys", certificate: nil))
    let led = try issuer("led", .discovery(base: "https://mallory.example", certificate: nil))
    let real = try issuer("real", .discovery(base: nil, certificate: nil))
    guard case .new(let draft) = ConnectionPlan.issuer(for: workload, among: [forged, moved, led]) else {
      Issue.record("an issuer with other keys was taken")
      return
    }
    #expect(draft.name == "github-actions-2" && draft.keys == .discovery(base: nil, certificate: nil))
    #expect(ConnectionPlan.issuer(for: workload, among: [forged, moved, led, real]) == .existing(real))
  }

  @Test("a cluster that nobody outside can reach needs its keys")
  func internalCluster() {
    var values = Self.example(.kubernetes)
    values["issuer-url"] = "https://kubernetes.default.svc.cluster.local"
    #expect(ProviderTemplate.kubernetes.faults(in: values).map(\.field) == ["jwks"])
  }

  @Test(
    "says in words whom a subject means",
    arguments: [
      ("project_path:acme/api:ref_type:branch:ref:main", "any job on branch main of acme/api, and nothing else"),
      ("project_path:acme/*", "any job of any project below acme"),
      ("project_path:acme*", "any job of any project whose path begins acme"),
      ("project_path:acme/api:*", "any job of acme/api: every branch, tag and merge request"),
      ("organization:acme:pipeline:deploy:ref:refs/heads/main:*", "any step on branch main of acme/deploy"),
      (
        "organization:acme:project:Default Project:workspace:prod:run_phase:apply",
        "the apply of any run of acme/prod in the project Default Project, and nothing else"
      ),
      (
        "system:serviceaccount:prod:worker",
        "whatever has a token of the service account worker in the namespace prod, and nothing else"
      ),
      ("system:serviceaccount:prod:*", "any token of https://x whose subject begins \"system:serviceaccount:prod:\""),
    ])
  func words(subject: String, words: String) {
    let match = FederationRule.Match(subjectPrefix: subject, audience: "https://api.anthropic.com")
    #expect(MatchWords.sentence(for: match, issuerURL: "https://x") == words)
  }
}

extension TemplateTests {
  private static func example(_ id: ProviderTemplate.ID) -> [String: String] { example(ProviderTemplate.of(id)) }
}
