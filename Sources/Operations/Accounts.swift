package import Platform

extension Operations {
  package func accounts(includeArchived: Bool = false) async throws(Problem) -> [ServiceAccount] {
    seen(try await client.accounts(includeArchived: includeArchived), liveOnly: !includeArchived)
  }

  /// - Parameter reference: an identifier or a name.
  package func account(_ reference: String) async throws(Problem) -> ServiceAccount {
    if let id = try? ID<ServiceAccount>(reference) { return try await client.account(id) }
    return try Operations.one(
      "service account", reference, among: try await client.accounts(includeArchived: true), id: \.id.description,
      name: \.name, isArchived: \.isArchived, list: "gatehouse accounts list")
  }

  package func createAccount(_ draft: AccountDraft) async throws(Problem) -> ServiceAccount {
    try Operations.checkName(draft.name, summary: "The service account was not created")
    return try await journaled("accounts.create", after: draft.json, outcome: { ($0.id.description, $0.json) }) {
      () async throws(Problem) in try await client.createAccount(draft)
    }
  }

  package func updateAccount(
    _ id: ID<ServiceAccount>, _ update: AccountUpdate
  ) async throws(Problem) -> ServiceAccount {
    let before = try await client.account(id).json
    return try await journaled(
      "accounts.update", target: id.description, before: before, after: update.json,
      outcome: { ($0.id.description, $0.json) }
    ) { () async throws(Problem) in try await client.updateAccount(id, update) }
  }

  /// What hangs on an account, and would stop working with it.
  package struct AccountDependants: Hashable, Sendable {
    /// The live rules that lead to it. The platform archives no account that has any.
    package let rules: [FederationRule]
    package let memberships: [WorkspaceMembership]
    /// The live static keys that act as it; nil when keys could not be read, for lack of a credential.
    package let keys: [APIKey]?

    package init(rules: [FederationRule], memberships: [WorkspaceMembership], keys: [APIKey]?) {
      (self.rules, self.memberships, self.keys) = (rules, memberships, keys)
    }
  }

  package func dependants(of id: ID<ServiceAccount>) async throws(Problem) -> AccountDependants {
    let rules = try await client.rules().filter { $0.accountID == id && !$0.isArchived }
    let memberships = try await client.memberships(of: id)
    return AccountDependants(rules: rules, memberships: memberships, keys: try await keys(actingAs: id))
  }

  /// The static keys that act as the account and still work; nil when there is no credential that may read keys.
  func keys(actingAs id: ID<ServiceAccount>) async throws(Problem) -> [APIKey]? {
    do throws(Problem) {
      return try await client.keys().filter { $0.principal == .account(id) && $0.status == .active }
    } catch {
      guard error.kind == .credential else { throw error }
      return nil
    }
  }

  /// For good. Refused, with their names, while live rules lead to the account.
  package func archiveAccount(_ account: ServiceAccount) async throws(Problem) -> ServiceAccount {
    let rules = try await client.rules().filter { $0.accountID == account.id && !$0.isArchived }
    guard rules.isEmpty else {
      throw Problem(
        "The service account was not archived",
        because: "\(Operations.counted(rules.count, "live rule")) lead\(rules.count == 1 ? "s" : "") to it: "
          + Operations.listed(rules.map(\.name)),
        try: "Archive them first, or shut the account off, which does.", code: "has_dependants")
    }
    return try await journaled(
      "accounts.archive", target: account.id.description, before: account.json,
      outcome: { ($0.id.description, $0.json) }
    ) { () async throws(Problem) in try await client.archiveAccount(account.id) }
  }

  // MARK: Memberships

  package func memberships(of id: ID<ServiceAccount>) async throws(Problem) -> [WorkspaceMembership] {
    try await client.memberships(of: id)
  }

  /// What a service account may be in a workspace.
  package static let workspaceRoles = [
    "workspace_user", "workspace_developer", "workspace_restricted_developer", "workspace_admin",
  ]

  /// Adds the account, or gives it another role where it is a member already.
  package func addWorkspace(
    _ workspace: ID<Workspace>, to account: ID<ServiceAccount>, role: String
  ) async throws(Problem) -> WorkspaceMembership {
    guard Operations.workspaceRoles.contains(role) else {
      throw Problem(
        "The service account was not added to the workspace",
        because: "\(role.debugDescription) is no role that an account can have there",
        try: "Use one of \(Operations.workspaceRoles.joined(separator: ", ")).", kind: .usage)
    }
    let before = try await explicitMembership(of: account, in: workspace)
    return try await journaled(
      "accounts.add-workspace", target: account.description, before: before?.json,
      outcome: { (account.description, $0.json) }
    ) { () async throws(Problem) in
      try await client.addMembership(account: account, workspace: workspace, role: role)
    }
  }

  package func removeWorkspace(
    _ workspace: ID<Workspace>, from account: ID<ServiceAccount>
  ) async throws(Problem) {
    let before = try await explicitMembership(of: account, in: workspace)
    try await journaled("accounts.remove-workspace", target: account.description, before: before?.json) {
      () async throws(Problem) in try await client.removeMembership(account: account, workspace: workspace)
    }
  }

  private func explicitMembership(
    of account: ID<ServiceAccount>, in workspace: ID<Workspace>
  ) async throws(Problem) -> WorkspaceMembership? {
    // An account made just now has none, and may not be found yet.
    do throws(Problem) {
      return try await client.memberships(of: account).first { $0.workspaceID == workspace && !$0.isImplicit }
    } catch {
      guard error.status == 404 else { throw error }
      return nil
    }
  }
}

extension Operations {
  /// `1 live rule`, `2 live rules`.
  static func counted(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }

  /// The first few, and how many more.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }
}
