import Federation
import Foundation
import Platform
import Sandbox
import Testing

/// A rule on the sandbox's own issuer, and tokens that meet it or almost do.
struct Exchanging {
  let client: Client
  let account, issuer, rule: String

  init(rule more: JSON.Object = [:], issuer issuerMore: JSON.Object = [:], clientAt: Client? = nil) async throws {
    client = try clientAt ?? Client()
    account = try await client.account()
    issuer = try await client.issuer("idp", issuerMore)
    var body: JSON.Object = [
      "name": "rule", "issuer_id": .string(issuer),
      "match": ["subject_prefix": "repo:acme/api:*", "claims": ["env": "prod"]],
      "target": ["type": "service_account", "service_account_id": .string(account)],
      "oauth_scope": "workspace:developer",
      "workspace_id": .string(client.workspace),
    ]
    for (key, value) in more { body[key] = value }
    rule = try await client.make("federation_rules", .object(body))["id"]?.string ?? ""
  }

  /// What an earlier one made, in a sandbox that was opened again.
  init(existing client: Client) async throws {
    self.client = client
    account = try await client.ask(.get, "service_accounts").rows.first?["id"]?.string ?? ""
    issuer = try await client.ask(.get, "federation_issuers").rows.first?["id"]?.string ?? ""
    rule = try await client.ask(.get, "federation_rules").rows.first?["id"]?.string ?? ""
  }

  static let now = Int(Client.now.timeIntervalSince1970)

  func claims(_ changes: [String: JSON?] = [:]) -> JSON.Object {
    var claims: JSON.Object = [
      "iss": .string(client.sandbox.issuer.url), "sub": "repo:acme/api:ref:refs/heads/main",
      "aud": "https://api.anthropic.com", "env": "prod", "iat": JSON(Self.now), "exp": JSON(Self.now + 600),
      "jti": "one",
    ]
    for (name, value) in changes { claims[name] = value }
    return claims
  }

  func exchange(_ token: Secret, _ changes: [String: JSON?] = [:]) async throws -> Client.Reply {
    var body: JSON.Object = [
      "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": token.expose { .string($0) },
      "federation_rule_id": .string(rule), "organization_id": .string(client.sandbox.credentials.organizationID),
      "service_account_id": .string(account),
    ]
    for (name, value) in changes { body[name] = value }
    return try await client.ask(.post, "/v1/oauth/token", .object(body), as: .nobody)
  }

  func exchange(claims changes: [String: JSON?] = [:], _ request: [String: JSON?] = [:]) async throws -> Client.Reply {
    try await exchange(try client.sandbox.issuer.key.sign(claims(changes)), request)
  }

  /// What the feed says of the last attempt.
  func last() async throws -> JSON { try await client.feed("platform_federated_authentication").first ?? .null }
}

@Suite("The token exchange of the sandbox")
struct ExchangeTests {
  @Test("mints a token that works, and tells the feed")
  func granted() async throws {
    let it = try await Exchanging()
    let reply = try await it.exchange()
    #expect(reply.status == 200 && reply.json["expires_in"] == 1200 && reply.json["scope"] == "workspace:developer")
    let token = Secret(reply.json["access_token"]?.string ?? "")
    #expect(try await it.client.ask(.get, "me", as: .token(token)).status == 403)
    let event = try await it.last()
    #expect(event.at("status.outcome") == "success" && event.at("status.reason") == .null)
    #expect(event.at("event_data.oidc_token.claims.env") == "prod" && event.at("event_data.oidc_token.jti") == "one")
    #expect(event.at("actor.type") == "federated_identity_actor")
    #expect(event["request_id"]?.string == reply.header("request-id"))
  }

  @Test(
    "refuses, with the same words for every reason but the feed's",
    arguments: [
      (["sub": "repo:acme/other:x"], "match_subject_prefix"), (["aud": "other"], "match_audience"),
      (["env": "test"], "match_claims"), (["iss": "https://other.example"], "issuer_mismatch"),
      (["exp": JSON(Exchanging.now - 31)], "expired"), (["iat": JSON(Exchanging.now + 31)], "not_yet_valid"),
      (["nbf": JSON(Exchanging.now + 31)], "not_yet_valid"), (["iat": nil], "missing_claim"),
      (["sub": nil], "missing_claim"),
      (["exp": JSON(Exchanging.now + 3601)], "lifetime_exceeded"),
    ] as [([String: JSON?], String)])
  func denied(changes: [String: JSON?], reason: String) async throws {
    let it = try await Exchanging()
    let reply = try await it.exchange(claims: changes)
    #expect(reply.status == 401 && reply.type == "authentication_error" && reply.message == "Authentication failed")
    #expect(try await it.last().at("status.reason")?.string == reason)
  }

  @Test("believes a clock that is up to 30 s off")
  func leeway() async throws {
    let it = try await Exchanging()
    let times: [String: JSON?] = ["iat": JSON(Exchanging.now + 29), "nbf": JSON(Exchanging.now + 29)]
    #expect(try await it.exchange(claims: times).status == 200)
    let late = try await it.exchange(claims: [
      "iat": JSON(Exchanging.now - 100), "exp": JSON(Exchanging.now - 29), "jti": "two",
    ])
    #expect(late.json["expires_in"] == 60)
  }

  @Test("takes each jti once for each issuer, and only when it led to a token")
  func replay() async throws {
    let it = try await Exchanging()
    #expect(try await it.exchange(claims: ["env": "test"]).status == 401)
    #expect(try await it.exchange().status == 200)
    #expect(try await it.exchange().status == 401)
    #expect(try await it.last().at("status.reason") == "jti_reused")
    #expect(try await it.exchange(claims: ["jti": nil]).status == 200)
  }

  @Test("keeps nothing of a token that it could not verify")
  func unverified() async throws {
    let it = try await Exchanging()
    let stranger = try SigningKey(.rs256, id: it.client.sandbox.issuer.key.id, seed: "stranger")
    #expect(try await it.exchange(stranger.sign(it.claims())).status == 401)
    let event = try await it.last()
    #expect(event.at("status.reason") == "bad_signature" && event.at("event_data.oidc_token.claims") == .null)
    #expect(event.at("actor.provider.issuer") == .null && event.at("actor.type") == "federated_actor")
  }

  @Test("refuses a malformed request with 400 and leaves no trace of it")
  func malformed() async throws {
    let it = try await Exchanging()
    let changes: [([String: JSON?], String)] = [
      (["federation_rule_id": "x"], "federation_rule_id"), (["assertion": nil], "assertion"),
      (["service_account_id": nil], "service_account_id"), (["workspace_id": "prod"], "workspace_id"),
      (["assertion": .string(String(repeating: "a", count: 16385))], "assertion"),
      (["grant_type": "password"], "grant_type"),
    ]
    for (change, field) in changes {
      let reply = try await it.exchange(claims: [:], change)
      #expect(reply.status == 400 && reply.message.hasPrefix(field + ": "))
    }
    #expect(try await it.exchange(claims: [:], ["federation_rule_id": "fdrl_0123456789"]).status == 401)
    #expect(try await it.last() == .null)
  }

  @Test("chooses the workspace as the request and the rule say")
  func workspaces() async throws {
    let it = try await Exchanging()
    let other = try await it.client.make("workspaces", ["name": "Other"])["id"] ?? .null
    #expect(try await it.exchange(claims: ["jti": "1"], ["workspace_id": other]).status == 401)
    #expect(try await it.last().at("status.reason") == "workspace_not_enabled")
    _ = try await it.client.make("federation_rules/\(it.rule)/workspaces", ["workspace_id": other])
    #expect(try await it.exchange(claims: ["jti": "2"]).status == 401)
    #expect(try await it.last().at("status.reason") == "workspace_id_required")
    #expect(try await it.exchange(claims: ["jti": "3"], ["workspace_id": other]).status == 401)
    #expect(try await it.last().at("status.reason") == "not_workspace_member")
    _ = try await it.client.make(
      "service_accounts/\(it.account)/workspaces", ["workspace_id": other, "workspace_role": "workspace_user"])
    #expect(try await it.exchange(claims: ["jti": "4"], ["workspace_id": other]).status == 200)
    #expect(try await it.exchange(claims: ["jti": "5"], ["workspace_id": "default"]).status == 200)
    _ = try await it.client.ask(.post, "federation_rules/\(it.rule)/archive")
    #expect(try await it.exchange(claims: ["jti": "6"]).status == 401)
    #expect(try await it.last().at("status.reason") == "rule_archived")
  }

  @Test("renews a person's token once for each refresh token")
  func refresh() async throws {
    let client = try Client()
    func renew(_ token: JSON) async throws -> Client.Reply {
      try await client.ask(
        .post, "/v1/oauth/token", ["grant_type": "refresh_token", "refresh_token": token, "client_id": "x"], as: .nobody
      )
    }
    let old = client.sandbox.credentials.refreshToken.expose { JSON.string($0) }
    let renewed = try await renew(old)
    #expect(renewed.status == 200 && renewed.json.at("organization.uuid") != nil)
    #expect(
      try await client.ask(.get, "me", as: .token(Secret(renewed.json["access_token"]?.string ?? ""))).status == 200)
    #expect(try await renew(old).json["error"] == "invalid_grant")
    #expect(try await renew(renewed.json["refresh_token"] ?? .null).status == 200)
  }
}
