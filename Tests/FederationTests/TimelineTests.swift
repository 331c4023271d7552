import Foundation
import Platform
import Testing

@testable import Federation

@Suite("The story of an identity")
struct TimelineTests {
  static let start = Date(timestamp: "2026-11-24T09:00:00Z")!

  /// An exchange, so many seconds after nine.
  static func exchange(
    _ seconds: Int, ip: String = "192.0.2.1", outcome: String? = "success", repository: String = "acme/api"
  ) throws -> Activity {
    try Activity(
      json: [
        "id": .string("activity_x\(seconds)"), "type": .string(Activity.exchangeType),
        "created_at": JSON(start + Double(seconds)),
        "actor": ["type": "federated_identity_actor", "ip_address": .string(ip), "user_agent": "sdk"],
        "status": ["outcome": JSON(outcome), "reason": outcome == "denied" ? "match_audience" : .null],
        "event_data": [
          "federation_rule_id": "fdrl_1", "requested_service_account_id": "svac_1",
          "oidc_token": ["claims": ["repository": .string(repository)]],
        ],
      ])
  }

  static func action(_ seconds: Int, ip: String = "192.0.2.1") throws -> Activity {
    try Activity(
      json: [
        "id": .string("activity_a\(seconds < 0 ? "before" : "\(seconds)")"), "type": "platform_file_uploaded",
        "created_at": JSON(start + Double(seconds)),
        "actor": [
          "type": "service_account_actor", "service_account_id": "svac_1", "ip_address": .string(ip),
          "user_agent": "sdk",
        ],
      ])
  }

  static func ties(_ timeline: Timeline) -> [[Timeline.Tie]] { timeline.sessions.map { $0.steps.map(\.tie) } }

  @Test("ties to the only token that lived what came from its address, and says only possibly of another address")
  func single() throws {
    let all = [try Self.action(60), try Self.exchange(0), try Self.action(90, ip: "198.51.100.7")]
    let timeline = Timeline(all, lifetimes: ["fdrl_1": 600])
    #expect(Self.ties(timeline) == [[.known, .probable, .possible]])
    #expect(timeline.sessions[0].endsAt == Self.start + 600)
    #expect(timeline.sessions[0].steps[2].because.contains("another address"))
  }

  @Test("ties nothing to a token that had ended, was refused, or came later")
  func outside() throws {
    let all = [
      try Self.action(-5), try Self.exchange(0), try Self.exchange(300, outcome: "denied"), try Self.action(600),
      try Self.action(601), try Self.action(9000),
    ]
    let timeline = Timeline(all, lifetimes: ["fdrl_1": 600])
    #expect(timeline.sessions.map(\.kind) == [.unattributed, .exchange, .refused, .unattributed, .unattributed])
    #expect(Self.ties(timeline) == [[.none], [.known], [.known], [.none, .none], [.none]])
    let unclear = Timeline([try Self.exchange(0, outcome: nil), try Self.action(1)])
    #expect(unclear.sessions.map(\.kind) == [.unclear, .unattributed])
  }

  @Test("of several tokens chooses the one of the same address, and says possibly where that does not tell")
  func several() throws {
    let first = [try Self.exchange(0), try Self.exchange(10, ip: "198.51.100.7")]
    let apart = Timeline(first + [try Self.action(20)], lifetimes: ["fdrl_1": 600])
    #expect(Self.ties(apart) == [[.known, .probable], [.known]])
    let alike = Timeline([try Self.exchange(0), try Self.exchange(10), try Self.action(20)])
    #expect(Self.ties(alike) == [[.known], [.known, .possible]])
    let neither = Timeline(first + [try Self.action(20, ip: "203.0.113.1")])
    #expect(Self.ties(neither) == [[.known], [.known, .possible]])
  }

  @Test("tells of one repository only, but knows the tokens of others, and keeps what might be its")
  func repository() throws {
    let all = [
      try Self.exchange(0), try Self.exchange(10, ip: "198.51.100.7", repository: "acme/web"),
      try Self.action(20, ip: "198.51.100.7"), try Self.action(30), try Self.action(9000),
    ]
    let timeline = Timeline(all, lifetimes: ["fdrl_1": 600]) {
      $0.json.at("event_data.oidc_token.claims.repository") == "acme/api"
    }
    #expect(Self.ties(timeline) == [[.known, .probable], [.none]])
    #expect(timeline.sessions[0].steps[1].activity.id.description == "activity_a30")
  }

  @Test("gives usage to every token that lived in its span, and says so where there were several")
  func usage() throws {
    let use = Timeline.Use(
      account: "svac_1", start: Self.start, end: Self.start + 60, tokens: 7, requests: nil)
    let other = Timeline.Use(account: "svac_2", start: Self.start, end: Self.start + 60, tokens: 9, requests: 1)
    let one = Timeline([try Self.exchange(0)], uses: [use, other])
    #expect(one.sessions[0].uses.map(\.tie) == [.probable] && one.sessions[0].uses[0].use.tokens == 7)
    let two = Timeline([try Self.exchange(0), try Self.exchange(30)], uses: [use])
    #expect(two.sessions.map { $0.uses.map(\.tie) } == [[.possible], [.possible]])
    #expect(two.sessions[1].json.at("usage")?.array?.first?["tie"] == "possible")
  }
}
