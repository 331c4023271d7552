package import Federation
package import Interface
package import Platform

extension Rules {
  /// The rules, with what is said of each.
  package struct RuleList: Equatable, Listing {
    package internal(set) var all: [FederationRule] = []
    /// What the analyser says of each live rule and nobody has accepted, worst first; nil of those not judged yet.
    package internal(set) var findings: [ID<FederationRule>: [Finding]] = [:]
    /// By identifier: every row and every term of a filter asks for them.
    var issuers: [ID<Issuer>: Issuer] = [:]
    package var list = List()
    package var rows = 20
    package var width = 80
    /// Pages lie over both lists, and the view knows of them.
    package var isCovered: Bool { false }

    package init() {}

    package func identifier(of rule: FederationRule) -> String { rule.id.description }

    func issuerURL(of rule: FederationRule) -> String {
      issuers[rule.issuerID]?.issuerURL ?? rule.issuerName ?? rule.issuerID.description
    }

    private func issuerName(of rule: FederationRule) -> String {
      rule.issuerName ?? issuers[rule.issuerID]?.name ?? rule.issuerID.description
    }

    package static let fields = [
      "name", "issuer", "provider", "account", "subject", "scope", "workspace", "finding", "severity", "worst",
      "state",
    ]

    package func values(of rule: FederationRule) -> [Query.Value] {
      let url = issuerURL(of: rule)
      let findings = findings[rule.id] ?? []
      return [
        Query.Value("name", rule.name), Query.Value("issuer", url), Query.Value("issuer", issuerName(of: rule)),
        Query.Value("account", rule.accountName ?? ""), Query.Value("account", rule.accountID.description),
        Query.Value("subject", MatchWords.short(for: rule.match)), Query.Value("scope", rule.scope),
        Query.Value("state", rule.isArchived ? "archived" : "live"),
      ] + providerNames(url, rule.match).map { Query.Value("provider", $0) }
        + rule.workspaceIDs.map { Query.Value("workspace", $0.description) }
        + (rule.appliesToAllWorkspaces ? [Query.Value("workspace", "all")] : [])
        + findings.map { Query.Value("finding", $0.id) }
        + findings.map { Query.Value("severity", $0.severity.rawValue) }
        + (findings.first.map { [Query.Value("worst", $0.severity.rawValue)] } ?? [])
    }

    package static let columns = [
      Table.Column("RULE", .flexible(minimum: 18)),
      Table.Column("FINDINGS", .fixed(12)),
      Table.Column("WHO GETS IN", .flexible(minimum: 26)),
      Table.Column("AS", .flexible(minimum: 14)),
      Table.Column("ISSUER", .flexible(minimum: 16)),
      Table.Column("LIVES", .fixed(7), alignment: .trailing),
      Table.Column("SCOPE", .fixed(20)),
      Table.Column("PROVIDER", .fixed(10)),
      Table.Column("CHANGED", .fixed(10)),
      Table.Column("ID", .fixed(29)),
    ]

    package func entries(for rule: FederationRule) -> [Table.Entry] {
      [
        Table.Entry(rule.name, role: rule.isArchived ? .dim : .text), marks(for: rule),
        Table.Entry(MatchWords.short(for: rule.match)),
        Table.Entry(rule.accountName ?? rule.accountID.description),
        Table.Entry(issuerName(of: rule), role: .dim),
        Table.Entry("\(rule.tokenLifetime) s", role: .dim), Table.Entry(rule.scope, role: .dim),
        Table.Entry(providerNames(issuerURL(of: rule), rule.match)[0], role: .dim),
        Table.Entry(String(rule.updatedAt.columnText.prefix(10)), role: .dim),
        Table.Entry(rule.id.description, role: .dim),
      ]
    }

    /// `‼ 1 critical`: the worst severity and how many findings have it.
    private func marks(for rule: FederationRule) -> Table.Entry {
      if rule.isArchived { return Table.Entry("archived", role: .dim, rank: "0") }
      guard let all = findings[rule.id] else { return Table.Entry("…", role: .dim, rank: "1") }
      let findings = all.filter { $0.severity > .info }
      guard let worst = findings.first?.severity else { return Table.Entry("✓ none", role: .good, rank: "2") }
      let count = findings.count { $0.severity == worst }
      let place = Severity.allCases.sorted().firstIndex(of: worst) ?? 0
      return Table.Entry(
        "\(mark(worst)) \(count) \(worst.rawValue)", role: role(of: worst), rank: "\(3 + place).\(count)")
    }
  }

  /// The issuers, with how many rules trust each.
  package struct IssuerList: Equatable, Listing {
    package internal(set) var all: [Issuer] = []
    /// The live rules that trust each.
    var rules: [ID<Issuer>: [FederationRule]] = [:]
    package var list = List()
    package var rows = 20
    package var width = 80
    /// Pages lie over both lists, and the view knows of them.
    package var isCovered: Bool { false }

    package init() {}

    package func identifier(of issuer: Issuer) -> String { issuer.id.description }

    package static let fields = ["name", "url", "provider", "keys", "rules", "account", "state", "id"]

    package func values(of issuer: Issuer) -> [Query.Value] {
      let rules = rules[issuer.id] ?? []
      return [
        Query.Value("name", issuer.name), Query.Value("url", issuer.issuerURL),
        Query.Value("keys", issuer.keys.word), Query.Value("rules", "\(rules.count)"),
        Query.Value("state", issuer.isArchived ? "archived" : issuer.isStuck ? "stuck" : "live"),
        Query.Value("id", issuer.id.description),
      ] + providerNames(issuer.issuerURL, .init()).map { Query.Value("provider", $0) }
        + rules.map { Query.Value("account", $0.accountName ?? $0.accountID.description) }
    }

    package static let columns = [
      Table.Column("ISSUER", .flexible(minimum: 18)),
      Table.Column("STATE", .fixed(9)),
      Table.Column("ADDRESS", .flexible(minimum: 36)),
      Table.Column("RULES", .fixed(6), alignment: .trailing),
      Table.Column("KEYS", .fixed(12)),
      Table.Column("LONGEST", .fixed(8), alignment: .trailing),
      Table.Column("ONCE ONLY", .fixed(9)),
      Table.Column("PROVIDER", .fixed(10)),
      Table.Column("CHANGED", .fixed(10)),
      Table.Column("ID", .fixed(29)),
    ]

    package func entries(for issuer: Issuer) -> [Table.Entry] {
      [
        Table.Entry(issuer.name, role: issuer.isArchived ? .dim : .text),
        issuer.isArchived
          ? Table.Entry("archived", role: .dim)
          : issuer.isStuck ? Table.Entry("! keys", role: .danger) : Table.Entry("live", role: .good),
        Table.Entry(issuer.issuerURL), Table.Entry("\(rules[issuer.id]?.count ?? 0)"),
        Table.Entry(issuer.keys.word, role: .dim), Table.Entry("\(issuer.maxTokenLifetime) s", role: .dim),
        issuer.checksJTI ? Table.Entry("yes", role: .dim) : Table.Entry("no", role: .warning),
        Table.Entry(providerNames(issuer.issuerURL, .init())[0], role: .dim),
        Table.Entry(String(issuer.updatedAt.columnText.prefix(10)), role: .dim),
        Table.Entry(issuer.id.description, role: .dim),
      ]
    }
  }

  /// What people call the provider, the name in columns first: the connect wizard's names count too.
  fileprivate static func providerNames(_ issuerURL: String, _ match: FederationRule.Match) -> [String] {
    switch Provider(issuerURL: issuerURL, match: match) {
    case .entra: ["azure", "entra"]
    case .generic: ["oidc"]
    case let provider: [provider.rawValue]
    }
  }
}

extension Issuer {
  /// Whether the platform has given up fetching its keys.
  var isStuck: Bool { !isArchived && pollingDisabledAt != nil }
}

extension Issuer.Keys {
  /// `discovery`, `explicit_url`, `inline, 2`.
  var word: String {
    switch self {
    case .discovery: "discovery"
    case .explicitURL: "explicit_url"
    case .inline(let keys): "inline, \(keys.count)"
    case .unknown: "unknown"
    }
  }
}
