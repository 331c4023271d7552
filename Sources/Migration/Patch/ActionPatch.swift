/// A composite action: its input for the key becomes four for the identifiers, which are passed on in the key's place.
struct ActionPatch {
  let document: Node

  private static let descriptions = [
    "ANTHROPIC_FEDERATION_RULE_ID": "Federation rule that the job signs in by",
    "ANTHROPIC_ORGANIZATION_ID": "Organization", "ANTHROPIC_SERVICE_ACCOUNT_ID": "Service account that it becomes",
    "ANTHROPIC_WORKSPACE_ID": "Workspace that its calls count in",
  ]

  /// Inputs that give a client its key.
  private func keyInputs() -> [Node.Entry] {
    (document["inputs"]?.entries ?? []).filter { KeyName.isKey($0.key) }
  }

  func apply(to draft: inout PatchDraft) {
    guard document[["runs", "using"]]?.text == "composite", let inputs = document["inputs"] else { return }
    let keys = keyInputs()
    let steps = document[["runs", "steps"]]?.items ?? []
    let users = steps.filter { step in keys.contains { reads($0.key, step.value) } }
    guard let first = users.first else { return }
    guard inputs.style == .block, steps.allSatisfy({ $0.value.style == .block }), document.aliased.isEmpty else {
      return draft.ask(
        first.start, "This action is written on one line, or shares parts by an anchor: change it by hand.")
    }
    let variables = draft.identifiers.variables.map { ($0.key, "${{ inputs.\($0.key.lowercased()) }}") }
    var needsToken = true
    for step in users { change(step, keys.map(\.key), variables, &needsToken, &draft) }
    declare(draft.identifiers.variables.map(\.key), insteadOf: keys, &draft)
    let result = SourceText(draft.rewriting.result)
    guard !keys.contains(where: { SharedParts.mentions("inputs", $0.key, in: result) }) else {
      return draft.discard("Something else in this action reads the key: pass the identifiers on by hand.")
    }
    draft.ask(
      keys[0].keyRange.lowerBound,
      "Callers in other repositories pass the identifiers instead, and their jobs grant id-token: write: in one release."
    )
  }

  private func reads(_ input: String, _ step: Node) -> Bool {
    let values =
      (step["env"]?.entries ?? []).filter { PatchDraft.isRead($0.key) }
      + [step["with"]?.entry("anthropic_api_key")].compactMap(\.self)
    return values.contains { $0.value.text?.contains("inputs.\(input)") == true }
  }

  private func change(
    _ item: Node.Item, _ inputs: [String], _ variables: [(key: String, value: String)], _ needsToken: inout Bool,
    _ draft: inout PatchDraft
  ) {
    let step = item.value
    if let with = step["with"], let key = with.entry("anthropic_api_key") {
      draft.exchangeEntries([key], for: variables.map { ($0.key.lowercased(), $0.value) }, in: with)
    }
    guard let env = step["env"] else { return }
    let keys = env.entries.filter { entry in
      PatchDraft.isRead(entry.key) && inputs.contains { entry.value.text?.contains("inputs.\($0)") == true }
    }
    guard !keys.isEmpty else { return }
    draft.exchangeEntries(keys, for: variables, in: env)
    guard needsToken, step["uses"] == nil else { return }
    needsToken = false
    let indent = String(repeating: " ", count: draft.rewriting.column(item.start))
    draft.rewriting.insert(WorkflowPatch.tokenStep(shell: "bash").map { indent + $0 }, above: item.start)
  }

  private func declare(_ names: [String], insteadOf keys: [Node.Entry], _ draft: inout PatchDraft) {
    guard let inputs = document["inputs"], let first = keys.first else { return }
    let indent = String(repeating: " ", count: draft.rewriting.column(first.keyRange.lowerBound))
    let lines = names.flatMap { name in
      [
        "\(indent)\(name.lowercased()):", "\(indent)  description: \(ActionPatch.descriptions[name] ?? name)",
        "\(indent)  required: true",
      ]
    }
    let start = draft.source.lineRange(of: first.keyRange.lowerBound).lowerBound
    draft.rewriting.replace(start..<draft.rewriting.endOfLine(first.range), with: lines.map { $0 + "\n" }.joined())
    for key in keys.dropFirst() { draft.rewriting.remove(key, from: inputs) }
  }
}
