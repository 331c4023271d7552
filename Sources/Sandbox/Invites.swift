import FoundationEssentials
import Platform

/// Invites (Admin API, invites). No e-mail is sent from a sandbox.
extension World {
  private static let statuses = ["pending", "accepted", "expired", "deleted"]
  private static let invitedRoles = ["user", "developer", "billing", "claude_code_user", "managed"]
  /// Seconds an invite stands: 21 days, fixed.
  private static let inviteLifetime = 21.0 * 86400

  mutating func createInvite(_ call: Call) throws(Refusal) -> JSON {
    let body = try call.fields([
      Field("email", required: true, Check.email),
      Field("role", required: true, Check.word(Self.invitedRoles)),
      Field("rbac_group_ids", nullable: true, Check.list(0...100, of: Check.text(1...255))),
    ])
    let email = body.text("email").lowercased()
    if self[.users].documents.contains(where: { $0.text("email").lowercased() == email }) {
      throw .invalid("The e-mail address belongs to a member already.", code: "already_member")
    }
    let isPending = self[.invites].documents.contains {
      $0.text("email").lowercased() == email && inviteStatus($0, at: call.now) == "pending"
    }
    if isPending {
      throw .invalid("An invite for this e-mail address is pending already.", code: "invite_already_exists")
    }
    let id = random.identifier("invite")
    let invite: Document = [
      "id": .string(id), "type": "invite", "email": body["email"] ?? .null, "role": body["role"] ?? .null,
      "status": "pending", "invited_at": call.timestamp,
      "expires_at": JSON(call.now.addingTimeInterval(Self.inviteLifetime)), "accepted_at": .null,
      "rbac_group_ids": body["rbac_group_ids"]?.array.map(JSON.array) ?? [],
    ]
    self[.invites][id] = invite
    record(
      "org_user_invite_sent", by: call,
      ["invited_email": body["email"] ?? .null, "invited_role": body["role"] ?? .null])
    return .object(invite)
  }

  func invites(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["limit", "after_id", "before_id", "email", "roles[]", "statuses[]"])
    let (email, roles, statuses) = (query.text("email")?.lowercased(), query.list("roles"), query.list("statuses"))
    for status in statuses {
      if let fault = Check.word(Self.statuses)(.string(status)) { throw .field("statuses", fault) }
    }
    return try idPage(.invites, query) { invite in
      let status = inviteStatus(invite, at: call.now)
      return (email == nil || invite.text("email").lowercased() == email)
        && (roles.isEmpty || roles.contains(invite.text("role")))
        && (statuses.isEmpty ? status != "deleted" : statuses.contains(status))
    } present: {
      present(invite: $0, at: call.now)
    }
  }

  func invite(_ call: Call) throws(Refusal) -> JSON {
    present(invite: try find(.invites, call.parameters[0]), at: call.now)
  }

  mutating func deleteInvite(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    var invite = try find(.invites, id)
    let status = inviteStatus(invite, at: call.now)
    guard status == "pending" else { throw .invalid("Only a pending invite can be deleted; this one is \(status).") }
    invite["status"] = "deleted"
    self[.invites][id] = invite
    return ["type": "invite_deleted", "id": .string(id)]
  }

  private func inviteStatus(_ invite: Document, at now: Date) -> String {
    let status = invite.text("status")
    guard status == "pending", let end = JSON.object(invite).optionalTime("expires_at"), end <= now else {
      return status
    }
    return "expired"
  }

  private func present(invite: Document, at now: Date) -> JSON {
    var invite = invite
    invite["status"] = .string(inviteStatus(invite, at: now))
    return .object(invite)
  }
}
