package import Platform

private let root = "/v1/organizations/federation_issuers"

extension PlatformClient {
  package func issuers(includeArchived: Bool = false) async throws(Problem) -> [Issuer] {
    try await all(
      .get(root, .federation, .includingArchived(includeArchived), failure: "The issuers were not read"), .page)
  }

  package func issuer(_ id: ID<Issuer>) async throws(Problem) -> Issuer {
    try await item(.get("\(root)/\(id)", .federation, failure: "The issuer was not read"))
  }

  package func createIssuer(_ draft: IssuerDraft) async throws(Problem) -> Issuer {
    try await create(root, draft.json, what: "issuer") { () async throws(Problem) in
      try await issuers(includeArchived: true).first { $0.name == draft.name }
    } isWanted: {
      !$0.isArchived && $0.issuerURL == draft.issuerURL && $0.keys == draft.keys
        && $0.checksJTI == draft.checksJTI ?? $0.checksJTI
        && $0.maxTokenLifetime == draft.maxTokenLifetime ?? $0.maxTokenLifetime
    }
  }

  package func updateIssuer(_ id: ID<Issuer>, _ update: IssuerUpdate) async throws(Problem) -> Issuer {
    try await item(.change(.post, "\(root)/\(id)", update.json, failure: "The issuer was not changed"))
  }

  /// For good. Refused by the platform while a live rule is on it.
  package func archiveIssuer(_ id: ID<Issuer>) async throws(Problem) -> Issuer {
    try await item(.change(.post, "\(root)/\(id)/archive", failure: "The issuer was not archived"))
  }
}
