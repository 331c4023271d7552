import Foundation
import Platform
import Testing

@Suite("The filter language")
struct ActivityFilterTests {
  static let now = Date(timestamp: "2026-11-24T09:30:00Z")!

  static let exchange = try! Activity(
    json: JSON(
      parsing: """
        {"id":"activity_01AbCdEfGhJk","created_at":"2026-11-24T08:00:00.25Z","organization_id":"org_01Acme",
        "actor":{"type":"federated_identity_actor","issuer":"https://token.actions.githubusercontent.com",
        "subject":"repo:Acme/api:ref:refs/heads/main","ip_address":"192.0.2.7","user_agent":"anthropic-sdk/2.12"},
        "type":"platform_federated_authentication","request_id":"req_01Zz","status":{"outcome":"denied",
        "reason":"match_subject_prefix","detail":"no match: \\u001b[2J Zürich 漢字"},"event_data":{
        "federation_rule_id":"fdrl_01Rule","issuer_id":"fdis_01Issuer","requested_service_account_id":"svac_01aB",
        "oidc_token":{"claims":{"sub":"repo:Acme/api:ref:refs/heads/main","ref":"refs/heads/main","run_attempt":3,
        "kubernetes.io":{"namespace":"ci runners"},"iat":"2026-11-24T07:59:00Z"},"jti":null}},
        "resources":[{"id":"wrkspc_01W","type":"workspace"},{"id":"fdrl_01Rule","type":"federation_rule"}]}
        """))

  @Test(
    "finds what is there",
    arguments: [
      "", "type:platform_federated_authentication", "type:PLATFORM_fed*", "group:wif_auth", "group:wif*",
      "actor:repo:acme/api:ref:refs/heads/main", "actor:https://token*", "account:svac_01aB", "account:svac_01*",
      "rule:fdrl_01Rule", "issuer:fdis_01Issuer", "issuer:https://token.actions.githubusercontent.com",
      "workspace:wrkspc_01W", "ip:192.0.2.*", "outcome:denied", "reason:match_*", "request:req_01Zz", "repo:acme/api",
      "sub:repo:acme/api:*", "id:activity_01AbCdEfGhJk", "activity_01AbCdEfGhJk", "zürich", "ZÜRICH", "漢",
      "\"no match\"",
      "fed*", "denied match", "-outcome:success", "-(type:x or ip:1.2.3.4)", "type:x or ip:192.0.2.7", "(denied)",
      "type:x or -(denied type:y) zürich", "created_at>-2h", "created_at>=2026-11-24T08:00:00.25Z created_at<09:00",
      "created_at<=08:00:01", "event_data.oidc_token.claims.ref:refs/heads/main", "resources.id:wrkspc_01W",
      "event_data.oidc_token.claims.run_attempt>2", "event_data.oidc_token.claims.run_attempt:3",
      "event_data.oidc_token.claims.kubernetes.io.namespace:\"ci runners\"", "event_data.oidc_token.claims.iat<-1h",
      "-event_data.oidc_token.jti:*", "event_data.oidc_token.claims:*", "status.detail:\"no match: \"*", "main \"ref\"",
      "https://token.actions.githubusercontent.com", "2.12", "refs/heads/main", "svac_01aB", "fdrl_01*", "192.0.2.7",
      "req_01Zz", "federated_identity_actor", "~rated_auth", "~ERATED_AUTH", "~\"no match\"", "-~nowhere", "~漢字",
      "~kubernetes.io", "(~nowhere or ~ds/ma) type:platform*",
    ])
  func accepts(_ text: String) throws {
    #expect(try ActivityFilter(text, now: Self.now).accepts(Self.exchange))
  }

  @Test(
    "leaves out what is not",
    arguments: [
      "type:platform_federated", "type:user*", "group:keys", "actor:repo:acme", "account:svac_01Ab",
      "account:svac_01ab",
      "account:svac_01AB*", "outcome:success", "-outcome:denied", "\"match no\"", "fede", "-zürich", "org_01Acme",
      "created_at<-2h", "created_at>2026-11-24T08:00:00.25Z", "event_data.oidc_token.claims.run_attempt<3",
      "event_data.oidc_token.jti:*", "event_data.oidc_token.claims.ref:refs/heads", "resources.id:wrkspc_01",
      "nowhere:*",
      "request_id>5", "~nowhere", "~ZÜRICH", "-~denied", "~\"match no\"", "denied -denied", "type:x or type:y",
      "id:activity_01abcdefghjk",
    ])
  func refuses(_ text: String) throws {
    #expect(try !ActivityFilter(text, now: Self.now).accepts(Self.exchange))
  }

  @Test(
    "points at mistakes",
    arguments: [
      ("type:", 6, "a value is due"), ("type:a or", 10, "a term is due"), ("or type:a", 1, "a term is due"),
      ("(type:a", 1, "not closed"), ("type:a)", 7, "closes nothing"), ("sub:\"repo", 5, "quote is not closed"),
      ("a -", 4, "after -"), ("- a", 2, "after -"), ("()", 2, "a term is due"), ("created_at>soon", 12, "is no time"),
      ("created_at:2026-11-24", 12, "never equal"), ("type>5", 1, "is text"), ("a.b>x", 5, "neither a number"),
      ("group:nope", 7, "no group"), ("--- ***", 4, "after -"), ("x ***", 3, "no letter"), ("a..b:c", 1, "no path"),
      ("type:a\"b", 7, "a quote within"), ("x ~", 4, "a value is due"), ("~\"\"", 2, "no text to look for"),
    ])
  func mistakes(_ text: String, column: Int, mistake: String) throws {
    let error = #expect(throws: InvalidFilter.self) { try ActivityFilter(text, now: Self.now) }
    #expect(error?.column == column, "\(error as Any)")
    #expect(error?.mistake.contains(mistake) == true, "\(error as Any)")
  }

  @Test(
    "a search takes its text literally, and all of its words must be there",
    arguments: [
      ("denied zürich", true), ("main)", true), ("(no", true), ("svac_01aB", true), ("svac_01*", true),
      ("192.0.2.7", true), ("192.0.*", true), ("type:x", false), ("denied nowhere", false), ("svac_01AB", false),
      ("or", false), ("", true), ("&&&", false), ("denied &&&", true),
    ])
  func searches(_ text: String, isFound: Bool) {
    #expect(ActivityFilter(searching: text).accepts(Self.exchange) == isFound)
  }

  @Test("nesting without end is refused, not a crash")
  func nesting() throws {
    for text in [String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000) + "a"] {
      #expect(throws: InvalidFilter.self) { try ActivityFilter(text, now: Self.now) }
    }
  }

  @Test(
    "a pivot is a filter that finds its own value",
    arguments: ["a b", "say \"hi\"", "back\\slash", "star*", "(x)", "", "ends\\", "plain", "tab\there"])
  func quoting(_ value: String) throws {
    #expect(try ActivityFilter(ActivityField.sub.term(value), now: Self.now) == .field(.sub, FilterValue(value)))
  }

  @Test(
    "times are read as people type them",
    arguments: [
      ("2026-11-24T08:00:00Z", "2026-11-24T08:00:00Z"), ("2026-11-24T08:00", "2026-11-24T08:00:00Z"),
      ("2026-11-23", "2026-11-23T00:00:00Z"), ("08:15", "2026-11-24T08:15:00Z"), ("-2h", "2026-11-24T07:30:00Z"),
      ("-7d", "2026-11-17T09:30:00Z"), ("yesterday", "2026-11-23T00:00:00Z"), ("today", "2026-11-24T00:00:00Z"),
      ("2026-11-24T10:00:00+02:00", "2026-11-24T08:00:00Z"),
    ])
  func moments(_ text: String, _ expected: String) {
    #expect(Date(moment: text, now: Self.now) == Date(timestamp: expected))
  }

  @Test(
    "what is no time is none",
    arguments: ["", "-", "-2", "-h", "-2y", "25:00", "tomorrow", "2026-13-01", "-99999999999h"])
  func noMoments(_ text: String) {
    #expect(Date(moment: text, now: Self.now) == nil)
  }
}
