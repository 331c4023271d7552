import Federation
import FoundationEssentials
import Platform

extension World {
  /// 30 days of exchanges, use and administration, up to now.
  mutating func makeHistory(until now: Date) {
    var moment = now.addingTimeInterval(-30 * 86400)
    let templates = Example.workloads.map { template(of: $0, at: now) }
    while moment < now {
      // Quiet nights and week-ends: about 70 exchanges on a working day.
      let hour = Int(moment.timeIntervalSince1970) / 3600
      let isBusy = (7...18).contains(hour % 24) && ![2, 3].contains(hour / 24 % 7)
      moment = moment.addingTimeInterval(Double.random(in: 60...(isBusy ? 1200 : 5400), using: &random))
      guard moment < now else { break }
      let index = Example.index(&random)
      relive(Example.workloads[index], templates[index], at: moment)
    }
    makeKeyUse(until: now)
    makeOffice(until: now)
  }

  private func template(of workload: Example.Workload, at now: Date) -> Exchange? {
    guard let rule = self[.rules].holder(of: workload.rule), let document = self[.rules][rule] else { return nil }
    var body: Document = [
      "federation_rule_id": .string(rule), "service_account_id": document["target"]?["service_account_id"] ?? .null,
    ]
    if let name = workload.workspace { body["workspace_id"] = JSON(self[.workspaces].holder(of: name)) }
    return exchange(.claims(Claims([:])), body, keys: nil, at: now)
  }

  /// Judges the claims by the real rules, but does not sign a token for it.
  private mutating func relive(_ workload: Example.Workload, _ template: Exchange?, at moment: Date) {
    guard var exchange = template, let issuer = exchange.issuer, let rule = self[.rules][exchange.rule.id.description]
    else { return }
    let claims = Claims(Example.claims(of: workload, issuer: issuer.issuerURL, at: moment, &random))
    // What was archived since was not then.
    if exchange.rule.isArchived, exchange.rule.archivedAt ?? moment > moment { exchange.rule.archivedAt = nil }
    (exchange.presented, exchange.now, exchange.isReplay) = (.claims(claims), moment, false)
    let verdict = exchange.verdict()
    let call = Call(
      request: Request(.post, "/v1/oauth/token"), caller: .nobody, version: .newer, now: moment,
      requestID: random.identifier("req"), address: workload.address, userAgent: workload.agent)
    let body: Document = ["service_account_id": JSON(exchange.rule.accountID)]
    record(Attempt(verdict: verdict, claims: claims, rule: rule, body: body), by: call)
    guard let grant = verdict.grant, verdict.unknown.isEmpty, grant.scope != Scope.admin else { return }
    for minute in 0..<Int.random(in: 1...4, using: &random) {
      var use = use(
        of: workload.model, appetite: workload.appetite, at: moment.addingTimeInterval(Double(minute) * 60))
      (use.account, use.workspace) = (grant.accountID.description, grant.workspaceID?.description ?? defaultWorkspace)
      ledger.add(use)
    }
  }

  private mutating func use(of model: String, appetite: Int, at moment: Date) -> Use {
    let requests = Int.random(in: 1...6, using: &random)
    func tokens(_ most: Int) -> Int { requests * Int.random(in: most / 4...max(1, most), using: &random) }
    return Use(
      minute: Int(moment.timeIntervalSince1970) / 60, workspace: defaultWorkspace, account: nil, key: nil, user: nil,
      model: model,
      tokens: Tokens(
        uncachedInput: tokens(appetite), cacheRead: tokens(appetite * 2), cacheWritten: tokens(appetite / 3),
        output: tokens(appetite / 4)),
      searches: Int.random(in: 0...9, using: &random) == 0 ? 1 : 0, requests: requests)
  }

  /// What static keys went on doing meanwhile. Those of migrated work fell silent at some point; some never spoke.
  private mutating func makeKeyUse(until now: Date) {
    var uses: [Use] = []
    let silent = ["grafana-plugin", "wiki-import", "old-experiment", "eval-runner-2", "terraform-bootstrap"]
    for key in Array(self[.keys].documents) where key.text("status") == "active" && !silent.contains(key.text("name")) {
      let end = key.text("name").hasPrefix("ci-") ? now.addingTimeInterval(-11 * 86400) : now
      var moment = now.addingTimeInterval(-30 * 86400)
      while moment < end {
        var use = use(of: "claude-sonnet-5", appetite: 1800, at: moment)
        use.key = key.text("id")
        use.account = key["principal"]?["service_account_id"]?.string
        use.user = key["principal"]?["user_id"]?.string
        use.workspace = key["scope"]?["workspace_id"]?.string ?? defaultWorkspace
        uses.append(use)
        moment = moment.addingTimeInterval(Double.random(in: 1800...14400, using: &random))
      }
    }
    ledger.add(uses)
  }

  /// People at work: signing in every morning, and now and then changing something.
  private mutating func makeOffice(until now: Date) {
    for person in self[.users].documents.filter({ $0["role"] == "admin" }) {
      for day in 1...30 where Int.random(in: 0...2, using: &random) > 0 {
        let moment = now.addingTimeInterval(-Double(day) * 86400 + Double.random(in: 0...30000, using: &random))
        record("sso_login_succeeded", actor: actor(person), at: moment, ["auth_method": "sso", "mfa_method": .null])
      }
    }
    guard let bo = self[.users].documents.first(where: { $0["email"] == "bo@acme.example" }) else { return }
    for (daysAgo, type, own) in happenings {
      record(type, actor: actor(bo), at: now.addingTimeInterval(-daysAgo * 86400), own)
    }
  }

  private func actor(_ person: Document) -> JSON {
    [
      "type": "user_actor", "user_id": person["id"] ?? .null, "email_address": person["email"] ?? .null,
      "ip_address": "198.51.100.42", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
    ]
  }

  /// What was changed in the web Console, how many days ago; all of it agrees with how things are now.
  private var happenings: [(daysAgo: Double, type: String, own: Document)] {
    func id(_ kind: Kind, _ name: String) -> JSON { JSON(self[kind].holder(of: name)) }
    func change(_ type: String, _ old: String, _ new: String) -> JSON {
      [["type": .string(type), "previous_value": .string(old), "current_value": .string(new)]]
    }
    return [
      (
        26.2, "platform_federation_rule_updated",
        [
          "federation_rule_id": id(.rules, "gha-tests-any-branch"),
          "updates": change("token_lifetime_seconds", "600", "3600"),
        ]
      ),
      (
        21.4, "platform_federation_rule_updated",
        [
          "federation_rule_id": id(.rules, "gha-whole-organization"),
          "updates": change("match_subject_prefix", "repo:acme/web:*", "repo:acme/*"),
        ]
      ),
      (
        17.1, "platform_api_key_updated",
        ["api_key_id": id(.keys, "backend-prod-2024"), "updates": change("status", "active", "inactive")]
      ),
      (
        11.0, "platform_api_key_updated",
        ["api_key_id": id(.keys, "load-test"), "updates": change("status", "active", "inactive")]
      ),
      (
        6.3, "platform_federation_issuer_updated",
        [
          "federation_issuer_id": id(.issuers, "okta-staff"),
          "updates": change(
            "jwks_url", "https://acme.okta.com/oauth2/v1/keys", "https://acme.okta.com/oauth2/default/v1/keys"),
        ]
      ),
      (
        2.6, "admin_api_key_created",
        ["admin_api_key_id": "admin_key_01SiemReaderKeyForAcme11", "scopes": [.string(Scope.readActivities)]]
      ),
    ]
  }
}
