package import Platform

private let root = "/v1/organizations/service_accounts"

extension PlatformClient {
  /// Newest first.
  package func accounts(includeArchived: Bool = false) async throws(Problem) -> [ServiceAccount] {
    try await all(
      .get(root, .federation, .includingArchived(includeArchived), failure: "The service accounts were not read"),
      .page)
  }

  package func account(_ id: ID<ServiceAccount>) async throws(Problem) -> ServiceAccount {
    try await item(.get("\(root)/\(id)", .federation, failure: "The service account was not read"))
  }

  package func createAccount(_ draft: AccountDraft) async throws(Problem) -> ServiceAccount {
    let account = try await create(root, draft.json, what: "service account") { () async throws(Problem) in
      try await accounts(includeArchived: true).first { $0.name == draft.name }
    } isWanted: {
      !$0.isArchived && $0.organizationRole == draft.role && ($0.description ?? "") == (draft.description ?? "")
    }
    _ = newAccounts.ids.withLock { $0.insert(account.id) }
    return account
  }

  package func updateAccount(
    _ id: ID<ServiceAccount>, _ update: AccountUpdate
  ) async throws(Problem) -> ServiceAccount {
    try await item(.change(.post, "\(root)/\(id)", update.json, failure: "The service account was not changed"))
  }

  /// For good. Refused by the platform while a live rule leads to it.
  package func archiveAccount(_ id: ID<ServiceAccount>) async throws(Problem) -> ServiceAccount {
    try await item(.change(.post, "\(root)/\(id)/archive", failure: "The service account was not archived"))
  }

  // MARK: Memberships

  /// The workspaces of an account, the implicit default one first; archived workspaces are among them.
  package func memberships(of id: ID<ServiceAccount>) async throws(Problem) -> [WorkspaceMembership] {
    try await all(.get("\(root)/\(id)/workspaces", .federation, failure: "The memberships were not read"), .page)
  }

  /// The accounts that were added to a workspace; the implicit members of the default one are not among them.
  package func memberships(in id: ID<Workspace>) async throws(Problem) -> [WorkspaceMembership] {
    try await all(
      .get(
        "/v1/organizations/workspaces/\(id)/service_accounts", .federation, failure: "The memberships were not read"),
      .page)
  }

  /// Adds the account, or gives it another role where it is a member already.
  package func addMembership(
    account: ID<ServiceAccount>, workspace: ID<Workspace>, role: String
  ) async throws(Problem) -> WorkspaceMembership {
    try await settle(account)
    return try await item(
      .change(
        .post, "\(root)/\(account)/workspaces", ["workspace_id": JSON(workspace), "workspace_role": .string(role)],
        failure: "The service account was not added to the workspace"))
  }

  /// Does nothing where the account is no member, or only an implicit one.
  package func removeMembership(account: ID<ServiceAccount>, workspace: ID<Workspace>) async throws(Problem) {
    _ = try await json(
      .change(
        .delete, "\(root)/\(account)/workspaces/\(workspace)",
        failure: "The service account was not removed from the workspace"))
  }

  /// Waits until an account that was made just now can be referred to. The platform may not know it for some
  /// seconds after it has answered (Admin API, eventual consistency: up to 30 s).
  func settle(_ id: ID<ServiceAccount>) async throws(Problem) {
    guard newAccounts.ids.withLock({ $0.contains(id) }) else { return }
    let call = Call.get("\(root)/\(id)", .federation, failure: "The new service account was not found yet")
    var waited = Duration.zero
    while true {
      do throws(CallFailure) {
        _ = try await answer(to: call)
        break
      } catch {
        let wait = Duration.seconds(waited < .seconds(2) ? 1 : 4)
        guard error.problem.status == 404, waited + wait <= .seconds(30) else { throw error.problem }
        waited += wait
        do throws(CallFailure) { try await pause(wait, call) } catch { throw error.problem }
      }
    }
    _ = newAccounts.ids.withLock { $0.remove(id) }
  }
}
