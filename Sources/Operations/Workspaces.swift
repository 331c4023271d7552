package import Platform

extension Operations {
  package func workspaces(includeArchived: Bool = false) async throws(Problem) -> [Workspace] {
    seen(
      try await client.workspaces(includeDefault: true, includeArchived: includeArchived), liveOnly: !includeArchived)
  }

  /// - Parameter reference: an identifier, a name, or `default`.
  package func workspace(_ reference: String) async throws(Problem) -> Workspace {
    let all = try await workspaces()
    let name = reference == "default" ? "Default" : reference
    guard let workspace = all.first(where: { $0.id.description == reference || $0.name == name }) else {
      throw Problem(
        "No workspace was found", because: "none is called \(reference.debugDescription)",
        try: "Known: \(Operations.listed(all.map(\.name))).", kind: .usage, code: "not_found_error")
    }
    return workspace
  }

  /// Who may do what in a workspace.
  package struct WorkspaceDetail: Hashable, Sendable {
    package let workspace: Workspace
    /// Those that were added to it; every account is a member of the default workspace besides.
    package let memberships: [WorkspaceMembership]
    /// The live rules that mint for it.
    package let rules: [FederationRule]
    /// Its static keys; nil when keys could not be read, for lack of a credential.
    package let keys: [APIKey]?
    /// What it may use, with what it has of the organization; nil when that is not for this credential.
    package let limits: [WorkspaceLimit]?

    package init(
      workspace: Workspace, memberships: [WorkspaceMembership], rules: [FederationRule], keys: [APIKey]?,
      limits: [WorkspaceLimit]?
    ) {
      (self.workspace, self.memberships, self.rules, self.keys) = (workspace, memberships, rules, keys)
      self.limits = limits
    }

    package var json: JSON {
      var object = workspace.json.object ?? [:]
      object["service_accounts"] = .array(memberships.map(\.json))
      object["rules"] = .array(rules.map { ["id": JSON($0.id), "name": .string($0.name)] })
      if let keys { object["api_keys"] = .array(keys.map(\.json)) }
      if let limits { object["rate_limits"] = .array(limits.map(\.json)) }
      return .object(object)
    }
  }

  package func detail(of workspace: Workspace) async throws(Problem) -> WorkspaceDetail {
    let memberships = try await memberships(in: workspace)
    let rules = try await client.rules().filter {
      !$0.isArchived && ($0.appliesToAllWorkspaces || $0.workspaceIDs.contains(workspace.id))
    }
    let keys: [APIKey]?
    do throws(Problem) { keys = try await client.keys(workspace: workspace.id) } catch {
      guard error.kind == .credential else { throw error }
      keys = nil
    }
    return WorkspaceDetail(
      workspace: workspace, memberships: memberships, rules: rules, keys: keys, limits: try await limits(of: workspace))
  }

  /// The accounts that were added to it. An archived one has none any more.
  package func memberships(in workspace: Workspace) async throws(Problem) -> [WorkspaceMembership] {
    workspace.isArchived ? [] : try await client.memberships(in: workspace.id)
  }

  /// Nil when limits are not for this credential, or the platform does not tell them.
  package func limits(of workspace: Workspace) async throws(Problem) -> [WorkspaceLimit]? {
    do throws(Problem) { return try await client.limits(of: workspace.id) } catch {
      guard error.kind == .credential || error.status == 403 || error.status == 404 else { throw error }
      return nil
    }
  }
}
