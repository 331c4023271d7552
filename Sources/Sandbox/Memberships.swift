import Platform

/// Which service accounts belong to which workspaces: one membership, written from both sides
/// (Admin API, workspace memberships).
extension World {
  static let assignableRoles = [
    "workspace_user", "workspace_developer", "workspace_restricted_developer", "workspace_admin",
  ]

  private static let role = Field("workspace_role", required: true, Check.word(assignableRoles))

  private static func key(_ account: String, _ workspace: String) -> String { "\(account)|\(workspace)" }

  /// What an account is in a workspace; every account is a `workspace_user` of the default one.
  func membership(of account: String, in workspace: String) -> Document? {
    self[.memberships][Self.key(account, workspace)]
      ?? (workspace == defaultWorkspace ? implicitMembership(of: account) : nil)
  }

  private func implicitMembership(of account: String) -> Document {
    [
      "type": "service_account_workspace_member", "service_account_id": .string(account),
      "workspace_id": .string(defaultWorkspace), "workspace_role": "workspace_user", "implicit": true,
      "created_by_actor_id": .null,
    ]
  }

  // MARK: From the account's side

  func workspacesOfAccount(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    let account = try find(.accounts, id)
    let query = try Query(call, ["limit", "page"])
    let hasCursor = query.text("page").map { !$0.isEmpty } ?? false
    if account.isArchived {
      guard !hasCursor else { throw .field("page", "The cursor is not valid. Start again without it.") }
      return ["data": [], "next_page": .null]
    }
    let isExplicit = self[.memberships].contains(Self.key(id, defaultWorkspace))
    let first = isExplicit ? [] : [JSON.object(implicitMembership(of: id))]
    return try page(.memberships, query, first: first) {
      $0.text("service_account_id") == id
    } present: {
      .object($0)
    }
  }

  mutating func addAccountToWorkspace(_ call: Call) throws(Refusal) -> JSON {
    let body = try call.fields([Field("workspace_id", required: true, Check.identifier("wrkspc")), Self.role])
    return try join(
      call, account: call.parameters[0], workspace: body.text("workspace_id"), role: body.text("workspace_role"))
  }

  mutating func removeAccountFromWorkspace(_ call: Call) throws(Refusal) -> JSON {
    try leave(call, account: call.parameters[0], workspace: call.parameters[1])
  }

  // MARK: From the workspace's side

  func accountsOfWorkspace(_ call: Call) throws(Refusal) -> JSON {
    let workspace = try liveWorkspace(call.parameters[0])
    let query = try Query(call, ["limit", "page"])
    return try page(.memberships, query) { member in
      member.text("workspace_id") == workspace
        && self[.accounts][member.text("service_account_id")]?.isArchived == false
    } present: {
      .object($0)
    }
  }

  mutating func addWorkspaceAccount(_ call: Call) throws(Refusal) -> JSON {
    let body = try call.fields([Field("service_account_id", required: true, Check.identifier("svac")), Self.role])
    return try join(
      call, account: body.text("service_account_id"), workspace: call.parameters[0], role: body.text("workspace_role"))
  }

  func workspaceAccount(_ call: Call) throws(Refusal) -> JSON {
    let workspace = try liveWorkspace(call.parameters[0])
    guard self[.accounts][call.parameters[1]]?.isArchived == false,
      let member = membership(of: call.parameters[1], in: workspace)
    else { throw .notFound }
    return .object(member)
  }

  /// Only explicit memberships can be updated.
  mutating func updateWorkspaceAccount(_ call: Call) throws(Refusal) -> JSON {
    let body = try call.fields([Self.role])
    let workspace = try liveWorkspace(call.parameters[0])
    guard self[.memberships].contains(Self.key(call.parameters[1], workspace)) else { throw .notFound }
    return try join(call, account: call.parameters[1], workspace: workspace, role: body.text("workspace_role"))
  }

  mutating func removeWorkspaceAccount(_ call: Call) throws(Refusal) -> JSON {
    try leave(call, account: call.parameters[1], workspace: call.parameters[0])
  }

  // MARK: Both

  func liveWorkspace(_ id: String) throws(Refusal) -> String {
    guard try !find(.workspaces, id).isArchived else { throw .invalid("The workspace is archived.") }
    return id
  }

  private mutating func join(
    _ call: Call, account: String, workspace: String, role: String
  ) throws(Refusal) -> JSON {
    guard try !find(.accounts, account).isArchived else { throw .invalid("The service account is archived.") }
    let workspace = try liveWorkspace(workspace)
    let key = Self.key(account, workspace)
    let old = self[.memberships][key]
    var member = old ?? implicitMembership(of: account)
    (member["workspace_id"], member["workspace_role"], member["implicit"]) = (.string(workspace), .string(role), false)
    if old == nil { member["created_by_actor_id"] = JSON(call.caller.actorID) }
    self[.memberships][key] = member
    var event: Document = ["service_account_id": .string(account), "workspace_id": .string(workspace)]
    if let old {
      event["updates"] = Change.list(from: old, to: member, ["workspace_role"])
      record("platform_service_account_workspace_member_updated", by: call, event)
    } else {
      event["workspace_role"] = .string(role)
      record("platform_service_account_workspace_member_added", by: call, event)
    }
    return .object(member)
  }

  private mutating func leave(_ call: Call, account: String, workspace: String) throws(Refusal) -> JSON {
    _ = try find(.accounts, account)
    let workspace = try liveWorkspace(workspace)
    let key = Self.key(account, workspace)
    if self[.memberships].contains(key) {
      self[.memberships][key] = nil
      record(
        "platform_service_account_workspace_member_removed", by: call,
        ["service_account_id": .string(account), "workspace_id": .string(workspace)])
    }
    return [
      "type": "service_account_workspace_member_deleted", "service_account_id": .string(account),
      "workspace_id": .string(workspace),
    ]
  }
}
