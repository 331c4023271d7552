package import Platform

private let root = "/v1/organizations/federation_rules"

extension PlatformClient {
  /// - Parameter issuer: only those on it; the platform filters by nothing else.
  package func rules(
    includeArchived: Bool = false, issuer: ID<Issuer>? = nil
  ) async throws(Problem) -> [FederationRule] {
    let filter = issuer.map { [Request.Item("issuer_id", $0.description)] } ?? []
    return try await all(
      .get(root, .federation, .includingArchived(includeArchived) + filter, failure: "The rules were not read"), .page)
  }

  package func rule(_ id: ID<FederationRule>) async throws(Problem) -> FederationRule {
    try await item(.get("\(root)/\(id)", .federation, failure: "The rule was not read"))
  }

  package func createRule(_ draft: RuleDraft) async throws(Problem) -> FederationRule {
    try await settle(draft.accountID)
    return try await create(root, draft.json, what: "rule") { () async throws(Problem) in
      try await rules(includeArchived: true).first { $0.name == draft.name }
    } isWanted: {
      !$0.isArchived && $0.issuerID == draft.issuerID && $0.accountID == draft.accountID && $0.match == draft.match
        && $0.scope == draft.scope && $0.tokenLifetime == draft.tokenLifetime
        && $0.appliesToAllWorkspaces == draft.appliesToAllWorkspaces
    }
  }

  package func updateRule(
    _ id: ID<FederationRule>, _ update: RuleUpdate
  ) async throws(Problem) -> FederationRule {
    try await item(.change(.post, "\(root)/\(id)", update.json, failure: "The rule was not changed"))
  }

  /// For good, and at once; tokens minted before live on until they expire.
  package func archiveRule(_ id: ID<FederationRule>) async throws(Problem) -> FederationRule {
    try await item(.change(.post, "\(root)/\(id)/archive", failure: "The rule was not archived"))
  }

  // MARK: Workspaces of a rule

  /// Only those named; a rule for all workspaces says so itself.
  package func workspaces(of id: ID<FederationRule>) async throws(Problem) -> [RuleWorkspace] {
    try await all(.get("\(root)/\(id)/workspaces", .federation, failure: "The rule's workspaces were not read"), .page)
  }

  /// Does nothing where the rule mints for the workspace already.
  package func addWorkspace(
    _ workspace: ID<Workspace>, to id: ID<FederationRule>
  ) async throws(Problem) -> RuleWorkspace {
    try await item(
      .change(
        .post, "\(root)/\(id)/workspaces", ["workspace_id": JSON(workspace)],
        failure: "The workspace was not added to the rule"))
  }

  package func removeWorkspace(_ workspace: ID<Workspace>, from id: ID<FederationRule>) async throws(Problem) {
    _ = try await json(
      .change(
        .delete, "\(root)/\(id)/workspaces/\(workspace)", failure: "The workspace was not removed from the rule"))
  }
}
