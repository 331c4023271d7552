package import FoundationEssentials
package import Platform
package import PlatformClient
package import Storage

/// The verbs of the program, the same for screen and command line: how an answer becomes both shown and kept.
package struct Operations: Sendable {
  package let client: PlatformClient
  package let storage: Storage
  let now: @Sendable () -> Date

  package init(client: PlatformClient, storage: Storage, now: @escaping @Sendable () -> Date = { Date() }) {
    (self.client, self.storage, self.now) = (client, storage, now)
  }

  package func organization() async throws(Problem) -> Organization { try await client.organization() }

  // MARK: Service accounts

  package func accounts(includeArchived: Bool = false) async throws(Problem) -> [ServiceAccount] {
    try await client.accounts(includeArchived: includeArchived)
  }

  /// - Parameter reference: an identifier, or a name, which is compared byte for byte.
  package func account(_ reference: String) async throws(Problem) -> ServiceAccount {
    if let id = try? ID<ServiceAccount>(reference) { return try await client.account(id) }
    let all = try await client.accounts(includeArchived: true)
    guard let account = all.first(where: { $0.name == reference }) else {
      throw Problem(
        "No service account was found", because: "none is called \(reference.debugDescription)",
        try: "gatehouse accounts list shows their names and identifiers.", code: "not_found_error")
    }
    return account
  }

  package func createAccount(_ draft: AccountDraft) async throws(Problem) -> ServiceAccount {
    if let fault = Slug.fault(in: draft.name) {
      throw Problem(
        "The service account was not created", because: "\(draft.name.debugDescription) cannot be a name: \(fault)",
        try: "Try \(suggestion(for: draft.name)).", kind: .usage)
    }
    return try await client.createAccount(draft)
  }

  private func suggestion(for name: String) -> String {
    let slug = Slug.from(name)
    return slug.isEmpty ? "a name like ci-deploy" : slug
  }

  package func memberships(of id: ID<ServiceAccount>) async throws(Problem) -> [WorkspaceMembership] {
    try await client.memberships(of: id)
  }

  // MARK: Issuers, rules, workspaces

  package func issuers(includeArchived: Bool = false) async throws(Problem) -> [Issuer] {
    try await client.issuers(includeArchived: includeArchived)
  }

  /// - Parameter reference: an identifier or a name.
  package func issuer(_ reference: String) async throws(Problem) -> Issuer {
    if let id = try? ID<Issuer>(reference) { return try await client.issuer(id) }
    let all = try await client.issuers(includeArchived: true)
    guard let issuer = all.first(where: { $0.name == reference }) else {
      throw Problem(
        "No issuer was found", because: "none is called \(reference.debugDescription)",
        try: "gatehouse issuers list shows their names and identifiers.", code: "not_found_error")
    }
    return issuer
  }

  package func createIssuer(_ draft: IssuerDraft) async throws(Problem) -> Issuer {
    try await client.createIssuer(draft)
  }

  package func rules(includeArchived: Bool = false) async throws(Problem) -> [FederationRule] {
    try await client.rules(includeArchived: includeArchived)
  }

  /// - Parameter reference: an identifier or a name.
  package func rule(_ reference: String) async throws(Problem) -> FederationRule {
    if let id = try? ID<FederationRule>(reference) { return try await client.rule(id) }
    let all = try await client.rules(includeArchived: true)
    guard let rule = all.first(where: { $0.name == reference }) else {
      throw Problem(
        "No federation rule was found", because: "none is called \(reference.debugDescription)",
        try: "gatehouse rules list shows their names and identifiers.", code: "not_found_error")
    }
    return rule
  }

  package func createRule(_ draft: RuleDraft) async throws(Problem) -> FederationRule {
    try await client.createRule(draft)
  }

  package func workspaces() async throws(Problem) -> [Workspace] { try await client.workspaces(includeDefault: true) }

  /// - Parameter reference: an identifier, a name, or `default`.
  package func workspace(_ reference: String) async throws(Problem) -> Workspace {
    let all = try await workspaces()
    let name = reference == "default" ? "Default" : reference
    guard let workspace = all.first(where: { $0.id.description == reference || $0.name == name }) else {
      throw Problem(
        "No workspace was found", because: "none is called \(reference.debugDescription)",
        try: "Known: \(all.map(\.name).joined(separator: ", ")).", kind: .usage, code: "not_found_error")
    }
    return workspace
  }
}
