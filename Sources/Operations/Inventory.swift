package import Federation
internal import FoundationEssentials
package import Platform
internal import Storage

extension Operations {
  /// Everything that decides who may act as whom, with what the store knows of its use.
  /// - Parameters: what was read already, archived ones too; the rest is read.
  package func inventory(
    rules known: [FederationRule]? = nil, issuers knownIssuers: [Issuer]? = nil
  ) async throws(Problem) -> Inventory {
    var (rules, issuers) = (known ?? [], knownIssuers ?? [])
    if knownIssuers == nil { issuers = try await client.issuers(includeArchived: true) }
    let accounts = try await client.accounts(includeArchived: true)
    if known == nil { rules = try await client.rules(includeArchived: true) }
    let workspaces = try await client.workspaces(includeDefault: true)
    var lastExchanges: [ID<FederationRule>: Date] = [:]
    for rule in rules where !rule.isArchived {
      lastExchanges[rule.id] = try await exchanges(through: rule.id, limit: 1).first?.createdAt
    }
    return Inventory(
      issuers: issuers, accounts: accounts, rules: rules, workspaces: workspaces, lastExchanges: lastExchanges,
      historyStart: try storage.statistics().oldest, now: now())
  }

  /// The claims of tokens that a rule let in during the last 30 days, each set once, as far as the store knows them:
  /// what a narrower rule must still let in.
  package func acceptedClaims(of rule: ID<FederationRule>) async throws(Problem) -> [Claims] {
    let since = now().addingTimeInterval(-30 * 86400)
    var claims: [Claims] = []
    for activity in try await exchanges(through: rule, since: since, limit: 1000) {
      guard let members = activity.json.at("event_data.oidc_token.claims")?.object else { continue }
      let found = Claims(members)
      if !claims.contains(found) { claims.append(found) }
    }
    return claims
  }

  /// Exchanges that a rule let in, newest first.
  private func exchanges(
    through rule: ID<FederationRule>, since: Date? = nil, limit: Int
  ) async throws(Problem) -> [Activity] {
    let filter: ActivityFilter
    do throws(InvalidFilter) {
      filter = try ActivityFilter("type:\(Activity.exchangeType) rule:\(rule) -outcome:denied", now: now())
    } catch {
      throw error.problem
    }
    return try await storage.newest(ActivityQuery(filter, since: since), limit: limit).map(\.activity)
      .filter { !$0.isDenied }
  }
}
