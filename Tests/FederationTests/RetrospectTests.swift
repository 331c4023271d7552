import Foundation
import Platform
import Testing

@testable import Federation

@Suite("A refused exchange, explained afterwards")
struct RetrospectTests {
  let then = Date(timestamp: "2026-11-20T10:00:00Z")!

  func rule(_ subject: String) throws -> FederationRule {
    FederationRule(
      id: try ID("fdrl_1"), name: "ci", description: nil, issuerID: try ID("fdis_1"),
      match: .init(subjectPrefix: subject), accountID: try ID("svac_1"), scope: Scope.inference, tokenLifetime: 600,
      appliesToAllWorkspaces: false, workspaceIDs: [], createdAt: then - 86400, createdBy: nil)
  }

  func change(_ type: String, _ old: String, _ new: String) throws -> Activity {
    try Activity(
      json: [
        "id": "activity_1", "type": "platform_federation_rule_updated", "created_at": JSON(then + 3600),
        "federation_rule_id": "fdrl_1", "actor": ["type": "user_actor"],
        "updates": [["type": .string(type), "previous_value": .string(old), "current_value": .string(new)]],
      ])
  }

  let claims = Claims(["sub": "repo:acme/api:ref:refs/heads/dev", "aud": .string(serviceAudience)])

  @Test("names what the rule asked for then, when it asks for something else now")
  func changed() throws {
    let history = [try change("match_subject_prefix", "repo:acme/api:ref:refs/heads/main", "repo:acme/api:*")]
    let why = Retrospect(try rule("repo:acme/api:*"), claims, at: then, history: history)
    #expect(why.paragraphs.map(\.title) == ["Against the rule ci as it is now", "Against the rule as it was then"])
    #expect(why.paragraphs[0].checks.allSatisfy(\.passed) && why.paragraphs[0].remarks.isEmpty)
    #expect(why.paragraphs[1].checks.first?.expected == "repo:acme/api:ref:refs/heads/main")
    #expect(why.paragraphs[1].checks.first?.failed == true)
  }

  @Test("says once what did not change, and what is doubtful")
  func unchanged() throws {
    let narrow = try rule("repo:acme/api:ref:refs/heads/main")
    let same = Retrospect(narrow, claims, at: then, history: [])
    #expect(same.paragraphs.count == 1)
    #expect(same.paragraphs[0].remarks == ["As far as is recorded, it asked for the same then."])
    let lost = Retrospect(narrow, claims, at: then, history: [try change("match_claims", "not JSON", "{}")])
    #expect(lost.paragraphs[0].remarks == ["The records do not tell what match_claims was then: taken as it is now."])
    #expect(Retrospect(narrow, claims, at: then, history: nil).paragraphs[0].remarks.isEmpty)
  }

  @Test("does not blame a match that fits")
  func elsewhere() throws {
    let why = Retrospect(try rule("repo:acme/api:*"), claims, at: then, history: [])
    #expect(why.paragraphs[0].remarks.contains { $0.hasPrefix("All of its match fits these claims") })
  }
}
