import Foundation
import Platform

/// Activities and filters of every kind, the same for the same seed.
struct RandomFeed: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// xorshift64*, which is random enough to mix cases.
  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &self)! }
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  static let hostile = [
    "\u{1B}[2J\u{1B}[Hpwned", "a\u{0}b", "line\nbreak\rback", "tab\there", "\u{202E}gnirts desrever", "漢字のテスト",
    "\u{1F468}\u{200D}\u{1F469}", "e\u{301}\u{301}", "\u{FEFF}bom", String(repeating: "x", count: 700), "한국어",
    "שלום", "'; DROP TABLE activity; --", "\" OR \"\" MATCH \"", "%s%n", "a=b", "t=platform_api_key_created", " ", "",
    "\u{2}\u{3}", "*", "NOT", "or", "-", "\\", "Straße İstanbul ΣΑΣ", ".", "(", "x:y", "ｆｕｌｌ",
  ]
  static let types = [
    "platform_federated_authentication", "platform_api_key_created", "platform_federation_rule_updated",
    "sso_login_failed",
    "quantum_leap", "Odd Type",
  ]
  static let emails = ["ada@acme.example", "Bo.Berg@acme.example", "ada@acme.example.org"]
  static let identifiers = [
    "svac_01aB", "svac_01Ab", "svac_01aBc", "fdrl_01X", "fdis_9", "apikey_7", "wrkspc_0", "svac_",
  ]
  static let repositories = ["acme/api", "Acme/API", "acme/apis", "other/x"]

  mutating func text() -> String {
    chance(30)
      ? pick(RandomFeed.hostile)
      : (0..<Int.random(in: 1...3, using: &self)).map { _ in
        pick(["rotate", "key", "Token", "deploy", "main", "7", "naïve"])
      }
      .joined(separator: pick([" ", "-", "/", "_"]))
  }

  mutating func time() -> Date {
    // Few, so that many fall together; some before 1970.
    let second = Double(Int.random(in: -3...20, using: &self) * 37)
    return Date(timeIntervalSince1970: pick([second, second + 0.000_001, second + 0.25, 1_764_000_000 + second]))
  }

  mutating func activity(_ number: Int) -> Activity {
    var json: JSON.Object = [
      "id": .string("activity_01\(number)"), "created_at": .string(time().timestamp),
      "type": .string(pick(RandomFeed.types)),
      "organization_id": chance(50) ? "org_01Acme" : nil,
    ]
    var actor: JSON.Object = ["type": .string(pick(["user_actor", "federated_identity_actor", "system_actor"]))]
    if chance(60) { actor["email_address"] = .string(pick(RandomFeed.emails)) }
    if chance(40) { actor["service_account_id"] = .string(pick(RandomFeed.identifiers)) }
    if chance(70) { actor["ip_address"] = .string(pick(["192.0.2.7", "192.0.2.70", "2001:db8::1"])) }
    if chance(30) { actor["user_agent"] = .string(text()) }
    json["actor"] = chance(90) ? .object(actor) : nil
    if chance(60) {
      let repository = pick(RandomFeed.repositories)
      json["status"] = [
        "outcome": .string(pick(["success", "denied", "Granted"])), "reason": chance(50) ? "match_claims" : nil,
      ]
      json["event_data"] = [
        "federation_rule_id": .string(pick(RandomFeed.identifiers)),
        "oidc_token": [
          "claims": [
            "sub": .string("repo:\(repository):ref:\(text())"), "repository": .string(repository),
            "run": JSON(Int.random(in: 0...9, using: &self)), "kubernetes.io": ["pod": .string(text())],
            "iat": .string(time().timestamp),
          ]
        ],
      ]
    }
    if chance(50) { json["detail"] = .string(text()) }
    if chance(30) {
      json["updates"] = .array(
        (0...1).map { _ in
          ["type": "target_id", "current_value": .string(pick(RandomFeed.identifiers)), "n": .number("5.5")]
        })
    }
    if chance(20) { json["flags"] = [true, false, nil, [], [:]] }
    return try! Activity(json: .object(json))
  }

  mutating func value() -> String {
    let value = pick([
      text(), pick(RandomFeed.types), pick(RandomFeed.emails), pick(RandomFeed.identifiers),
      pick(RandomFeed.repositories),
      pick(["192.0.2.7", "denied", "SUCCESS", "match_claims", "user_actor", "true", "5.5", "7", "org_01Acme"]),
      "repo:acme/api:ref:main",
    ])
    switch Int.random(in: 0..<4, using: &self) {
    case 0: return ActivityFilter.quoted(String(value.prefix(Int.random(in: 0...8, using: &self)))) + "*"
    case 1: return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    default: return ActivityFilter.quoted(value)
    }
  }

  mutating func term() -> String {
    let path = pick([
      "event_data.oidc_token.claims.run", "event_data.oidc_token.claims.kubernetes.io.pod", "detail",
      "updates.current_value",
      "updates.n", "flags", "actor.type", "event_data.oidc_token.claims.iat", "status", "id", "organization_id",
      "type.x",
    ])
    switch Int.random(in: 0..<10, using: &self) {
    case 8: return "~" + value()
    case 0...3: return pick(ActivityField.allCases).rawValue + ":" + value()
    case 4: return value()
    case 5: return path + ":" + value()
    case 6: return "created_at" + pick([">", "<", ">=", "<="]) + time().timestamp
    case 7: return pick([path + ">4", path + "<=5.5", path + ">" + time().timestamp])
    default: return pick(["group:wif*", "group:keys", "id:activity_017", "id:activity_01*", "type:*"])
    }
  }

  mutating func filter(depth: Int = 0) -> String {
    switch Int.random(in: 0..<(depth > 3 ? 4 : 8), using: &self) {
    case 0...3: return term()
    case 4: return "-" + term()
    case 5: return "-(" + filter(depth: depth + 1) + ")"
    case 6: return "(" + filter(depth: depth + 1) + " or " + filter(depth: depth + 1) + ")"
    default: return filter(depth: depth + 1) + " " + filter(depth: depth + 1)
    }
  }
}
