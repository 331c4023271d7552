package import Platform

/// What somebody who controls one thing can reach, and by which way; or who can become one account.
package struct BlastRadius: Hashable, Sendable {
  /// What is taken over.
  package enum Origin: Hashable, Sendable {
    /// All tokens of an issuer: its keys, or the cluster or tenant behind it.
    case issuer(ID<Issuer>)
    /// `OWNER/REPOSITORY` on GitHub.
    case repository(String)
    /// A project's path on GitLab.
    case project(String)
    /// A whole subject, such as a role's ARN or `system:serviceaccount:NAMESPACE:NAME`.
    case subject(String)
    /// Everybody who can become this account.
    case account(ID<ServiceAccount>)
  }

  /// One way: tokens of `issuer` that fit `rule` become `account`.
  package struct Path: Hashable, Sendable {
    package let issuer: Issuer?
    package let rule: FederationRule
    package let account: ServiceAccount?
    /// Who that is, in the words of the rule.
    package let bearers: String
    /// Whether everything the rule says is known to be met. A flawed or unread condition may still refuse.
    package let isCertain: Bool

    package var scopes: [String] { rule.scope.split(separator: " ").map(String.init) }
    /// Nil when it is every workspace.
    package var workspaceIDs: [ID<Workspace>]? { rule.appliesToAllWorkspaces ? nil : rule.workspaceIDs }

    package var json: JSON {
      [
        "issuer_id": JSON(rule.issuerID), "issuer_url": JSON(issuer?.issuerURL), "rule_id": JSON(rule.id),
        "rule_name": .string(rule.name), "service_account_id": JSON(rule.accountID),
        "service_account_name": JSON(account?.name),
        "bearers": .string(bearers), "certain": .bool(isCertain), "scopes": .array(scopes.map(JSON.string)),
        "all_workspaces": .bool(rule.appliesToAllWorkspaces),
        "workspace_ids": .array((workspaceIDs ?? []).map { JSON($0) }),
      ]
    }
  }

  package let origin: Origin
  package let paths: [Path]

  package init(of origin: Origin, in inventory: Inventory) {
    self.origin = origin
    paths = inventory.liveRules.compactMap { rule in
      let issuer = inventory.issuer(rule.issuerID)
      let account = inventory.account(rule.accountID)
      guard !(issuer?.isArchived ?? false), !(account?.isArchived ?? false) else { return nil }
      let inspection = Inspection(inventory.candidate(for: rule))
      guard let isCertain = BlastRadius.reaches(origin, rule, inspection) else { return nil }
      return Path(
        issuer: issuer, rule: rule, account: account, bearers: inspection.reach.bearers, isCertain: isCertain)
    }
  }

  /// Every account that can be reached.
  package var accountIDs: [ID<ServiceAccount>] {
    paths.map(\.rule.accountID).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
  package var scopes: [String] { Set(paths.flatMap(\.scopes)).sorted() }
  package var reachesAllWorkspaces: Bool { paths.contains { $0.workspaceIDs == nil } }
  package var workspaceIDs: [ID<Workspace>] {
    paths.flatMap { $0.workspaceIDs ?? [] }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  package var json: JSON {
    [
      "origin": origin.json, "service_account_ids": .array(accountIDs.map { JSON($0) }),
      "scopes": .array(scopes.map(JSON.string)), "all_workspaces": .bool(reachesAllWorkspaces),
      "workspace_ids": .array(workspaceIDs.map { JSON($0) }), "paths": .array(paths.map(\.json)),
    ]
  }

  /// Whether a rule lets in something that stands under the origin, and if so whether that is certain; nil when not.
  private static func reaches(_ origin: Origin, _ rule: FederationRule, _ inspection: Inspection) -> Bool? {
    var reach = inspection.reach
    let isSound = inspection.condition?.faults.isEmpty ?? true
    func fits(_ provider: Provider, _ path: ClaimPath, _ text: String) -> Bool? {
      guard inspection.provider == provider, let reading = inspection.form.reading(of: path, text, isPrefix: false),
        reading.impossibility == nil
      else { return nil }
      reach.add(reading, from: "origin")
      return reach.conflicts.isEmpty ? isSound : nil
    }
    guard !inspection.matchersAreDead else { return nil }
    switch origin {
    case .issuer(let id): return rule.issuerID == id ? true : nil
    case .account(let id): return rule.accountID == id ? true : nil
    case .repository(let name): return fits(.gitHub, "repository", name)
    case .project(let path): return fits(.gitLab, "project_path", path)
    case .subject(let subject): return fits(inspection.provider, .subject, subject)
    }
  }
}

extension BlastRadius.Origin {
  package var json: JSON {
    switch self {
    case .issuer(let id): ["type": "issuer", "id": JSON(id)]
    case .account(let id): ["type": "service_account", "id": JSON(id)]
    case .repository(let name): ["type": "repository", "id": .string(name)]
    case .project(let path): ["type": "project", "id": .string(path)]
    case .subject(let subject): ["type": "subject", "id": .string(subject)]
    }
  }
}

extension Reach {
  /// Who gets in, as far as the rule names them: `owner acme, repository api, any ref`.
  var bearers: String {
    let named = Reach.telling.compactMap { field -> String? in
      switch self[field] {
      case .open: nil
      case .exact(let values): "\(field.words) \(values.sorted().joined(separator: " or "))"
      case .shaped(let shapes):
        "\(field.words) \(shapes.sorted().map { $0.replacing(String(Extent.gap), with: "…") }.joined(separator: " or "))"
      case .begins(let text): "any \(field.words) that begins with \(text)"
      }
    }
    return named.isEmpty ? "anybody of this issuer" : named.joined(separator: ", ")
  }

  private static let telling: [Field] = [
    .owner, .ownerID, .repository, .repositoryID, .group, .namespace, .namespaceID, .project, .projectID, .organization,
    .organizationID, .pipeline, .pipelineID, .workspace, .workspaceID, .stack, .deployment, .account, .accountUID,
    .accountNumber, .principal, .function, .instance, .trustDomain, .path, .subject, .email, .emailDomain, .object,
    .client, .jobWorkflowRef, .workflowRef, .ref, .branch, .refType, .environment, .event, .phase, .origin,
  ]
}

extension Field {
  /// `repositoryID` as a person writes it: `repository id`.
  var words: String {
    var (text, wasUpper) = ("", false)
    for character in rawValue {
      if character.isUppercase, !wasUpper { text += " " }
      text += character.lowercased()
      wasUpper = character.isUppercase
    }
    return text
  }
}
