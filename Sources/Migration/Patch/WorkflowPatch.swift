/// GitHub workflows: the action's inputs, or a token for the SDK before the first step that needs one; the permission
/// to ask for it; and no key left at any of the three levels of `env`.
struct WorkflowPatch {
  let document: Node
  let sharedParts: SharedParts
  private let anchors: [String: Node]
  /// Anchors that something else stands for: a change below one would change more than what is shown.
  private let shared: Set<String>

  init(document: Node, shared: SharedParts) {
    (self.document, sharedParts) = (document, shared)
    var anchors: [String: Node] = [:]
    document.walk { node in if let anchor = node.anchor { anchors[anchor] = node } }
    (self.anchors, self.shared) = (anchors, document.aliased)
  }

  private func resolved(_ node: Node) -> Node {
    if case .alias(let name) = node.content, let target = anchors[name] { target } else { node }
  }

  private func isShared(_ node: Node) -> Bool { node.anchor.map(shared.contains) ?? false }

  /// One job, as far as the change needs to know it.
  private struct Job {
    let entry: Node.Entry
    let steps: [Node.Item]
    /// Steps that use the action, and steps that give a key to something else.
    var actions: [Int] = []
    var keyed: [Int] = []
    var hasOwnKey = false
    /// The workflow of the same repository that it calls, when that one moves.
    var callee: (part: SharedParts.Part, steps: [Node])?
    var uses: Bool { !actions.isEmpty || !keyed.isEmpty || hasOwnKey || callee != nil }
  }

  /// - Returns: the secrets that callers of this workflow no longer pass.
  @discardableResult
  func apply(to draft: inout PatchDraft) -> Set<String> {
    let topKey = keyEntries(document["env"], draft)
    var jobs = (document["jobs"]?.entries ?? []).filter(\.value.isMapping).map { job($0, draft) }
    jobs.indices.forEach { addInheriting(&jobs[$0], hasTopKey: !topKey.isEmpty, alone: jobs.count == 1, &draft) }
    guard !topKey.isEmpty || jobs.contains(where: \.uses) else {
      askAboutCallers(&draft)
      return []
    }
    removeKeys(document.entry("env"), in: document, &draft)
    for job in jobs where job.uses { change(job, hasTopKey: !topKey.isEmpty, &draft) }
    askAboutCallers(&draft)
    return dropSecrets(&draft)
  }

  /// Entries of an `env` that bring in a key under a name that clients read.
  private func keyEntries(_ env: Node?, _ draft: PatchDraft) -> [Node.Entry] {
    (env.map(resolved)?.entries ?? []).filter { PatchDraft.isRead($0.key) && draft.holdsKey($0.value) }
  }

  private func job(_ entry: Node.Entry, _ draft: PatchDraft) -> Job {
    var job = Job(entry: entry, steps: entry.value["steps"]?.items ?? [])
    job.callee = sharedParts.workflow(entry.value["uses"]?.text, from: draft.path)
    job.hasOwnKey = !keyEntries(entry.value["env"], draft).isEmpty
    for (index, item) in job.steps.enumerated() {
      let step = resolved(item.value)
      let isAction = isAction(step, draft)
      let inputs = keyInputs(step, draft)
      let hasKey = !keyEntries(step["env"], draft).isEmpty || inputs.contains { step[["with", $0]] != nil }
      if isAction, hasKey || job.hasOwnKey { job.actions.append(index) }
      if !isAction, hasKey { job.keyed.append(index) }
    }
    return job
  }

  /// The inputs that give an action its key.
  private func keyInputs(_ step: Node, _ draft: PatchDraft) -> Set<String> {
    sharedParts.action(step["uses"]?.text, from: draft.path)?.dropped ?? ["anthropic_api_key"]
  }

  private func isAction(_ step: Node, _ draft: PatchDraft) -> Bool {
    let uses = step["uses"]?.text ?? ""
    return sharedParts.action(uses, from: draft.path) != nil || uses.hasPrefix("anthropics/claude-code-action@")
      || uses.hasPrefix("anthropics/claude-code-base-action@")
  }

  /// A key for the whole workflow reaches every job that does not set its own value. Which of them use it is told by
  /// what they run, and where that tells nothing by a person.
  private func addInheriting(_ job: inout Job, hasTopKey: Bool, alone: Bool, _ draft: inout PatchDraft) {
    // A called workflow does not have the caller's variables.
    guard hasTopKey, job.entry.value[["env", "ANTHROPIC_API_KEY"]] == nil, job.entry.value["uses"] == nil else {
      return
    }
    for (index, item) in job.steps.enumerated()
    where isAction(resolved(item.value), draft) && !job.actions.contains(index) {
      job.actions.append(index)
    }
    guard !job.uses else { return }
    let text = draft.source.text(job.entry.range)
    if alone || KeyName.mentions(text) {
      job.hasOwnKey = true
    } else {
      draft.ask(
        job.entry.keyRange.lowerBound,
        "Does the job \(job.entry.key) call the API? It had the workflow's key, and federates only if it is changed too."
      )
    }
  }

  // MARK: The change of one job

  private func change(_ job: Job, hasTopKey: Bool, _ draft: inout PatchDraft) {
    let node = job.entry.value
    guard !isShared(node), !(node["env"].map(isShared) ?? false), node.style == .block else {
      return draft.ask(
        job.entry.keyRange.lowerBound,
        "Other jobs share a part of \(job.entry.key) by an anchor, or it is on one line: change it by hand.")
    }
    let needsToken = !job.keyed.isEmpty || (job.actions.isEmpty && job.callee == nil && (job.hasOwnKey || hasTopKey))
    if let callee = job.callee { dropSecrets(callee.part.dropped, of: node, &draft) }
    grant(job, needsToken: needsToken, &draft)
    removeKeys(node.entry("env"), in: node, &draft)
    for (index, item) in job.steps.enumerated() where !isShared(item.value) {
      let step = item.value
      if job.actions.contains(index) { changeAction(step, &draft) }
      removeKeys(step.entry("env"), in: step, &draft)
      if let run = step["run"], holdsLiteralKey(run, draft) {
        draft.rewriting.removeLines(item.range)
        draft.ask(item.start, "This step holds a key and calls the API with it. It is removed: is it still wanted?")
      }
    }
    if needsToken { addToken(job, &draft) }
    warn(job, &draft)
  }

  private func holdsLiteralKey(_ run: Node, _ draft: PatchDraft) -> Bool {
    let source = SourceText(Array(draft.source.bytes[run.range]))
    return CredentialSearch(source: source).finds().contains { $0.class == .real }
  }

  /// Takes keys out of an `env`, and the `env` itself when nothing is left.
  private func removeKeys(_ env: Node.Entry?, in parent: Node, _ draft: inout PatchDraft) {
    guard let env, env.value.isMapping else { return }
    let keys = keyEntries(env.value, draft)
    guard !keys.isEmpty else { return }
    guard !isShared(env.value) else {
      return draft.ask(env.keyRange.lowerBound, "This env is shared by an anchor: take the key out by hand.")
    }
    if keys.count == env.value.entries.count {
      draft.rewriting.remove(env, from: parent)
    } else {
      for key in keys { draft.rewriting.remove(key, from: env.value) }
    }
  }

  private func changeAction(_ step: Node, _ draft: inout PatchDraft) {
    let inputs = draft.identifiers.variables.map { (key: $0.key.lowercased(), value: $0.value) }
    if let uses = step["uses"], let text = uses.text, let version = Versions.oldAction(text) {
      let start = uses.textStart + text.utf8.count - version.utf8.count
      draft.rewriting.replace(start..<start + version.utf8.count, with: Versions.proposedAction)
    }
    guard let with = step.entry("with"), with.value.isMapping else {
      guard let uses = step.entry("uses") else { return }
      let indent = String(repeating: " ", count: draft.rewriting.column(uses.keyRange.lowerBound))
      let lines = inputs.map { "\(indent)  \($0.key): \($0.value)" }
      return draft.rewriting.insert(["\(indent)with:"] + lines, below: uses.range)
    }
    let key = keyInputs(step, draft).compactMap(with.value.entry).first
    if with.value.style == .flow {
      draft.rewriting.exchange(key.map { [$0] } ?? [], for: inputs, in: with.value)
    } else if let key {
      replaceLine(of: key, with: inputs, &draft)
    } else if let first = with.value.entries.first {
      let indent = String(repeating: " ", count: draft.rewriting.column(first.keyRange.lowerBound))
      draft.rewriting.insert(inputs.map { "\(indent)\($0.key): \($0.value)" }, above: first.keyRange.lowerBound)
    }
  }

  private func replaceLine(of entry: Node.Entry, with pairs: [(key: String, value: String)], _ draft: inout PatchDraft)
  {
    let start = draft.source.lineRange(of: entry.keyRange.lowerBound).lowerBound
    let indent = String(repeating: " ", count: draft.rewriting.column(entry.keyRange.lowerBound))
    let end = draft.rewriting.endOfLine(entry.range)
    draft.rewriting.replace(start..<end, with: pairs.map { "\(indent)\($0.key): \($0.value)\n" }.joined())
  }

  // MARK: Permission, identifiers, token

  /// Permission to ask for a token and, for the SDK, the identifiers in the job's own `env`.
  private func grant(_ job: Job, needsToken: Bool, _ draft: inout PatchDraft) {
    let node = job.entry.value
    guard let place = node.entry("runs-on") ?? node.entry("uses") ?? node.entries.first else { return }
    let column = draft.rewriting.column(node.entries[0].keyRange.lowerBound)
    let step = max(2, column - draft.rewriting.column(job.entry.keyRange.lowerBound))
    let (indent, inner) = (String(repeating: " ", count: column), String(repeating: " ", count: column + step))
    let permissions = WorkflowPermissions(
      document: document, job: node, steps: job.callee?.steps ?? job.steps.map { resolved($0.value) })
    var lines = permissions.apply(to: &draft, indent: indent, inner: inner, at: job.entry.keyRange.lowerBound)
    if needsToken {
      if let env = node["env"], env.isMapping, env.entries.contains(where: { !PatchDraft.isRead($0.key) }) {
        draft.rewriting.append(draft.identifiers.variables, to: env)
      } else {
        lines += ["\(indent)env:"] + draft.identifiers.variables.map { "\(inner)\($0.key): \($0.value)" }
      }
    }
    if !lines.isEmpty { draft.rewriting.insert(lines, below: place.range) }
  }

  /// A step that fetches a token and lets all later processes of the job share one exchange of it.
  private func addToken(_ job: Job, _ draft: inout PatchDraft) {
    guard let index = firstUse(job), !job.steps.isEmpty else {
      return draft.ask(
        job.entry.keyRange.lowerBound, "Where does the job \(job.entry.key) call the API? No step shows it.")
    }
    let dash = job.steps[index].start
    let indent = String(repeating: " ", count: draft.rewriting.column(dash))
    draft.rewriting.insert(WorkflowPatch.tokenStep().map { indent + $0 }, above: dash)
  }

  /// The lines of that step.
  /// - Parameter shell: a composite action has to name one.
  static func tokenStep(shell: String? = nil) -> [String] {
    let script = """
      - name: Get an identity token for the Claude API
        run: |
          umask 077
          dir="$RUNNER_TEMP/anthropic"
          mkdir -p "$dir/configs"
          curl -sSf --retry 3 -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=\(Patch.audience)" \\
            | jq -er .value > "$dir/identity-token"
          printf '%s\\n' '{"version":"1.0","authentication":{"type":"oidc_federation"}}' > "$dir/configs/default.json"
          {
            echo "ANTHROPIC_IDENTITY_TOKEN_FILE=$dir/identity-token"
            echo "ANTHROPIC_CONFIG_DIR=$dir"
            echo "ANTHROPIC_PROFILE=default"
          } >> "$GITHUB_ENV"
      """
    var lines = script.split(separator: "\n").map(String.init)
    if let shell { lines.insert("  shell: \(shell)", at: 1) }
    return lines
  }

  /// The first step with a key of its own, else the first one after the checkout that runs more than an installation.
  private func firstUse(_ job: Job) -> Int? {
    if let keyed = job.keyed.first { return keyed }
    let runs = job.steps.indices.filter { resolved(job.steps[$0].value)["run"] != nil }
    let installs = [
      "npm ci", "npm i", "pip install", "uv sync", "poetry install", "yarn install", "pnpm install", "bundle install",
    ]
    return runs.first { index in
      let run = resolved(job.steps[index].value)["run"]?.text ?? ""
      return run.split(separator: "\n").contains { line in !installs.contains { line.hasPrefix($0) } }
    } ?? runs.first
  }

  // MARK: Questions

  private func warn(_ job: Job, _ draft: inout PatchDraft) {
    for index in job.actions {
      let step = resolved(job.steps[index].value)
      if step[["with", "plugins"]] != nil {
        draft.ask(
          job.steps[index].start,
          "With plugins several processes exchange one token: use v1.0.181 or later, and watch for jti_reused.")
      }
      if step[["with", "classify_inline_comments"]] != nil {
        draft.ask(
          job.steps[index].start,
          "Inline comments are classified with a key only: with federation they are posted directly.")
      }
      if step[["with", "claude_code_oauth_token"]] != nil {
        draft.ask(
          job.steps[index].start, "A person's token is an input here, and it comes before federation: remove it.")
      }
      let version = step["uses"]?.text?.split(separator: "@").last ?? ""
      if version.count == 40, version.allSatisfy(\.isHexDigit) {
        draft.ask(job.steps[index].start, "The action is pinned to a commit: is it v\(Versions.action) or later?")
      }
    }
    if document.entry("on")?.value["pull_request_target"] != nil {
      draft.ask(
        job.entry.keyRange.lowerBound,
        "pull_request_target runs with the base branch's identity for anybody's change: shut it out in the rule.")
    }
  }

  // MARK: Callers and called

  private func dropSecrets(_ names: Set<String>, of job: Node, _ draft: inout PatchDraft) {
    guard let secrets = job.entry("secrets"), secrets.value.isMapping else { return }
    let dropped = secrets.value.entries.filter { names.contains($0.key) }
    guard dropped.count < secrets.value.entries.count else { return draft.rewriting.remove(secrets, from: job) }
    for entry in dropped { draft.rewriting.remove(entry, from: secrets.value) }
  }

  /// Takes declared secrets out that nothing reads any more.
  private func dropSecrets(_ draft: inout PatchDraft) -> Set<String> {
    guard !draft.rewriting.isEmpty, let call = document[["on", "workflow_call"]], let secrets = call.entry("secrets")
    else { return [] }
    let result = SourceText(draft.rewriting.result)
    let dropped = secrets.value.entries.filter {
      KeyName.isKey($0.key) && !SharedParts.mentions("secrets", $0.key, in: result)
    }
    guard let first = dropped.first else { return [] }
    if dropped.count == secrets.value.entries.count {
      draft.rewriting.remove(secrets, from: call)
    } else {
      for entry in dropped { draft.rewriting.remove(entry, from: secrets.value) }
    }
    draft.ask(
      first.keyRange.lowerBound,
      "Callers in other repositories drop this secret in the same moment, and their jobs grant id-token: write.")
    return Set(dropped.map(\.key))
  }

  /// A workflow of another repository, or one that does not move: both sides have to change in one commit.
  private func askAboutCallers(_ draft: inout PatchDraft) {
    for entry in document["jobs"]?.entries ?? [] {
      let dropped = sharedParts.workflow(entry.value["uses"]?.text, from: draft.path)?.part.dropped ?? []
      for secret in entry.value["secrets"]?.entries ?? []
      where KeyName.isKey(secret.key) && !dropped.contains(secret.key) {
        draft.ask(
          secret.keyRange.lowerBound,
          "The called workflow takes this secret: drop it from both in one commit, and grant id-token: write here.")
      }
    }
  }
}
