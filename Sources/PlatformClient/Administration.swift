package import Platform

extension PlatformClient {
  /// The best first call: it proves the credential and names the organization.
  package func organization() async throws(Problem) -> Organization {
    try await item(.get("/v1/organizations/me", .administration, failure: "The organization was not read"))
  }

  /// - Parameter includeDefault: the default workspace too, which the platform leaves out unless asked.
  package func workspaces(
    includeDefault: Bool = true, includeArchived: Bool = false
  ) async throws(Problem) -> [Workspace] {
    let query = includeDefault ? [Request.Item("include_default", "true")] : []
    return try await all(
      .get(
        "/v1/organizations/workspaces", .administration, query + .includingArchived(includeArchived),
        failure: "The workspaces were not read"), .identifier)
  }

  package func workspace(_ id: ID<Workspace>) async throws(Problem) -> Workspace {
    try await item(.get("/v1/organizations/workspaces/\(id)", .administration, failure: "The workspace was not read"))
  }

  /// What a workspace may use, with what it has of the organization.
  package func limits(of id: ID<Workspace>) async throws(Problem) -> [WorkspaceLimit] {
    let query = [Request.Item("include_inherited", "true")]
    return try await all(
      .get(
        "/v1/organizations/workspaces/\(id)/rate_limits", .administration, query,
        failure: "The limits of the workspace were not read"), .page, limit: 1000)
  }

  package func users() async throws(Problem) -> [User] {
    try await all(.get("/v1/organizations/users", .administration, failure: "The people were not read"), .identifier)
  }

  // MARK: Static keys

  package func keys(
    status: APIKey.Status? = nil, workspace: ID<Workspace>? = nil
  ) async throws(Problem) -> [APIKey] {
    var query: [Request.Item] = []
    if let status { query.append(Request.Item("status", status.rawValue)) }
    if let workspace { query.append(Request.Item("workspace_id", workspace.description)) }
    return try await all(
      .get("/v1/organizations/api_keys", .keysAndUsage, query, failure: "The keys were not read"), .identifier)
  }

  package func key(_ id: ID<APIKey>) async throws(Problem) -> APIKey {
    try await item(.get("/v1/organizations/api_keys/\(id)", .keysAndUsage, failure: "The key was not read"))
  }

  /// Renames a key, turns it off or on, or archives it for good.
  package func updateKey(_ id: ID<APIKey>, _ update: KeyUpdate) async throws(Problem) -> APIKey {
    try await item(
      .change(
        .post, "/v1/organizations/api_keys/\(id)", update.json, .keysAndUsage, failure: "The key was not changed"))
  }
}
