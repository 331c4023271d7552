package import Platform
package import Storage

extension Operations {
  /// What undoing a change would do, in a few words, for the question before it; nil when the platform cannot undo it,
  /// or when it is not known whether it was made.
  package static func undoing(_ change: Change) -> String? {
    guard change.outcome == .done, let target = change.target else { return nil }
    let name = (change.before ?? change.after)?["name"]?.string ?? target
    return switch change.action {
    case "accounts.create", "issuers.create", "rules.create": "archive \(name), for good"
    case "accounts.update", "issuers.update", "rules.update": "set \(name) back to what it was"
    case "rules.archive": "make the rule \(name) again, under another name"
    case "accounts.add-workspace":
      change.before == nil ? "take the account out of the workspace" : "give the account its former role"
    case "accounts.remove-workspace": change.before == nil ? nil : "put the account back into the workspace"
    case "rules.add-workspace": "take the workspace from the rule"
    case "rules.remove-workspace": "give the workspace back to the rule"
    case "keys.rename": "give the key its former name"
    case "keys.disable": "enable the key \(name)"
    case "keys.enable": "disable the key \(name)"
    default: nil
    }
  }

  /// Undoes a change. It is a change itself, and journaled as one.
  /// - Throws: a ``Problem``, also when what was changed has been changed again since, by anyone.
  package func undo(_ change: Change) async throws(Problem) {
    guard Operations.undoing(change) != nil else {
      throw notUndone("the platform cannot undo it, or it was not made", try: "Make the opposite change by hand.")
    }
    switch change.action.split(separator: ".").first {
    case "accounts": try await undoAccount(change)
    case "issuers": try await undoIssuer(change)
    case "rules": try await undoRule(change)
    default: try await undoKey(change)
    }
  }

  private func undoAccount(_ change: Change) async throws(Problem) {
    let id = try id(change, of: ServiceAccount.self)
    switch change.action {
    case "accounts.create": _ = try await archiveAccount(try await client.account(id))
    case "accounts.update":
      let (before, after): (ServiceAccount, ServiceAccount) = try both(change)
      try checkUnchanged(change, try await client.account(id).json)
      _ = try await updateAccount(
        id,
        AccountUpdate(
          description: former(before.description ?? "", after.description ?? ""),
          role: former(before.organizationRole, after.organizationRole)))
    default:
      let membership: WorkspaceMembership = try read(change.before ?? change.after)
      if change.before == nil {
        try await removeWorkspace(membership.workspaceID, from: id)
      } else {
        _ = try await addWorkspace(membership.workspaceID, to: id, role: membership.role)
      }
    }
  }

  private func undoIssuer(_ change: Change) async throws(Problem) {
    let id = try id(change, of: Issuer.self)
    let now = try await client.issuer(id)
    if change.action == "issuers.create" { return _ = try await archiveIssuer(now) }
    let (before, after): (Issuer, Issuer) = try both(change)
    try checkUnchanged(change, now.json)
    _ = try await updateIssuer(
      id,
      IssuerUpdate(
        name: former(before.name, after.name), issuerURL: former(before.issuerURL, after.issuerURL),
        keys: former(before.keys, after.keys), checksJTI: former(before.checksJTI, after.checksJTI),
        maxTokenLifetime: former(before.maxTokenLifetime, after.maxTokenLifetime)))
  }

  private func undoRule(_ change: Change) async throws(Problem) {
    let id = try id(change, of: FederationRule.self)
    switch change.action {
    case "rules.create": _ = try await archiveRule(id)
    case "rules.archive": _ = try await restore(try read(change.before))
    case "rules.update":
      let (before, after): (FederationRule, FederationRule) = try both(change)
      try checkUnchanged(change, try await client.rule(id).json)
      _ = try await updateRule(
        id,
        RuleUpdate(
          name: former(before.name, after.name), description: former(before.description ?? "", after.description ?? ""),
          match: former(before.match, after.match), accountID: former(before.accountID, after.accountID),
          scope: former(before.scope, after.scope), tokenLifetime: former(before.tokenLifetime, after.tokenLifetime),
          workspaceID: before.workspaceIDs.first.flatMap { former([$0], after.workspaceIDs)?.first },
          appliesToAllWorkspaces: former(before.appliesToAllWorkspaces, after.appliesToAllWorkspaces)))
    default:
      guard let workspace = (change.before ?? change.after)?["workspace_id"]?.string,
        let workspaceID = try? ID<Workspace>(workspace)
      else { throw unreadable }
      if change.action == "rules.add-workspace" {
        try await removeWorkspace(workspaceID, from: id)
      } else {
        _ = try await addWorkspace(workspaceID, to: id)
      }
    }
  }

  private func undoKey(_ change: Change) async throws(Problem) {
    let before: APIKey = try read(change.before)
    let now = try await client.key(before.id)
    try checkUnchanged(change, now.json)
    switch change.action {
    case "keys.rename": _ = try await renameKey(now, to: before.name)
    case "keys.disable": _ = try await enableKey(now)
    default: _ = try await disableKey(now)
    }
  }

  /// The former value where it was changed; nil leaves it alone.
  private func former<Value: Equatable>(_ before: Value, _ after: Value) -> Value? { before == after ? nil : before }

  /// - Throws: when what the change set is not what stands there now.
  private func checkUnchanged(_ change: Change, _ now: JSON) throws(Problem) {
    guard let before = change.before, let after = change.after else { throw unreadable }
    let set = FieldChange.list(from: before, to: after).filter { !$0.field.hasPrefix("updated_") }
    let since = FieldChange.list(from: after, to: now).filter { change in set.contains { $0.field == change.field } }
    guard since.isEmpty else {
      throw notUndone(
        "it was changed again since: \(since.map(\.line).joined(separator: ", "))", try: "Look at it and edit it.")
    }
  }

  private func both<Item: WireObject>(_ change: Change) throws(Problem) -> (before: Item, after: Item) {
    (try read(change.before), try read(change.after))
  }

  private func read<Item: WireObject>(_ json: JSON?) throws(Problem) -> Item {
    guard let json, let item = try? Item(json: json) else { throw unreadable }
    return item
  }

  private func id<Subject>(_ change: Change, of: Subject.Type) throws(Problem) -> ID<Subject> {
    guard let target = change.target, let id = try? ID<Subject>(target) else { throw unreadable }
    return id
  }

  private var unreadable: Problem {
    notUndone("its entry in the journal cannot be read", try: "Make the opposite change by hand.")
  }

  private func notUndone(_ cause: String, try remedy: String) -> Problem {
    Problem("The change was not undone", because: cause, try: remedy, code: "not_undone")
  }
}
