/// How much one group of models, or one service, may be used in a workspace (Admin API, workspace rate limits).
package struct WorkspaceLimit: WireObject, Hashable {
  /// One limiter of the group.
  package struct Limiter: Hashable, Sendable {
    /// `requests_per_minute` and the like. Open set.
    package let type: String
    /// Nil where there is none.
    package let value: Int?
    /// What the whole organization may; a greater value of a workspace has no effect. Nil where it is not told.
    package let organizationValue: Int?
    /// Whether the workspace sets it; else it has the organization's.
    package let isOwn: Bool
  }

  /// `model_group`, `batch`, `files` and the like. Open set.
  package let groupType: String
  /// What people call it; the type where it has no name.
  package let name: String
  /// Empty where the group is not one of models.
  package let models: [String]
  package let limiters: [Limiter]
  /// As it was received.
  package let json: JSON

  package init(json: JSON) throws(Undecodable) {
    let group = try json.nested("group")
    groupType = try group.text("type")
    name = group["display_name"]?.string ?? groupType
    models = (json["models"]?.array ?? []).compactMap(\.string)
    limiters = (json["limits"]?.array ?? []).compactMap { limit in
      guard let type = limit["type"]?.string else { return nil }
      return Limiter(
        type: type, value: limit["value"]?.int, organizationValue: limit["org_limit"]?.int,
        isOwn: limit.at("source.type")?.string == "workspace")
    }
    self.json = json
  }
}
