import Foundation
import Platform
import Testing

@Suite("migrate")
struct MigrateTests {
  /// The shape of a key that was never issued, made here so that no file holds one.
  private static let key = "sk-" + "ant-api03-Zz9" + String(repeating: "FAKE", count: 22) + "QQ" + "AA"
  private static let identifiers = [
    "--rule", "fdrl_1", "--organization", "00000000-0000-4000-8000-000000000001", "--account", "svac_1", "--workspace",
    "wrkspc_1",
  ]

  /// A folder with one workflow, in git unless told otherwise.
  private func folder(inGit: Bool = true, _ body: (URL, Program) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "gatehouse-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let workflows = root.appending(path: ".github/workflows")
    try FileManager.default.createDirectory(at: workflows, withIntermediateDirectories: true)
    let workflow = """
      on: push
      jobs:
        a:
          runs-on: ubuntu-latest
          permissions: {contents: read}
          steps:
            - uses: anthropics/claude-code-action@v1
              with:
                anthropic_api_key: \(Self.key)

      """
    try Data(workflow.utf8).write(to: workflows.appending(path: "a.yml"))
    if inGit {
      try git(root, "init", "-q")
      try git(root, "add", "-A")
      try git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first")
    }
    try body(root, Program.isolated(root))
  }

  private func git(_ root: URL, _ words: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-C", root.path] + words
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "git \(words)")
  }

  @Test("scan answers 1 when there is a key, and never shows it")
  func scan() throws {
    try folder(inGit: false) { root, program in
      for words in [["migrate", "scan", root.path], ["migrate", "scan", root.path, "--json"]] {
        let result = try program.run(words)
        #expect(result.status == 1)
        #expect(!(result.output + result.errors).contains("FAKEFAKE"))
      }
      let find = try #require(try program.run("migrate", "scan", root.path, "--json").json.first)
      #expect(find["class"]?.string == "real" && find["file"]?.string == ".github/workflows/a.yml")
      #expect(find["line"]?.int == 9)
      #expect(try program.run("migrate", "scan", root.appending(path: "none").path).status == 6)
    }
  }

  @Test("patch writes where git can bring the file back, and changes nothing when it is run again")
  func patch() throws {
    try folder { root, program in
      let words = ["migrate", "patch", root.path] + Self.identifiers
      let shown = try program.run(words)
      #expect(shown.status == 0 && shown.output.contains("+          anthropic_federation_rule_id: fdrl_1"))
      #expect(!(shown.output + shown.errors).contains("FAKEFAKE"))
      #expect(try program.run(words + ["--write"]).status == 0)
      let text = try String(contentsOf: root.appending(path: ".github/workflows/a.yml"), encoding: .utf8)
      #expect(text.contains("permissions: {contents: read, id-token: write}") && !text.contains("FAKE"))
      #expect(try program.run(words).output.isEmpty)
    }
  }

  @Test("patch does not write where something is uncommitted, nor outside git")
  func unclean() throws {
    try folder { root, program in
      let file = root.appending(path: ".github/workflows/a.yml")
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("# mine\n".utf8))
      try handle.close()
      let result = try program.run(["migrate", "patch", root.path, "--write"] + Self.identifiers)
      #expect(result.status == 6 && result.errors.contains("not committed"))
      #expect(try String(contentsOf: file, encoding: .utf8).contains("anthropic_api_key"))
    }
    try folder(inGit: false) { root, program in
      let result = try program.run(["migrate", "patch", root.path, "--write"] + Self.identifiers)
      #expect(result.status == 6)
    }
  }

  @Test("disable needs proof first")
  func disable() throws {
    let program = Program.isolated(FileManager.default.temporaryDirectory)
    #expect(try program.run("migrate", "status", "--sandbox", "--json").status == 0)
    #expect(try program.run("migrate", "disable", "none", "--sandbox", "--yes").status == 4)
  }
}
