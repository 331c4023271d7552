import Federation
import Platform
import Testing

@Suite("What a change of a rule gives more than before")
struct WideningTests {
  @Test(
    "is told by the record, and where that cannot tell it counts as more",
    arguments: [
      ("match_subject_prefix", "repo:a/b:ref:x", "repo:a/b:*", true),
      ("match_subject_prefix", "repo:a/b:*", "repo:a/b:ref:x", false), ("match_subject_prefix", "repo:a/b", "", true),
      ("match_subject_prefix", "", "repo:a/b", false), ("match_audience", "us", "", true),
      ("match_claims", #"{"ref":"main","env":"p"}"#, #"{"ref":"main"}"#, true),
      ("match_claims", #"{"ref":"main"}"#, #"{"ref":"main","env":"p"}"#, false), ("match_claims", "x", "y", true),
      ("match_condition", "claims.a == 'b'", "", true), ("match_condition", "", "claims.a == 'b'", false),
      ("match_condition", "claims.a == 'b'", "claims.a == 'c'", true), ("oauth_scope", "a", "a b", true),
      ("oauth_scope", "a b", "b", false), ("token_lifetime_seconds", "600", "900", true),
      ("token_lifetime_seconds", "900", "600", false), ("applies_to_all_workspaces", "false", "true", true),
      ("applies_to_all_workspaces", "true", "false", false), ("target_id", "svac_1", "svac_2", true),
      ("name", "a", "b", false), ("match_something_new", "a", "b", true),
    ])
  func reasons(part: String, old: String, new: String, isWider: Bool) throws {
    let activity = try Activity(json: [
      "id": "activity_01A", "created_at": "2026-11-24T09:00:00Z", "type": "platform_federation_rule_updated",
      "updates": [["type": .string(part), "previous_value": .string(old), "current_value": .string(new)]],
    ])
    #expect(Widening.reasons(activity).isEmpty == !isWider)
  }
}
