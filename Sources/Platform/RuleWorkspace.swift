package import FoundationEssentials

/// That a rule may mint tokens for a workspace (Admin API, federation rules).
package struct RuleWorkspace: WireObject, Hashable {
  package let ruleID: ID<FederationRule>
  package let workspaceID: ID<Workspace>
  /// Filled in lists, absent in the answer to an addition.
  package var workspaceName: String?
  package let createdAt: Date
  package var createdBy: String?

  package init(
    ruleID: ID<FederationRule>, workspaceID: ID<Workspace>, workspaceName: String?, createdAt: Date, createdBy: String?
  ) {
    (self.ruleID, self.workspaceID, self.workspaceName) = (ruleID, workspaceID, workspaceName)
    (self.createdAt, self.createdBy) = (createdAt, createdBy)
  }

  package init(json: JSON) throws(Undecodable) {
    ruleID = try json.id("federation_rule_id")
    workspaceID = try json.id("workspace_id")
    workspaceName = json["workspace_name"]?.string
    createdAt = try json.time("created_at")
    createdBy = json["created_by_actor_id"]?.string
  }

  package var json: JSON {
    [
      "type": "federation_rule_workspace", "federation_rule_id": JSON(ruleID), "workspace_id": JSON(workspaceID),
      "workspace_name": JSON(workspaceName), "created_at": JSON(createdAt), "created_by_actor_id": JSON(createdBy),
    ]
  }
}
