import Platform

/// Rate limits of the organization and what its workspaces override (Admin API, rate limits).
extension World {
  private static let groupTypes = ["model_group", "batch", "token_count", "files", "skills", "web_search"]

  /// The limits every organization of the sandbox has.
  mutating func setUpLimits() {
    let models: [(name: String, models: [String], limits: [(String, Int)])] = [
      (
        "Claude Sonnet 5.x", ["claude-sonnet-5"],
        [("requests_per_minute", 4000), ("input_tokens_per_minute", 2_000_000), ("output_tokens_per_minute", 400_000)]
      ),
      (
        "Claude Opus 4.x", ["claude-opus-4-8", "claude-opus-4-6"],
        [("requests_per_minute", 2000), ("input_tokens_per_minute", 800_000), ("output_tokens_per_minute", 160_000)]
      ),
      (
        "Claude Haiku 4.x", ["claude-haiku-4-5"],
        [("requests_per_minute", 4000), ("input_tokens_per_minute", 4_000_000), ("output_tokens_per_minute", 800_000)]
      ),
    ]
    for group in models {
      addLimit(
        [
          "type": "model_group", "id": .string(random.identifier("rlg")), "display_name": .string(group.name),
        ], models: .array(group.models.map(JSON.string)), group.limits)
    }
    let others: [(String, [(String, Int)])] = [
      ("batch", [("requests_per_minute", 4000), ("enqueued_batch_requests", 500_000)]),
      ("token_count", [("requests_per_minute", 8000)]), ("files", [("requests_per_minute", 1000)]),
      ("web_search", [("tool_uses_per_second", 30)]),
    ]
    for (type, limits) in others {
      addLimit(["type": .string(type), "id": .string(random.identifier("rlg"))], models: .null, limits)
    }
  }

  private mutating func addLimit(_ group: JSON, models: JSON, _ limits: [(String, Int)]) {
    let id = random.identifier("rlim")
    self[.limits][id] = [
      "id": .string(id), "type": "rate_limit", "group": group, "models": models,
      "limits": .array(limits.map { ["type": .string($0.0), "value": JSON($0.1)] }),
    ]
  }

  func limits(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["group_type", "model", "limit", "page"])
    let type = try groupType(query)
    let model = query.text("model")
    if let model, !self[.limits].documents.contains(where: { $0["models"]?.array?.contains(.string(model)) == true }) {
      throw .notFound
    }
    return try page(.limits, query, limits: 1...1000, default: 1000) { limit in
      (type == nil || limit["group"]?["type"]?.string == type)
        && (model == nil || limit["models"]?.array?.contains(JSON(model)) == true)
    } present: {
      withGroupType($0, for: call)
    }
  }

  private func groupType(_ query: Query) throws(Refusal) -> String? {
    guard let type = query.text("group_type") else { return nil }
    if let fault = Check.word(Self.groupTypes)(.string(type)) { throw .field("group_type", fault) }
    return type
  }

  private func withGroupType(_ limit: Document, for call: Call) -> JSON {
    guard call.version == .older else { return .object(limit) }
    var limit = limit
    limit["group_type"] = limit["group"]?["type"]
    return .object(limit)
  }

  // MARK: Of a workspace

  /// Only overrides, unless what is inherited is asked for too.
  func workspaceLimits(_ call: Call) throws(Refusal) -> JSON {
    let workspace = call.parameters[0]
    _ = try find(.workspaces, workspace)
    let query = try Query(call, ["group_type", "include_inherited", "limit", "page"])
    let (type, inherited) = (try groupType(query), try query.flag("include_inherited"))
    return try page(.limits, query, limits: 1...1000, default: 1000) { limit in
      (type == nil || limit["group"]?["type"]?.string == type)
        && (inherited || !overrides(of: workspace, limit.text("id")).isEmpty)
    } present: {
      workspaceLimit($0, of: workspace, inherited: inherited, for: call)
    }
  }

  private func overrides(of workspace: String, _ limit: String) -> Document {
    self[.overrides]["\(workspace)|\(limit)"] ?? [:]
  }

  private func workspaceLimit(_ limit: Document, of workspace: String, inherited: Bool, for call: Call) -> JSON {
    let own = overrides(of: workspace, limit.text("id"))
    let rows: [JSON] = (limit["limits"]?.array ?? []).compactMap { row in
      let value = own[row["type"]?.string ?? ""]
      guard value != nil || inherited else { return nil }
      return [
        "type": row["type"] ?? .null, "value": value ?? row["value"] ?? .null, "org_limit": row["value"] ?? .null,
        "source": ["type": value == nil ? "organization" : "workspace"],
      ]
    }
    return withGroupType(
      [
        "type": "workspace_rate_limit", "workspace_id": .string(workspace), "rate_limit_id": limit["id"] ?? .null,
        "group": limit["group"] ?? .null, "models": limit["models"] ?? .null, "limits": .array(rows),
      ], for: call)
  }

  mutating func updateWorkspaceLimit(_ call: Call) throws(Refusal) -> JSON {
    let workspace = try liveWorkspace(call.parameters[0])
    guard workspace != defaultWorkspace else { throw .invalid("The default workspace cannot be limited.") }
    let limit = try find(.limits, call.parameters[1])
    let types = (limit["limits"]?.array ?? []).compactMap { $0["type"]?.string }
    let body = try call.fields([Field("limits", required: true, Check.list(1...20, of: Check.object))])
    var own = overrides(of: workspace, call.parameters[1])
    for (index, row) in (body["limits"]?.array ?? []).enumerated() {
      try Call.check(
        row.object ?? [:],
        [
          Field("type", required: true, Check.word(types)),
          Field("value", required: true, nullable: true, Check.number(1...1_000_000_000)),
        ], within: "limits.\(index).")
      let (type, value) = (row["type"]?.string ?? "", row["value"] ?? .null)
      own[type] = value.isNull ? .none : value
      var event: Document = [
        "workspace_id": .string(workspace), "limiter_type": .string(type),
        "model_group": limit["group"]?["id"] ?? .null,
      ]
      if !value.isNull { event["value"] = value }
      record("platform_workspace_rate_limit_\(value.isNull ? "deleted" : "updated")", by: call, event)
    }
    self[.overrides]["\(workspace)|\(call.parameters[1])"] = own.isEmpty ? nil : own
    return workspaceLimit(limit, of: workspace, inherited: false, for: call)
  }
}
