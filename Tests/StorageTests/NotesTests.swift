import Foundation
import Platform
import Storage
import Testing

@Suite("What people write down")
struct NotesTests {
  let now = Date(timeIntervalSince1970: 1_764_000_000)

  @Test("a change is in the journal before it is made, and says how it ended")
  func journal() throws {
    let storage = try Storage.inMemory()
    var change = Change(
      at: now, who: "ada@acme.example", action: "rules.update", target: "fdrl_1", before: ["name": "a\u{1B}"],
      after: ["name": "b"], command: "gatehouse rules update fdrl_1 --name b")
    let number = try storage.record(change)
    #expect(try storage.openChanges() == [JournalEntry(number: number, change: change)])
    let made = try storage.record(Change(at: now, who: "ada", action: "rules.create", after: ["name": "n"]))
    try storage.settle(made, .done, target: "fdrl_2", after: ["id": "fdrl_2"], requestID: "req_2")
    try storage.settle(number, .failed("409: in use"), requestID: "req_1")
    (change.outcome, change.requestID) = (.failed("409: in use"), "req_1")
    #expect(try storage.openChanges().isEmpty)
    #expect(try storage.journal(limit: 10).map(\.number) == [made, number])
    #expect(try storage.journal(target: "fdrl_1", limit: 10) == [JournalEntry(number: number, change: change)])
    let last = try #require(try storage.journal(limit: 1).first?.change)
    #expect(
      last.outcome == .done && last.target == "fdrl_2" && last.after == ["id": "fdrl_2"] && last.requestID == "req_2")
    #expect(try storage.journal(before: made, limit: 10).map(\.number) == [number])
  }

  @Test("a bookmark has a note, of an activity that is there")
  func bookmarks() throws {
    let storage = try Storage.inMemory()
    try storage.append([try Activity.sample(1), try Activity.sample(2)], newest: "n", polledAt: now)
    try storage.bookmark(ID("activity_011"), note: "look", at: now)
    try storage.bookmark(ID("activity_012"), note: "odd", at: now)
    try storage.bookmark(ID("activity_011"), note: "look again", at: now)
    #expect(try storage.bookmarks().map(\.note) == ["odd", "look again"])
    #expect(try storage.bookmarks().first?.activity.activity == Activity.sample(2))
    try storage.removeBookmark(ID("activity_012"))
    #expect(try storage.bookmarks().map(\.note) == ["look again"])
    let problem = #expect(throws: Problem.self) { try storage.bookmark(ID("activity_09"), note: "", at: now) }
    #expect(problem?.kind == .local)
  }

  @Test("an accepted finding holds until it expires, the rule changes, or it is withdrawn")
  func accepted() throws {
    let storage = try Storage.inMemory()
    let match = FederationRule.Match(subjectPrefix: "repo:acme/*", claims: ["a": "b"], condition: "claims.x == 'y'")
    func finding(_ code: String, reason: String, for seconds: Double) throws -> AcceptedFinding {
      AcceptedFinding(
        code: code, ruleID: try ID("fdrl_1"), match: match, reason: reason, who: "ada", at: now,
        expiresAt: now.addingTimeInterval(seconds))
    }
    let (short, long) = (
      try finding("GH005", reason: "until the move", for: 60), try finding("GH001", reason: "known", for: 6000)
    )
    try storage.accept(try finding("GH005", reason: "x", for: 600))
    try storage.accept(short)
    try storage.accept(long)
    #expect(try storage.acceptedFindings() == [long, short])
    #expect(short.standing(for: match, at: now) == .holds)
    #expect(short.standing(for: match, at: now.addingTimeInterval(60)) == .expired)
    #expect(short.standing(for: .init(subjectPrefix: "repo:acme/api:*"), at: now) == .changed)
    try storage.withdrawAcceptance(of: "GH005", on: short.ruleID)
    #expect(try storage.acceptedFindings() == [long])
  }

  @Test("a list opens with what was last seen, and when")
  func lists() throws {
    let storage = try Storage.inMemory()
    #expect(try storage.list(of: ServiceAccount.self) == nil)
    let account = ServiceAccount(
      id: try ID("svac_1"), name: "ci", description: "say \"hi\"", organizationRole: .developer, createdAt: now,
      createdBy: nil)
    try storage.keep([account], at: now)
    try storage.keep([Workspace](), at: now)
    let kept = try #require(try storage.list(of: ServiceAccount.self))
    #expect(kept.items == [account] && kept.at == now)
    #expect(try storage.list(of: Workspace.self)?.items == [])
    let many = try (0..<1001).map {
      ServiceAccount(
        id: try ID("svac_\($0)"), name: "a\($0)", description: nil, organizationRole: .developer, createdAt: now,
        createdBy: nil)
    }
    try storage.keep(many, at: now)
    try storage.keep([account], part: " live at http://[::1]:1", at: now)
    #expect(try storage.list(of: ServiceAccount.self)?.items == many)
    #expect(try storage.list(of: ServiceAccount.self, part: " live at http://[::1]:1")?.items == [account])
    #expect(try storage.list(of: Workspace.self)?.items == [])
    try storage.keep([ServiceAccount](), at: now.addingTimeInterval(5))
    #expect(try storage.list(of: ServiceAccount.self)?.items == [])
  }

  @Test("filters have names, and receivers a place")
  func filters() throws {
    let storage = try Storage.inMemory()
    try storage.save(NamedFilter(name: "b", text: "type:x"))
    try storage.save(NamedFilter(name: "a", text: "ip:1.2.3.4"))
    try storage.save(NamedFilter(name: "b", text: "type:y"))
    #expect(try storage.filters() == [.init(name: "a", text: "ip:1.2.3.4"), .init(name: "b", text: "type:y")])
    try storage.removeFilter(named: "a")
    #expect(try storage.filters().map(\.name) == ["b"])
    #expect(try storage.position(of: "loki") == nil)
    try storage.keepPosition(ForwardPosition(newest: 7, oldest: 3), of: "loki")
    try storage.keepPosition(ForwardPosition(newest: 9, oldest: -2), of: "loki")
    #expect(try storage.position(of: "loki") == ForwardPosition(newest: 9, oldest: -2))
  }

  @Test("all of it can be written while another process has the feed")
  func besideTheWriter() throws {
    let place = try Scratch()
    let first = try Storage(path: place.path + "/a.sqlite")
    let second = try Storage(path: place.path + "/a.sqlite", access: .reading)
    #expect(!second.isWriter)
    _ = try second.record(Change(at: now, who: "ada", action: "keys.disable"))
    try second.keep([ServiceAccount](), at: now)
    #expect(try first.openChanges().count == 1)
  }
}
