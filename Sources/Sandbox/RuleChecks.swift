import Federation
import Platform

/// What a rule must be like before it is kept, and how it is shown.
extension World {
  /// With the names of what it refers to, read now, and in the older version its two legacy members.
  func present(rule: Document, for call: Call) -> JSON {
    let workspaces = Self.enabledWorkspaces(rule)
    let account = rule["target"]?["service_account_id"]?.string ?? ""
    var shown = Document()
    for (key, value) in rule where !key.hasPrefix("_") {
      shown[key] = value
      switch key {
      case "issuer_id": shown["issuer_name"] = self[.issuers][rule.text("issuer_id")]?["name"] ?? .null
      case "target":
        shown["target"] = [
          "type": "service_account", "service_account_id": .string(account),
          "service_account_name": self[.accounts][account]?["name"] ?? .null,
        ]
      case "applies_to_all_workspaces": shown["workspace_ids"] = .array(workspaces.map(JSON.string))
      default: break
      }
    }
    if call.version == .older {
      shown["workspace_id"] = workspaces.count == 1 ? .string(workspaces[0]) : .null
      shown["attributes"] = .null
    }
    return .object(shown)
  }

  private static let matchFields = [
    Field("subject_prefix", nullable: true, Check.text(0...1024)),
    Field("audience", nullable: true, Check.text(1...1024)),
    Field("claims", nullable: true) { value in
      guard let claims = value.object else { return "Input should be a valid dictionary" }
      return claims.allSatisfy { $0.value.string != nil } ? nil : "Input should be a valid string"
    },
    Field("condition", nullable: true, Check.text(1...4096)),
  ]

  /// A match that can be kept: something beside the audience is compared, and the condition is sound.
  static func match(_ json: JSON?) throws(Refusal) -> FederationRule.Match {
    let object = json?.object ?? [:]
    for (key, _) in object where !matchFields.contains(where: { $0.name == key }) {
      throw .field("match.\(key)", "Extra inputs are not permitted")
    }
    try Call.check(object, matchFields, within: "match.")
    let match = FederationRule.Match(json: .object(object))
    let prefix = match.subjectPrefix ?? ""
    guard !(prefix.isEmpty || prefix == "*") || !match.claims.isEmpty || match.condition != nil else {
      throw .field("match", "At least one of subject_prefix (other than \"*\"), claims and condition is required")
    }
    if let condition = match.condition, let fault = Condition.fault(in: condition) {
      throw .field("match.condition", fault)
    }
    return match
  }

  /// OAuth callers manage only rules with the two workspace scopes; the rest is for the Console.
  func requireManageable(_ scope: String) throws(Refusal) {
    let known = Scope.manageable + [Scope.admin, "workspace:manage_tunnels", "org:manage_tunnels"]
    for part in scope.split(separator: " ") where !known.contains(String(part)) {
      throw .field("oauth_scope", "Unknown scope: \(part)")
    }
    guard Scope.isManageable(scope) else {
      throw .forbidden("Rules with scope \(scope) can only be managed in the Console.")
    }
  }

  /// - Throws: 400 for an unknown or archived account: an identifier in a body is not a resource that is asked for.
  func liveTarget(_ target: JSON?) throws(Refusal) -> JSON {
    let fields = [
      Field("type", required: true, Check.word(["service_account"])),
      Field("service_account_id", required: true, Check.identifier("svac")),
    ]
    let object = target?.object ?? [:]
    try Call.check(object, fields, within: "target.")
    guard let account = self[.accounts][object.text("service_account_id")], !account.isArchived else {
      throw .field("target.service_account_id", "No live service account has this id")
    }
    return ["type": "service_account", "service_account_id": account["id"] ?? .null]
  }

  func enabledWorkspace(_ value: JSON?) throws(Refusal) -> String? {
    guard let id = value?.string else { return nil }
    guard let workspace = self[.workspaces][id], !workspace.isArchived else {
      throw .field("workspace_id", "No live workspace has this id")
    }
    return id
  }

  func requirePinned(_ match: FederationRule.Match, at issuerURL: String) throws(Refusal) {
    guard let shared = SharedIssuer.at(issuerURL), !shared.isPinned(by: match) else { return }
    throw .field(
      "match",
      "\(shared.url) signs tokens for everyone: pin your tenant by one of the claims \(shared.claims.joined(separator: ", "))"
        + (shared.subject.map { ", or by a subject_prefix such as \($0.before)YOUR_NAME\($0.after)…" } ?? ""))
  }

  /// Claims and condition are not in the event.
  mutating func recordCreation(ofRule rule: Document, _ match: FederationRule.Match, by call: Call) {
    record(
      "platform_federation_rule_created", by: call,
      [
        "applies_to_all_workspaces": rule["applies_to_all_workspaces"] ?? .null,
        "federation_issuer_id": rule["issuer_id"] ?? .null, "federation_rule_id": rule["id"] ?? .null,
        "match_subject_prefix": JSON(match.subjectPrefix), "name": rule["name"] ?? .null,
        "oauth_scope": rule["oauth_scope"] ?? .null, "target_id": rule["target"]?["service_account_id"] ?? .null,
        "target_type": "service_account", "token_lifetime_seconds": rule["token_lifetime_seconds"] ?? .null,
        "workspace_id": JSON(Self.enabledWorkspaces(rule).first),
      ])
  }

  static func ruleChanges(from old: Document, to new: Document) -> JSON {
    let plain = ["name", "description", "oauth_scope", "token_lifetime_seconds", "applies_to_all_workspaces"]
    func part(_ type: String, _ read: (Document) -> JSON?) -> (type: String, old: JSON, new: JSON) {
      (type, read(old) ?? .null, read(new) ?? .null)
    }
    return Change.list(
      plain.map { ($0, old[$0] ?? .null, new[$0] ?? .null) }
        + ["subject_prefix", "audience", "claims", "condition"].map { name in
          part("match_\(name)") { $0["match"]?[name] }
        } + [
          part("target_id") { $0["target"]?["service_account_id"] },
          part("workspace_id") { enabledWorkspaces($0).first.map(JSON.string) },
        ])
  }
}
