import Foundation
import Migration
import Platform
import Testing
import Yams

@Suite("A patch")
struct PatchTests {
  /// The folders with a wanted result, and the number of their rule and account.
  static let folders = [
    ("01-gha-claude-code-action", 1), ("02-gha-env-levels", 1), ("03-gha-node-no-permissions", 1), ("04-gitlab-ci", 2),
    ("05-k8s-manifests", 3), ("08-python-app", 4), ("11-ecs-lambda-cloudrun", 4),
  ]

  static func identifiers(_ number: Int) -> Patch.Identifiers {
    Patch.Identifiers(
      rule: "fdrl_01FAKEEXAMPLERULE00000000\(number)", organization: "00000000-0000-4000-8000-000000000001",
      account: "svac_01FAKEEXAMPLEACCT00000000\(number)", workspace: "wrkspc_01FAKEEXAMPLEWORK000000001",
      googleAccount: "inference-worker@acme.iam.gserviceaccount.com")
  }

  static func files(_ folder: String) throws -> [String: [UInt8]] {
    try Dictionary(uniqueKeysWithValues: Fixture.files(folder).map { ($0, try Fixture.bytes(folder + "/" + $0)) })
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("gives what is wanted, byte for byte, and touches nothing else", arguments: folders)
  func wanted(folder: String, number: Int) throws {
    let files = try Self.files("repos/" + folder)
    let after = try Self.files("after/" + folder)
    var patched: [String: [UInt8]] = [:]
    // One rule for each workload: the two of this folder have two.
    for number in folder.hasPrefix("11") ? [4, 5] : [number] {
      let part = files.filter { !folder.hasPrefix("11") || $0.key.hasPrefix("cloudrun") == (number == 5) }
      for change in Patch(files: part, identifiers: Self.identifiers(number)).changes {
        patched[change.path] = change.after
      }
    }
    #expect(patched.keys.sorted() == after.keys.sorted())
    for (path, bytes) in after { #expect(patched[path].map(text) == text(bytes), "\(path)") }
  }

  @Test("changes nothing when it is applied again", arguments: folders)
  func again(folder: String, number: Int) throws {
    var files = try Self.files("repos/" + folder)
    for change in Patch(files: files, identifiers: Self.identifiers(number)).changes {
      files[change.path] = change.after
    }
    #expect(Patch(files: files, identifiers: Self.identifiers(number)).changes.map(\.path) == [])
  }

  @Test("shows no key in its diff", arguments: folders)
  func masked(folder: String, number: Int) throws {
    let patch = Patch(files: try Self.files("repos/" + folder), identifiers: Self.identifiers(number))
    #expect(!patch.changes.map(\.diff).joined().contains("FAKEFAKEFAKE"))
    #expect(!patch.questions.map(\.text).joined().contains("FAKEFAKEFAKE"))
  }

  /// Runs a program of the machine's with `input`; nil when it is not there.
  private func run(_ words: [String], in folder: String, input: String) throws -> Int32 {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = URL(filePath: folder)
    (process.standardInput, process.standardOutput) = (pipe, FileHandle.nullDevice)
    try process.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("is applied by git as it is printed, and by patch where it has no key to hide", arguments: folders)
  func applied(folder: String, number: Int) throws {
    for words in [["git", "apply", "--whitespace=nowarn"], ["patch", "-p1"]] {
      try Fixture.written("repos/" + folder) { copy in
        let patch = Patch(files: try Self.files("repos/" + folder), identifiers: Self.identifiers(number))
        let changes = patch.changes.filter { words[0] == "git" || !$0.isMasked }
        let text = changes.map(\.patch).joined()
        #expect(!text.contains("FAKEFAKE"))
        #expect(try run(words, in: copy, input: text) == 0, "\(words[0])")
        for change in changes {
          let found = try Data(contentsOf: URL(filePath: copy).appending(path: change.path))
          #expect(Array(found) == change.after, "\(words[0]) \(change.path)")
        }
      }
    }
  }

  @Test("is applied by git whatever the file looks like")
  func appliedAnyway() throws {
    let key = Fixture.key()
    let long = (0..<4000).map { "      - {run: echo \($0)}\r\n" }.joined()
    let step =
      "      - uses: anthropics/claude-code-action@v1\r\n        with:\r\n          anthropic_api_key: \(key)\r\n"
    let text =
      "on: push\r\njobs:\r\n  a:\r\n    runs-on: x\r\n    permissions: {}\r\n    steps:\r\n\(long)\(step)\(long)      - {run: end}"
    let path = ".github/workflows/a \"b\".yml"
    let change = try #require(
      Patch(files: [path: Array(text.utf8)], identifiers: Self.identifiers(1)).changes.first)
    #expect(change.isMasked && !change.patch.contains(key))
    let copy = FileManager.default.temporaryDirectory.appending(path: "gatehouse-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: copy) }
    try FileManager.default.createDirectory(
      at: copy.appending(path: ".github/workflows"), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: copy.appending(path: path))
    #expect(try run(["git", "apply"], in: copy.path, input: change.patch) == 0)
    #expect(try Array(Data(contentsOf: copy.appending(path: path))) == change.after)
  }

  @Test("asks what files cannot tell")
  func questions() throws {
    func questions(_ folder: String) throws -> [String] {
      Patch(files: try Self.files("repos/" + folder), identifiers: Self.identifiers(1)).questions.map {
        "\($0.path):\($0.line)"
      }
    }
    #expect(try questions("03-gha-node-no-permissions").contains(".github/workflows/release-notes.yaml:8"))
    #expect(try questions("05-k8s-manifests").contains("k8s/cronjob.yaml:19"))
    #expect(try questions("11-ecs-lambda-cloudrun").contains("ecs/task-definition.json:10"))
  }

  private func workflow(_ text: String) -> String {
    let files = [".github/workflows/a.yml": Array(text.utf8)]
    return Patch(files: files, identifiers: Self.identifiers(1)).changes.first.map { self.text($0.after) } ?? text
  }

  @Test(
    "gives a job the permission to ask for a token, and keeps what it had",
    arguments: [
      ("permissions: {}", "", ["contents": "read", "id-token": "write"]),
      ("permissions: read-all", "", ["contents": "read", "id-token": "write", "issues": "read"]),
      ("permissions:\n  packages: read", "", ["packages": "read", "id-token": "write"]),
      (
        "permissions:\n  packages: read", "    permissions:\n      issues: write\n",
        ["issues": "write", "id-token": "write"]
      ),
      ("permissions: {packages: read}", "    permissions: {id-token: none}\n", ["id-token": "write"]),
      ("permissions: {packages: read}", "    permissions: {}\n", ["contents": "read", "id-token": "write"]),
    ])
  func permissions(top: String, job: String, wanted: [String: String]) throws {
    let text = workflow(
      """
      on: push
      \(top)
      jobs:
        a:
          runs-on: ubuntu-latest
      \(job)    steps:
            - uses: actions/checkout@v5
            - run: python main.py
              env:
                ANTHROPIC_API_KEY: ${{ secrets.ANTHROPIC_API_KEY }}
      """)
    let document = try #require(try Yams.load(yaml: text) as? [String: Any])
    let found = try #require(
      ((document["jobs"] as? [String: Any])?["a"] as? [String: Any])?["permissions"] as? [String: String])
    for (scope, level) in wanted { #expect(found[scope] == level, "\(scope)") }
    #expect(!text.contains("secrets."))
    #expect(found["packages"] == nil || job.isEmpty)
  }

  @Test("keeps line ends, marks and a last line without an end")
  func bytes() {
    let text =
      "\u{FEFF}on: push\r\njobs:\r\n  a:\r\n    runs-on: x\r\n    permissions: {id-token: write}\r\n    steps:\r\n"
      + "      - uses: anthropics/claude-code-action@v1\r\n        with: {anthropic_api_key: \"${{ secrets.A }}\", prompt: hi}"
    let after = workflow(text)
    #expect(after.hasPrefix("\u{FEFF}on: push\r\n") && after.hasSuffix("}"))
    #expect(!after.replacing("\r\n", with: "").contains("\n") && !after.contains("anthropic_api_key"))
    #expect(after.contains("{prompt: hi, anthropic_federation_rule_id: fdrl_"))
  }

  @Test("takes an env out wherever it is written")
  func places() throws {
    let key = "ANTHROPIC_API_KEY: \"${{ secrets.A }}\""
    let steps = [
      "- env: {\(key)}\n        run: python a.py", "- {run: python a.py, env: {\(key)}}",
      "- {env: {\(key), B: c}, run: python a.py}",
      "- run: python a.py\n        env:\n          # of ours\n          \(key)\n",
      "- name: x\n        env:\n          B: c\n          \(key)\n        run: python a.py",
    ]
    for step in steps {
      let text = workflow(
        "on: push\njobs:\n  a:\n    runs-on: x\n    permissions: {id-token: write}\n    steps:\n      \(step)\n")
      let document = try #require(try Yams.load(yaml: text) as? [String: Any], "\(step)")
      let job = try #require((document["jobs"] as? [String: Any])?["a"] as? [String: Any])
      let last = try #require((job["steps"] as? [[String: Any]])?.last)
      #expect(
        last["run"] as? String == "python a.py" && !text.contains("secrets.") && !text.contains("of ours"), "\(step)")
      #expect((job["steps"] as? [[String: Any]])?.count == 2)
      let env = last["env"] as? [String: String]
      #expect(env == (step.contains("B: c") ? ["B": "c"] : nil), "\(step)")
    }
  }

  @Test("changes nothing of the jobs beside the one that moves")
  func beside() throws {
    for (folder, path, jobs) in [
      ("01-gha-claude-code-action", ".github/workflows/claude-review.yml", ["label"]),
      ("02-gha-env-levels", ".github/workflows/eval.yml", ["unit"]),
      ("04-gitlab-ci", ".gitlab-ci.yml", ["unit", ".defaults", "stages"]),
    ] {
      let before = try Fixture.bytes("repos/\(folder)/\(path)")
      let patch = Patch(files: [path: before], identifiers: Self.identifiers(1))
      let after = try #require(patch.changes.first?.after)
      let values = try [before, after].map { bytes in
        let document = try #require(try Yams.load(yaml: text(bytes)) as? [String: Any])
        let jobs = document["jobs"] as? [String: Any] ?? document
        return jobs.mapValues { String(describing: sorted($0)) }
      }
      for job in jobs { #expect(values[0][job] != nil && values[0][job] == values[1][job], "\(folder) \(job)") }
    }
  }

  /// Mappings as lists of pairs, so that two can be compared as text.
  private func sorted(_ value: Any) -> Any {
    if let members = value as? [String: Any] {
      return members.keys.sorted().map { [$0, sorted(members[$0]!)] as [Any] }
    }
    if let items = value as? [Any] { return items.map(sorted) }
    return value
  }

  @Test("does not change what an anchor shares")
  func anchors() {
    let text = """
      on: push
      jobs:
        a: &job
          runs-on: x
          env: {ANTHROPIC_API_KEY: "${{ secrets.A }}"}
          steps: [{run: python a.py}]
        b: *job

      """
    #expect(workflow(text) == text)
  }
}
