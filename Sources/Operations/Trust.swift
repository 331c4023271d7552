package import Platform

// MARK: Issuers

extension Operations {
  package func issuers(includeArchived: Bool = false) async throws(Problem) -> [Issuer] {
    seen(try await client.issuers(includeArchived: includeArchived), liveOnly: !includeArchived)
  }

  /// - Parameter reference: an identifier or a name.
  package func issuer(_ reference: String) async throws(Problem) -> Issuer {
    if let id = try? ID<Issuer>(reference) { return try await client.issuer(id) }
    return try Operations.one(
      "issuer", reference, among: try await client.issuers(includeArchived: true), id: \.id.description, name: \.name,
      isArchived: \.isArchived, list: "gatehouse issuers list")
  }

  package func createIssuer(_ draft: IssuerDraft) async throws(Problem) -> Issuer {
    try Operations.checkName(draft.name, summary: "The issuer was not created")
    return try await journaled("issuers.create", after: draft.json, outcome: { ($0.id.description, $0.json) }) {
      () async throws(Problem) in try await client.createIssuer(draft)
    }
  }

  package func updateIssuer(_ id: ID<Issuer>, _ update: IssuerUpdate) async throws(Problem) -> Issuer {
    if let name = update.name { try Operations.checkName(name, summary: "The issuer was not changed") }
    let before = try await client.issuer(id).json
    return try await journaled(
      "issuers.update", target: id.description, before: before, after: update.json,
      outcome: { ($0.id.description, $0.json) }
    ) { () async throws(Problem) in try await client.updateIssuer(id, update) }
  }

  /// The issuer as it would be.
  package func applying(_ update: IssuerUpdate, to issuer: Issuer) -> Issuer {
    var issuer = issuer
    issuer.updatedAt = now()
    if let name = update.name { issuer.name = name }
    if let issuerURL = update.issuerURL { issuer.issuerURL = issuerURL }
    if let keys = update.keys { issuer.keys = keys }
    if let checksJTI = update.checksJTI { issuer.checksJTI = checksJTI }
    if let maxTokenLifetime = update.maxTokenLifetime { issuer.maxTokenLifetime = maxTokenLifetime }
    if update.resumesPolling { issuer.pollingDisabledAt = nil }
    return issuer
  }

  /// For good. Refused, with their names, while live rules are on the issuer.
  package func archiveIssuer(_ issuer: Issuer) async throws(Problem) -> Issuer {
    let rules = try await client.rules(issuer: issuer.id).filter { !$0.isArchived }
    guard rules.isEmpty else {
      throw Problem(
        "The issuer was not archived",
        because: "\(Operations.counted(rules.count, "live rule")) trust\(rules.count == 1 ? "s" : "") it: "
          + Operations.listed(rules.map(\.name)),
        try: "Archive them first.", code: "has_dependants")
    }
    return try await journaled(
      "issuers.archive", target: issuer.id.description, before: issuer.json,
      outcome: { ($0.id.description, $0.json) }
    ) { () async throws(Problem) in try await client.archiveIssuer(issuer.id) }
  }
}

// MARK: Rules

extension Operations {
  package func rules(includeArchived: Bool = false) async throws(Problem) -> [FederationRule] {
    seen(try await client.rules(includeArchived: includeArchived), liveOnly: !includeArchived)
  }

  /// - Parameter reference: an identifier or a name.
  package func rule(_ reference: String) async throws(Problem) -> FederationRule {
    if let id = try? ID<FederationRule>(reference) { return try await client.rule(id) }
    return try Operations.one(
      "federation rule", reference, among: try await client.rules(includeArchived: true), id: \.id.description,
      name: \.name, isArchived: \.isArchived, list: "gatehouse rules list")
  }

  package func createRule(_ draft: RuleDraft) async throws(Problem) -> FederationRule {
    try Operations.checkName(draft.name, summary: "The rule was not created")
    return try await journaled("rules.create", after: draft.json, outcome: { ($0.id.description, $0.json) }) {
      () async throws(Problem) in try await client.createRule(draft)
    }
  }

  package func updateRule(
    _ id: ID<FederationRule>, _ update: RuleUpdate
  ) async throws(Problem) -> FederationRule {
    if let name = update.name { try Operations.checkName(name, summary: "The rule was not changed") }
    let before = try await client.rule(id).json
    return try await journaled(
      "rules.update", target: id.description, before: before, after: update.json,
      outcome: { ($0.id.description, $0.json) }
    ) { () async throws(Problem) in try await client.updateRule(id, update) }
  }

  /// What an update would change of a rule, to be shown before it is sent; empty when it changes nothing.
  package static func changes(of rule: FederationRule, by update: RuleUpdate) -> [FieldChange] {
    FieldChange.list(from: rule.json, to: applying(update, to: rule).json)
  }

  /// The rule as it would be.
  package static func applying(_ update: RuleUpdate, to rule: FederationRule) -> FederationRule {
    var rule = rule
    if let name = update.name { rule.name = name }
    if let description = update.description { rule.description = description }
    if let match = update.match { rule.match = match }
    if let accountID = update.accountID, accountID != rule.accountID {
      (rule.accountID, rule.accountName) = (accountID, nil)
    }
    if let scope = update.scope { rule.scope = scope }
    if let tokenLifetime = update.tokenLifetime { rule.tokenLifetime = tokenLifetime }
    if let workspaceID = update.workspaceID { rule.workspaceIDs = [workspaceID] }
    if let appliesToAll = update.appliesToAllWorkspaces { rule.appliesToAllWorkspaces = appliesToAll }
    return rule
  }

  /// For good. Tokens minted before live on until they expire.
  package func archiveRule(_ id: ID<FederationRule>) async throws(Problem) -> FederationRule {
    try await archive(try await client.rule(id))
  }

  /// - Parameter rule: as it stands, for its list of workspaces is gone afterwards.
  func archive(_ rule: FederationRule) async throws(Problem) -> FederationRule {
    try await journaled(
      "rules.archive", target: rule.id.description, before: rule.json, outcome: { ($0.id.description, $0.json) }
    ) { () async throws(Problem) in try await client.archiveRule(rule.id) }
  }

  package func addWorkspace(
    _ workspace: ID<Workspace>, to rule: ID<FederationRule>
  ) async throws(Problem) -> RuleWorkspace {
    try await journaled(
      "rules.add-workspace", target: rule.description, outcome: { (rule.description, $0.json) }
    ) { () async throws(Problem) in try await client.addWorkspace(workspace, to: rule) }
  }

  package func removeWorkspace(
    _ workspace: ID<Workspace>, from rule: ID<FederationRule>
  ) async throws(Problem) {
    try await journaled(
      "rules.remove-workspace", target: rule.description, before: ["workspace_id": JSON(workspace)]
    ) { () async throws(Problem) in try await client.removeWorkspace(workspace, from: rule) }
  }

  /// Makes an archived rule again, as it was but for its name, which the archived one keeps.
  /// - Parameter rule: as it was before it was archived, for archiving empties its list of workspaces.
  package func restore(_ rule: FederationRule) async throws(Problem) -> FederationRule {
    let taken = Set(try await client.rules(includeArchived: true).map(\.name))
    var name = rule.name
    var number = 2
    while taken.contains(name) {
      name = "\(rule.name.prefix(250))-\(number)"
      number += 1
    }
    let made = try await createRule(
      RuleDraft(
        name: name, description: rule.description, issuerID: rule.issuerID, match: rule.match,
        accountID: rule.accountID, scope: rule.scope, tokenLifetime: rule.tokenLifetime,
        workspaceID: rule.workspaceIDs.first, appliesToAllWorkspaces: rule.appliesToAllWorkspaces))
    for workspace in rule.workspaceIDs.dropFirst() { _ = try await addWorkspace(workspace, to: made.id) }
    return rule.workspaceIDs.count > 1 ? try await client.rule(made.id) : made
  }
}
