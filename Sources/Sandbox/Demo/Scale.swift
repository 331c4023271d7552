import FoundationEssentials
import Platform

extension World {
  /// About `number` of each resource and a hundred times as many activities, for trying how things behave at scale.
  /// What is made is plain: it is the number that matters.
  mutating func makeMany(_ number: Int, at now: Date, keys: JSON) {
    guard let ada = self[.users].documents.first(where: { _ in true })?.text("id") else { return }
    let step = 300.0 * 86400 / Double(max(1, number))
    var ids = (accounts: [String](), issuers: [String](), rules: [String](), workspaces: [defaultWorkspace])
    for index in 0..<number {
      let call = Call(
        request: Request(.post, "/"), caller: .person(user: ada, scopes: []), version: .newer,
        now: now.addingTimeInterval(Double(index - number) * step), requestID: "", address: "", userAgent: "")
      // No more live workspaces than the platform allows.
      if index < Self.workspaceCap - 1 {
        ids.workspaces.append(makeWorkspace(named: "Workspace \(index)", at: call.timestamp).text("id"))
      }
      let workspace = ids.workspaces[index % ids.workspaces.count]
      ids.accounts.append(
        plant(
          .accounts, "svac", call,
          [
            "type": "service_account", "name": .string("account-\(index)"), "description": .null,
            "organization_role": "developer",
          ]))
      self[.memberships]["\(ids.accounts[index])|\(workspace)"] = [
        "type": "service_account_workspace_member", "service_account_id": .string(ids.accounts[index]),
        "workspace_id": .string(workspace), "workspace_role": "workspace_developer", "implicit": false,
        "created_by_actor_id": .string(ada),
      ]
      ids.issuers.append(
        plant(
          .issuers, "fdis", call,
          [
            "type": "federation_issuer", "name": .string("issuer-\(index)"),
            "issuer_url": .string("https://issuer-\(index).example.com"), "jwks": keys, "check_jti": true,
            "max_jwt_lifetime_seconds": 3600, "poll_status": .null, "jwks_polling_disabled_at": .null,
          ]))
      ids.rules.append(
        plant(
          .rules, "fdrl", call,
          [
            "type": "federation_rule", "name": .string("rule-\(index)"), "description": .null,
            "issuer_id": .string(ids.issuers[index]),
            "match": FederationRule.Match(subjectPrefix: "workload:\(index)", audience: serviceAudience).json,
            "target": ["type": "service_account", "service_account_id": .string(ids.accounts[index])],
            "oauth_scope": .string(Scope.inference), "token_lifetime_seconds": 600, "applies_to_all_workspaces": false,
            "_enabled": [
              [
                "workspace_id": .string(workspace), "created_at": call.timestamp, "created_by_actor_id": .string(ada),
              ]
            ],
          ]))
      let user = random.identifier("user")
      self[.users][user] = [
        "id": .string(user), "type": "user", "email": .string("user-\(index)@acme.example"),
        "name": .string("User \(index)"), "role": "developer", "added_at": call.timestamp,
        "_uuid": .string(random.uuid()),
      ]
      makeKey(
        named: "key-\(index)", in: workspace, by: ["id": .string(user), "type": "user"], at: call.now)
      ledger.add(
        Use(
          minute: Int(now.timeIntervalSince1970) / 60 - (number - index) * 43_200 / max(1, number),
          workspace: workspace,
          account: ids.accounts[index], key: nil, user: nil, model: "claude-sonnet-5",
          tokens: Tokens(uncachedInput: 1200, output: 300)))
    }
    guard number > 0 else { return }
    tellMany(number * 100, until: now, ids.accounts, ids.rules, ids.issuers)
  }

  private mutating func plant(_ kind: Kind, _ prefix: String, _ call: Call, _ members: Document) -> String {
    let id = random.identifier(prefix)
    var document: Document = ["id": .string(id)]
    for (key, value) in members { document[key] = value }
    document.stamp(call)
    self[kind][id] = document
    return id
  }

  /// Exchanges, evenly over 300 days, one in twenty refused. Put together as text, for there may be a million.
  private mutating func tellMany(
    _ number: Int, until now: Date, _ accounts: [String], _ rules: [String], _ issuers: [String]
  ) {
    let end = Feed.Position(now, "").microseconds
    let step = 300 * 86_400_000_000 / max(1, number)
    // What all events of one account have in common, granted and refused.
    let frames = accounts.indices.map { which in
      [false, true].map { frame(which, accounts[which], rules[which], issuers[which], isDenied: $0) }
    }
    for index in 0..<number {
      let id = random.identifier("activity")
      let microseconds = end - (number - index) * step
      let time = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000).timestamp
      let head = #"{"id":"\#(id)","created_at":"\#(time)""#.utf8
      feed.append(
        line: Array(head) + String(index).utf8, type: "platform_federated_authentication", user: "",
        at: Feed.Position(microseconds: microseconds, id: id),
        frame: (frames[index % accounts.count][index % 20 == 19 ? 1 : 0], head.count))
    }
  }

  /// The members of an event after `created_at`, before and after the `jti`.
  private mutating func frame(
    _ which: Int, _ account: String, _ rule: String, _ issuer: String, isDenied: Bool
  ) -> Int32 {
    let subject = "workload:\(isDenied ? "x" : String(which))"
    let between = """
      ,"organization_id":"\(organization.text("_tag"))","organization_uuid":"\(organization.text("id"))",\
      "actor":{"type":"federated_identity_actor","issuer":"https://issuer-\(which).example.com","subject":"\(subject)",\
      "audience":["\(serviceAudience)"],"ip_address":"192.0.2.1","user_agent":"anthropic-sdk-python/2.12.0"},\
      "type":"platform_federated_authentication","event_data":{"federation_rule_id":"\(rule)","issuer_id":"\(issuer)",\
      "requested_service_account_id":"\(account)","oidc_token":{"claims":{"sub":"\(subject)"},"jti":"
      """
    let after = """
      "}},"request_id":null,"resources":[{"type":"federation_rule","id":"\(rule)"}],\
      "status":{"outcome":"\(isDenied ? "denied" : "success")",\
      "reason":\(isDenied ? "\"match_subject_prefix\"" : "null"),"detail":null}}
      """
    return feed.addFrame(between: between, after: after)
  }
}
