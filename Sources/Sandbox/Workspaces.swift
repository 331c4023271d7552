import Platform

/// The organization and its workspaces (Admin API, organization, workspaces).
extension World {
  static let workspaceCap = 100
  private static let geos = ["global", "us"]

  func me(_ call: Call) -> JSON {
    ["type": "organization", "id": organization["id"] ?? .null, "name": organization["name"] ?? .null]
  }

  private static let workspaceFields = [
    Field("name", Check.text(1...40)),
    Field("display_color", nullable: true, Check.colour),
    Field("tags", nullable: true) { value in
      guard let tags = value.object else { return "Input should be a valid dictionary" }
      if tags.contains(where: { $0.key.hasPrefix("anthropic") }) { return "Keys may not begin with 'anthropic'" }
      return tags.allSatisfy { $0.value.string != nil || $0.value.isNull } ? nil : "Input should be a valid string"
    },
    Field("data_residency", nullable: true, Check.object),
    Field("external_key_id", nullable: true, Check.text(1...255)),
    Field("user_profile_id", nullable: true, Check.text(1...255)),
  ]

  mutating func createWorkspace(_ call: Call) throws(Refusal) -> JSON {
    var fields = Self.workspaceFields
    fields[0].isRequired = true
    let body = try call.fields(fields)
    guard self[.workspaces].documents.filter({ !$0.isArchived }).count < Self.workspaceCap else {
      throw .invalid("The organization has reached its limit of \(Self.workspaceCap) workspaces.")
    }
    if body.has("external_key_id") { throw .field("external_key_id", "Customer-managed keys are not enabled") }
    if body.has("user_profile_id") { throw .invalid("user_profile_id: Not found", code: "user_profile_not_found") }
    let workspace = makeWorkspace(
      named: body.text("name"), color: body["display_color"]?.string, tags: body["tags"]?.object ?? [:],
      residency: try Self.residency(body["data_residency"], over: nil), at: call.timestamp)
    record("platform_workspace_created", by: call, ["workspace_id": workspace["id"] ?? .null])
    return .object(workspace)
  }

  private static let colours = ["#6C5BB9", "#B95B6C", "#5BB98A", "#B9985B", "#5B8DB9", "#8AB95B"]

  @discardableResult
  mutating func makeWorkspace(
    named name: String, color: String? = nil, tags: Document = [:], residency: JSON? = nil, at time: JSON
  ) -> Document {
    let id = random.identifier("wrkspc")
    let workspace: Document = [
      "id": .string(id), "type": "workspace", "name": .string(name),
      "display_color": .string(color ?? Self.colours[self[.workspaces].count % Self.colours.count]),
      "compartment_id": .string(random.uuid()), "created_at": time, "archived_at": .null,
      "data_residency": residency ?? Self.defaultResidency, "external_key_id": .null,
      "tags": .object(tags), "user_profile_id": .null,
    ]
    self[.workspaces][id] = workspace
    return workspace
  }

  func workspaces(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["limit", "after_id", "before_id", "include_archived", "include_default", "ids[]"])
    let (archived, withDefault) = (try query.flag("include_archived"), try query.flag("include_default"))
    let ids = query.list("ids")
    guard ids.count <= 100 else { throw .field("ids", "List should have at most 100 items") }
    let main = defaultWorkspace
    return try idPage(.workspaces, query) { workspace in
      let id = workspace.text("id")
      return (archived || !workspace.isArchived) && (withDefault || id != main) && (ids.isEmpty || ids.contains(id))
    } present: {
      .object($0)
    }
  }

  func workspace(_ call: Call) throws(Refusal) -> JSON { .object(try find(.workspaces, call.parameters[0])) }

  mutating func updateWorkspace(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    let old = try find(.workspaces, id)
    let body = try call.fields(Self.workspaceFields)
    guard !old.isArchived else { throw .invalid("An archived workspace cannot be updated.") }
    guard id != defaultWorkspace || !body.has("name") else {
      throw .field("name", "The default workspace cannot be renamed")
    }
    if body.has("external_key_id") { throw .field("external_key_id", "Customer-managed keys are not enabled") }
    if body.has("user_profile_id") { throw .invalid("user_profile_id: Not found", code: "user_profile_not_found") }
    var new = old
    new.take(["name", "display_color"], from: body)
    if let changes = body["tags"]?.object {
      var tags = old["tags"]?.object ?? [:]
      for (key, value) in changes { tags[key] = value.isNull ? .none : value }
      new["tags"] = .object(tags)
    }
    if body.has("data_residency") {
      new["data_residency"] = try Self.residency(body["data_residency"], over: old["data_residency"])
    }
    self[.workspaces][id] = new
    let residency = ["default_inference_geo", "allowed_inference_geos"].map { name in
      (type: name, old: old["data_residency"]?[name] ?? .null, new: new["data_residency"]?[name] ?? .null)
    }
    let plain = ["name", "display_color"].map { (type: $0, old: old[$0] ?? .null, new: new[$0] ?? .null) }
    record(
      "platform_workspace_updated", by: call,
      ["workspace_id": .string(id), "updates": Change.list(plain + residency)])
    return .object(new)
  }

  /// For good; every key in it stops working.
  mutating func archiveWorkspace(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    var workspace = try find(.workspaces, id)
    guard id != defaultWorkspace else { throw .invalid("The default workspace cannot be archived.") }
    guard !workspace.isArchived else { return .object(workspace) }
    workspace["archived_at"] = call.timestamp
    self[.workspaces][id] = workspace
    for var key in Array(self[.keys].documents) where key["scope"]?["workspace_id"]?.string == id {
      guard key.text("status") != "archived" else { continue }
      key["status"] = "archived"
      self[.keys][key.text("id")] = key
    }
    record("platform_workspace_archived", by: call, ["workspace_id": .string(id)])
    return .object(workspace)
  }

  static let defaultResidency: JSON = [
    "workspace_geo": "us", "default_inference_geo": "global", "allowed_inference_geos": "unrestricted",
  ]

  private static func residency(_ value: JSON?, over old: JSON?) throws(Refusal) -> JSON {
    let object = value?.object ?? [:]
    try Call.check(
      object,
      [
        Field("workspace_geo", nullable: true, Check.word(["us"])),
        Field("default_inference_geo", nullable: true, Check.word(geos)),
        Field("allowed_inference_geos", nullable: true) { value in
          if value == "unrestricted" { return nil }
          return Check.list(1...10, of: Check.word(geos))(value)
        },
      ], within: "data_residency.")
    var new = (old ?? defaultResidency).object ?? [:]
    new.take(["default_inference_geo", "allowed_inference_geos"], from: object)
    return .object(new)
  }

  // MARK: The switch of the activity feed

  func complianceSettings(_ call: Call) -> JSON {
    ["type": "compliance_settings", "state": ["type": .string(isRecording ? "enabled" : "disabled")]]
  }

  var isRecording: Bool { organization["_recording"] != false }

  mutating func updateComplianceSettings(_ call: Call) throws(Refusal) -> JSON {
    let states = ["enabled", "disabled"]
    let body = try call.fields([
      Field("state", required: true) { Check.word(states)($0["type"] ?? $0) }
    ])
    let wanted = (body["state"]?["type"] ?? body["state"])?.string == "enabled"
    if wanted != isRecording {
      organization["_recording"] = .bool(wanted)
      record(
        "org_compliance_api_settings_updated", by: call,
        ["compliance_api_enabled": .bool(wanted), "compliance_api_logging_enabled": .bool(wanted)], always: true)
    }
    return complianceSettings(call)
  }
}
