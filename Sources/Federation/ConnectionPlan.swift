package import Platform

/// All that connecting a workload makes, decided but not yet done: shown first, then carried out in the order of
/// ``steps``. What exists already is used and not made again.
package struct ConnectionPlan: Hashable, Sendable {
  package enum IssuerChoice: Hashable, Sendable {
    case existing(Issuer)
    case new(IssuerDraft)
  }

  package enum AccountChoice: Hashable, Sendable {
    case existing(ServiceAccount)
    case new(AccountDraft)

    package var name: String {
      switch self {
      case .existing(let account): account.name
      case .new(let draft): draft.name
      }
    }
  }

  package enum Step: Hashable, Sendable { case issuer, account, membership, rule }

  package var workload: GitHubWorkload
  package var issuer: IssuerChoice
  package var account: AccountChoice
  package var workspaceID: ID<Workspace>
  /// What the account becomes in the workspace, or nil when it is a member already.
  package var membershipRole: String?
  package var ruleName: String
  package var scope: String
  /// Seconds, 60 to 86400.
  package var tokenLifetime: Int

  package init(
    workload: GitHubWorkload, issuer: IssuerChoice, account: AccountChoice, workspaceID: ID<Workspace>,
    membershipRole: String?, ruleName: String, scope: String, tokenLifetime: Int
  ) {
    (self.workload, self.issuer, self.account, self.workspaceID) = (workload, issuer, account, workspaceID)
    (self.membershipRole, self.ruleName, self.scope) = (membershipRole, ruleName, scope)
    self.tokenLifetime = tokenLifetime
  }

  package var match: FederationRule.Match { workload.match() }

  package var findings: [Finding] {
    Analyser.findings(match: match, scope: scope, lifetime: tokenLifetime, issuerURL: GitHubWorkload.issuerURL)
  }

  /// Those that must be accepted by name before the rule is made.
  package var blockingFindings: [Finding] { findings.filter { $0.severity >= .high } }

  package var steps: [Step] {
    var steps: [Step] = []
    if case .new = issuer { steps.append(.issuer) }
    if case .new = account { steps.append(.account) }
    if membershipRole != nil { steps.append(.membership) }
    return steps + [.rule]
  }

  /// The issuer among `issuers` whose tokens GitHub's jobs bring: compared byte for byte, archived ones left out.
  package static func issuer(among issuers: [Issuer]) -> IssuerChoice {
    if let issuer = issuers.first(where: { !$0.isArchived && $0.issuerURL == GitHubWorkload.issuerURL }) {
      return .existing(issuer)
    }
    let name = unused("github-actions", among: issuers.map(\.name))
    let keys = Issuer.Keys.discovery(base: nil, certificate: nil)
    return .new(IssuerDraft(name: name, issuerURL: GitHubWorkload.issuerURL, keys: keys))
  }

  /// `name`, or the first of `name-2`, `name-3`… that is not taken.
  package static func unused(_ name: String, among taken: [String]) -> String {
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  /// `gha-acme-api-main`: a name that says what the rule is for.
  package static func ruleName(for workload: GitHubWorkload) -> String {
    let subject = workload.subject.split(separator: ":").dropFirst().joined(separator: "-")
      .replacing("ref-refs/heads/", with: "").replacing("ref-refs/tags/", with: "tag-")
    let slug = String(Slug.from("gha-" + subject).prefix(80))
    return slug
  }

  /// The body of the request that makes the rule; what is not made yet stands as `<new issuer>` and the like.
  package var ruleJSON: JSON {
    RuleDraft.json(
      name: ruleName, description: nil, issuerID: issuerID, match: match, accountID: accountID, scope: scope,
      tokenLifetime: tokenLifetime, workspaceID: workspaceID.description)
  }

  /// The requests in the order they will be sent, without credentials.
  package var requests: [Request] {
    steps.map { step in
      let root = "/v1/organizations"
      return switch (step, issuer, account) {
      case (.issuer, .new(let draft), _): Request(.post, "\(root)/federation_issuers", json: draft.json)
      case (.account, _, .new(let draft)): Request(.post, "\(root)/service_accounts", json: draft.json)
      case (.membership, _, _):
        Request(
          .post, "\(root)/service_accounts/\(accountID)/workspaces",
          json: ["workspace_id": JSON(workspaceID), "workspace_role": JSON(membershipRole)])
      default: Request(.post, "\(root)/federation_rules", json: ruleJSON)
      }
    }
  }

  private var issuerID: String {
    if case .existing(let issuer) = issuer { issuer.id.description } else { "<new issuer>" }
  }

  private var accountID: String {
    if case .existing(let account) = account { account.id.description } else { "<new service account>" }
  }
}

/// What a connection made, and what the workload needs to know.
package struct Connection: Hashable, Sendable {
  package let issuer: Issuer
  package let account: ServiceAccount
  package let rule: FederationRule
  package let organizationID: String
  package let workspaceID: ID<Workspace>
  package let findings: [Finding]
  package let workload: GitHubWorkload

  package init(
    issuer: Issuer, account: ServiceAccount, rule: FederationRule, organizationID: String,
    workspaceID: ID<Workspace>, findings: [Finding], workload: GitHubWorkload
  ) {
    (self.issuer, self.account, self.rule, self.organizationID) = (issuer, account, rule, organizationID)
    (self.workspaceID, self.findings, self.workload) = (workspaceID, findings, workload)
  }

  /// The four identifiers, by the names the official clients read them under. None of them is secret.
  package var environment: [(name: String, value: String)] {
    [
      ("ANTHROPIC_FEDERATION_RULE_ID", rule.id.description),
      ("ANTHROPIC_ORGANIZATION_ID", organizationID),
      ("ANTHROPIC_SERVICE_ACCOUNT_ID", account.id.description),
      ("ANTHROPIC_WORKSPACE_ID", workspaceID.description),
    ]
  }

  package static let workflowPath = ".github/workflows/claude.yml"

  package var workflow: String {
    workload.workflowYAML(
      ruleID: rule.id.description, organizationID: organizationID, accountID: account.id.description,
      workspaceID: workspaceID.description)
  }

  package var json: JSON {
    var variables = JSON.Object()
    for (name, value) in environment { variables[name] = .string(value) }
    return [
      "issuer": issuer.json, "service_account": account.json, "rule": rule.json,
      "findings": .array(findings.map(\.json)),
      "handover": [
        "environment": .object(variables),
        "files": [["path": .string(Connection.workflowPath), "text": .string(workflow)]],
      ],
    ]
  }
}
