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
    var inventory = Inventory(
      issuers: issuers, accounts: accounts, rules: rules, workspaces: workspaces, lastExchanges: lastExchanges,
      historyStart: try storage.statistics().oldest, now: now())
    for rule in inventory.liveRules where rule.isGenerous { inventory.uses[rule.id] = try await use(of: rule) }
    return inventory
  }

  /// What a rule was used for in the last 30 days; nil when it was not used, or the store does not reach back so far.
  private func use(of rule: FederationRule) async throws(Problem) -> Circumstances.Use? {
    let since = now().addingTimeInterval(-Operations.month)
    guard let oldest = try storage.statistics().oldest, oldest <= since || oldest <= rule.createdAt else { return nil }
    let exchanges = try await exchanges(through: rule.id, since: since, limit: 1000)
    guard !exchanges.isEmpty else { return nil }
    let workspaces = exchanges.flatMap { $0.json["resources"]?.array ?? [] }.filter { $0["type"] == "workspace" }
    let lives = exchanges.compactMap { exchange -> Int? in
      let claims = exchange.json.at("event_data.oidc_token.claims")
      return (claims?["exp"]?.int).flatMap { exp in (claims?["iat"]?.int).map { exp - $0 } }
    }
    let account = rule.accountID.description
    let filter = ActivityFilter.all([
      .field(.account, FilterValue(account)), .not(.field(.type, FilterValue(Activity.exchangeType))),
    ])
    let others = try await storage.newest(ActivityQuery(filter, since: since), limit: 1000).map(\.activity)
      .filter { $0.json.at("actor.service_account_id")?.string == account }
    return Circumstances.Use(
      workspaces: Set(workspaces.compactMap { $0["id"]?.string }), longestToken: lives.max(),
      otherActivities: Set(others.map(\.type)))
  }

  private static let month: Double = 30 * 86400

  /// The claims of tokens that a rule let in during the last 30 days, each set once, as far as the store knows them:
  /// what a narrower rule must still let in.
  package func acceptedClaims(of rule: ID<FederationRule>) async throws(Problem) -> [Claims] {
    let since = now().addingTimeInterval(-Operations.month)
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

extension FederationRule {
  /// Whether it gives something whose use is worth a look: more than inference, a long life, every workspace.
  fileprivate var isGenerous: Bool {
    scope.split(separator: " ").contains { $0 == Scope.developer } || tokenLifetime > 3600 || appliesToAllWorkspaces
  }
}
