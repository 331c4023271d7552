package import FoundationEssentials

/// Which tokens may act as which service account (Admin API, federation rules).
package struct FederationRule: Identified, WireObject, Hashable {
  package static let idPrefix = "fdrl"

  /// What a token must be like. All parts that are set must hold.
  package struct Match: Hashable, Sendable {
    /// Exact and case-sensitive; a prefix only when it ends in `*`.
    package var subjectPrefix: String?
    /// When nil, `aud` must still be the service's own audience.
    package var audience: String?
    /// Top-level claims that must be strings equal to these.
    package var claims: [String: String]
    /// CEL over `claims`.
    package var condition: String?

    package init(
      subjectPrefix: String? = nil, audience: String? = nil, claims: [String: String] = [:], condition: String? = nil
    ) {
      (self.subjectPrefix, self.audience) = (subjectPrefix, audience)
      (self.claims, self.condition) = (claims, condition)
    }

    package init(json: JSON) {
      subjectPrefix = json["subject_prefix"]?.string
      audience = json["audience"]?.string
      condition = json["condition"]?.string
      claims = [:]
      for (name, value) in json["claims"]?.object ?? [:] { claims[name] = value.string }
    }

    /// All four members, null where not set, as the platform writes it.
    package var json: JSON {
      [
        "subject_prefix": JSON(subjectPrefix), "audience": JSON(audience), "claims": claimsJSON,
        "condition": JSON(condition),
      ]
    }

    /// Only the members that are set, as a request has it.
    package var requestJSON: JSON {
      var object = JSON.Object()
      if let subjectPrefix { object["subject_prefix"] = .string(subjectPrefix) }
      if let audience { object["audience"] = .string(audience) }
      if !claims.isEmpty { object["claims"] = claimsJSON }
      if let condition { object["condition"] = .string(condition) }
      return .object(object)
    }

    private var claimsJSON: JSON {
      guard !claims.isEmpty else { return .null }
      var object = JSON.Object()
      for name in claims.keys.sorted() { object[name] = JSON(claims[name]) }
      return .object(object)
    }
  }

  package let id: ID<FederationRule>
  package var name: String
  package var description: String?
  package let issuerID: ID<Issuer>
  package var issuerName: String?
  package var match: Match
  package var accountID: ID<ServiceAccount>
  package var accountName: String?
  /// Space-separated scopes.
  package var scope: String
  /// Seconds, 60 to 86400.
  package var tokenLifetime: Int
  package var appliesToAllWorkspaces: Bool
  package var workspaceIDs: [ID<Workspace>]
  package let createdAt: Date
  package var updatedAt: Date
  package var archivedAt: Date?
  package var createdBy, updatedBy, archivedBy: String?

  package var isArchived: Bool { archivedAt != nil }

  package init(
    id: ID<FederationRule>, name: String, description: String?, issuerID: ID<Issuer>, match: Match,
    accountID: ID<ServiceAccount>, scope: String, tokenLifetime: Int, appliesToAllWorkspaces: Bool,
    workspaceIDs: [ID<Workspace>], createdAt: Date, createdBy: String?
  ) {
    (self.id, self.name, self.description, self.issuerID) = (id, name, description, issuerID)
    (self.match, self.accountID, self.scope, self.tokenLifetime) = (match, accountID, scope, tokenLifetime)
    (self.appliesToAllWorkspaces, self.workspaceIDs) = (appliesToAllWorkspaces, workspaceIDs)
    (self.createdAt, self.updatedAt, self.createdBy, self.updatedBy) = (createdAt, createdAt, createdBy, createdBy)
  }

  package init(json: JSON) throws(Undecodable) {
    id = try json.id("id")
    name = try json.text("name")
    description = json["description"]?.string
    issuerID = try json.id("issuer_id")
    issuerName = json["issuer_name"]?.string
    match = Match(json: try json.nested("match"))
    let target = try json.nested("target")
    accountID = try target.id("service_account_id")
    accountName = target["service_account_name"]?.string
    scope = try json.text("oauth_scope")
    tokenLifetime = try json.whole("token_lifetime_seconds")
    appliesToAllWorkspaces = json["applies_to_all_workspaces"]?.bool ?? false
    workspaceIDs = (json["workspace_ids"]?.array ?? []).compactMap { $0.string.flatMap { try? ID($0) } }
    createdAt = try json.time("created_at")
    updatedAt = json.optionalTime("updated_at") ?? createdAt
    archivedAt = json.optionalTime("archived_at")
    createdBy = json["created_by_actor_id"]?.string
    updatedBy = json["updated_by_actor_id"]?.string
    archivedBy = json["archived_by_actor_id"]?.string
  }

  package var json: JSON {
    [
      "id": JSON(id), "type": "federation_rule", "name": .string(name), "description": JSON(description),
      "issuer_id": JSON(issuerID), "issuer_name": JSON(issuerName), "match": match.json,
      "target": [
        "type": "service_account", "service_account_id": JSON(accountID), "service_account_name": JSON(accountName),
      ],
      "oauth_scope": .string(scope), "token_lifetime_seconds": JSON(tokenLifetime),
      "applies_to_all_workspaces": .bool(appliesToAllWorkspaces),
      "workspace_ids": .array(workspaceIDs.map { JSON($0) }),
      "created_at": JSON(createdAt), "created_by_actor_id": JSON(createdBy),
      "updated_at": JSON(updatedAt), "updated_by_actor_id": JSON(updatedBy),
      "archived_at": JSON(archivedAt), "archived_by_actor_id": JSON(archivedBy),
    ]
  }
}
