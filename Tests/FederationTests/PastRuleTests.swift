import Foundation
import Platform
import Testing

@testable import Federation

@Suite("A rule as it was")
struct PastRuleTests {
  static let start = Date(timeIntervalSince1970: 1_790_000_000)

  static func rule() throws -> FederationRule {
    FederationRule(
      id: try ID("fdrl_01r"), name: "deploy", description: nil, issuerID: try ID("fdis_01i"),
      match: .init(subjectPrefix: "now", claims: ["ref": "now"]), accountID: try ID("svac_01now"),
      scope: Scope.inference, tokenLifetime: 600, appliesToAllWorkspaces: false,
      workspaceIDs: [try ID("wrkspc_01a")], createdAt: start, createdBy: nil)
  }

  /// - Parameter second: after the rule was made.
  static func activity(
    _ second: Double, _ type: String, _ members: JSON.Object, rule: String = "fdrl_01r"
  ) throws -> Activity {
    var object = members
    object["id"] = .string("activity_01\(Int(second))")
    object["type"] = .string("platform_federation_rule_" + type)
    object["created_at"] = JSON(start.addingTimeInterval(second))
    object["federation_rule_id"] = .string(rule)
    return try Activity(json: .object(object))
  }

  static func update(
    _ second: Double, _ type: String, _ old: String, _ new: String, rule: String = "fdrl_01r"
  ) throws -> Activity {
    let change: JSON = ["type": .string(type), "previous_value": .string(old), "current_value": .string(new)]
    return try activity(second, "updated", ["updates": [change]], rule: rule)
  }

  @Test("is what it was before each change, whatever order the records come in")
  func undone() throws {
    let records = [
      try Self.update(10, "match_subject_prefix", "first", "second"),
      try Self.update(30, "match_claims", #"{"ref":"old"}"#, #"{"ref":"now"}"#),
      try Self.update(20, "match_subject_prefix", "second", "now"),
      try Self.update(25, "match_subject_prefix", "of another", "rule", rule: "fdrl_01other"),
    ]
    func past(_ second: Double) throws -> FederationRule.Match? {
      PastRule(try Self.rule(), at: Self.start.addingTimeInterval(second), undoing: records)?.rule.match
    }
    #expect(try past(5) == .init(subjectPrefix: "first", claims: ["ref": "old"]))
    #expect(try past(10) == .init(subjectPrefix: "second", claims: ["ref": "old"]))
    #expect(try past(29) == .init(subjectPrefix: "now", claims: ["ref": "old"]))
    #expect(try past(30) == .init(subjectPrefix: "now", claims: ["ref": "now"]))
    #expect(try past(-1) == nil)
  }

  @Test("has its old scope, lifetime, account and workspaces")
  func everyPart() throws {
    let records = [
      try Self.update(10, "oauth_scope", Scope.developer, Scope.inference),
      try Self.update(10, "token_lifetime_seconds", "3600", "600"),
      try Self.update(10, "target_id", "svac_01old", "svac_01now"),
      try Self.update(10, "applies_to_all_workspaces", "true", "false"),
      try Self.update(10, "match_claims", "", #"{"ref":"now"}"#),
      try Self.update(10, "match_condition", "claims.x == 'y'", ""),
      try Self.activity(11, "workspace_added", ["workspace_id": "wrkspc_01a"]),
      try Self.activity(12, "workspace_removed", ["workspace_id": "wrkspc_01b"]),
    ]
    let past = try #require(PastRule(try Self.rule(), at: Self.start, undoing: records))
    #expect(past.doubtful == [] && past.rule.scope == Scope.developer && past.rule.tokenLifetime == 3600)
    #expect(past.rule.accountID.description == "svac_01old" && past.rule.appliesToAllWorkspaces)
    #expect(past.rule.match == .init(subjectPrefix: "now", condition: "claims.x == 'y'"))
    #expect(past.rule.workspaceIDs.map(\.description) == ["wrkspc_01b"])
  }

  @Test("was not archived before it was, though its workspaces are forgotten")
  func archived() throws {
    var rule = try Self.rule()
    rule.archivedAt = Self.start.addingTimeInterval(9)
    rule.workspaceIDs = []
    let past = PastRule(rule, at: Self.start, undoing: [try Self.activity(9, "archived", [:])])
    #expect(past?.rule.isArchived == false && past?.doubtful == ["workspace_id"])
  }

  @Test(
    "is in doubt where the records do not fit or cannot be read",
    arguments: [
      ("match_subject_prefix", "old", "not what it is"), ("match_claims", "sha256:ab", ""),
      ("match_claims", #"{"a":1}"#, ""),
      ("token_lifetime_seconds", "an hour", "600"), ("target_id", "user_01", "svac_01now"),
      ("target_lookup_attr", "a", "b"),
    ])
  func doubtful(type: String, old: String, new: String) throws {
    let past = PastRule(try Self.rule(), at: Self.start, undoing: [try Self.update(1, type, old, new)])
    #expect(past?.doubtful == [type])
  }
}
