import Foundation
import Platform
import Testing

@Suite("Lists while the platform cannot be reached")
struct OfflineTests {
  private static let lists = [
    ["accounts", "list"], ["accounts", "list", "--archived"], ["issuers", "list"], ["rules", "list"],
    ["workspaces", "list"], ["keys", "list"],
  ]

  @Test("are shown to people as they were last seen, and to programs only when they ask for that")
  func lastSeen() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sandbox = try ServedSandbox("--scenario", "demo", in: program)
    let client = try sandbox.client(program)
    let base = ["--base-url", try sandbox.text("base_url")]
    var before: [[String]: Program.Result] = [:]
    for words in Self.lists {
      let never = try client.run(words + ["--offline"] + base)
      #expect(never.status == 6 && never.output.isEmpty && never.errors.contains("never read"), "\(words)")
      before[words] = try client.run(words + base)
      #expect(before[words]?.status == 0)
    }
    #expect(sandbox.stop() == 0)
    for words in Self.lists {
      let asked = try client.run(words + ["--offline"] + base)
      #expect(asked.status == 0 && asked.output == before[words]?.output, "\(words): \(asked.errors)")
      #expect(asked.errors.contains("as of 20") && asked.errors.contains(" ago"))
      let person = try client.run(words + base)
      #expect(person.status == 5 && person.output == before[words]?.output)
      #expect(person.errors.contains("could not be reached") && person.errors.contains("as of 20"))
      let script = try client.run(words + base + ["--json"])
      #expect(script.status == 5 && script.output.isEmpty)
      #expect(try script.error["remedy"]?.string?.contains("--offline shows the list as of 20") == true)
      #expect(try client.run(words + base + ["--json", "--offline"]).json.isEmpty == false)
      // Of another address nothing is known, whatever this profile has seen elsewhere.
      let other = try client.run(words + ["--base-url", "http://127.0.0.1:9"])
      #expect(other.status == 5 && other.output.isEmpty)
    }
    let active = try client.run(["keys", "list", "--status", "active", "--offline", "--json"] + base)
    #expect(try active.json.allSatisfy { $0["status"] == "active" } && !active.json.isEmpty)
  }

  @Test("are shown though nothing can be kept")
  func unkept() throws {
    let scratch = try Scratch()
    var program = Program.isolated(scratch.url)
    program.environment["GATEHOUSE_DATA_HOME"] = "/proc/none"
    let sandbox = try ServedSandbox("--scenario", "demo", in: program)
    let result = try sandbox.client(program).run("accounts", "list", "--base-url", try sandbox.text("base_url"))
    #expect(result.status == 0 && result.output.contains("ci-deploy"))
  }
}
