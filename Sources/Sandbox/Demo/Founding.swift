import Federation
import FoundationEssentials
import Platform

extension World {
  /// Makes the example organization. Its first day lies some weeks before the 30 that are told in full.
  mutating func makeExample(at now: Date, seed: UInt64) throws(Refusal) {
    organization["name"] = "Acme"
    organization["_example"] = true
    guard let ada = self[.users].documents.first(where: { _ in true })?.text("id") else { return }
    var clock = now.addingTimeInterval(-44 * 86400)
    func call(_ path: [String] = [], _ body: JSON? = nil) -> Call {
      Call(
        request: Request(.post, "/", headers: [], body: body.map { Array($0.compact.utf8) }),
        caller: .person(user: ada, scopes: [Scope.admin]), parameters: path, version: .newer, now: clock, requestID: "",
        address: "198.51.100.42", userAgent: "Mozilla/5.0 (X11; Linux x86_64)")
    }
    /// A few minutes to some hours go by.
    func pause() { clock = clock.addingTimeInterval(Double.random(in: 90...5400, using: &random)) }

    addPeople(at: now)
    for name in Example.workspaces {
      _ = try createWorkspace(call([], ["name": .string(name)]))
      pause()
    }
    for account in Example.accounts {
      let made = try createAccount(
        call([], ["name": .string(account.name), "description": .string(account.description)]))
      pause()
      _ = try addAccountToWorkspace(
        call(
          [made.id], ["workspace_id": .string(workspace(account.workspace)), "workspace_role": "workspace_developer"]))
      pause()
    }
    for provider in Example.providers {
      let keys: JSON =
        switch provider.keys {
        case .discovery: ["type": "discovery"]
        case .address(let url): ["type": "explicit_url", "url": .string(url)]
        case .inline: ["type": "inline", "keys": [Example.key(of: provider.name, seed: seed)?.publicJWK ?? .null]]
        }
      _ = try createIssuer(
        call([], ["name": .string(provider.name), "issuer_url": .string(provider.url), "jwks": keys]))
      pause()
    }
    for rule in Example.rules {
      try add(rule, by: call())
      pause()
    }
    // Things that ended, so that lists have something archived.
    _ = try archiveRule(call([self[.rules].holder(of: "office-importer") ?? ""]))
    pause()
    _ = try archiveAccount(call([self[.accounts].holder(of: "legacy-importer") ?? ""]))
    pause()
    addKeys(at: now, by: ada)
    _ = try archiveWorkspace(call([workspace("Old Experiments")]))
    for email in ["ines@acme.example", "jo@partner.example"] {
      clock = now.addingTimeInterval(-Double.random(in: 2...18, using: &random) * 86400)
      _ = try createInvite(call([], ["email": .string(email), "role": "developer"]))
    }
    notePolls(at: now)
  }

  /// Whether it began as the example organization.
  var isExample: Bool { organization["_example"] == true }

  private func workspace(_ name: String) -> String { self[.workspaces].holder(of: name) ?? defaultWorkspace }

  private mutating func addPeople(at now: Date) {
    for person in Example.people {
      let id = random.identifier("user")
      let days = Double.random(in: 60...390, using: &random)
      self[.users][id] = [
        "id": .string(id), "type": "user", "email": .string(person.email), "name": .string(person.name),
        "role": .string(person.role), "added_at": JSON(now.addingTimeInterval(-days * 86400)),
        "_uuid": .string(random.uuid()),
      ]
    }
  }

  /// Rules as they stand, also those that the platform would refuse today, or takes only from the Console.
  private mutating func add(_ rule: Example.Rule, by call: Call) throws(Refusal) {
    let match = FederationRule.Match(
      subjectPrefix: rule.subject, audience: rule.audience, claims: rule.claims, condition: rule.condition)
    let account = self[.accounts].holder(of: rule.account) ?? ""
    if rule.scope == Scope.admin, var document = self[.accounts][account] {
      document["organization_role"] = "admin"
      self[.accounts][account] = document
    }
    let id = random.identifier("fdrl")
    let enabled = (rule.workspaces ?? []).map { name -> JSON in
      [
        "workspace_id": .string(workspace(name)), "created_at": call.timestamp,
        "created_by_actor_id": JSON(call.caller.actorID),
      ]
    }
    let target: JSON = ["type": "service_account", "service_account_id": .string(account)]
    var document: Document = [
      "id": .string(id), "type": "federation_rule", "name": .string(rule.name), "description": .null,
      "issuer_id": JSON(self[.issuers].holder(of: rule.provider)), "match": match.json, "target": target,
      "oauth_scope": .string(rule.scope), "token_lifetime_seconds": JSON(rule.lifetime),
      "applies_to_all_workspaces": .bool(rule.workspaces == nil), "_enabled": .array(enabled),
    ]
    document.stamp(call)
    self[.rules][id] = document
    recordCreation(ofRule: document, match, by: call)
  }

  private mutating func addKeys(at now: Date, by ada: String) {
    for key in Example.keys {
      let account = key.principal.flatMap { self[.accounts].holder(of: $0) }
      let user = self[.users].documents.first { $0["email"]?.string == key.principal }?.text("id")
      let principal: JSON =
        if let account { ["type": "service_account_actor", "service_account_id": .string(account)] } else if let user {
          ["type": "user_actor", "user_id": .string(user)]
        } else { .null }
      makeKey(
        named: key.name, in: key.workspace.map(workspace), principal: principal, status: key.status,
        by: key.age > 340 ? .null : ["id": .string(user ?? ada), "type": "user"],
        at: now.addingTimeInterval(-Double(key.age) * 86400),
        expires: key.name == "load-test" ? now.addingTimeInterval(20 * 86400) : nil)
    }
  }

  /// How fetching went: all well, but for one provider that has not answered for days.
  private mutating func notePolls(at now: Date) {
    for provider in Example.providers {
      guard let id = self[.issuers].holder(of: provider.name), case let isStaff = provider.name == "okta-staff" else {
        continue
      }
      switch provider.keys {
      case .inline: continue
      default: notePoll(of: id, succeeded: true, at: now.addingTimeInterval(isStaff ? -6 * 86400 : -420))
      }
      if isStaff {
        for hour in 1...5 { notePoll(of: id, succeeded: false, at: now.addingTimeInterval(-Double(6 - hour) * 86400)) }
      }
    }
  }
}

extension JSON {
  /// The text of `id`.
  fileprivate var id: String { self["id"]?.string ?? "" }
}

extension Example {
  /// What a provider of the example signs with. Its keys exist only here.
  static func key(of provider: String, seed: UInt64) -> SigningKey? {
    try? SigningKey(.es256, id: "\(provider)-1", seed: "\(seed) \(provider)")
  }
}
