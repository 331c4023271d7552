/// What changes of a service account; nil leaves a member as it is. The name never changes.
package struct AccountUpdate: Hashable, Sendable {
  /// The empty text clears it.
  package var description: String?
  package var role: ServiceAccount.Role?

  package init(description: String? = nil, role: ServiceAccount.Role? = nil) {
    (self.description, self.role) = (description, role)
  }

  package var json: JSON {
    var body = JSON.Object()
    if let description { body["description"] = .string(description) }
    if let role { body["organization_role"] = .string(role.rawValue) }
    return .object(body)
  }
}

/// What changes of an issuer; nil leaves a member as it is.
package struct IssuerUpdate: Hashable, Sendable {
  package var name, issuerURL: String?
  /// All of it: the platform replaces keys as a whole.
  package var keys: Issuer.Keys?
  package var checksJTI: Bool?
  /// Seconds, 1 to 176400.
  package var maxTokenLifetime: Int?
  /// Polling that was paused after repeated failures starts again. It cannot be paused by hand.
  package var resumesPolling: Bool

  package init(
    name: String? = nil, issuerURL: String? = nil, keys: Issuer.Keys? = nil, checksJTI: Bool? = nil,
    maxTokenLifetime: Int? = nil, resumesPolling: Bool = false
  ) {
    (self.name, self.issuerURL, self.keys, self.checksJTI) = (name, issuerURL, keys, checksJTI)
    (self.maxTokenLifetime, self.resumesPolling) = (maxTokenLifetime, resumesPolling)
  }

  package var json: JSON {
    var body = JSON.Object()
    if let name { body["name"] = .string(name) }
    if let issuerURL { body["issuer_url"] = .string(issuerURL) }
    if let keys { body["jwks"] = keys.json }
    if let checksJTI { body["check_jti"] = .bool(checksJTI) }
    if let maxTokenLifetime { body["max_jwt_lifetime_seconds"] = JSON(maxTokenLifetime) }
    if resumesPolling { body["jwks_polling_disabled"] = false }
    return .object(body)
  }
}

/// What changes of a rule; nil leaves a member as it is. The issuer never changes.
package struct RuleUpdate: Hashable, Sendable {
  package var name: String?
  /// The empty text clears it.
  package var description: String?
  /// All of it: the platform replaces a match as a whole.
  package var match: FederationRule.Match?
  package var accountID: ID<ServiceAccount>?
  package var scope: String?
  /// Seconds, 60 to 86400.
  package var tokenLifetime: Int?
  /// In place of the only one enabled; refused by the platform when there are several.
  package var workspaceID: ID<Workspace>?
  package var appliesToAllWorkspaces: Bool?

  package init(
    name: String? = nil, description: String? = nil, match: FederationRule.Match? = nil,
    accountID: ID<ServiceAccount>? = nil, scope: String? = nil, tokenLifetime: Int? = nil,
    workspaceID: ID<Workspace>? = nil, appliesToAllWorkspaces: Bool? = nil
  ) {
    (self.name, self.description, self.match, self.accountID) = (name, description, match, accountID)
    (self.scope, self.tokenLifetime, self.workspaceID) = (scope, tokenLifetime, workspaceID)
    self.appliesToAllWorkspaces = appliesToAllWorkspaces
  }

  package var json: JSON {
    var body = JSON.Object()
    if let name { body["name"] = .string(name) }
    if let description { body["description"] = .string(description) }
    if let match { body["match"] = match.requestJSON }
    if let accountID { body["target"] = ["type": "service_account", "service_account_id": JSON(accountID)] }
    if let scope { body["oauth_scope"] = .string(scope) }
    if let tokenLifetime { body["token_lifetime_seconds"] = JSON(tokenLifetime) }
    if let workspaceID { body["workspace_id"] = JSON(workspaceID) }
    if let appliesToAllWorkspaces { body["applies_to_all_workspaces"] = .bool(appliesToAllWorkspaces) }
    return .object(body)
  }
}

/// What changes of a static key; nil leaves a member as it is.
package struct KeyUpdate: Hashable, Sendable {
  package var name: String?
  /// `expired` cannot be set, and nothing comes after `archived`.
  package var status: APIKey.Status?

  package init(name: String? = nil, status: APIKey.Status? = nil) { (self.name, self.status) = (name, status) }

  package var json: JSON {
    var body = JSON.Object()
    if let name { body["name"] = .string(name) }
    if let status { body["status"] = .string(status.rawValue) }
    return .object(body)
  }
}
