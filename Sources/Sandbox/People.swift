import Platform

/// Users, members of workspaces, and invites (Admin API, organization, workspaces, people).
extension World {
  static let organizationRoles = [
    "user", "developer", "billing", "claude_code_user", "admin", "owner", "primary_owner", "membership_admin",
    "managed",
  ]
  private static let givenRoles = ["user", "developer", "billing", "claude_code_user", "managed"]
  private static let administrators = ["admin", "owner", "primary_owner"]

  // MARK: Users

  func users(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["limit", "after_id", "before_id", "email", "roles[]"])
    let (email, roles) = (query.text("email")?.lowercased(), query.list("roles"))
    return try idPage(.users, query) { user in
      (email == nil || user.text("email").lowercased() == email) && (roles.isEmpty || roles.contains(user.text("role")))
    } present: {
      $0.shown
    }
  }

  func user(_ call: Call) throws(Refusal) -> JSON { try find(.users, call.parameters[0]).shown }

  mutating func updateUser(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    let old = try find(.users, id)
    let body = try call.fields([Field("role", required: true, Check.word(Self.givenRoles))])
    guard !Self.administrators.contains(old.text("role")) else {
      throw .invalid("The role of an administrator can only be changed in the Console.")
    }
    var new = old
    new.take(["role"], from: body)
    self[.users][id] = new
    record(
      "claude_user_role_updated", by: call,
      [
        "user_id": .string(id), "user_email": old["email"] ?? .null, "previous_role": old["role"] ?? .null,
        "current_role": new["role"] ?? .null,
      ])
    return new.shown
  }

  /// Takes personal keys and memberships along; keys of workspaces and of accounts live on.
  mutating func removeUser(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    let user = try find(.users, id)
    guard self[.users].count > 1 else {
      throw .invalid("The last member cannot be removed.", code: "cannot_remove_last_member")
    }
    guard !Self.administrators.contains(user.text("role")) else {
      throw .invalid("An administrator cannot be removed through the API.")
    }
    self[.users][id] = nil
    for member in Array(self[.members].rowsByKey) where member.document.text("user_id") == id {
      self[.members][member.key] = nil
    }
    for var key in Array(self[.keys].documents) where key["principal"]?["user_id"]?.string == id {
      key["status"] = "archived"
      self[.keys][key.text("id")] = key
    }
    record(
      "org_user_deleted", by: call, ["deleted_user_id": .string(id), "deleted_user_email": user["email"] ?? .null])
    return ["type": "user_deleted", "id": .string(id)]
  }

  // MARK: Members of workspaces

  private static func key(_ workspace: String, _ user: String) -> String { "\(workspace)|\(user)" }

  private func memberWorkspace(_ call: Call) throws(Refusal) -> String {
    let id = call.parameters[0]
    _ = try find(.workspaces, id)
    guard id != defaultWorkspace else { throw .invalid("The default workspace has no member list.") }
    return id
  }

  func members(_ call: Call) throws(Refusal) -> JSON {
    let workspace = try memberWorkspace(call)
    let query = try Query(call, ["limit", "after_id", "before_id"])
    return try idPage(.members, query, id: "user_id", keyPrefix: workspace + "|") {
      $0.text("workspace_id") == workspace
    } present: {
      $0.shown
    }
  }

  func member(_ call: Call) throws(Refusal) -> JSON {
    try find(.members, Self.key(try memberWorkspace(call), call.parameters[1])).shown
  }

  mutating func addMember(_ call: Call) throws(Refusal) -> JSON {
    let body = try call.fields([
      Field("user_id", required: true, Check.identifier("user")),
      Field("workspace_role", required: true, Check.word(Self.assignableRoles)),
    ])
    let workspace = try liveWorkspace(try memberWorkspace(call))
    guard let user = self[.users][body.text("user_id")] else { throw .notFound }
    guard !(Self.administrators + ["billing"]).contains(user.text("role")) else {
      throw .field("user_id", "Administrators and billing users are members of every workspace already")
    }
    let key = Self.key(workspace, body.text("user_id"))
    guard !self[.members].contains(key) else { throw .invalid("The user is a member of this workspace already.") }
    let member: Document = [
      "type": "workspace_member", "user_id": body["user_id"] ?? .null, "workspace_id": .string(workspace),
      "workspace_role": body["workspace_role"] ?? .null,
    ]
    self[.members][key] = member
    record(
      "platform_workspace_member_added", by: call,
      ["user_id": body["user_id"] ?? .null, "workspace_id": .string(workspace)])
    return member.shown
  }

  mutating func updateMember(_ call: Call) throws(Refusal) -> JSON {
    let workspace = try liveWorkspace(try memberWorkspace(call))
    let key = Self.key(workspace, call.parameters[1])
    let old = try find(.members, key)
    let roles = Self.assignableRoles + ["workspace_billing"]
    let body = try call.fields([Field("workspace_role", required: true, Check.word(roles))])
    guard body["workspace_role"] != "workspace_billing" else {
      throw .field("workspace_role", "workspace_billing is inherited from the organization and cannot be assigned")
    }
    var new = old
    new.take(["workspace_role"], from: body)
    self[.members][key] = new
    record(
      "platform_workspace_member_updated", by: call,
      [
        "user_id": new["user_id"] ?? .null, "workspace_id": .string(workspace),
        "updates": Change.list(from: old, to: new, ["workspace_role"]),
      ])
    return new.shown
  }

  mutating func removeMember(_ call: Call) throws(Refusal) -> JSON {
    let workspace = try liveWorkspace(try memberWorkspace(call))
    let key = Self.key(workspace, call.parameters[1])
    _ = try find(.members, key)
    self[.members][key] = nil
    record(
      "platform_workspace_member_removed", by: call,
      ["user_id": .string(call.parameters[1]), "workspace_id": .string(workspace)])
    return [
      "type": "workspace_member_deleted", "user_id": .string(call.parameters[1]), "workspace_id": .string(workspace),
    ]
  }
}

extension Document {
  /// Without the sandbox's own members.
  var shown: JSON {
    guard contains(where: { $0.key.hasPrefix("_") }) else { return .object(self) }
    var shown = Document()
    for (key, value) in self where !key.hasPrefix("_") { shown[key] = value }
    return .object(shown)
  }
}
