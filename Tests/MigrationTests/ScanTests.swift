import Foundation
import Migration
import Platform
import Testing

@Suite("A scan")
struct ScanTests {
  static let folders = try! Fixture.json("expected.json")["repos"]!.array!

  @Test("finds every key, placeholder and reference of a folder, and nothing else", arguments: folders.indices)
  func folder(index: Int) throws {
    let expected = Self.folders[index]
    let repository = expected["repo"]!.string!
    let result = try Fixture.written("repos/" + repository) { try FolderScan($0).run() }
    let wanted = try #require(expected["findings"]?.array)
    for want in wanted {
      let place = "\(want["file"]!.string!):\(want["line"]!.int!):\(want["column"]!.int!)"
      guard let find = result.finds.first(where: { "\($0.file):\($0.line):\($0.column)" == place }) else {
        Issue.record("\(want["id"]!.string!) \(place) \(want["kind"]!.string!) was not found")
        continue
      }
      for member in ["kind", "class", "name", "where", "level", "hint", "sha256", "secret"] {
        guard let text = want[member] else { continue }
        #expect(find.json[member] == text, "\(want["id"]!.string!) \(place) \(member)")
      }
      #expect(find.also.map(JSON.string) == want["also"]?.array ?? [], "\(want["id"]!.string!)")
    }
    // What is said of old clients is beside the list.
    let others = result.finds.filter { find in
      find.kind != .sdkTooOld
        && !wanted.contains {
          $0["file"]?.string == find.file && $0["line"]?.int == find.line && $0["column"]?.int == find.column
        }
    }
    #expect(others.map { "\($0.file):\($0.line):\($0.column) \($0.kind.rawValue)" } == [])
  }

  @Test("says which clients are too old")
  func versions() throws {
    for folder in Self.folders {
      let repository = folder["repo"]!.string!
      let result = try Fixture.written("repos/" + repository) { try FolderScan($0).run() }
      let old = Set(result.finds.filter { $0.kind == .sdkTooOld }.map(\.file))
      let wanted = folder["sdk"]!.array!.filter { $0["meets_minimum"]?.bool == false }.map { $0["file"]!.string! }
      #expect(old == Set(wanted), "\(repository)")
    }
  }

  @Test("reports nothing of what only looks like a key")
  func noise() throws {
    for entry in try Fixture.json("expected.json")["must_not_report"]!.array! {
      let path = "repos/\(entry["repo"]!.string!)/\(entry["file"]!.string!)"
      let finds = Scan.finds(in: try Fixture.bytes(path), path: entry["file"]!.string!)
      #expect(!finds.contains { $0.line == entry["line"]?.int }, "\(path):\(entry["line"]!.int!)")
    }
  }

  @Test("never gives a key away")
  func silence() throws {
    let result = try Fixture.written("repos") { try FolderScan($0).run() }
    let text = result.finds.map(\.json.compact).joined() + String(describing: result.finds)
    #expect(result.finds.filter { $0.class == .real }.count > 15)
    #expect(!text.contains("FAKEFAKE"))
  }
}

@Suite("A key in a text")
struct CredentialTests {
  static let key = Fixture.key()

  private func finds(_ text: String, _ path: String = "notes.txt") -> [Find] {
    Scan.finds(in: Array(text.utf8), path: path)
  }

  @Test(
    "is found wherever it ends",
    arguments: [
      "\(key)", "\"\(key)\"", "(\(key))", "<\(key)>", "\(key),", "\(key)\\n", "a=\(key)&b=c", "\\n\(key)\\t",
      "%3D\(key)",
    ])
  func real(text: String) {
    let finds = finds("x = " + text)
    #expect(finds.map(\.class) == [.real])
    #expect(finds.first?.hint == Fixture.prefix + "api03-Zz9...AKAA" || finds.first?.hint?.hasSuffix("AA") == true)
  }

  @Test(
    "is none when its shape is not right",
    arguments: [
      key + "A", "x" + key, "_" + key, String(key.dropLast()), String(key.dropLast()) + "B",
      Fixture.prefix + "api03-" + String(repeating: "X", count: 93) + "AA",
    ])
  func placeholder(text: String) { #expect(!finds(text).contains { $0.class == .real }) }

  @Test("is found in base64, at any place in its groups, and in wrapped lines")
  func base64() {
    for before in ["", "k", "ke", "key"] {
      let encoded = Data(((before.isEmpty ? "" : before + "=") + Self.key).utf8).base64EncodedString()
      #expect(finds("data: \(encoded)").map(\.encoding) == ["base64"], "behind \(before.count) bytes")
    }
    let wrapped = Data(Self.key.utf8).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    let find = finds("x:\n  " + wrapped.replacing("\n", with: "\n  ")).first
    #expect(find?.class == .real && find?.line == 2 && find?.column == 3)
    #expect(find?.digest == finds(Self.key).first?.digest)
  }

  @Test(
    "is found in pieces",
    arguments: [
      ("\"", "\" + \""), ("'", "' '"), ("\"", "\" \\\n    \""), ("\"", "\"\n\""), ("", "\\\n"), ("'", "' . '"),
    ])
  func pieces(quote: String, between: String) {
    for cut in [3, 7, 20, 60] {
      let text = quote + Self.key.prefix(cut) + between + Self.key.dropFirst(cut) + quote
      let finds = finds("k = (" + text + ")")
      #expect(finds.map(\.class) == [.real] && finds.first?.parts == 2, "cut at \(cut)")
      #expect(finds.first?.digest == self.finds(Self.key).first?.digest)
    }
  }

  @Test("is named by what it is given to")
  func names() {
    #expect(finds("export MY_KEY='\(Self.key)'").first?.name == "MY_KEY")
    #expect(finds("setenv(\"A_KEY\", \"\(Self.key)\")", "a.py").first?.name == "A_KEY")
    #expect(finds("KEY: str = \"\(Self.key)\"", "a.py").first?.name == "KEY")
    #expect(finds("{\"a\":{\"apiKey\":\"\(Self.key)\"}}", "a.json").first?.name == "a.apiKey")
    #expect(finds("see \(Self.key)").first?.name == nil)
    #expect(finds("a: b\n# OLD_KEY: \(Self.key)\n", "a.yml").first?.name == "OLD_KEY")
  }

  @Test("is counted in bytes, without the mark at the beginning")
  func columns() {
    let find = finds("\u{FEFF}é: \(Self.key)").first
    #expect(find?.line == 1 && find?.column == 5)
  }
}

@Suite("A scan of a folder")
struct FolderScanTests {
  @Test("reads what a repository ignores, and passes over what is no text")
  func walk() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let key = Fixture.key()
    let files: [String: Data] = [
      ".gitignore": Data(".env\n".utf8), ".env": Data("K=\(key)\n".utf8), ".git/config": Data(key.utf8),
      "node_modules/a/index.js": Data(key.utf8), "image.bin": Data([0, 1, 2]) + Data(key.utf8), "a.zip": Data(key.utf8),
      "wide.txt": Data([0xFF, 0xFE]) + "K=\(key)".data(using: .utf16LittleEndian)!,
      "edge.log": Data(String(repeating: "x", count: 262_140).utf8) + Data((" " + key).utf8),
      "large.log": Data(String(repeating: "nothing here\n", count: 20_000).utf8) + Data(key.utf8), "empty": Data(),
    ]
    for (path, data) in files {
      let file = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: file)
    }
    try FileManager.default.createSymbolicLink(
      at: root.appendingPathComponent("link"), withDestinationURL: root.appendingPathComponent(".env"))
    let result = try FolderScan(root.path).run()
    #expect(result.finds.map(\.file) == [".env", "edge.log", "large.log", "wide.txt"])
    #expect(result.finds.map(\.line) == [1, 1, 20_001, 1])
    #expect(
      result.skipped == [
        "archives": 1, "files that are no text": 1, "folders of installed packages": 1, "symbolic links": 1,
        "version control": 1,
      ])
  }

  @Test("tells of a path that is not there")
  func missing() { #expect(throws: Problem.self) { try FolderScan("/nowhere/at/all").run() } }

  @Test("takes a single file, named by its last part")
  func file() throws {
    try Fixture.written("repos/07-terraform") { folder in
      let result = try FolderScan(folder + "/prod.tfvars").run()
      #expect(result.finds.map(\.file) == ["prod.tfvars"])
    }
  }
}

@Suite("The look for anchors")
struct AnchorTests {
  @Test("finds an anchor anywhere and in any case, and none where there is none")
  func anywhere() {
    for anchor in ["sk-" + "ant-", "ANTHROPIC", "Claude", "apiKeyHelper", "api03-"] {
      for before in 0..<12 {
        let text = String(repeating: "x", count: before) + anchor
        #expect(Scan.mayMatter(Array(text.utf8)), "\(anchor) behind \(before)")
        #expect(Scan.mayMatter(Array((text + "yy").utf8)))
      }
    }
    #expect(!Scan.mayMatter(Array("sk-an-t claud anthropi api0-3".utf8)) && !Scan.mayMatter([]) && !Scan.mayMatter([1]))
  }
}

@Suite("A reference")
struct ReferenceTests {
  static let secret = "${{ secrets.ANTHROPIC_API_KEY }}"

  @Test(
    "is found where automations keep them",
    arguments: [
      (
        ".github/workflows/a.yml", "on: x\njobs:\n  a:\n    uses: ./b.yml\n    secrets:\n      KEY: \(secret)\n",
        "github-secret-ref 6:12 jobs.a.secrets.KEY"
      ),
      (
        ".github/workflows/a.yml", "on: x\njobs:\n  a:\n    steps:\n      - run: |\n          x=\(secret)\n",
        "github-secret-ref 6:13 jobs.a.steps[0].run"
      ),
      (
        ".github/workflows/a.yml", "on: x\njobs:\n  a:\n    steps:\n    - env: {ANTHROPIC_API_KEY: '${{ vars.K }}'}\n",
        "github-secret-ref 5:32 jobs.a.steps[0].env.ANTHROPIC_API_KEY"
      ),
      (
        "a.gitlab-ci.yml", "job:\n  variables:\n    ANTHROPIC_API_KEY: ${CLAUDE}\n",
        "gitlab-variable-ref 3:24 job.variables.ANTHROPIC_API_KEY"
      ),
      (
        "d.yaml",
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: n}\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          initContainers:\n          - name: c\n            env:\n            - name: ANTHROPIC_API_KEY\n              valueFrom: {secretKeyRef: {name: s, key: k}}\n",
        "k8s-secret-ref 12:21 CronJob/n initContainers[c].env"
      ),
      (
        "templates/d.yaml", "env:\n  {{- if .Values.x }}\n  - name: ANTHROPIC_API_KEY\n  {{- end }}\n",
        "k8s-secret-ref 3:11 "
      ),
      (
        "compose.yaml", "services:\n  a:\n    environment:\n      ANTHROPIC_API_KEY:\n",
        "compose-interpolation 4:7 services.a.environment"
      ),
      ("run.sh", "curl -H \"x-api-key: ${ANTHROPIC_API_KEY}\"\n", "env-read 1:21 "),
      ("main.go", "k := os.Getenv(\"ANTHROPIC_API_KEY\")\n", "env-read 1:6 "),
      ("A.java", "String k = System.getenv(\"CLAUDE_API_KEY\");\n", "env-read 1:12 "),
      ("a.rb", "k = ENV.fetch('ANTHROPIC_API_KEY')\n", "env-read 1:5 "),
      ("Dockerfile.dev", "ENV A=1 ANTHROPIC_API_KEY=x\n", "dockerfile-env 1:9 "),
    ])
  func place(path: String, text: String, wanted: String) {
    let finds = Scan.finds(in: Array(text.utf8), path: path).filter { $0.class == .reference }
    #expect(finds.map { "\($0.kind.rawValue) \($0.line):\($0.column) \($0.place ?? "")" } == [wanted])
  }

  @Test(
    "is none where nothing is read",
    arguments: [
      ("a.md", "Set `ANTHROPIC_API_KEY` first: ANTHROPIC_API_KEY=${ANTHROPIC_API_KEY}\n"),
      ("a.py", "# ANTHROPIC_API_KEY is not set\n"),
      ("a.ts", "new Anthropic({ authToken: process.env.LLM_GATEWAY_TOKEN })\n"), ("a.py", "ANTHROPIC_MAX_TOKENS = 5\n"),
      ("compose.yml", "services:\n  a:\n    environment: {ANTHROPIC_MODEL: claude}\n"),
      (
        "k.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    envFrom:\n    - secretRef: {name: other}\n"
      ),
    ])
  func nothing(path: String, text: String) {
    #expect(Scan.finds(in: Array(text.utf8), path: path).map(\.kind.rawValue) == [])
  }
}
