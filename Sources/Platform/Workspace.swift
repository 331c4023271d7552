package import FoundationEssentials

/// Where API calls count and are limited. Every organization has a default one with an identifier of its own.
package struct Workspace: Identified, WireObject, Hashable {
  package static let idPrefix = "wrkspc"
  package let id: ID<Workspace>
  package var name: String
  package let createdAt: Date
  package var archivedAt: Date?
  package var displayColor: String

  package init(id: ID<Workspace>, name: String, createdAt: Date, displayColor: String = "#6C5BB9") {
    (self.id, self.name, self.createdAt, self.displayColor) = (id, name, createdAt, displayColor)
  }

  package init(json: JSON) throws(Undecodable) {
    id = try json.id("id")
    name = try json.text("name")
    createdAt = try json.time("created_at")
    archivedAt = json.optionalTime("archived_at")
    displayColor = json["display_color"]?.string ?? ""
  }

  package var isArchived: Bool { archivedAt != nil }

  package var json: JSON {
    [
      "id": JSON(id), "type": "workspace", "name": .string(name), "display_color": .string(displayColor),
      "created_at": JSON(createdAt), "archived_at": JSON(archivedAt),
    ]
  }
}

/// That a service account belongs to a workspace, and as what.
package struct WorkspaceMembership: WireObject, Hashable {
  package let accountID: ID<ServiceAccount>
  package let workspaceID: ID<Workspace>
  /// `workspace_user`, `workspace_developer`, `workspace_restricted_developer`, `workspace_admin`. Open set.
  package var role: String
  /// The built-in membership of every account in the default workspace.
  package var isImplicit: Bool
  package var createdBy: String?

  package init(
    accountID: ID<ServiceAccount>, workspaceID: ID<Workspace>, role: String, isImplicit: Bool, createdBy: String?
  ) {
    (self.accountID, self.workspaceID, self.role) = (accountID, workspaceID, role)
    (self.isImplicit, self.createdBy) = (isImplicit, createdBy)
  }

  package init(json: JSON) throws(Undecodable) {
    accountID = try json.id("service_account_id")
    workspaceID = try json.id("workspace_id")
    role = try json.text("workspace_role")
    isImplicit = json["implicit"]?.bool ?? false
    createdBy = json["created_by_actor_id"]?.string
  }

  package var json: JSON {
    [
      "type": "service_account_workspace_member", "service_account_id": JSON(accountID),
      "workspace_id": JSON(workspaceID), "workspace_role": .string(role), "implicit": .bool(isImplicit),
      "created_by_actor_id": JSON(createdBy),
    ]
  }
}

/// What `GET /v1/organizations/me` answers. The identifier is a bare UUID.
package struct Organization: WireObject, Hashable {
  package let id, name: String
  package init(id: String, name: String) { (self.id, self.name) = (id, name) }
  package init(json: JSON) throws(Undecodable) {
    id = try json.text("id")
    name = try json.text("name")
  }

  package var json: JSON { ["id": .string(id), "type": "organization", "name": .string(name)] }
}
