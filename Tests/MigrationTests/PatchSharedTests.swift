import Foundation
import Migration
import Platform
import Testing
import Yams

/// What the suites try patches with.
protocol PatchTrying {}

extension PatchTrying {
  static var identifiers: [String] {
    ["ANTHROPIC_FEDERATION_RULE_ID", "ANTHROPIC_ORGANIZATION_ID", "ANTHROPIC_SERVICE_ACCOUNT_ID"]
  }

  static func patch(
    _ files: [String: String], token: Patch.TokenSource = .file("/run/anthropic/token"), raisesPins: Bool = false
  ) -> Patch {
    Patch(
      files: files.mapValues { Array($0.utf8) },
      identifiers: Patch.Identifiers(
        rule: "fdrl_1", organization: "org-1", account: "svac_1", workspace: nil, token: token, raisesPins: raisesPins))
  }

  static func text(_ patch: Patch, _ path: String, else before: String) -> String {
    patch.changes.first { $0.path == path }.map { String(decoding: $0.after, as: UTF8.self) } ?? before
  }

  /// The file as it is patched, when a second patch changes nothing more.
  func patched(
    _ path: String, _ before: String, token: Patch.TokenSource = .file("/run/anthropic/token"),
    raisesPins: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> String {
    let after = Self.text(Self.patch([path: before], token: token, raisesPins: raisesPins), path, else: before)
    let again = Self.patch([path: after], token: token, raisesPins: raisesPins).changes
    #expect(again.map(\.path) == [], "applied twice", sourceLocation: sourceLocation)
    return after
  }

  /// Lines that are only in the one, and only in the other.
  func difference(_ before: String, _ after: String) -> (gone: [String], new: [String]) {
    let (old, new) = (before.split(separator: "\n").map(String.init), after.split(separator: "\n").map(String.init))
    let difference = new.difference(from: old)
    func lines(_ changes: [CollectionDifference<String>.Change]) -> [String] {
      changes.map { change in
        switch change {
        case .insert(_, let line, _), .remove(_, let line, _): line.trimmingCharacters(in: .whitespaces)
        }
      }
    }
    return (lines(difference.removals), lines(difference.insertions))
  }
}

/// Workflows and actions that others call, and what a project asks of its client.
@Suite("A patch of both sides and of")
struct PatchSharedTests: PatchTrying {
  // MARK: GitHub, both sides

  private static let called = """
    on:
      workflow_call:
        inputs: {model: {type: string}}
        secrets:
          ANTHROPIC_API_KEY: {required: true}
          OTHER: {required: false}
    jobs:
      review:
        runs-on: x
        permissions: {contents: read}
        steps:
          - uses: anthropics/claude-code-action@v1
            with:
              anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          - run: echo ${{ secrets.OTHER }}

    """

  @Test("a reusable workflow changes on both sides, and leaves the secrets of others")
  func reusable() throws {
    let caller = """
      on: push
      permissions: {contents: read}
      jobs:
        a:
          uses: ./.github/workflows/called.yml
          secrets:
            ANTHROPIC_API_KEY: ${{ secrets.CLAUDE_KEY }}
            OTHER: ${{ secrets.OTHER }}
        b:
          uses: ./.github/workflows/called.yml
          secrets: inherit # all of ours
        c:
          uses: elsewhere/x/.github/workflows/y.yml@v1
          secrets: {ANTHROPIC_API_KEY: "${{ secrets.CLAUDE_KEY }}"}

      """
    let (inner, outer) = (".github/workflows/called.yml", ".github/workflows/caller.yml")
    let patch = Self.patch([inner: Self.called, outer: caller], token: .unknown)
    let (callee, calling) = (Self.text(patch, inner, else: ""), Self.text(patch, outer, else: ""))
    let declared = try #require(try Yams.load(yaml: callee) as? [String: Any])
    let call = try #require((declared["on"] as? [String: Any])?["workflow_call"] as? [String: Any])
    #expect((call["secrets"] as? [String: Any])?.keys.sorted() == ["OTHER"] && call["inputs"] != nil)
    #expect(callee.contains("permissions: {contents: read, id-token: write}") && !callee.contains("anthropic_api_key"))
    let jobs = try #require((try Yams.load(yaml: calling) as? [String: Any])?["jobs"] as? [String: [String: Any]])
    for name in ["a", "b"] {
      #expect(jobs[name]?["permissions"] as? [String: String] == ["contents": "read", "id-token": "write"])
    }
    #expect(jobs["a"]?["secrets"] as? [String: String] == ["OTHER": "${{ secrets.OTHER }}"])
    #expect(calling.contains("secrets: inherit # all of ours\n"))
    #expect(
      jobs["c"]?.count == 2 && patch.questions.contains { $0.path == outer && $0.text.contains("drop it from both") })
    #expect(Self.patch([inner: callee, outer: calling], token: .unknown).changes.isEmpty)
  }

  @Test("a composite action takes identifiers for the key, and its callers in the same folder give them")
  func composite() throws {
    let action = """
      name: Ask
      inputs:
        anthropic_api_key:
          description: Key
          default: ''
        prompt: {description: What}
      runs:
        using: composite
        steps:
          - run: python ask.py "$PROMPT"
            shell: bash
            env:
              PROMPT: ${{ inputs.prompt }}
              ANTHROPIC_API_KEY: ${{ inputs.anthropic_api_key }}

      """
    let caller = """
      on: push
      jobs:
        a:
          runs-on: x
          permissions: {contents: read}
          steps:
            - uses: ./.github/actions/ask
              with:
                prompt: hello
                anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}

      """
    let (inner, outer) = (".github/actions/ask/action.yml", ".github/workflows/a.yml")
    let patch = Self.patch([inner: action, outer: caller], token: .unknown)
    let (changed, calling) = (Self.text(patch, inner, else: ""), Self.text(patch, outer, else: ""))
    let document = try #require(try Yams.load(yaml: changed) as? [String: Any])
    let names = Self.identifiers.map { $0.lowercased() }
    #expect((document["inputs"] as? [String: Any])?.keys.sorted() == (names + ["prompt"]).sorted())
    let steps = try #require((document["runs"] as? [String: Any])?["steps"] as? [[String: Any]])
    #expect(steps.count == 2 && steps.allSatisfy { $0["shell"] as? String == "bash" })
    #expect(
      (steps[1]["env"] as? [String: String])?["ANTHROPIC_FEDERATION_RULE_ID"]
        == "${{ inputs.anthropic_federation_rule_id }}")
    let job = try #require(
      ((try Yams.load(yaml: calling) as? [String: Any])?["jobs"] as? [String: [String: Any]])?["a"])
    let with = (job["steps"] as? [[String: Any]])?[0]["with"] as? [String: String]
    #expect(with?.keys.sorted() == (names + ["prompt"]).sorted())
    #expect(job["permissions"] as? [String: String] == ["contents": "read", "id-token": "write"] && job["env"] == nil)
    #expect(Self.patch([inner: changed, outer: calling], token: .unknown).changes.isEmpty)
  }

  // MARK: Clients

  @Test(
    "a requirement that is too old is raised in its own way",
    arguments: [
      (
        "pyproject.toml", "dependencies = [\"anthropic>=0.90,<0.98\", \"pydantic>=2\"] # ours\n",
        "anthropic>=0.122.0,<1"
      ),
      ("pyproject.toml", "  'anthropic[vertex]~=0.60 ; python_version>\"3\"',\n", "anthropic[vertex]~=0.122.0 ;"),
      ("pyproject.toml", "anthropic = \"^0.90\"\n", "anthropic = \"^0.122.0\""),
      ("pyproject.toml", "anthropic = {version = \"0.97.0\", extras = [\"x\"]}\n", "{version = \"0.122.0\", extras"),
      ("requirements.txt", "anthropic==0.97.0  # pinned\nother==1\n", "anthropic==0.122.0  # pinned\n"),
      ("requirements.txt", "anthropic[bedrock] <0.98\n", "anthropic[bedrock] >=0.122.0,<1\n"),
    ])
  func requirement(path: String, before: String, wanted: String) {
    let after = patched(path, before, raisesPins: true)
    #expect(after.contains(wanted), "\(after)")
    #expect(difference(before, after).gone.count == 1)
    if path.hasPrefix("req") { #expect(patched(path, before) == before) }
  }

  @Test(
    "a requirement that is new enough, or that is no client, stays",
    arguments: [
      "anthropic>=0.116,<0.120\n", "anthropic==1.0\n", "langchain-anthropic==0.3\n", "anthropic\n", "anthropic>=0.5\n",
    ])
  func stays(line: String) { #expect(patched("requirements.txt", line, raisesPins: true) == line) }

  @Test("a pin with digests is left to the tool that made it")
  func digests() {
    let before = "anthropic==0.97.0 \\\n    --hash=sha256:aa\n"
    #expect(patched("requirements.txt", before, raisesPins: true) == before)
    #expect(
      Self.patch(["requirements.txt": before], raisesPins: true).questions.contains { $0.text.contains("pip-compile") })
  }
}
