import Platform

extension ProviderTemplate {
  /// HCP Terraform and Terraform Enterprise (HashiCorp, workload identity).
  package static let terraform = ProviderTemplate(
    id: .terraform,
    title: "Terraform",
    summary: "Runs of one workspace of HCP Terraform or Terraform Enterprise exchange the run's token.",
    fields: [
      Field(
        "organization", label: "Organization", hint: "as in app.terraform.io/app/NAME", example: "acme",
        fault: {
          Grammar.matches($0, /[A-Za-z0-9_\-]{3,40}/) ? nil : "3 to 40 letters, digits, hyphens and underscores"
        }),
      Field(
        "project", label: "Project", hint: "optional: Default Project when left out", example: "Default Project",
        isRequired: false,
        fault: {
          Grammar.matches($0, /[A-Za-z0-9 _\-]{3,40}/)
            ? nil : "3 to 40 letters, digits, blanks, hyphens and underscores"
        }),
      Field(
        "tf-workspace", label: "Workspace", hint: "Terraform's, not the platform's", example: "production",
        fault: {
          Grammar.matches($0, /[A-Za-z0-9_\-]{1,90}/) ? nil : "up to 90 letters, digits, hyphens and underscores"
        }),
      Field(
        "run-phase", label: "Phase", hint: "a plan also runs for every pull request",
        kind: .choice([.init("apply", "apply: after someone agreed"), .init("plan", "plan: before anyone did")])),
      Field(
        "workspace-id", label: "Workspace's id", hint: "optional: a name can be taken again, an id cannot",
        example: "ws-AbCdEfGhIjKlMnOp", isRequired: false,
        fault: { Grammar.matches($0, /ws-[A-Za-z0-9]{16}/) ? nil : "ws- and 16 letters and digits" }),
      Field(
        "issuer-url", label: "Issuer",
        hint: "optional: https://app.eu.terraform.io, or the host of Terraform Enterprise",
        example: Terraform.shared, isRequired: false, fault: { Grammar.issuerFault(in: $0) }),
    ],
    tokenLifetime: 3600,
    lifetimeReason: "a phase has one token that is accepted once, so what it is exchanged for should last the phase",
    relations: { _ in [] },
    trust: Terraform.trust,
    files: { _, identifiers in [HandoverFile(path: "claude-variables.md", text: Terraform.variables(identifiers))] },
    recognise: Terraform.recognise)
}

enum Terraform {
  static let shared = "https://app.terraform.io"

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (organization, workspace, phase) = (values["organization"], values["tf-workspace"], values["run-phase"])
    let project = values["project"].isEmpty ? "Default Project" : values["project"]
    let issuer = values["issuer-url"].isEmpty ? shared : values["issuer-url"]
    let id = values["workspace-id"]
    func token(_ who: String, organization: String, workspace: String, phase: String, id: String) -> SampleToken {
      let full = "organization:\(organization):project:\(project):workspace:\(workspace)"
      return SampleToken(
        who, issuer: issuer,
        [
          "sub": .string("\(full):run_phase:\(phase)"), "terraform_full_workspace": .string(full),
          "terraform_organization_name": .string(organization), "terraform_project_name": .string(project),
          "terraform_workspace_name": .string(workspace), "terraform_workspace_id": .string(id),
          "terraform_run_phase": .string(phase),
        ])
    }
    let own = id.isEmpty ? "ws-AbCdEfGhIjKlMnOp" : id
    let other = phase == "apply" ? "plan" : "apply"
    return Trust(
      // A token lasts as long as the phase may.
      issuer: IssuerDraft(
        name: "terraform", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil), maxTokenLifetime: 86_400),
      match: FederationRule.Match(
        subjectPrefix: "organization:\(organization):project:\(project):workspace:\(workspace):run_phase:\(phase)",
        audience: serviceAudience, claims: id.isEmpty ? [:] : ["terraform_workspace_id": id]),
      ruleName: String(Slug.from("terraform-\(workspace)-\(phase)").prefix(80)),
      sample: token(
        "the \(phase) of \(organization)/\(workspace)", organization: organization, workspace: workspace, phase: phase,
        id: own),
      others: [
        token(
          "a workspace of another customer", organization: "mallory", workspace: workspace, phase: phase,
          id: "ws-9999999999999999"),
        token(
          "another workspace of \(organization)", organization: organization, workspace: "sandbox", phase: phase,
          id: "ws-8888888888888888"),
        token(
          "the \(other) of the same workspace", organization: organization, workspace: workspace, phase: other, id: own),
      ])
  }

  static func variables(_ identifiers: HandoverIdentifiers) -> String {
    let lines = identifiers.environment.map { "| `\($0.name)` | `\($0.value)` |" }.joined(separator: "\n")
    return """
      Set these as environment variables of the workspace. None of them is secret.

      | Name | Value |
      | --- | --- |
      | `TFC_WORKLOAD_IDENTITY_AUDIENCE_ANTHROPIC` | `\(serviceAudience)` |
      \(lines)

      The run then has its token in `TFC_WORKLOAD_IDENTITY_TOKEN_ANTHROPIC`. Before the first call, once a phase:

          export ANTHROPIC_IDENTITY_TOKEN="$TFC_WORKLOAD_IDENTITY_TOKEN_ANTHROPIC"
          unset ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN

      """
  }

  static func recognise(_ claims: JSON) -> [String: String]? {
    guard let issuer = claims["iss"]?.string, let organization = claims["terraform_organization_name"]?.string,
      let workspace = claims["terraform_workspace_name"]?.string
    else { return nil }
    var values = ["organization": organization, "tf-workspace": workspace]
    if issuer != shared { values["issuer-url"] = issuer }
    for (claim, field) in [
      ("terraform_project_name", "project"), ("terraform_run_phase", "run-phase"),
      ("terraform_workspace_id", "workspace-id"),
    ] {
      if let value = claims[claim]?.string { values[field] = value }
    }
    return values
  }
}
