/// A service account not yet made: the body of the request that makes it.
package struct AccountDraft: Hashable, Sendable {
  package var name: String
  package var description: String?
  package var role: ServiceAccount.Role

  package init(name: String, description: String? = nil, role: ServiceAccount.Role = .developer) {
    (self.name, self.description, self.role) = (name, description, role)
  }

  package var json: JSON {
    var body = JSON.Object()
    body["name"] = .string(name)
    if let description, !description.isEmpty { body["description"] = .string(description) }
    body["organization_role"] = .string(role.rawValue)
    return .object(body)
  }
}

/// An issuer not yet registered. What is nil is left to the platform's default.
package struct IssuerDraft: Hashable, Sendable {
  package var name, issuerURL: String
  package var keys: Issuer.Keys
  package var checksJTI: Bool?
  /// Seconds, 1 to 176400.
  package var maxTokenLifetime: Int?

  package init(
    name: String, issuerURL: String, keys: Issuer.Keys, checksJTI: Bool? = nil, maxTokenLifetime: Int? = nil
  ) {
    (self.name, self.issuerURL, self.keys) = (name, issuerURL, keys)
    (self.checksJTI, self.maxTokenLifetime) = (checksJTI, maxTokenLifetime)
  }

  package var json: JSON {
    var body = JSON.Object()
    body["name"] = .string(name)
    body["issuer_url"] = .string(issuerURL)
    body["jwks"] = keys.json
    if let checksJTI { body["check_jti"] = .bool(checksJTI) }
    if let maxTokenLifetime { body["max_jwt_lifetime_seconds"] = JSON(maxTokenLifetime) }
    return .object(body)
  }
}

/// A rule not yet made.
package struct RuleDraft: Hashable, Sendable {
  package var name: String
  package var description: String?
  package var issuerID: ID<Issuer>
  package var match: FederationRule.Match
  package var accountID: ID<ServiceAccount>
  package var scope: String
  /// Seconds, 60 to 86400.
  package var tokenLifetime: Int
  /// Nil only with `appliesToAllWorkspaces`.
  package var workspaceID: ID<Workspace>?
  package var appliesToAllWorkspaces: Bool

  package init(
    name: String, description: String? = nil, issuerID: ID<Issuer>, match: FederationRule.Match,
    accountID: ID<ServiceAccount>, scope: String, tokenLifetime: Int, workspaceID: ID<Workspace>?,
    appliesToAllWorkspaces: Bool = false
  ) {
    (self.name, self.description, self.issuerID, self.match) = (name, description, issuerID, match)
    (self.accountID, self.scope, self.tokenLifetime) = (accountID, scope, tokenLifetime)
    (self.workspaceID, self.appliesToAllWorkspaces) = (workspaceID, appliesToAllWorkspaces)
  }

  package var json: JSON {
    RuleDraft.json(
      name: name, description: description, issuerID: issuerID.description, match: match,
      accountID: accountID.description, scope: scope, tokenLifetime: tokenLifetime,
      workspaceID: workspaceID?.description, appliesToAllWorkspaces: appliesToAllWorkspaces)
  }

  /// The body with identifiers as text, so that a rule can be shown before what it refers to has been made.
  package static func json(
    name: String, description: String?, issuerID: String, match: FederationRule.Match, accountID: String,
    scope: String, tokenLifetime: Int, workspaceID: String?, appliesToAllWorkspaces: Bool = false
  ) -> JSON {
    var body = JSON.Object()
    body["name"] = .string(name)
    if let description, !description.isEmpty { body["description"] = .string(description) }
    body["issuer_id"] = .string(issuerID)
    body["match"] = match.requestJSON
    body["target"] = ["type": "service_account", "service_account_id": .string(accountID)]
    body["oauth_scope"] = .string(scope)
    body["token_lifetime_seconds"] = JSON(tokenLifetime)
    if appliesToAllWorkspaces { body["applies_to_all_workspaces"] = true }
    if let workspaceID { body["workspace_id"] = .string(workspaceID) }
    return .object(body)
  }
}
