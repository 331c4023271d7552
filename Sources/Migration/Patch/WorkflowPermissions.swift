/// What a job must be granted so that it may ask for a token, with all that it was granted before: a job's block takes
/// the place of the workflow's.
struct WorkflowPermissions {
  let document: Node
  let job: Node
  /// With aliases resolved.
  let steps: [Node]

  /// Changes the job's own block, or gives the lines of a new one.
  func apply(to draft: inout PatchDraft, indent: String, inner: String, at offset: Int) -> [String] {
    if let own = job.entry("permissions") { return change(own, &draft, indent, inner, offset) }
    guard let workflow = document.entry("permissions") else {
      draft.ask(
        offset,
        "Without any permissions block a repository setting decides what the job may do, and a block sets the rest to none: "
          + "are these enough?")
      return block(needed, indent, inner)
    }
    if let spelled = spelledOut(workflow.value) {
      draft.ask(offset, "The workflow had \(workflow.value.text ?? ""): narrow what the job needs of it.")
      return block(spelled, indent, inner)
    }
    let entries = workflow.value.entries.map { ($0.key, $0.value.text ?? "") }
    guard !entries.isEmpty else {
      draft.ask(offset, "The workflow allowed nothing: is this enough for the job?")
      return flow(needed, indent)
    }
    if entries.contains(where: { $0.0 == "id-token" && $0.1 == "write" }) { return [] }
    let granted = entries.filter { $0.0 != "id-token" }
    return workflow.value.style == .flow ? flow(granted, indent) : block(granted, indent, inner)
  }

  private func change(
    _ own: Node.Entry, _ draft: inout PatchDraft, _ indent: String, _ inner: String, _ offset: Int
  ) -> [String] {
    if let spelled = spelledOut(own.value) {
      draft.ask(offset, "The job had \(own.value.text ?? ""): narrow what it needs of it.")
      let start = draft.source.lineRange(of: own.keyRange.lowerBound).lowerBound
      let text = block(spelled, indent, inner).map { $0 + "\n" }.joined()
      draft.rewriting.replace(start..<draft.rewriting.endOfLine(own.range), with: text)
    } else if let token = own.value["id-token"] {
      if token.text != "write" { draft.rewriting.replace(token.range, with: "write") }
    } else if own.value.entries.isEmpty {
      draft.ask(offset, "The job was allowed nothing: is this enough?")
      let pairs = (needed + [("id-token", "write")]).map { (key: $0.0, value: $0.1) }
      draft.rewriting.append(pairs, to: own.value)
    } else {
      draft.rewriting.append([("id-token", "write")], to: own.value)
    }
    return []
  }

  private func block(_ granted: [(String, String)], _ indent: String, _ inner: String) -> [String] {
    ["\(indent)permissions:"] + (granted + [("id-token", "write")]).map { "\(inner)\($0.0): \($0.1)" }
  }

  private func flow(_ granted: [(String, String)], _ indent: String) -> [String] {
    let text = (granted + [("id-token", "write")]).map { "\($0.0): \($0.1)" }.joined(separator: ", ")
    return ["\(indent)permissions: {\(text)}"]
  }

  private static let all = [
    "actions", "attestations", "checks", "contents", "deployments", "discussions", "issues", "packages", "pages",
    "pull-requests", "security-events", "statuses",
  ]

  /// `read-all` and `write-all` as entries.
  private func spelledOut(_ node: Node) -> [(String, String)]? {
    switch node.text {
    case "read-all": WorkflowPermissions.all.map { ($0, "read") }
    case "write-all": WorkflowPermissions.all.map { ($0, "write") }
    default: nil
    }
  }

  /// The least that the job's own steps are known to need.
  private var needed: [(String, String)] {
    var levels: [String: String] = [:]
    func need(_ scope: String, _ level: String) { if levels[scope] != "write" { levels[scope] = level } }
    for step in steps {
      let (uses, run) = (step["uses"]?.text ?? "", step["run"]?.text ?? "")
      for (action, scope, level) in WorkflowPermissions.ofActions where uses.hasPrefix(action) { need(scope, level) }
      for (command, scope, level) in WorkflowPermissions.ofCommands where run.contains(command) { need(scope, level) }
    }
    return levels.sorted { ($0.key == "contents" ? "" : $0.key) < ($1.key == "contents" ? "" : $1.key) }
      .map { ($0.key, $0.value) }
  }

  private static let ofActions = [
    ("actions/checkout@", "contents", "read"), ("anthropics/claude-code-action@", "contents", "write"),
    ("anthropics/claude-code-action@", "pull-requests", "write"), ("anthropics/claude-code-action@", "issues", "write"),
    ("actions/deploy-pages@", "pages", "write"), ("actions/labeler@", "pull-requests", "write"),
    ("actions/stale@", "issues", "write"), ("github/codeql-action/", "security-events", "write"),
    ("peter-evans/create-pull-request@", "contents", "write"),
    ("peter-evans/create-pull-request@", "pull-requests", "write"),
    ("softprops/action-gh-release@", "contents", "write"),
  ]

  private static let ofCommands = [
    ("gh release create", "contents", "write"), ("gh release edit", "contents", "write"),
    ("gh release upload", "contents", "write"), ("gh release delete", "contents", "write"),
    ("gh release view", "contents", "read"), ("git push", "contents", "write"), ("gh pr ", "pull-requests", "write"),
    ("gh issue ", "issues", "write"), ("gh run ", "actions", "read"), ("gh workflow run", "actions", "write"),
    ("ghcr.io", "packages", "write"),
  ]
}
