package import FoundationEssentials

/// A static key (Admin API, API keys). The secret itself is never answered, and when it was last used is not kept:
/// usage by key tells.
package struct APIKey: Identified, WireObject, Hashable {
  package static let idPrefix = "apikey"

  /// `active`, `inactive`, `archived`, `expired`. Open set.
  package struct Status: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package static let active = Status(rawValue: "active")
    /// Off, and can be turned on again.
    package static let inactive = Status(rawValue: "inactive")
    /// Off for good.
    package static let archived = Status(rawValue: "archived")
    package static let expired = Status(rawValue: "expired")
  }

  /// Whom the key acts as.
  package enum Principal: Hashable, Sendable {
    case user(String)
    case account(ID<ServiceAccount>)
    /// A kind this program does not know, as it was received.
    case unknown(JSON)
  }

  package let id: ID<APIKey>
  package var name: String
  package var status: Status
  package let createdAt: Date
  /// `user_…` or `svac_…`; nil when it was not recorded.
  package var createdBy: String?
  package var expiresAt: Date?
  /// The first and last characters of the key, for telling keys apart.
  package var hint: String?
  /// Nil for a plain workspace key.
  package var principal: Principal?
  /// Nil for a key of the whole organization, which only a key with a principal can be.
  package var workspaceID: ID<Workspace>?

  package init(
    id: ID<APIKey>, name: String, status: Status = .active, createdAt: Date, createdBy: String? = nil,
    expiresAt: Date? = nil, hint: String? = nil, principal: Principal? = nil, workspaceID: ID<Workspace>? = nil
  ) {
    (self.id, self.name, self.status, self.createdAt, self.createdBy) = (id, name, status, createdAt, createdBy)
    (self.expiresAt, self.hint, self.principal, self.workspaceID) = (expiresAt, hint, principal, workspaceID)
  }

  /// Whom it acts as, by name where that is known.
  package func owner(_ accountNames: [ID<ServiceAccount>: String]) -> String {
    switch principal {
    case .account(let id): accountNames[id] ?? id.description
    case .user(let id): id
    case .unknown: "of an unknown kind"
    case nil: "the workspace"
    }
  }

  package init(json: JSON) throws(Undecodable) {
    id = try json.id("id")
    name = try json.text("name")
    status = Status(rawValue: try json.text("status"))
    createdAt = try json.time("created_at")
    createdBy = json.at("created_by.id")?.string
    expiresAt = json.optionalTime("expires_at")
    hint = json["partial_key_hint"]?.string
    principal = json["principal"].flatMap { $0.isNull ? nil : Principal(json: $0) }
    // Versions before 2026-10-21 have the workspace beside the scope, or alone.
    let workspace = json.at("scope.workspace_id")?.string ?? json["workspace_id"]?.string
    workspaceID = workspace.flatMap { try? ID($0) }
  }

  /// As version 2026-10-21 writes it.
  package var json: JSON {
    [
      "id": JSON(id), "type": "api_key", "name": .string(name), "status": .string(status.rawValue),
      "created_at": JSON(createdAt), "created_by": creatorJSON, "expires_at": JSON(expiresAt),
      "partial_key_hint": JSON(hint), "principal": principal?.json ?? .null,
      "scope": workspaceID.map { ["type": "workspace", "workspace_id": JSON($0)] } ?? ["type": "organization"],
    ]
  }

  private var creatorJSON: JSON {
    guard let createdBy else { return .null }
    let isAccount = createdBy.hasPrefix(ServiceAccount.idPrefix + "_")
    return ["id": .string(createdBy), "type": isAccount ? "service_account" : "user"]
  }
}

extension APIKey.Principal {
  package init(json: JSON) {
    if let account = json["service_account_id"]?.string.flatMap({ try? ID<ServiceAccount>($0) }) {
      self = .account(account)
    } else if let user = json["user_id"]?.string {
      self = .user(user)
    } else {
      self = .unknown(json)
    }
  }

  package var json: JSON {
    switch self {
    case .user(let id): ["type": "user_actor", "user_id": .string(id)]
    case .account(let id): ["type": "service_account_actor", "service_account_id": JSON(id)]
    case .unknown(let json): json
    }
  }
}
