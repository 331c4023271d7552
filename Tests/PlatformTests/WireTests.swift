import Foundation
import Platform
import Testing

@Suite("The platform's things on the wire")
struct WireTests {
  static let account: JSON = [
    "id": "svac_01MASi45ub7Qe4ZE36UT5G6c", "type": "service_account", "name": "ci-deploy-bot", "description": nil,
    "organization_role": "developer", "created_at": "2026-10-02T09:14:07.412903Z",
    "created_by_actor_id": "user_01nTPkyRFA6CAFjF1YveCHK1", "updated_at": "2026-10-02T09:14:07.412903Z",
    "updated_by_actor_id": nil, "archived_at": nil, "archived_by_actor_id": nil,
  ]
  static let issuer: JSON = [
    "id": "fdis_01b8dLcukC7edhDQ7cn5d4gE", "type": "federation_issuer", "name": "github-actions",
    "issuer_url": "https://token.actions.githubusercontent.com",
    "jwks": ["type": "discovery", "discovery_base": nil, "ca_cert_pem": nil], "check_jti": true,
    "max_jwt_lifetime_seconds": 3600,
    "poll_status": ["consecutive_failures": 0, "last_fetched_at": nil, "next_poll_at": nil],
    "jwks_polling_disabled_at": nil, "created_at": "2026-10-02T09:10:00.000000Z", "created_by_actor_id": nil,
    "updated_at": "2026-10-02T09:10:00.000000Z", "updated_by_actor_id": nil, "archived_at": nil,
    "archived_by_actor_id": nil,
  ]
  static let rule: JSON = [
    "id": "fdrl_01yNoVKf58ZTBqNAYT3j5qcd", "type": "federation_rule", "name": "gha-deploy", "description": nil,
    "issuer_id": "fdis_01b8dLcukC7edhDQ7cn5d4gE", "issuer_name": "github-actions",
    "match": [
      "subject_prefix": "repo:acme/site:ref:refs/heads/main", "audience": nil, "claims": ["a": "b", "c": "d"],
      "condition": nil,
    ],
    "target": [
      "type": "service_account", "service_account_id": "svac_01MASi45ub7Qe4ZE36UT5G6c",
      "service_account_name": "ci-deploy-bot",
    ],
    "oauth_scope": "workspace:developer", "token_lifetime_seconds": 600, "applies_to_all_workspaces": false,
    "workspace_ids": ["wrkspc_01mLidkuVKnRyjP2WPBg8Y4E"], "created_at": "2026-10-02T09:16:30.118220Z",
    "created_by_actor_id": nil, "updated_at": "2026-10-02T09:16:30.118220Z", "updated_by_actor_id": nil,
    "archived_at": "2026-10-03T09:16:30.118220Z", "archived_by_actor_id": nil,
  ]
  static let key: JSON = [
    "id": "apikey_01dAb7Qg25xEgRAhHPfQX88w", "type": "api_key", "name": "batch-runner", "status": "active",
    "created_at": "2026-08-20T10:00:00.000000Z", "created_by": nil, "expires_at": "2026-12-09T00:00:00.000000Z",
    "partial_key_hint": "9xQ...0mAA",
    "principal": ["type": "service_account_actor", "service_account_id": "svac_01U4ud8Fhhe4deS4F3cw9KTA"],
    "scope": ["type": "organization"],
  ]

  @Test("are written as they were read")
  func roundTrips() throws {
    #expect(try ServiceAccount(json: Self.account).json == Self.account)
    #expect(try Issuer(json: Self.issuer).json == Self.issuer)
    #expect(try FederationRule(json: Self.rule).json == Self.rule)
    #expect(try APIKey(json: Self.key).json == Self.key)
  }

  @Test("are not read without what makes them what they are")
  func required() throws {
    func check<Item: WireObject>(_ type: Item.Type, _ json: JSON, _ members: [String]) throws {
      for member in members {
        var object = try #require(json.object)
        object[member] = nil
        #expect(throws: Undecodable.self, "\(type) without \(member)") { try Item(json: .object(object)) }
        object[member] = ["wrong": true]
        if member != "jwks", member != "match" {
          #expect(throws: Undecodable.self, "\(type) with a wrong \(member)") { try Item(json: .object(object)) }
        }
        object[member] = ["wrong"]
        #expect(throws: Undecodable.self, "\(type) with a list for \(member)") { try Item(json: .object(object)) }
      }
    }
    try check(ServiceAccount.self, Self.account, ["id", "name", "organization_role", "created_at"])
    try check(Issuer.self, Self.issuer, ["id", "name", "issuer_url", "jwks", "created_at"])
    try check(
      FederationRule.self, Self.rule,
      ["id", "name", "issuer_id", "match", "target", "oauth_scope", "token_lifetime_seconds", "created_at"])
    try check(APIKey.self, Self.key, ["id", "name", "status", "created_at"])
  }

  @Test("of kinds nobody knew are kept as they came")
  func unknown() throws {
    var issuer = try #require(Self.issuer.object)
    issuer["jwks"] = ["type": "carrier_pigeon", "loft": 7]
    issuer["new_member"] = 1
    #expect(try Issuer(json: .object(issuer)).keys == .unknown(["type": "carrier_pigeon", "loft": 7]))
    var key = try #require(Self.key.object)
    key["principal"] = ["type": "robot_actor", "robot_id": "r2"]
    key["status"] = "sleeping"
    let read = try APIKey(json: .object(key))
    #expect(
      read.principal == .unknown(["type": "robot_actor", "robot_id": "r2"]) && read.status.rawValue == "sleeping")
  }

  @Test("have the key's workspace where either version writes it")
  func keyWorkspace() throws {
    var key = try #require(Self.key.object)
    key["scope"] = ["type": "workspace", "workspace_id": "wrkspc_1"]
    #expect(try APIKey(json: .object(key)).workspaceID == ID("wrkspc_1"))
    key["scope"] = nil
    key["workspace_id"] = "wrkspc_2"
    #expect(try APIKey(json: .object(key)).workspaceID == ID("wrkspc_2"))
  }

  @Test(
    "have identifiers of their own kind only",
    arguments: ["svac_", "fdrl_1", "svac", "svac_a b", "SVAC_1", "svac_é", ""])
  func identifiers(text: String) throws {
    #expect(throws: InvalidID.self) { try ID<ServiceAccount>(text) }
    #expect(try ID<ServiceAccount>("svac_01MASi45").description == "svac_01MASi45")
  }

  @Test("change only in what an update names")
  func updates() throws {
    #expect(AccountUpdate().json == [:] && IssuerUpdate().json == [:] && RuleUpdate().json == [:])
    #expect(AccountUpdate(description: "").json == ["description": ""])
    #expect(IssuerUpdate(resumesPolling: true).json == ["jwks_polling_disabled": false])
    #expect(
      RuleUpdate(match: FederationRule.Match(subjectPrefix: "x"), accountID: try ID("svac_1")).json == [
        "match": ["subject_prefix": "x"], "target": ["type": "service_account", "service_account_id": "svac_1"],
      ])
    #expect(KeyUpdate(status: .inactive).json == ["status": "inactive"])
  }

  @Test("have money in hundredths, written as text")
  func money() throws {
    let row: JSON = [
      "starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z",
      "results": [["amount": "5795.60988", "currency": "USD", "workspace_id": nil]],
    ]
    #expect(try CostBucket(json: row).results.map(\.cost.cents) == [5795.60988])
    var broken = try #require(row.object)
    broken["results"] = [["amount": "much"]]
    #expect(throws: Undecodable.self) { try CostBucket(json: .object(broken)) }
  }

  @Test("carry secrets that nothing prints")
  func secrets() {
    let secret = Secret("CANARY")
    var text = "\(secret) \(String(reflecting: secret)) \(Credential.bearer(secret))"
    dump(Request(.get, "/", credential: .apiKey(secret)), to: &text)
    #expect(!text.contains("CANARY") && secret.expose { $0 } == "CANARY")
  }

  @Test("hide what reads like a secret in a message, and nothing else")
  func masking() {
    let key = ["sk", "ant", "oat01-Abc_d-E"].joined(separator: "-")
    #expect("no \(key)!".withSecretsMasked == "no sk-ant-••••••!")
    #expect("not eyJhbGciOiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl here".withSecretsMasked == "not •••••• here")
    for text in ["keys.example.com", "they.did.it", "eyes.on.you", "/etc/keys.d/keyring.prod.json", ""] {
      #expect(text.withSecretsMasked == text)
    }
  }

  @Test("are asked for with every character of a query in its place")
  func query() {
    let request = Request(.get, "/a", query: [Request.Item("b[]", "c d&e=f/ö+%"), Request.Item("b[]", "")])
    #expect(request.target == "/a?b%5B%5D=c%20d%26e%3Df%2F%C3%B6%2B%25&b%5B%5D=")
  }
}
