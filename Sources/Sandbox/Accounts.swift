import FoundationEssentials
import Platform

/// Service accounts (Admin API, service accounts).
extension World {
  static let roles = ["developer", "admin"]

  mutating func createAccount(_ call: Call) throws(Refusal) -> JSON {
    let body = try call.fields([
      Field("name", required: true, Check.slug),
      Field("description", nullable: true, Check.text(0...2000)),
      Field("organization_role", Check.word(Self.roles)),
    ])
    let role = body["organization_role"]?.string ?? "developer"
    try requirePerson(call, for: role)
    try requireFreeName(body.text("name"), .accounts, "service account")
    let id = random.identifier("svac")
    var account: Document = [
      "id": .string(id), "type": "service_account", "name": .string(body.text("name")),
      "description": body["description"] ?? .null, "organization_role": .string(role),
    ]
    account.stamp(call)
    self[.accounts][id] = account
    record(
      "platform_service_account_created", by: call,
      ["organization_role": .string(role), "service_account_id": .string(id)])
    return .object(account)
  }

  func accounts(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["limit", "page", "include_archived"])
    let archived = try query.flag("include_archived")
    return try page(.accounts, query) {
      (archived || !$0.isArchived) && $0.isVisible(to: call)
    } present: {
      .object($0)
    }
  }

  func account(_ call: Call) throws(Refusal) -> JSON {
    let account = try find(.accounts, call.parameters[0])
    guard account.isVisible(to: call) else { throw .notFound }
    return .object(account)
  }

  mutating func updateAccount(_ call: Call) throws(Refusal) -> JSON {
    let old = try find(.accounts, call.parameters[0])
    let body = try call.fields([
      Field("description", nullable: true, Check.text(0...2000)),
      Field("organization_role", nullable: true, Check.word(Self.roles)),
    ])
    guard !old.isArchived else { throw .invalid("An archived service account cannot be updated.") }
    if let role = body["organization_role"]?.string { try requirePerson(call, for: role) }
    var new = old
    if let description = body["description"] { new["description"] = description.isNull ? "" : description }
    new.take(["organization_role"], from: body)
    new.touch(call)
    self[.accounts][call.parameters[0]] = new
    record(
      "platform_service_account_updated", by: call,
      [
        "service_account_id": .string(call.parameters[0]),
        "updates": Change.list(from: old, to: new, ["description", "organization_role"]),
      ])
    return .object(new)
  }

  mutating func archiveAccount(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    var account = try find(.accounts, id)
    guard !account.isArchived else { return .object(account) }
    let rules = self[.rules].documents.filter { !$0.isArchived && $0["target"]?["service_account_id"]?.string == id }
    guard rules.isEmpty else {
      let names = rules.prefix(3).map { $0.text("name") }.joined(separator: ", ")
      throw .invalid(
        "Service account is the target of \(rules.count) live federation rule(s): \(names). Archive them first.")
    }
    account.archive(call)
    self[.accounts][id] = account
    record("platform_service_account_archived", by: call, ["service_account_id": .string(id)])
    return .object(account)
  }

  /// Only a person may make an administrator of an account.
  private func requirePerson(_ call: Call, for role: String) throws(Refusal) {
    guard role != "admin" || call.caller.isPerson else {
      throw .forbidden("Setting organization_role to admin requires an interactive credential.")
    }
  }

  /// Names are unique over live and archived ones.
  func requireFreeName(
    _ name: String, _ kind: Kind, _ thing: String, except id: String? = nil
  ) throws(Refusal) {
    if let holder = self[kind].holder(of: name), holder != id {
      throw .conflict("A \(thing) named '\(name)' already exists in this organization.")
    }
  }
}

extension Document {
  /// The members that say when and by whom it was made, for a new one.
  mutating func stamp(_ call: Call) {
    let actor = JSON(call.caller.actorID)
    (self["created_at"], self["created_by_actor_id"]) = (call.timestamp, actor)
    (self["updated_at"], self["updated_by_actor_id"]) = (call.timestamp, actor)
    (self["archived_at"], self["archived_by_actor_id"]) = (.null, .null)
  }

  mutating func touch(_ call: Call) {
    (self["updated_at"], self["updated_by_actor_id"]) = (call.timestamp, JSON(call.caller.actorID))
  }

  mutating func archive(_ call: Call) {
    (self["archived_at"], self["archived_by_actor_id"]) = (call.timestamp, JSON(call.caller.actorID))
    touch(call)
  }

  /// Whether enough time has passed since it was made, where a fault delays that.
  func isVisible(to call: Call) -> Bool {
    call.visibleUntil == .distantFuture || optionalTime("created_at").map { $0 <= call.visibleUntil } ?? true
  }

  private func optionalTime(_ key: String) -> Date? { JSON.object(self).optionalTime(key) }
}

/// One entry of an event's `updates`: all values are texts, also numbers and lists (audit log reference, change lists).
enum Change {
  /// - Parameter names: members whose name is the change's `type`.
  static func list(from old: Document, to new: Document, _ names: [String]) -> JSON {
    list(names.map { (type: $0, old: old[$0] ?? .null, new: new[$0] ?? .null) })
  }

  static func list(_ candidates: [(type: String, old: JSON, new: JSON)]) -> JSON {
    let changed = candidates.filter { $0.old != $0.new }
    return .array(
      changed.map { change in
        [
          "type": .string(change.type), "previous_value": .string(text(change.old)),
          "current_value": .string(text(change.new)),
        ]
      })
  }

  private static func text(_ value: JSON) -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    default: value.compact
    }
  }
}
