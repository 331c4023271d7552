import Platform

/// Federation rules (Admin API, federation rules).
extension World {
  private static let ruleFields = [
    Field("name", Check.slug),
    Field("match", Check.object),
    Field("target", Check.object),
    Field("oauth_scope", Check.text(1...1024)),
    Field("description", nullable: true, Check.text(0...2000)),
    Field("workspace_id", nullable: true, Check.identifier("wrkspc")),
    Field("applies_to_all_workspaces", nullable: true, Check.flag),
    Field("token_lifetime_seconds", nullable: true, Check.number(60...86400)),
    Field("attributes", nullable: true) { $0.object?.isEmpty == true ? nil : "Attributes are not supported" },
  ]

  mutating func createRule(_ call: Call) throws(Refusal) -> JSON {
    var fields = Self.ruleFields
    for index in 0..<4 { fields[index].isRequired = true }
    fields.insert(Field("issuer_id", required: true, Check.identifier("fdis")), at: 1)
    let body = try call.fields(fields)
    let match = try Self.match(body["match"])
    try requireManageable(body.text("oauth_scope"))
    guard let issuer = self[.issuers][body.text("issuer_id")], !issuer.isArchived else {
      throw .field("issuer_id", "No live federation issuer has this id")
    }
    let target = try liveTarget(body["target"])
    let coversAll = body["applies_to_all_workspaces"]?.bool ?? false
    let workspace = try enabledWorkspace(body["workspace_id"])
    guard workspace != nil || coversAll else {
      throw .field("workspace_id", "Field required unless applies_to_all_workspaces is true")
    }
    try requirePinned(match, at: issuer.text("issuer_url"))
    try requireFreeName(body.text("name"), .rules, "federation rule")
    let id = random.identifier("fdrl")
    var rule: Document = [
      "id": .string(id), "type": "federation_rule", "name": .string(body.text("name")),
      "description": body["description"] ?? .null, "issuer_id": .string(body.text("issuer_id")),
      "match": match.json, "target": target, "oauth_scope": .string(body.text("oauth_scope")),
      "token_lifetime_seconds": JSON(body["token_lifetime_seconds"]?.int ?? 3600),
      "applies_to_all_workspaces": .bool(coversAll),
      "_enabled": .array(workspace.map { [Self.enablement(of: $0, call)] } ?? []),
    ]
    rule.stamp(call)
    self[.rules][id] = rule
    recordCreation(ofRule: rule, match, by: call)
    return present(rule: rule, for: call)
  }

  func rules(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["limit", "page", "include_archived", "issuer_id"])
    let (archived, issuer) = (try query.flag("include_archived"), query.text("issuer_id"))
    return try page(.rules, query) { rule in
      (archived || !rule.isArchived) && (issuer == nil || rule.text("issuer_id") == issuer)
    } present: {
      present(rule: $0, for: call)
    }
  }

  func rule(_ call: Call) throws(Refusal) -> JSON { present(rule: try find(.rules, call.parameters[0]), for: call) }

  mutating func updateRule(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    let old = try find(.rules, id)
    let body = try call.fields(Self.ruleFields)
    guard !old.isArchived else { throw .invalid("An archived federation rule cannot be updated.") }
    try requireManageable(old.text("oauth_scope"))
    if let scope = body["oauth_scope"]?.string { try requireManageable(scope) }
    var new = old
    new.take(["name", "oauth_scope", "token_lifetime_seconds", "applies_to_all_workspaces"], from: body)
    if let description = body["description"] { new["description"] = description.isNull ? "" : description }
    if body.has("match") { new["match"] = try Self.match(body["match"]).json }
    if body.has("target") { new["target"] = try liveTarget(body["target"]) }
    if let workspace = try enabledWorkspace(body["workspace_id"]) {
      guard Self.enabledWorkspaces(old).count <= 1 else {
        throw .field("workspace_id", "The rule is enabled for several workspaces; use its workspaces sub-resource")
      }
      if Self.enabledWorkspaces(old) != [workspace] { new["_enabled"] = [Self.enablement(of: workspace, call)] }
    }
    guard
      new["applies_to_all_workspaces"] == true || old["applies_to_all_workspaces"] == false
        || !Self.enabledWorkspaces(new).isEmpty
    else { throw .field("applies_to_all_workspaces", "No workspace would remain") }
    // Looked at on every update: a stored match that does not conform must be mended with it.
    try requirePinned(
      FederationRule.Match(json: new["match"] ?? .null),
      at: self[.issuers][old.text("issuer_id")]?.text("issuer_url") ?? "")
    if let name = body["name"]?.string { try requireFreeName(name, .rules, "federation rule", except: id) }
    new.touch(call)
    self[.rules][id] = new
    record(
      "platform_federation_rule_updated", by: call,
      ["federation_rule_id": .string(id), "updates": Self.ruleChanges(from: old, to: new)])
    return present(rule: new, for: call)
  }

  mutating func archiveRule(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    var rule = try find(.rules, id)
    try requireManageable(rule.text("oauth_scope"))
    guard !rule.isArchived else { return present(rule: rule, for: call) }
    rule.archive(call)
    rule["_enabled"] = []
    self[.rules][id] = rule
    record("platform_federation_rule_archived", by: call, ["federation_rule_id": .string(id)])
    return present(rule: rule, for: call)
  }

  // MARK: Workspaces of a rule

  /// Everything in one answer; `limit` and `page` are taken and have no effect.
  func workspacesOfRule(_ call: Call) throws(Refusal) -> JSON {
    let rule = try find(.rules, call.parameters[0])
    _ = try Query(call, ["limit", "page"])
    let rows = (rule["_enabled"]?.array ?? []).map { enabled in
      presentEnablement(
        enabled, of: call.parameters[0], name: self[.workspaces][enabled["workspace_id"]?.string ?? ""]?["name"])
    }
    return ["data": .array(rows), "next_page": .null]
  }

  mutating func enableWorkspace(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    var rule = try find(.rules, id)
    let body = try call.fields([Field("workspace_id", required: true, Check.identifier("wrkspc"))])
    guard !rule.isArchived else { throw .invalid("The federation rule is archived.") }
    try requireManageable(rule.text("oauth_scope"))
    guard let workspace = try enabledWorkspace(body["workspace_id"]) else {
      throw .field("workspace_id", "Field required")
    }
    var enabled = rule["_enabled"]?.array ?? []
    let known = enabled.first { $0["workspace_id"]?.string == workspace }
    let enablement = known ?? Self.enablement(of: workspace, call)
    if known == nil {
      enabled.append(enablement)
      rule["_enabled"] = .array(enabled)
      rule.touch(call)
      self[.rules][id] = rule
      record(
        "platform_federation_rule_workspace_added", by: call,
        ["federation_rule_id": .string(id), "workspace_id": .string(workspace)])
    }
    return presentEnablement(enablement, of: id, name: nil)
  }

  mutating func disableWorkspace(_ call: Call) throws(Refusal) -> JSON {
    let (id, workspace) = (call.parameters[0], call.parameters[1])
    var rule = try find(.rules, id)
    try requireManageable(rule.text("oauth_scope"))
    let enabled = rule["_enabled"]?.array ?? []
    let left = enabled.filter { $0["workspace_id"]?.string != workspace }
    if left.count < enabled.count {
      rule["_enabled"] = .array(left)
      rule.touch(call)
      self[.rules][id] = rule
      record(
        "platform_federation_rule_workspace_removed", by: call,
        ["federation_rule_id": .string(id), "workspace_id": .string(workspace)])
    }
    return [
      "type": "federation_rule_workspace_deleted", "federation_rule_id": .string(id),
      "workspace_id": .string(workspace),
    ]
  }

  static func enabledWorkspaces(_ rule: Document) -> [String] {
    (rule["_enabled"]?.array ?? []).compactMap { $0["workspace_id"]?.string }
  }

  private static func enablement(of workspace: String, _ call: Call) -> JSON {
    [
      "workspace_id": .string(workspace), "created_at": call.timestamp,
      "created_by_actor_id": JSON(call.caller.actorID),
    ]
  }

  private func presentEnablement(_ enabled: JSON, of rule: String, name: JSON?) -> JSON {
    [
      "type": "federation_rule_workspace", "federation_rule_id": .string(rule),
      "workspace_id": enabled["workspace_id"] ?? .null, "workspace_name": name ?? .null,
      "created_at": enabled["created_at"] ?? .null, "created_by_actor_id": enabled["created_by_actor_id"] ?? .null,
    ]
  }
}
