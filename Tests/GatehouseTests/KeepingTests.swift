import Foundation
import Platform
import Testing

@Suite("Keeping the store by command")
struct KeepingTests {
  private static func lines(_ days: ClosedRange<Int>) -> String {
    days.map { day in
      let text = day < 10 ? "0\(day)" : "\(day)"
      return
        #"{"id":"activity_01K\#(day)","created_at":"2020-01-\#(text)T09:00:00Z","type":"x","detail":"in-the-midst"}"#
        + "\n"
    }.joined()
  }

  @Test("prunes what was named, after it has said so and was told to, and stays whole")
  func prune() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    #expect(try program.run(["audit", "import", "-"], input: Self.lines(1...20)).status == 0)
    let prune = ["audit", "prune", "--older-than", "2020-01-11", "--json"]
    #expect(try program.run(prune + ["--dry-run"]).object["would_remove"] == 10)
    let unasked = try program.run(prune)
    #expect(unasked.status == 2)
    #expect(try unasked.error["code"] == "not_confirmed")
    #expect(try program.run("audit", "stats", "--json").object["activities"] == 20)
    #expect(try program.run(prune + ["--yes"]).object["removed"] == 10)
    #expect(
      try program.run(["audit", "prune", "--older-than", "90w", "--dry-run", "--json"]).object["would_remove"] == 10)
    #expect(try program.run("audit", "prune", "--max-size", "1TB", "--json").status == 2)
    #expect(try program.run("audit", "prune", "--max-size", "900GB", "--json", "--yes").object["removed"] == 0)
    #expect(try program.run("audit", "compact", "--json").object["after"]?.int ?? 0 > 0)
    #expect(try program.run("audit", "reindex", "--json").object["indexed"] == 10)
    #expect(try program.run("audit", "check", "--json").object["ok"] == true)
    #expect(try program.run("audit", "query", "--substring", "N-THE-MID", "--count", "--json").object["count"] == 10)
    #expect(try program.run("audit", "query", "--filter", "~he-mid -~\"no where\"", "--json").json.count == 10)
  }

  @Test("puts nothing into a person's store that is imported into a sandbox")
  func sandbox() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let imported = try program.run(["audit", "import", "-", "--sandbox", "--json"], input: Self.lines(1...3))
    #expect(try imported.object["added"] == 3)
    #expect(try program.run("audit", "stats", "--json").object["activities"] == 0)
  }

  @Test("keeps two platforms apart that one profile is used for")
  func platforms() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let (first, second) = (try ServedSandbox("--scenario", "demo", in: program), try ServedSandbox(in: program))
    func sync(_ sandbox: ServedSandbox) throws -> Int {
      let result = try sandbox.client(program).run(
        "audit", "sync", "--base-url", sandbox.text("base_url"), "--json")
      return try #require(try result.object["added"]?.int, "\(result.errors)")
    }
    func kept(_ options: String...) throws -> Int? {
      try program.run(["audit", "stats", "--json"] + options).object["activities"]?.int
    }
    let (many, few) = (try sync(first), try sync(second))
    #expect(many > few)
    // What goes on in the example meanwhile comes to it, and the other's store stays as it is.
    let whole = try many + sync(first)
    #expect(try sync(second) == 0)
    #expect(try kept() == whole)
    #expect(try kept("--base-url", first.text("base_url")) == whole)
    #expect(try kept("--base-url", second.text("base_url")) == few)
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path + "/.local/share/gatehouse")
    #expect(files.contains("default.sqlite") && files.contains { $0.hasPrefix("default@127.0.0.1_") })
  }

  @Test("lists the alerts of the configuration, and says where one is wrong")
  func alerts() throws {
    let scratch = try Scratch()
    var program = Program.isolated(scratch.url)
    program.environment["GATEHOUSE_CONFIG_HOME"] = scratch.url.path
    _ = try scratch.file("config.toml", "[[alerts]]\nwhen = \"rule-widened\"\nrun = [\"page\"]\n")
    let listed = try program.run("audit", "alerts", "--json").object
    #expect(listed["name"] == "rule-widened" && listed["run"] == ["page"] && listed["quiet_seconds"] == 300)
    _ = try scratch.file("config.toml", "[[alerts]]\nwhen = \"sometimes\"\n")
    let refused = try program.run("audit", "alerts", "--json")
    #expect(refused.status == 6)
    #expect(try refused.error["message"]?.string?.contains("config.toml:2: ") == true)
  }
}
