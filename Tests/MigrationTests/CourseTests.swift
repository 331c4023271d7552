import Federation
import Foundation
import Migration
import Platform
import Testing

@Suite("A key on its way out")
struct CourseTests {
  static let now = Date(timestamp: "2026-11-22T12:00:00Z")!

  static func keys() throws -> [APIKey] {
    try (1...2).flatMap { page in
      try Fixture.json("admin/api_keys.page\(page).json")["data"]!.array!.map { try APIKey(json: $0) }
    }
  }

  static func buckets() throws -> [UsageBucket] {
    try (1...2).flatMap { page in
      try Fixture.json("admin/usage.by-key.page\(page).json")["data"]!.array!.map { try UsageBucket(json: $0) }
    }
  }

  @Test("is tied to its record by the hint alone")
  func match() throws {
    let keys = try Self.keys()
    let wanted = try Fixture.json("admin/hint-match.expected.json")["matches"]!.object!
    let result = try Fixture.written("repos") { try FolderScan($0).run() }
    var seen = 0
    for record in try Fixture.json("keys.json")["keys"]!.array! {
      guard let want = wanted[record["key"]!.string!] else { continue }
      let find = try #require(result.finds.first { $0.digest == record["sha256"]?.string })
      let match = KeyMatch.of(find, among: keys)
      #expect(match.word == want["result"]?.string, "\(record["key"]!.string!)")
      #expect(match.ids.map { JSON($0) } == want["candidates"]!.array!)
      seen += 1
    }
    #expect(seen == wanted.count)
  }

  @Test("is matched in the older shape of the list too")
  func legacy() throws {
    let keys = try Fixture.json("admin/api_keys.legacy-shape.json")["data"]!.array!.map { try APIKey(json: $0) }
    let finds = Scan.finds(in: try Fixture.bytes("repos/04-gitlab-ci/.gitlab-ci.yml"), path: ".gitlab-ci.yml")
    let find = try #require(finds.first { $0.class == .real })
    #expect(KeyMatch.of(find, among: keys).word == "unique")
  }

  @Test("was last used in the bucket that the report says")
  func use() throws {
    let uses = KeyUse.byKey(try Self.buckets())
    let wanted = try Fixture.json("admin/usage.expected.json")
    for (id, day) in wanted["last_use_day"]!.object! {
      #expect(uses[try ID(id)]?.lastText.hasPrefix(day.string!) == true, "\(id)")
    }
    for (id, days) in wanted["longest_gap_days"]!.object! {
      #expect(uses[try ID(id)]?.json["longest_gap_days"] == days, "\(id)")
    }
    let unused = try Self.keys().filter { $0.status == .active && uses[$0.id] == nil }.map { JSON($0.id) }
    #expect(unused == wanted["unused_in_window"]!.array!)
  }

  private func key(_ status: APIKey.Status = .active, expires: Date? = nil) throws -> APIKey {
    APIKey(
      id: try ID("apikey_1"), name: "ci", status: status, createdAt: Self.now.addingTimeInterval(-400 * 86400),
      expiresAt: expires)
  }

  private func evidence(silent days: Int, exchanges: Int = 1, tokens: Int = 1) throws -> Evidence {
    var evidence = Evidence(
      at: Self.now, keyID: try ID("apikey_1"), ruleID: try ID("fdrl_1"), accountID: try ID("svac_1"),
      readFrom: Self.now.addingTimeInterval(-Double(days) * 86400))
    (evidence.exchanges, evidence.accountTokens) = (exchanges, tokens)
    return evidence
  }

  @Test(
    "soaks as long as its rhythm asks", arguments: [(1, 7, 7), (3, 15, 15), (7, 15, 15), (30, 60, 35), (45, 90, 30)])
  func soak(gap: Int, silence: Int, watch: Int) throws {
    let uses = (0..<3).map { index -> JSON in
      let start = Self.now.addingTimeInterval(-Double(index * gap) * 86400)
      return [
        "starting_at": JSON(start), "ending_at": JSON(start.addingTimeInterval(86400)),
        "results": [["api_key_id": "apikey_1", "output_tokens": 1]],
      ]
    }
    let use = KeyUse.byKey(try uses.map { try UsageBucket(json: $0) })[try ID("apikey_1")]
    let soak = Soak(use: use, history: 93)
    #expect(soak.silence == silence && soak.watch == watch)
    // A short history shows no rhythm.
    #expect(Soak(use: use, history: 30).silence == 90)
    #expect(Soak(use: nil, history: 93).rhythm == .sparse)
  }

  @Test("is not disabled while anything stands against it")
  func guards() throws {
    let soak = Soak(use: nil, history: 93)
    func codes(_ key: APIKey, _ evidence: Evidence?, kept: Bool = true) -> [String] {
      Guard(key: key, evidence: evidence, soak: soak, now: Self.now).againstDisabling(isCopyKept: kept).map(\.code)
    }
    #expect(codes(try key(), try evidence(silent: 93)) == [])
    #expect(codes(try key(), nil) == ["no_evidence"])
    #expect(codes(try key(), try evidence(silent: 93), kept: false) == ["copy_not_confirmed"])
    #expect(codes(try key(), try evidence(silent: 89)) == ["soak"])
    #expect(codes(try key(), try evidence(silent: 93, exchanges: 0)) == ["not_cut_over"])
    #expect(codes(try key(), try evidence(silent: 93, tokens: 0)) == ["not_cut_over"])
    #expect(codes(try key(.inactive), try evidence(silent: 93)) == ["not_active"])
    let soon = Self.now.addingTimeInterval(10 * 86400)
    #expect(codes(try key(expires: soon), try evidence(silent: 93)) == ["expires_in_watch"])
  }

  @Test("is not archived in the sitting that disabled it, nor before the watch is over")
  func archive() throws {
    func codes(_ status: APIKey.Status, days: Double?) throws -> [String] {
      let at = days.map { Self.now.addingTimeInterval(-$0 * 86400) }
      let guarded = Guard(key: try key(status), evidence: nil, soak: Soak(use: nil, history: 93), now: Self.now)
      return guarded.againstArchiving(disabledAt: at).map { $0.isWaivable ? $0.code : $0.code + "!" }
    }
    #expect(try codes(.active, days: 40) == ["not_disabled!"])
    #expect(try codes(.inactive, days: nil) == ["not_disabled!"])
    #expect(try codes(.inactive, days: 0) == ["watch!"])
    #expect(try codes(.inactive, days: 10) == ["watch"])
    #expect(try codes(.inactive, days: 30) == [])
  }

  private func course(_ status: APIKey.Status, _ steps: [(Course.Step, Double, Course.Taken.Outcome)]) throws -> Course
  {
    let record = try evidence(silent: 93).json
    return Course(
      key: try key(status),
      steps: steps.map {
        Course.Taken(
          $0.0, at: Self.now.addingTimeInterval(-$0.1 * 86400), who: "ana", outcome: $0.2,
          record: $0.0 == .verify ? record : nil)
      }, soak: Soak(use: nil, history: 93))
  }

  @Test("stands where its steps and its status say, also when the last answer was lost")
  func states() throws {
    #expect(try course(.active, []).state(at: Self.now) == .inUse)
    #expect(try course(.active, [(.plan, 3, .done)]).state(at: Self.now) == .planned)
    #expect(try course(.active, [(.verify, 3, .done)]).state(at: Self.now) == .readyToDisable)
    #expect(try course(.inactive, [(.verify, 3, .done), (.disable, 2, .done)]).state(at: Self.now) == .watching)
    #expect(try course(.inactive, [(.verify, 50, .done), (.disable, 31, .done)]).state(at: Self.now) == .watched)
    // Killed between the request and its answer: the key's own status tells.
    #expect(try course(.inactive, [(.verify, 50, .done), (.disable, 31, .open)]).state(at: Self.now) == .watched)
    #expect(try course(.active, [(.verify, 50, .done), (.disable, 1, .open)]).state(at: Self.now) == .readyToDisable)
    #expect(
      try course(.active, [(.verify, 50, .done), (.disable, 31, .failed)]).state(at: Self.now) == .readyToDisable)
    let back = try course(.active, [(.verify, 9, .done), (.disable, 5, .done), (.rollback, 4, .done)])
    #expect(back.state(at: Self.now) == .rolledBack && back.disabledAt == nil)
    #expect(try course(.archived, [(.archive, 1, .open)]).state(at: Self.now) == .retired)
  }

  private func bucket(
    _ day: Double, _ rows: [(key: String?, account: String?, model: String, tokens: Int)]
  ) throws -> UsageBucket {
    let start = Self.now.addingTimeInterval(day * 86400)
    return try UsageBucket(
      json: [
        "starting_at": JSON(start), "ending_at": JSON(start.addingTimeInterval(86400)),
        "results": .array(
          rows.map {
            [
              "api_key_id": JSON($0.key), "service_account_id": JSON($0.account), "model": .string($0.model),
              "output_tokens": JSON($0.tokens),
            ]
          }),
      ])
  }

  @Test("shows how much of its volume moved, and what was left behind")
  func volume() throws {
    let buckets = try [
      bucket(-6, [("apikey_1", nil, "large", 100), ("apikey_1", nil, "small", 20), ("apikey_2", nil, "large", 999)]),
      bucket(-5, [("apikey_1", nil, "large", 100)]),
      // The day of the change has both, and counts for neither.
      bucket(-4, [("apikey_1", nil, "large", 50), (nil, "svac_1", "large", 50)]),
      bucket(-3, [(nil, "svac_1", "large", 90), ("apikey_3", "svac_1", "large", 500)]),
      bucket(-2, [(nil, "svac_1", "large", 110), ("apikey_1", nil, "small", 7)]),
    ]
    let volume = Volume(
      buckets, key: try ID("apikey_1"), account: try ID("svac_1"), changedAt: Self.now.addingTimeInterval(-3.5 * 86400),
      end: Self.now)
    #expect(volume.keyBefore == 110 && volume.accountAfter == 100 && volume.keyAfter == 7)
    #expect(volume.daysBefore == 2 && volume.daysAfter == 2 && volume.missing == ["small"])
    #expect(volume.keyDays == ["2026-11-20"])
    #expect(volume.lines.joined().contains("(91 %)") && volume.lines.joined().contains("Was a part left out?"))
    var seen = try evidence(silent: 93)
    seen.volume = volume
    #expect(Evidence(json: seen.json)?.volume == volume)
    let aftermath = Aftermath(
      buckets, account: try ID("svac_1"), disabledAt: Self.now.addingTimeInterval(-2 * 86400), end: Self.now, denials: 1
    )
    #expect(aftermath.after == 110 && aftermath.line.contains("1 exchanges were refused since."))
  }

  @Test("is not disabled while volume is missing or the last exchange was refused")
  func missing() throws {
    func codes(_ change: (inout Evidence) throws -> Void) throws -> [String] {
      var seen = try evidence(silent: 93)
      try change(&seen)
      return Guard(key: try key(), evidence: seen, soak: Soak(use: nil, history: 93), now: Self.now)
        .againstDisabling(isCopyKept: true).map(\.code)
    }
    #expect(
      try codes {
        let buckets = try [bucket(-6, [("apikey_1", nil, "m", 100)]), bucket(-2, [(nil, "svac_1", "m", 10)])]
        $0.volume = Volume(
          buckets, key: try ID("apikey_1"), account: try ID("svac_1"),
          changedAt: Self.now.addingTimeInterval(-3 * 86400),
          end: Self.now)
      } == ["volume"])
    #expect(
      try codes { ($0.lastExchange, $0.lastDenial) = (Self.now.addingTimeInterval(-60), Self.now) } == ["denied"])
    #expect(try codes { ($0.lastExchange, $0.lastDenial) = (Self.now, Self.now.addingTimeInterval(-60)) } == [])
  }

  @Test("is off for a brown-out until that is over, which takes nothing back")
  func brownOut() throws {
    let until = Self.now.addingTimeInterval(3600)
    func course(_ status: APIKey.Status, _ more: [Course.Taken]) throws -> Course {
      let off = Course.Taken(
        .brownOut, at: Self.now.addingTimeInterval(-60), who: "ana", outcome: .open, record: ["until": JSON(until)])
      let seen = Course.Taken(
        .verify, at: Self.now.addingTimeInterval(-900), who: "ana", record: try evidence(silent: 93).json)
      return Course(key: try key(status), steps: [seen, off] + more, soak: Soak(use: nil, history: 93))
    }
    let off = try course(.inactive, [])
    #expect(off.state(at: Self.now) == .brownOut && off.brownOutEnd == until && off.disabledAt == nil)
    #expect(off.next(at: until.addingTimeInterval(1)).contains("the key is still off"))
    let on = try course(.active, [Course.Taken(.restore, at: Self.now, who: "ana")])
    #expect(on.state(at: Self.now) == .readyToDisable && on.brownOutEnd == nil)
    let back = try course(.active, [Course.Taken(.rollback, at: Self.now, who: "ana")])
    #expect(back.state(at: Self.now) == .rolledBack)
    let guarded = Guard(key: try key(), evidence: try evidence(silent: 1), soak: off.soak, now: Self.now)
    #expect(guarded.againstBrownOut(isCopyKept: true, seconds: 3600) == [])
    #expect(guarded.againstBrownOut(isCopyKept: false, seconds: 3600).map(\.code) == ["copy_not_confirmed"])
  }

  @Test("is reported with places, files, who the platform saw, and the share that static keys carry")
  func wholeReport() throws {
    let plan = Course.Taken(
      .plan, at: Self.now, who: "ana@host (profile prod)",
      record: [
        "consumers": ["github ci"],
        "places": [["file": "a|b.yml", "line": 3, "kind": "api-key", "class": "real", "sha256": "0123456789abcdef"]],
      ])
    let patch = Course.Taken(
      .patch, at: Self.now, who: "ana", record: ["changes": [["path": "a.yml", "diff_sha256": "fedcba9876543210"]]])
    let off = Course.Taken(
      .disable, at: Self.now, who: "ana", record: ["waiver": "`agreed`"], requestID: "req_1")
    var report = Report(
      at: Self.now, organization: "Acme",
      courses: [Course(key: try key(.inactive), steps: [plan, patch, off], soak: Soak(use: nil, history: 93))])
    (report.active, report.idle) = (4, 1)
    report.confirmations = ["req_1": Report.Confirmation(actor: "ana@acme.example", at: Self.now)]
    report.weeks = Report.weeks(
      try [
        bucket(-8, [("apikey_1", nil, "m", 300), (nil, "svac_1", "m", 100)]),
        bucket(-1, [("apikey_1", "svac_1", "m", 25), (nil, "svac_1", "m", 75), (nil, nil, "m", 9)]),
      ], until: Self.now)
    report.spend = Report.Spend(byKey: 250, federated: 750, currency: "USD")
    #expect(report.weeks.map(\.share) == [0.75, 0.25])
    for text in [
      "4 keys are on, 1 of them unused", "carried 25 % of the tokens", "25 % (2.50 USD)", "| a b.yml:3 | api-key |",
      "| a.yml |", "the platform's log: ana@acme.example", "set aside because:  agreed ", "by ana@host (profile prod)",
    ] { #expect(report.markdown.contains(text), "\(text)") }
    let found = report.json["keys"]?.array?.first
    #expect(found?.at("confirmed.req_1.actor")?.string == "ana@acme.example")
    #expect(found?["places"]?.array?.count == 1 && found?["patches"]?.array?.count == 1)
  }

  @Test("is reported with every step, and the digest tells when one is missing")
  func report() throws {
    func report(_ steps: [(Course.Step, Double, Course.Taken.Outcome)]) throws -> Report {
      Report(at: Self.now, organization: "Acme | Co", courses: [try course(.inactive, steps)])
    }
    let whole = try report([(.verify, 3, .done), (.disable, 2, .done)])
    #expect(whole.markdown.contains("2026-11-20T12:00:00Z disable, done, by ana"))
    #expect(whole.markdown.contains("| ci |") && whole.json.at("totals.WATCHING")?.int == 1)
    #expect(whole.json["digest"] != (try report([(.disable, 2, .done)])).json["digest"])
  }

  @Test("keeps what was seen, and gives it back")
  func evidence() throws {
    var seen = try evidence(silent: 20, exchanges: 3, tokens: 400)
    seen.keyUse = KeyUse.byKey(try Self.buckets())[try ID("apikey_01FAKEEXAMPLEKEY000002")]
    seen.requestIDs = ["req_1"]
    #expect(Evidence(json: seen.json)?.json == seen.json)
    #expect(seen.isCutOver && seen.lines.contains { $0.hasPrefix("Not visible") })
  }
}

@Suite("A plan")
struct PlanTests {
  @Test("names the consumers of a folder, with the command that connects each")
  func consumers() throws {
    let result = try Fixture.written("repos/02-gha-env-levels") { try FolderScan($0).run() }
    let origin = Plan.Origin(gitConfiguration: "[remote \"origin\"]\n\turl = git@github.com:acme/evals.git\n")
    let plan = Plan(finds: result.finds, keys: nil, origin: origin)
    let consumer = try #require(plan.consumers.first { $0.name == "eval eval" })
    #expect(consumer.command == "gatehouse connect github --repository acme/evals --ref main --new-account eval-eval")
    #expect(consumer.match != nil && !consumer.findings.contains { $0.severity >= .high })
  }

  @Test("says what blocks one")
  func blocks() throws {
    func blocks(_ folder: String) throws -> String {
      let result = try Fixture.written("repos/" + folder) { try FolderScan($0).run() }
      let plan = Plan(finds: result.finds, keys: try CourseTests.keys(), origin: nil)
      return plan.consumers.flatMap(\.blocks).joined(separator: "\n")
    }
    #expect(try blocks("09-typescript-app").contains("Two records"))
    #expect(try blocks("08-python-app").contains("Admin API key"))
    #expect(try blocks("07-terraform").contains("in no list"))
    #expect(try blocks("03-gha-node-no-permissions").contains("cannot federate"))
    #expect(try blocks("10-dev-machine").contains("A person"))
  }

  @Test(
    "reads where a repository comes from",
    arguments: [
      ("url = https://github.com/acme/api.git", "github.com", "acme/api"),
      ("\turl = ssh://git@gitlab.example.com/g/s/p.git", "gitlab.example.com", "g/s/p"),
      ("url = git@github.com:acme/api", "github.com", "acme/api"),
    ])
  func origin(text: String, host: String, path: String) {
    let origin = Plan.Origin(gitConfiguration: text)
    #expect(origin?.host == host && origin?.path == path)
  }
}
