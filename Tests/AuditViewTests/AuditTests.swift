import AuditView
import Federation
import Foundation
import Interface
import Platform
import Testing

extension Audit.Arrival {
  /// Arrival number `row`, a minute after the one before it.
  static func sample(
    _ row: Int, minute: Int? = nil, type: String = "platform_service_account_created", more: String = ""
  ) throws -> Self {
    let minute = minute ?? row
    let text = """
      {"id":"activity_\(row)","type":"\(type)","created_at":"2026-11-24T09:\(minute < 10 ? "0" : "")\(minute):00Z",
       "actor":{"type":"user_actor","email_address":"ada@acme.example"},"service_account_id":"svac_1"\(more)}
      """
    return Audit.Arrival(
      row: Int64(row), place: Int64(row) * 1000, activity: try Activity(json: try JSON(parsing: Array(text.utf8))))
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

extension Audit.State {
  /// As it is once the store has given these, all there is.
  static func holding(_ arrivals: [Audit.Arrival], rows: Int = 20, width: Int = 100) -> Self {
    var state = Self()
    (state.rows, state.width) = (rows, width)
    _ = Audit.update(&state, .opened)
    state.answer(arrivals)
    _ = Audit.update(&state, .arrived(arrivals.suffix(1)))
    state.answer(arrivals)
    return state
  }

  /// Answers what was asked as a store does that has these: oldest first, in pages of `page`.
  @discardableResult
  mutating func answer(_ all: [Audit.Arrival], page: Int = Audit.Window.page) -> [Audit.Effect] {
    guard let ask = self.reading else { return [] }
    let filters = ask.lens.texts.compactMap { try? ActivityFilter($0, now: Date()) }
    guard filters.count == ask.lens.texts.count else { return [] }
    let wanted = filters.reduce(ActivityFilter.everything) { $0.and($1) }
    let filter = ask.lens.showsReads ? wanted : wanted.and(.not(Audit.Lens.reads))
    let passing = all.filter { filter.accepts($0.activity) }.sorted { $0.place < $1.place }
    func part(_ low: Int, _ high: Int, _ centre: Int64? = nil) -> Audit.Reading {
      let (low, high) = (max(0, low), min(passing.count, high))
      return Audit.Reading(
        Array(passing[low..<max(low, high)]), filter: filter, isOldest: low == 0, isNewest: high == passing.count,
        centre: centre)
    }
    func index(_ place: Int64) -> Int { passing.firstIndex { $0.place >= place } ?? passing.count }
    func around(_ place: Int64) -> Audit.Reading { part(index(place) - page / 2, index(place) + page / 2, place) }
    let answer =
      switch ask.part {
      case .newest: part(passing.count - page, passing.count)
      case .oldest: part(0, page)
      case .older(let place): part(index(place) - page, index(place))
      case .newer(let place): part(index(place + 1), index(place + 1) + page)
      case .around(let id): around(all.first { $0.activity.id == id }?.place ?? 0)
      case .from(let date): around(all.first { $0.activity.createdAt >= date }?.place ?? .max)
      case .at: around(all[all.count / 2].place)
      }
    return Audit.update(&self, .read(ask, answer))
  }

  var ids: [String] { shown.map(\.activity.id.description) }
  var text: String { Audit.render(self, size: Size(columns: width, rows: rows)).text }
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
    let all = try (1...4).map { try Audit.Arrival.sample($0) }
    let lens = Audit.Lens()
    #expect(
      Audit.update(&state, .opened) == [.read(Audit.Ask(.newest, lens)), .poll(after: nil, in: .zero), .readNotes])
    state.answer(Array(all[..<3]))
    let history = Audit.update(&state, .arrived([all[2]]))
    #expect(history.contains(.read(Audit.Ask(.newest, lens))) && history.last == .poll(after: 3, in: .seconds(5)))
    state.answer(Array(all[..<3]))
    #expect(state.table.selected == 2 && state.isFollowing)
    _ = Self.press("k", &state)
    _ = Audit.update(&state, .arrived([all[3]]))
    #expect(state.selected?.activity.id.description == "activity_2")
    #expect(state.text.contains("paused: f follows again · 1 new below"))
    _ = Self.press("f", &state)
    #expect(state.table.selected == 3 && state.unseen == 0)
  }

  @Test("keeps what it has when the platform does not answer, and says what to do")
  func fails() throws {
    var state = Audit.State.holding([try .sample(1)])
    let problem = Problem("The feed was not read", because: "no answer came", try: "Wait, or press ctrl-r.")
    #expect(Audit.update(&state, .pollFailed(problem)) == [.poll(after: 1, in: .seconds(30))])
    #expect(
      state.text.contains("Service account created")
        && state.text.contains("✗ The tail is behind. The feed was not read"))
    _ = Audit.update(&state, .arrived([]))
    #expect(state.failure == nil)
  }

  @Test("does not show the same arrival twice, puts a late one in its place, and catches up where there were many")
  func repeats() throws {
    var state = Audit.State.holding([try .sample(1), try .sample(5)])
    _ = Audit.update(&state, .arrived([try .sample(5), try .sample(6)]))
    let late = try Audit.Arrival.sample(3)
    _ = Audit.update(&state, .arrived([Audit.Arrival(row: 7, place: late.place, activity: late.activity)]))
    #expect(state.ids == ["activity_1", "activity_3", "activity_5", "activity_6"] && state.isFollowing)
    #expect(state.text.contains("1 came late"))
    let many = try (0..<Audit.pollLimit).map { number in
      let more = try Audit.Arrival.sample(8)
      return Audit.Arrival(row: Int64(8 + number), place: Int64(8000 + number), activity: more.activity)
    }
    #expect(Audit.update(&state, .arrived(many)).contains(.catchUp(after: 1007)))
  }

  @Test("loses nothing that arrives while the store is asked, nor takes a late answer for that to the same question")
  func races() throws {
    var state = Audit.State.holding([try .sample(1)])
    let stale = Audit.update(&state, .readsAsked) + Audit.update(&state, .readsAsked)
    _ = Audit.update(&state, .arrived([try .sample(2)]))
    guard case .read(let first)? = Audit.update(&state, .refreshAsked).dropFirst().first else {
      return #expect(Bool(false), "\(stale)")
    }
    _ = Audit.update(&state, .refreshAsked)
    let empty = Audit.Reading([], filter: state.window.filter, isOldest: true, isNewest: true)
    _ = Audit.update(&state, .read(first, empty))
    #expect(state.reading != nil && state.ids == ["activity_1", "activity_2"])
    _ = Audit.update(&state, .arrived([try .sample(3)]))
    state.answer([try .sample(1), try .sample(2)])
    #expect(state.ids == ["activity_1", "activity_2", "activity_3"] && state.isFollowing)
  }

  @Test("pages through more than it keeps, up and down, loses no key on the way, and goes to either end at once")
  func pages() throws {
    let all = try (1...3000).map { number in
      let one = try Audit.Arrival.sample(number, minute: number % 60)
      return Audit.Arrival(row: Int64(number), place: Int64(number), activity: one.activity)
    }
    var state = Audit.State.holding(all)
    #expect(state.window.arrivals.count == 500 && state.table.selected == 499)
    // Faster than the store: the lines that could not be gone yet are gone when it has answered.
    var wanted = 3000
    for _ in 0..<160 {
      _ = Self.press("<pgup>", &state)
      wanted = max(1, wanted - (state.height - 2))
      if wanted % 7 == 0 { state.answer(all) }
    }
    for _ in 0..<8 { state.answer(all) }
    #expect(state.selected?.row == Int64(wanted))
    #expect(state.window.arrivals.count <= Audit.Window.capacity + Audit.Window.page && !state.isFollowing)
    #expect(Self.press("g", &state).isEmpty == state.window.isOldest)
    state.answer(all)
    #expect(state.selected?.row == 1 && state.window.isOldest)
    _ = Self.press("G", &state)
    state.answer(all)
    #expect(state.selected?.row == 3000 && state.isFollowing && state.window.isNewest)
    _ = Self.press("g", &state)
    state.answer(all)
    _ = Audit.update(&state, .arrived([Audit.Arrival(row: 3001, place: 3001, activity: all[0].activity)]))
    #expect(state.unseen == 1 && !state.window.isNewest && state.text.contains("1 new below"))
    for _ in 0..<300 {
      _ = Self.press("<pgdn>", &state)
      state.answer(all)
    }
    #expect(state.selected?.row == 3000 && state.isFollowing && state.unseen == 0)
    #expect(state.window.arrivals.count <= Audit.Window.capacity)
  }

  @Test("filters as one types, forgets answers to older texts, and lets new arrivals through")
  func filters() throws {
    let all = try [Audit.Arrival.sample(1), .denied(2)]
    var state = Audit.State.holding(all)
    let lens = { (text: String) in Audit.Lens(texts: [text]) }
    #expect(
      Self.press("/ou", &state).filter { if case .read = $0 { true } else { false } }
        == [.read(Audit.Ask(.newest, lens("o"))), .read(Audit.Ask(.newest, lens("ou")))])
    let stale = Audit.Reading([], filter: .everything, isOldest: true, isNewest: true)
    _ = Audit.update(&state, .read(Audit.Ask(.newest, lens("o")), stale))
    #expect(state.shown.count == 2)
    _ = Self.press("tcome:denied", &state)
    state.answer(all)
    _ = Audit.update(&state, .measured(lens("outcome:denied"), Audit.Measure(passing: 1, hiddenReads: 0)))
    #expect(state.ids == ["activity_2"] && state.text.contains("1 found"))
    _ = Audit.update(&state, .arrived([try .sample(3), try .denied(4)]))
    #expect(state.ids == ["activity_2", "activity_4"] && state.text.contains("2 found"))
    _ = Audit.update(&state, .refused("outcome:denied", why: "column 3: no"))
    #expect(state.text.contains("column 3: no"))
    #expect(Self.press("<enter>", &state).isEmpty && state.isTyping)
    _ = Self.press("<backspace>d<enter>", &state)
    #expect(!state.isTyping && state.filters.stack.map(\.text) == ["outcome:denied"])
    _ = Self.press("<esc>", &state)
    state.answer(try all + [.sample(3), .denied(4)])
    #expect(state.filters.stack.isEmpty && state.shown.count == 4)
  }

  @Test("stacks filters that all must hold, switches them one by one, keeps them under a name and takes them away")
  func stack() throws {
    let all = try [Audit.Arrival.sample(1), .denied(2), .sample(3, type: "platform_api_key_created")]
    var state = Audit.State.holding(all)
    _ = Self.press("/ada<enter>/-outcome:denied<enter>", &state)
    state.answer(all)
    #expect(state.ids == ["activity_1", "activity_3"])
    #expect(state.text.contains("[ada] [-outcome:denied]"))
    _ = Self.press("/type:platform_api_key_created<enter>", &state)
    state.answer(all)
    #expect(state.ids == ["activity_3"])
    _ = Self.press("F j", &state)
    state.answer(all)
    #expect(state.text.contains("[ ]"), "the first is off: the box opens on it")
    #expect(state.lens.texts == ["-outcome:denied", "type:platform_api_key_created"])
    let saved = Audit.SavedFilter(name: "fine", text: "-outcome:denied")
    #expect(Self.press("wfine<enter>", &state) == [.saveFilter(saved)])
    _ = Audit.update(&state, .notesArrived([], [saved, Audit.SavedFilter(name: "old", text: "ip:192.0.2.*")]))
    #expect(state.text.contains("[fine]") && state.text.contains("(ada off)"))
    _ = Self.press("FGj", &state)
    #expect(state.text.contains("old"))
    #expect(Self.press("x", &state).isEmpty && state.text.contains("x again forgets old"))
    #expect(Self.press("x", &state) == [.removeFilter("old")])
    _ = Self.press("<enter>", &state)
    #expect(state.filters.stack.last?.text == "ip:192.0.2.*" && state.filters.stack.last?.name == "old")
    _ = Self.press("x<esc>", &state)
    #expect(state.filters.stack.count == 3)
    _ = Audit.update(&state, .refused("ada", why: "column 1: no"))
    _ = Self.press("<esc><esc><esc>", &state)
    #expect(state.filters.stack.isEmpty && !state.isTyping)
  }

  @Test("highlights without hiding, and goes between what is highlighted, beyond the window too")
  func highlights() throws {
    let all = try (1...9).map { try $0 % 4 == 0 ? Audit.Arrival.denied($0) : .sample($0) }
    var state = Audit.State.holding(all)
    #expect(Self.press("*outcome:denied<enter>", &state) == [.understand("outcome:denied")])
    let filter = try ActivityFilter("outcome:denied", now: Date())
    _ = Audit.update(&state, .understood(Audit.Highlight("outcome:denied", filter)))
    #expect(state.shown.count == 9 && !state.isTyping)
    #expect(state.text.split(separator: "\n").filter { $0.contains(":00 ◆") }.count == 2)
    _ = Self.press("N", &state)
    #expect(state.selected?.row == 8)
    _ = Self.press("N", &state)
    #expect(state.selected?.row == 4)
    #expect(Self.press("N", &state) == [.say("Nothing older is highlighted.")])
    _ = Self.press("n", &state)
    #expect(state.selected?.row == 8)
    _ = Self.press("T09:05<enter>", &state)
    state.answer(all, page: 4)
    let seek = Self.press("n", &state)
    guard case .seek(_, 5000, forward: true)? = seek.first else { return #expect(Bool(false), "\(seek)") }
    let sought = Audit.update(&state, .sought(all[7].activity.id, forward: true))
    #expect(sought == [.read(Audit.Ask(.around(all[7].activity.id), state.lens))])
    state.answer(all)
    #expect(state.selected?.row == 8)
    _ = Self.press("<esc><esc>", &state)
    #expect(state.highlight == nil)
  }

  @Test("explains a refused exchange against the rule")
  func why() throws {
    var state = Audit.State.holding([try .denied(1)], rows: 40)
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
    let (rule, at) = (state.rules[0].id, try #require(state.subject).createdAt)
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

  @Test("pivots to all that share a value, with the count first, and sets other filters aside")
  func pivots() throws {
    var state = Audit.State.holding([try .sample(1)])
    _ = Self.press("/ada<enter>", &state)
    state.answer([try .sample(1)])
    let effects = Self.press("p", &state)
    guard case .countPivots(let choices) = effects.first else { return #expect(Bool(false), "\(effects)") }
    let account = try #require(choices.firstIndex { $0.field == .account && $0.value == "svac_1" })
    _ = Audit.update(&state, .pivotCounted(choices.map { .init(field: $0.field, value: $0.value, count: 7) }))
    #expect(state.text.contains("7  account     svac_1"))
    let down = String(repeating: "j", count: account)
    let together = Self.press(down + "a", &state)
    #expect(together.first == .read(Audit.Ask(.newest, Audit.Lens(texts: ["ada", "account:svac_1"]))))
    state.answer([try .sample(1)])
    let alone = Self.press("p" + down + "<enter>", &state)
    #expect(alone.contains(.read(Audit.Ask(.newest, Audit.Lens(texts: ["account:svac_1"])))))
    #expect(state.overlay == nil && state.filters.stack.map(\.isOn) == [false, true])
  }

  @Test("goes to a time, says what is no time, and comes back to where it was")
  func jumps() throws {
    let all = try (1...9).map { try Audit.Arrival.sample($0) }
    var state = Audit.State.holding(all)
    #expect(Self.press("Tnoon<enter>", &state) == [.read(Audit.Ask(.at("noon"), Audit.Lens()))])
    _ = Audit.update(&state, .refused("noon", why: "no time: write 12:30"))
    #expect(state.text.contains("no time: write 12:30") && state.homes.isEmpty)
    #expect(Self.press("<ctrl-u>09:03<enter>", &state) == [.read(Audit.Ask(.at("09:03"), Audit.Lens()))])
    state.answer(all)
    #expect(!state.isTyping && !state.isFollowing && state.selected?.row == 5)
    #expect(state.text.contains("at 2026-11-24 09:05:00: esc goes back"))
    _ = Self.press("G", &state)
    #expect(!state.isFollowing, "there is a way back still")
    _ = Self.press("<esc>", &state)
    state.answer(all)
    #expect(state.isFollowing && state.selected?.row == 9 && state.homes.isEmpty)
  }

  @Test("shows what happened around a row that a filter found, and esc leads back to it")
  func surroundings() throws {
    let all = try [Audit.Arrival.sample(1), .denied(2), .sample(3), .denied(4)]
    var state = Audit.State.holding(all)
    _ = Self.press("/outcome:denied<enter>", &state)
    state.answer(all)
    _ = Self.press("k", &state)
    let chosen = all[1].activity.id
    #expect(Self.press(".", &state).first == .read(Audit.Ask(.around(chosen), Audit.Lens())))
    state.answer(all)
    #expect(state.ids.count == 4 && state.selected?.activity.id == chosen)
    #expect(state.text.contains("around 2026-11-24 09:02:00, unfiltered: esc goes back"))
    #expect(state.text.contains("(outcome:denied off)"))
    _ = Self.press("j<esc>", &state)
    state.answer(all)
    #expect(state.ids == ["activity_2", "activity_4"] && state.selected?.activity.id == chosen)
  }

  @Test("keeps bookmarks with notes, for several at once too, lists them, and goes there whatever the filter")
  func bookmarks() throws {
    let all = try (1...3).map { try Audit.Arrival.sample($0) }
    var state = Audit.State.holding(all)
    #expect(Self.press("mlook again<enter>", &state) == [.bookmark([all[2].activity.id], note: "look again")])
    let kept = Audit.Bookmark(activity: all[2].activity, note: "look again")
    _ = Audit.update(&state, .notesArrived([kept], []))
    #expect(state.text.contains("09:03:00 ★"))
    #expect(Self.press("m", &state).isEmpty && state.prompt?.editor.text == "look again")
    _ = Self.press("<esc>g  ", &state)
    #expect(state.table.marks.count == 2)
    #expect(Self.press("mboth<enter>", &state) == [.bookmark(all[..<2].map(\.activity.id), note: "both")])
    _ = Self.press("/-ada<enter>", &state)
    state.answer(all)
    #expect(state.shown.isEmpty)
    _ = Self.press("M", &state)
    #expect(state.text.contains("2026-11-24 09:03") && state.text.contains("look again"))
    let there = Self.press("<enter>", &state)
    #expect(there.first == .read(Audit.Ask(.around(all[2].activity.id), Audit.Lens())))
    state.answer(all)
    #expect(state.selected?.row == 3 && state.isUnfiltered)
    #expect(Self.press("Mx", &state) == [.removeBookmark(all[2].activity.id)])
    _ = Audit.update(&state, .notesArrived([], []))
    #expect(state.text.contains("There is no bookmark yet"))
  }

  @Test("copies what is marked as JSON Lines, the value of a JSON page, and its path")
  func copies() throws {
    let all = try (1...2).map { try Audit.Arrival.sample($0) }
    var state = Audit.State.holding(all)
    #expect(Self.press("g  y", &state) == [.copyMarked(all.map(\.activity.id))])
    #expect(
      Audit.update(&state, .gathered(["{}", "{}"])) == [.copy("{}\n{}", what: "2 activities as JSON Lines")])
    _ = Self.press("<enter><tab>/email<enter>", &state)
    #expect(state.text.contains("[JSON]"))
    #expect(Self.press("y", &state) == [.copy("ada@acme.example", what: "the value of actor.email_address")])
    #expect(Self.press("Y", &state) == [.copy("actor.email_address", what: "the path")])
    _ = Self.press("<enter><left><left>", &state)
    #expect(state.text.contains("▹ actor"))
    _ = Self.press("K", &state)
    #expect(state.opened?.activity.id.description == "activity_1" && state.opened?.page == .json)
    #expect(Self.press("o", &state) == [.say("Go back to the log first: esc.")])
  }

  @Test("shows what changed, before and after, whatever the kind of value")
  func changes() throws {
    let change = try Audit.Arrival.sample(
      1, type: "claude_organization_settings_updated",
      more:
        #","updates":[{"type":"domains","previous_value":["a.example"],"current_value":null},{"type":"n","previous_value":"","current_value":3}]"#
    )
    var state = Audit.State.holding([change])
    _ = Self.press("<enter>", &state)
    #expect(state.text.contains(#"- ["a.example"]"#) && state.text.contains("+ (none)") && state.text.contains("+ 3"))
  }

  @Test("marks where the selection is below the histogram, and writes no word over the mark or under it")
  func mark() throws {
    let all = try (1...9).map { try Audit.Arrival.sample($0) }
    var state = Audit.State.holding(all, rows: 21, width: 80)
    let start = try #require(Date(timestamp: "2026-11-24T09:00:00Z"))
    let spread = Audit.Strip.Spread(
      start: start, width: 60, counts: Array(repeating: 1, count: 10), denials: Array(repeating: 0, count: 10))
    _ = Audit.update(&state, .spreadArrived(state.lens, Audit.Strip.Span(bars: 80), spread))
    var explained = 0
    for _ in all {
      let axis = try #require(state.text.split(separator: "\n").first { $0.contains("▲") })
      for word in axis.split(separator: " ") where word.contains("▲") { #expect(word == "▲") }
      if axis.contains("a bar is 1 min; the highest 1") { explained += 1 }
      _ = Self.press("k", &state)
    }
    // In the middle of eighty columns the mark leaves room for it on neither side.
    #expect(explained == 7)
  }

  @Test("goes along the histogram, jumps to a bar, and zooms in and out")
  func strip() throws {
    let all = try (1...9).map { try Audit.Arrival.sample($0) }
    var state = Audit.State.holding(all, rows: 21, width: 80)
    let start = try #require(Date(timestamp: "2026-11-24T09:00:00Z"))
    let span = Audit.Strip.Span(bars: 80)
    let spread = Audit.Strip.Spread(
      start: start, width: 60, counts: [0, 1, 1, 1, 1, 1, 1, 1, 1, 1], denials: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    _ = Audit.update(&state, .spreadArrived(state.lens, span, spread))
    #expect(state.text.contains("a bar is 1 min; the highest 1"))
    _ = Self.press("<left><left><left><left><left>", &state)
    #expect(state.text.contains("2026-11-24 09:04 + 1 min: 1, ✗ 1 refused"))
    #expect(Self.press("<enter>", &state) == [.read(Audit.Ask(.from(start.addingTimeInterval(240)), state.lens))])
    state.answer(all)
    #expect(state.selected?.row == 4 && !state.strip.hasKeys)
    let zoomed = Self.press("+", &state)
    let middle = start.addingTimeInterval(270)
    let range = middle.addingTimeInterval(-37.5)..<middle.addingTimeInterval(37.5)
    #expect(zoomed == [.spread(state.lens, Audit.Strip.Span(range: range, bars: 80))])
    #expect(Self.press("-", &state).count == 1)
    _ = Self.press("<esc><esc>", &state)
    state.answer(all)
    _ = Audit.update(&state, .spreadArrived(state.lens, state.strip.span, spread))
    _ = Audit.update(&state, .list(.pointed(Mouse(.click, at: Position(row: 2, column: 17)))))
    #expect(state.reading?.part == .from(start.addingTimeInterval(120)))
  }

  @Test("counts arrivals into the histogram, and asks for it anew when they lie outside")
  func counting() throws {
    var state = Audit.State.holding([try .sample(1)])
    let spread = Audit.Strip.Spread(
      start: try #require(Date(timestamp: "2026-11-24T09:00:00Z")), width: 60, counts: [0, 1, 0], denials: [0, 0, 0])
    _ = Audit.update(&state, .spreadArrived(state.lens, state.strip.span, spread))
    _ = Audit.update(&state, .arrived([try .denied(2)]))
    #expect(state.strip.spread?.counts == [0, 1, 1] && state.strip.spread?.denials == [0, 0, 1])
    #expect(Audit.update(&state, .arrived([try .sample(3)])).contains(.spread(state.lens, state.strip.span)))
  }

  @Test("counts denials that come while another view is open")
  func badge() throws {
    var state = Audit.State.holding([try .denied(1)])
    _ = Audit.update(&state, .left)
    #expect(state.newDenials == 0)
    _ = Audit.update(&state, .arrived([try .denied(2), try .sample(3)]))
    #expect(state.newDenials == 1)
    _ = Audit.update(&state, .opened)
    _ = Audit.update(&state, .arrived([try .denied(4)]))
    #expect(state.newDenials == 0)
  }

  /// In every place where text from outside is shown.
  @Test(
    "lets no hostile text steer the terminal",
    arguments: ["\u{1B}[2J", "\u{1B}]52;c;AAAA\u{07}", "\u{202E}x", "a\nb\tc", "\u{9B}1m"])
  func hostile(text: String) throws {
    let quoted = JSON.string(text).compact
    let json = try JSON(
      parsing: Array(
        """
        {"id":"activity_1","type":\(quoted),"created_at":"2026-11-24T09:01:00Z","request_id":\(quoted),"note_id":\(quoted),
         "actor":{"type":\(quoted),"subject":\(quoted),"ip_address":\(quoted),"user_agent":\(quoted)},
         "status":{"outcome":\(quoted),"reason":\(quoted),"detail":\(quoted)},
         "updates":[{"type":\(quoted),"previous_value":\(quoted),"current_value":\(quoted)}],
         "event_data":{"oidc_token":{"claims":{"sub":\(quoted),"repository":\(quoted)}}}}
        """.utf8))
    let one = Audit.Arrival(row: 1, place: 1000, activity: try Activity(json: json))
    var state = Audit.State.holding([one], width: 250)
    func look() {
      let text = state.text
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value) })
      #expect(!text.unicodeScalars.contains("\u{202E}"))
    }
    let denial = Audit.Denial(
      rule: text, reason: text, subject: text, count: 1, first: one.activity.createdAt, latest: one.activity)
    _ = Audit.update(&state, .denialsArrived([denial]))
    _ = Audit.update(
      &state,
      .notesArrived([Audit.Bookmark(activity: one.activity, note: text)], [Audit.SavedFilter(name: text, text: text)]))
    look()
    for script in ["p", "<esc>F", "<esc>M", "<esc><enter>", "<tab>", "<esc><tab>", "<enter>", "<esc><esc>"] {
      _ = Self.press(script, &state)
      look()
    }
    _ = Audit.update(&state, .searchAsked(text))
    _ = Audit.update(&state, .refused(text, why: text))
    look()
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    for script in ["p", "F", "M", "<enter>", "<enter><tab>", "<tab>", "/x", "o", "T"] {
      var state = Audit.State.holding([try .denied(1)], rows: rows, width: rows)
      _ = Self.press(script, &state)
      #expect(Audit.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
    }
  }

  @Test func keysHaveOneMeaningEach() { #expect(Audit.keys.collisions.isEmpty) }
}

@Suite("The story of an identity, in the audit view")
struct ChronicleTests {
  @Test("is told of the account at hand or of a pivot's repository, opens its steps, and leads back")
  func told() throws {
    let exchange = try Audit.Arrival.sample(
      1, type: Activity.exchangeType,
      more: """
        ,"status":{"outcome":"success"},"event_data":{"federation_rule_id":"fdrl_1",
        "requested_service_account_id":"svac_1","oidc_token":{"claims":{"repository":"acme/api"}}}
        """)
    let action = try Activity(
      json: [
        "id": "activity_2", "type": "platform_file_uploaded", "created_at": "2026-11-24T09:02:00Z",
        "actor": ["type": "service_account_actor", "service_account_id": "svac_1", "ip_address": "192.0.2.9"],
      ])
    var state = Audit.State.holding([exchange], rows: 20, width: 120)
    let account = Audit.Identity.account(try ID("svac_1"))
    #expect(AuditTests.press("t", &state) == [.readTimeline(account)])
    #expect(state.text.contains("Story of svac_1") && state.text.contains("Reading what is kept"))
    let timeline = Timeline([exchange.activity, action], lifetimes: ["fdrl_1": 600])
    _ = Audit.update(&state, .timelineArrived(.repository("acme/api"), Timeline([]), gaps: []))
    #expect(state.timeline?.timeline == nil, "that was another's story")
    _ = Audit.update(&state, .timelineArrived(account, timeline, gaps: ["Usage was not read: no."]))
    #expect(state.text.contains("Session of svac_1") && state.text.contains("until 09:11:00"))
    #expect(state.text.contains("possibly  the only token") && state.text.contains("Usage was not read: no."))
    _ = AuditTests.press("G<enter>", &state)
    #expect(state.opened?.activity == action)
    _ = AuditTests.press("<esc><esc>", &state)
    #expect(state.pane == .log && state.timeline == nil)
    let choices = AuditTests.press("p", &state)
    guard case .countPivots(let all)? = choices.first, let place = all.firstIndex(where: { $0.field == .repo }) else {
      return #expect(Bool(false), "\(choices)")
    }
    let down = String(repeating: "j", count: place)
    #expect(AuditTests.press(down + "t", &state) == [.readTimeline(.repository("acme/api"))])
  }
}
