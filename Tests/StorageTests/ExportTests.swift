import Foundation
import Platform
import Storage
import Testing

@Suite("Exporting")
struct ExportTests {
  @Test("JSON Lines give back what was taken in, oldest first, with the evidence for it")
  func jsonLines() throws {
    let storage = try Storage.inMemory()
    try storage.append(
      try Fixture.activities(), newest: "n", oldest: "o", isComplete: true,
      polledAt: Date(timeIntervalSince1970: 1_764_000_000))
    var bytes: [UInt8] = []
    let summary = try storage.export(ActivityQuery(), as: .jsonLines) { bytes += $0 }
    let lines = try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(lines == (try Fixture.activities().map(\.json)))
    #expect(summary.count == 44 && summary.isComplete)
    let evidence = summary.evidence(query: "", since: nil, until: nil, digest: "00ff", exportedAt: summary.last!)
    #expect(evidence["sha256"] == "00ff" && evidence["count"] == 44 && evidence["complete"] == true)
    #expect(evidence["first"] == "2026-11-18T08:00:03.000000Z" && evidence["newest_cursor"] == "n")
  }

  @Test("CSV has the columns that most have, and nothing that runs")
  func csv() throws {
    let storage = try Storage.inMemory()
    let hostile = try Activity(
      json: [
        "id": "activity_01", "created_at": "2026-01-01T00:00:00Z", "type": "=cmd()|' /C calc'!A0",
        "actor": ["type": "user_actor", "email_address": "@ada, \"root\" 7", "ip_address": "1.2.3.4"],
        "service_account_id": "svac_01aB", "status": ["detail": "a\u{1B}[2J\r\nb\u{202E}c\u{9B}"],
      ])
    try storage.append([hostile], newest: "n", polledAt: .now)
    var bytes: [UInt8] = []
    let summary = try storage.export(ActivityQuery(), as: .csv) { bytes += $0 }
    #expect(!summary.isComplete)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        created_at,id,type,actor,ip,outcome,reason,detail,subject,request,account,rule,issuer,key,workspace,repo\r
        "2026-01-01T00:00:00.000000Z","activity_01","'=cmd()|' /C calc'!A0","'@ada, ""root"" 7","1.2.3.4","","",\
        "a\u{FFFD}[2J\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}","","","svac_01aB","","","","",""\r

        """)
  }

  @Test("takes what the query takes, and ends when writing fails")
  func queried() throws {
    let storage = try Storage.inMemory()
    try storage.append(try Fixture.activities(), newest: "n", polledAt: .now)
    let query = ActivityQuery(try ActivityFilter("type:sso_*", now: .now))
    #expect(try storage.export(query, as: .jsonLines) { _ in }.count == 3)
    let full = Problem("The export was not written", because: "the disk is full", try: "Make room.", kind: .local)
    #expect(throws: full) { try storage.export(query, as: .csv) { _ in throw full } }
  }
}
