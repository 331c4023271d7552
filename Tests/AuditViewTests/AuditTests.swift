import AuditView
import Foundation
import Interface
import Platform
import Testing

extension Audit.Arrival {
  /// Arrival number `row`, a minute after the one before it.
  static func sample(_ row: Int, type: String = "platform_service_account_created", more: String = "") throws -> Self {
    let text = """
      {"id":"activity_\(row)","type":"\(type)","created_at":"2026-11-24T09:\(row < 10 ? "0" : "")\(row):00Z",
       "actor":{"type":"user_actor","email_address":"ada@acme.example"},"service_account_id":"svac_1"\(more)}
      """
    return Audit.Arrival(row: Int64(row), activity: try Activity(json: try JSON(parsing: Array(text.utf8))))
  }

  static func denied(_ row: Int) throws -> Self {
    try sample(
      row, type: Activity.exchangeType,
      more: """
        ,"status":{"outcome":"denied","reason":"match_subject_prefix"},"event_data":{"federation_rule_id":"fdrl_1",
        "oidc_token":{"claims":{"sub":"repo:acme/api:ref:refs/heads/dev","aud":"https://api.anthropic.com"}}}
        """)
  }
}

@Suite("The audit tail")
struct AuditTests {
  static func press(_ script: String, _ state: inout Audit.State) -> [Audit.Effect] {
    Key.script(script).flatMap { key -> [Audit.Effect] in
      if state.isTyping { return Audit.update(&state, .typed(key)) }
      guard case .message(let message) = Audit.keys.press(key, in: state) else { return [] }
      return Audit.update(&state, message)
    }
  }

  @Test("follows, stays where the person went, and says how many came meanwhile")
  func follows() throws {
    var state = Audit.State()
    #expect(Audit.update(&state, .opened) == [.recall, .poll(after: nil, in: .zero)])
    let three = try (1...3).map { try Audit.Arrival.sample($0) }
    #expect(Audit.update(&state, .arrived(three)) == [.poll(after: 3, in: .seconds(5))])
    #expect(state.table.selected == 2 && state.isFollowing)
    _ = Self.press("k", &state)
    _ = Audit.update(&state, .arrived([try .sample(4)]))
    #expect(state.selected?.id.description == "activity_2")
    #expect(
      Audit.render(state, size: Size(columns: 100, rows: 10)).text.contains("paused: f follows again · 1 new below"))
    _ = Self.press("f", &state)
    #expect(state.table.selected == 3 && state.unseen == 0)
  }

  @Test("keeps what it has when the platform does not answer, and says what to do")
  func fails() throws {
    var state = Audit.State()
    _ = Audit.update(&state, .arrived([try .sample(1)]))
    let problem = Problem("The feed was not read", because: "no answer came", try: "Wait, or press ctrl-r.")
    #expect(Audit.update(&state, .pollFailed(problem)) == [.poll(after: 1, in: .seconds(30))])
    let text = Audit.render(state, size: Size(columns: 100, rows: 10)).text
    #expect(text.contains("Service account created") && text.contains("✗ The tail is behind. The feed was not read"))
    _ = Audit.update(&state, .arrived([]))
    #expect(state.failure == nil)
  }

  @Test("does not show the same arrival twice")
  func repeats() throws {
    var state = Audit.State()
    _ = Audit.update(&state, .arrived([try .sample(1), try .sample(2)]))
    _ = Audit.update(&state, .arrived([try .sample(2), try .sample(3)]))
    #expect(state.shown.map(\.row) == [1, 2, 3])
  }

  @Test("filters as one types, forgets answers to older texts, and lets new arrivals through")
  func filters() throws {
    var state = Audit.State()
    _ = Audit.update(&state, .arrived([try .sample(1), try .denied(2)]))
    #expect(Self.press("/ou", &state) == [.search("o"), .search("ou")])
    let filter = try ActivityFilter("outcome:denied", now: Date())
    _ = Audit.update(&state, .found("o", filter, []))
    #expect(state.search?.results == nil)
    _ = Self.press("tcome:denied", &state)
    _ = Audit.update(&state, .found("outcome:denied", filter, [try .denied(2)]))
    #expect(state.shown.map(\.row) == [2])
    _ = Audit.update(&state, .arrived([try .sample(3), try .denied(4)]))
    #expect(state.shown.map(\.row) == [2, 4])
    _ = Audit.update(&state, .filterRefused("outcome:denied", why: "column 3: no"))
    #expect(Audit.render(state, size: Size(columns: 100, rows: 10)).text.contains("column 3: no"))
    _ = Self.press("<enter>", &state)
    #expect(!state.isTyping && state.search != nil)
    _ = Self.press("<esc>", &state)
    #expect(state.search == nil && state.shown.count == 4)
  }

  @Test("explains a refused exchange against the rule")
  func why() throws {
    var state = Audit.State()
    state.rules = [
      try FederationRule(
        json: JSON(
          parsing: Array(
            """
            {"id":"fdrl_1","name":"ci","issuer_id":"fdis_1","match":{"subject_prefix":"repo:acme/api:ref:refs/heads/main"},
             "target":{"service_account_id":"svac_1"},"oauth_scope":"workspace:developer","token_lifetime_seconds":600,
             "created_at":"2026-11-24T09:00:00Z"}
            """.utf8)))
    ]
    _ = Audit.update(&state, .arrived([try .denied(1)]))
    let (rule, at) = (state.rules[0].id, try #require(state.selected).createdAt)
    #expect(Self.press("<enter>", &state) == [.readHistory(rule, since: at)])
    let text = Audit.render(state, size: Size(columns: 100, rows: 30)).text
    #expect(text.contains("Against the rule ci as it is now") && !text.contains("as it was then"))
    #expect(text.contains("✗ subject_prefix") && text.contains("actual    repo:acme/api:ref:refs/heads/dev"))
    #expect(text.contains("✓ audience"))
    #expect(Self.press("/subject<enter>", &state).isEmpty)
    #expect(state.opened != nil && !state.isTyping)
    let change = try Audit.Arrival.sample(
      9, type: "platform_federation_rule_updated",
      more: """
        ,"federation_rule_id":"fdrl_1","updates":[{"type":"match_subject_prefix",
        "previous_value":"repo:acme/web:*","current_value":"repo:acme/api:ref:refs/heads/main"}]
        """)
    _ = Audit.update(&state, .historyArrived(rule, [change.activity]))
    let page = Audit.render(state, size: Size(columns: 100, rows: 40)).text
    #expect(page.contains("Against the rule as it was then") && page.contains("expected  repo:acme/web:*"))
    #expect(Self.press("<enter>", &state) == [.openRule(rule)])
  }

  @Test("pivots to all that share a value, with the count first")
  func pivots() throws {
    var state = Audit.State()
    _ = Audit.update(&state, .arrived([try .sample(1)]))
    let effects = Self.press("p", &state)
    guard case .countPivots(let choices) = effects.first else { return #expect(Bool(false), "\(effects)") }
    let account = try #require(choices.firstIndex { $0.field == .account && $0.value == "svac_1" })
    _ = Audit.update(&state, .pivotCounted(choices.map { .init(field: $0.field, value: $0.value, count: 7) }))
    #expect(Audit.render(state, size: Size(columns: 80, rows: 20)).text.contains("svac_1"))
    _ = Self.press(String(repeating: "j", count: account), &state)
    #expect(Self.press("<enter>", &state) == [.search("account:svac_1")])
    #expect(state.search?.text == "account:svac_1" && state.pivot == nil)
  }

  @Test("goes to a time, says what is no time, reads on at the ends, and comes back to where it was")
  func jumps() throws {
    var state = Audit.State()
    let all = try (1...9).map { try Audit.Arrival.sample($0) }
    _ = Audit.update(&state, .arrived(Array(all[6...])))
    #expect(Self.press("Tnoon<enter>", &state) == [.goTo("noon")])
    _ = Audit.update(&state, .timeRefused("noon", why: "no time: write 12:30"))
    #expect(Audit.render(state, size: Size(columns: 80, rows: 10)).text.contains("no time: write 12:30"))
    #expect(Self.press("<ctrl-u>09:03<enter>", &state) == [.goTo("09:03")])
    let at = try #require(Date(timestamp: "2026-11-24T09:02:30Z"))
    _ = Audit.update(&state, .surrounded(Audit.Excerpt(around: .time(at), Array(all[..<5]))))
    #expect(!state.isTyping && !state.isFollowing && state.selected?.id.description == "activity_3")
    let text = Audit.render(state, size: Size(columns: 100, rows: 10)).text
    #expect(text.contains("around 2026-11-24 09:03:00, unfiltered: esc goes back"))
    #expect(Self.press("j", &state).isEmpty)
    let last = all[4].activity.id
    #expect(Self.press("G", &state) == [.readAround(last)] && !state.isFollowing)
    _ = Audit.update(&state, .surrounded(Audit.Excerpt(around: .activity(last), Array(all[2...]))))
    #expect(state.selected?.id == last && state.shown.count == 7)
    #expect(Self.press("j", &state).isEmpty && state.selected?.id.description == "activity_6")
    #expect(Self.press("f", &state).isEmpty && state.excerpt == nil)
    #expect(state.isFollowing && state.selected?.id.description == "activity_9")
  }

  @Test("shows what happened around a row that a filter found, and esc leads back to it")
  func surroundings() throws {
    var state = Audit.State()
    let all = try [Audit.Arrival.sample(1), .denied(2), .sample(3)]
    _ = Audit.update(&state, .arrived(all))
    _ = Self.press("/outcome:denied<enter>", &state)
    let filter = try ActivityFilter("outcome:denied", now: Date())
    _ = Audit.update(&state, .found("outcome:denied", filter, [all[1]]))
    let chosen = all[1].activity.id
    #expect(Self.press(".", &state) == [.readAround(chosen)])
    _ = Audit.update(&state, .surrounded(Audit.Excerpt(around: .activity(chosen), all)))
    #expect(state.shown.map(\.row) == [1, 2, 3] && state.selected?.id == chosen)
    _ = Audit.update(&state, .arrived([try .denied(4)]))
    #expect(state.shown.map(\.row) == [1, 2, 3] && state.unseen == 1)
    #expect(Self.press("<esc>", &state).isEmpty)
    #expect(state.shown.map(\.row) == [2, 4] && state.selected?.id == chosen)
  }

  @Test("reads the next older ones when it comes to the oldest that a filter found, and no more at the last")
  func pages() throws {
    var state = Audit.State()
    _ = Self.press("/ada<enter>", &state)
    let filter = try ActivityFilter("ada", now: Date())
    let page = try (1...Audit.Search.limit).map { try Audit.Arrival.sample($0 % 60, more: ",\"n\":\($0)") }
    _ = Audit.update(&state, .found("ada", filter, page))
    #expect(Audit.render(state, size: Size(columns: 80, rows: 10)).text.contains("the newest 5000, g for more"))
    let oldest = page[0].activity.id
    #expect(Self.press("g", &state) == [.searchOlder(than: oldest, filter)])
    _ = Audit.update(&state, .foundOlder(before: page[1].activity.id, filter, [try .sample(59)]))
    #expect(state.shown.count == 5000)
    _ = Audit.update(&state, .foundOlder(before: oldest, filter, [try .denied(0)]))
    #expect(state.shown.count == 5001 && state.table.selected == 1 && state.selected?.id == oldest)
    #expect(Self.press("g", &state).isEmpty && state.selected?.id.description == "activity_0")
    #expect(Audit.render(state, size: Size(columns: 80, rows: 10)).text.contains("5001 found"))
  }

  @Test("counts denials that come while another view is open")
  func badge() throws {
    var state = Audit.State()
    _ = Audit.update(&state, .arrived([try .denied(1)]))
    #expect(state.newDenials == 0)
    _ = Audit.update(&state, .arrived([try .denied(2), try .sample(3)]))
    #expect(state.newDenials == 1)
    _ = Audit.update(&state, .opened)
    _ = Audit.update(&state, .arrived([try .denied(4)]))
    #expect(state.newDenials == 0)
  }

  @Test("lets no hostile text steer the terminal")
  func hostile() throws {
    var state = Audit.State()
    let hostile = try Audit.Arrival.sample(
      1, type: "x\\u001b[2J\\u202e", more: #","note_id":"a\u001b]52;c;AAAA\u0007""#)
    _ = Audit.update(&state, .arrived([hostile]))
    _ = Self.press("<enter>", &state)
    let text = Audit.render(state, size: Size(columns: 100, rows: 30)).text
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    var state = Audit.State()
    _ = Audit.update(&state, .arrived([try .denied(1)]))
    _ = Self.press("p", &state)
    #expect(Audit.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
  }

  @Test func keysHaveOneMeaningEach() { #expect(Audit.keys.collisions.isEmpty) }
}
