package import Platform

/// The federation set-up as one document: what is live, by names, in an order that does not change, without times or
/// anything else that differs from day to day. For review, version control, and comparing.
package struct SetUp: Hashable, Sendable {
  /// One thing in it; its identifier and name are members of the description too.
  package struct Entry: Hashable, Sendable {
    package let id, name: String
    package let json: JSON
  }

  /// The sections of the document, in the order they are written.
  package enum Section: String, Hashable, Sendable, CaseIterable {
    case workspaces
    case accounts = "service_accounts"
    case issuers = "federation_issuers"
    case rules = "federation_rules"

    /// What one of its entries is called.
    package var word: String {
      switch self {
      case .workspaces: "workspace"
      case .accounts: "service account"
      case .issuers: "issuer"
      case .rules: "rule"
      }
    }
  }

  package let organizationID: String
  package let entries: [Section: [Entry]]

  static let format = "gatehouse-setup/1"

  init(organizationID: String, entries: [Section: [Entry]]) {
    self.organizationID = organizationID
    self.entries = entries.mapValues { $0.sorted { ($0.name, $0.id) < ($1.name, $1.id) } }
  }

  /// - Throws: a ``Problem`` that says which part is not as an export writes it.
  package init(json: JSON) throws(Problem) {
    guard json["format"]?.string == SetUp.format else {
      throw SetUp.invalid("its format is not \(SetUp.format)")
    }
    var entries: [Section: [Entry]] = [:]
    for section in Section.allCases {
      guard let items = json[section.rawValue]?.array else { throw SetUp.invalid("\(section.rawValue) is no list") }
      for item in items {
        guard let id = item["id"]?.string, let name = item["name"]?.string else {
          throw SetUp.invalid("a \(section.word) has no id or no name")
        }
        entries[section, default: []].append(Entry(id: id, name: name, json: item))
      }
    }
    self.init(organizationID: json["organization_id"]?.string ?? "", entries: entries)
  }

  private static func invalid(_ cause: String) -> Problem {
    Problem(
      "The document was not read", because: cause, try: "Use one that gatehouse export wrote.", kind: .usage,
      code: "invalid_document")
  }

  package var json: JSON {
    var object: JSON.Object = ["format": .string(SetUp.format), "organization_id": .string(organizationID)]
    for section in Section.allCases { object[section.rawValue] = .array((entries[section] ?? []).map(\.json)) }
    return .object(object)
  }

  /// One difference between two set-ups.
  package struct Difference: Hashable, Sendable {
    package enum Kind: String, Sendable { case added, removed, changed }
    package let kind: Kind
    package let section: Section
    package let id, name: String
    /// What changed; empty for what came or went.
    package let changes: [FieldChange]

    package var json: JSON {
      [
        "kind": .string(kind.rawValue), "section": .string(section.rawValue), "id": .string(id), "name": .string(name),
        "changes": .array(changes.map(\.json)),
      ]
    }
  }

  /// What became of this set-up in `other`. Things are the same by identifier; in another organization, where none
  /// is known, by name.
  package func differences(to other: SetUp) -> [Difference] {
    Section.allCases.flatMap { section in
      var (rest, found) = (other.entries[section] ?? [], [Difference]())
      let isSameOrganization = organizationID == other.organizationID
      for entry in entries[section] ?? [] {
        let index = rest.firstIndex { isSameOrganization ? $0.id == entry.id : $0.name == entry.name }
        guard let index else {
          found.append(Difference(kind: .removed, section: section, id: entry.id, name: entry.name, changes: []))
          continue
        }
        let match = rest.remove(at: index)
        let changes = FieldChange.list(from: entry.json, to: match.json).filter {
          isSameOrganization || ($0.field != "id" && !$0.field.hasSuffix("_id"))
        }
        if !changes.isEmpty {
          found.append(Difference(kind: .changed, section: section, id: match.id, name: match.name, changes: changes))
        }
      }
      return found
        + rest.map { Difference(kind: .added, section: section, id: $0.id, name: $0.name, changes: []) }
    }
  }
}

extension Operations {
  /// The whole live set-up.
  package func setUp() async throws(Problem) -> SetUp {
    let organization = try await client.organization()
    let workspaces = try await client.workspaces(includeDefault: true)
    let accounts = try await client.accounts()
    let issuers = try await client.issuers()
    let rules = try await client.rules()
    var names: [String: String] = [:]
    for workspace in workspaces {
      // Unlike the others, workspaces may share a name.
      let isAlone = workspaces.filter { $0.name == workspace.name }.count == 1
      names[workspace.id.description] = isAlone ? workspace.name : workspace.id.description
    }
    for account in accounts { names[account.id.description] = account.name }
    for issuer in issuers { names[issuer.id.description] = issuer.name }
    var members: [SetUp.Entry] = []
    for account in accounts where !account.isArchived {
      let memberships = try await client.memberships(of: account.id).filter { !$0.isImplicit }
      members.append(SetUp.entry(account, memberships, names))
    }
    return SetUp(
      organizationID: organization.id,
      entries: [
        .workspaces: workspaces.filter { !$0.isArchived }.map { SetUp.entry($0) },
        .accounts: members, .issuers: issuers.filter { !$0.isArchived }.map { SetUp.entry($0) },
        .rules: rules.filter { !$0.isArchived }.map { SetUp.entry($0, names) },
      ])
  }
}

extension SetUp {
  fileprivate static func entry(_ workspace: Workspace) -> Entry {
    let id = workspace.id.description
    return Entry(id: id, name: workspace.name, json: ["id": .string(id), "name": .string(workspace.name)])
  }

  fileprivate static func entry(
    _ account: ServiceAccount, _ memberships: [WorkspaceMembership], _ names: [String: String]
  ) -> Entry {
    // By workspace, so that each membership is compared with its own former self.
    var workspaces = JSON.Object()
    for membership in memberships.sorted(by: { $0.workspaceID.description < $1.workspaceID.description }) {
      let id = membership.workspaceID.description
      workspaces[names[id] ?? id] = .string(membership.role)
    }
    return Entry(
      id: account.id.description, name: account.name,
      json: [
        "id": JSON(account.id), "name": .string(account.name), "description": text(account.description),
        "organization_role": .string(account.organizationRole.rawValue), "workspaces": .object(workspaces),
      ])
  }

  fileprivate static func entry(_ issuer: Issuer) -> Entry {
    Entry(
      id: issuer.id.description, name: issuer.name,
      json: [
        "id": JSON(issuer.id), "name": .string(issuer.name), "issuer_url": .string(issuer.issuerURL),
        "jwks": issuer.keys.json, "check_jti": .bool(issuer.checksJTI),
        "max_jwt_lifetime_seconds": JSON(issuer.maxTokenLifetime),
      ])
  }

  fileprivate static func entry(_ rule: FederationRule, _ names: [String: String]) -> Entry {
    let workspaces = rule.workspaceIDs.map { names[$0.description] ?? $0.description }.sorted()
    return Entry(
      id: rule.id.description, name: rule.name,
      json: [
        "id": JSON(rule.id), "name": .string(rule.name), "description": text(rule.description),
        "issuer": .string(names[rule.issuerID.description] ?? rule.issuerID.description), "match": rule.match.json,
        "service_account": .string(names[rule.accountID.description] ?? rule.accountID.description),
        "oauth_scope": .string(rule.scope), "token_lifetime_seconds": JSON(rule.tokenLifetime),
        "applies_to_all_workspaces": .bool(rule.appliesToAllWorkspaces),
        "workspaces": .array(workspaces.map(JSON.string)),
      ])
  }

  /// A cleared description is the empty text to the platform, and the same as none.
  private static func text(_ description: String?) -> JSON {
    description.flatMap { $0.isEmpty ? nil : JSON.string($0) } ?? .null
  }
}
