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

  package enum Step: String, Hashable, Sendable, CaseIterable {
    case issuer
    case account = "service_account"
    case membership, rule
  }

  package let workload: Workload
  package var issuer: IssuerChoice
  package var account: AccountChoice
  package var workspaceID: ID<Workspace>
  /// What the account becomes in the workspace, or nil when it is a member already.
  package var membershipRole: String?
  package let ruleName: String
  package let scope: String
  /// Seconds, 60 to 86400.
  package let tokenLifetime: Int
  /// What the analyser says of the rule.
  package let findings: [Finding]
  /// Whether some of it may have been made already, its answer lost: then one looks before making anything.
  package var isRetry = false
  /// Where the journal keeps what of it was made, once it was begun.
  package var journalNumber: Int64?

  package init(
    workload: Workload, issuer: IssuerChoice, account: AccountChoice, workspaceID: ID<Workspace>,
    membershipRole: String?, ruleName: String, scope: String, tokenLifetime: Int
  ) {
    (self.workload, self.issuer, self.account, self.workspaceID) = (workload, issuer, account, workspaceID)
    (self.membershipRole, self.ruleName, self.scope) = (membershipRole, ruleName, scope)
    self.tokenLifetime = tokenLifetime
    findings = Analyser.findings(
      match: workload.match, scope: scope, lifetime: tokenLifetime, issuerURL: workload.issuerURL)
  }

  package var match: FederationRule.Match { workload.match }

  /// Those that must be accepted by name before the rule is made.
  package var blockingFindings: [Finding] { findings.filter { $0.severity >= .high } }

  package var steps: [Step] {
    var steps: [Step] = []
    if case .new = issuer { steps.append(.issuer) }
    if case .new = account { steps.append(.account) }
    if membershipRole != nil { steps.append(.membership) }
    return steps + [.rule]
  }

  /// The issuer among `issuers` that the workload's tokens name: compared byte for byte, archived ones left out.
  /// Where its keys come from is part of what an issuer is. Clusters may share an address, never their keys; and an
  /// issuer that has a public provider's address with keys that somebody wrote in by hand is not that provider.
  package static func issuer(for workload: Workload, among issuers: [Issuer]) -> IssuerChoice {
    var draft = workload.trust.issuer
    let known = issuers.first { issuer in
      guard !issuer.isArchived, issuer.issuerURL == draft.issuerURL else { return false }
      if issuer.keys == draft.keys { return true }
      guard case .discovery(let base, _) = issuer.keys, case .discovery = draft.keys else { return false }
      return base == nil || base == issuer.issuerURL
    }
    if let known { return .existing(known) }
    draft.name = unused(draft.name, among: issuers.map(\.name))
    return .new(draft)
  }

  /// `name`, or the first of `name-2`, `name-3`… that is not taken.
  package static func unused(_ name: String, among taken: [String]) -> String {
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
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
  package let workload: Workload

  package init(
    issuer: Issuer, account: ServiceAccount, rule: FederationRule, organizationID: String,
    workspaceID: ID<Workspace>, findings: [Finding], workload: Workload
  ) {
    (self.issuer, self.account, self.rule, self.organizationID) = (issuer, account, rule, organizationID)
    (self.workspaceID, self.findings, self.workload) = (workspaceID, findings, workload)
  }

  package var identifiers: HandoverIdentifiers {
    HandoverIdentifiers(
      ruleID: rule.id.description, organizationID: organizationID, accountID: account.id.description,
      workspaceID: workspaceID.description)
  }

  package var environment: [(name: String, value: String)] { identifiers.environment }

  /// What the workload's side needs, with the identifiers in it.
  package var files: [HandoverFile] { workload.files(identifiers) }

  package var json: JSON {
    var variables = JSON.Object()
    for (name, value) in environment { variables[name] = .string(value) }
    return [
      "issuer": issuer.json, "service_account": account.json, "rule": rule.json,
      "findings": .array(findings.map(\.json)),
      "handover": [
        "environment": .object(variables),
        "files": .array(files.map { ["path": .string($0.path), "text": .string($0.text)] }),
      ],
    ]
  }
}
