/// Templates of AWS (CloudFormation, SAM, Serverless) and builds of Google's Cloud Build. Neither hands out a token by
/// itself, so the change is made only when somebody says where the workload has one from.
struct FunctionPatch {
  let document: Node

  func apply(to draft: inout PatchDraft) {
    for mapping in environments {
      let keys = mapping.entries.filter { PatchDraft.isRead($0.key) && $0.value.style != .empty }
      guard let first = keys.first else { continue }
      guard mapping.entry("<<") == nil, !document.aliased.contains(mapping.anchor ?? "") else {
        draft.ask(first.keyRange.lowerBound, "These variables are shared by an anchor: take the key out by hand.")
        continue
      }
      guard let variables = draft.variablesWithToken else {
        draft.askForToken(first.keyRange.lowerBound, "this function")
        continue
      }
      draft.exchangeEntries(keys, for: variables, in: mapping)
      draft.ask(
        first.keyRange.lowerBound,
        "Has the role sts:GetWebIdentityToken, and is outbound web identity federation on in the account?")
    }
  }

  private var environments: [Node] {
    let functions = (document["functions"]?.entries ?? []).map { $0.value["environment"] }
    let resources = (document["Resources"]?.entries ?? []).map { $0.value[["Properties", "Environment", "Variables"]] }
    let common = [
      document[["Globals", "Function", "Environment", "Variables"]], document[["provider", "environment"]],
    ]
    return (common + resources + functions).compactMap(\.self).filter(\.isMapping)
  }
}

struct BuildPatch {
  let document: Node

  func apply(to draft: inout PatchDraft) {
    let users = (document["steps"]?.items ?? []).filter { names(of: $0.value).contains(where: PatchDraft.isRead) }
    guard let first = users.first else { return }
    guard users.allSatisfy({ $0.value.style == .block }) else {
      return draft.ask(first.start, "A step on one line: change it by hand.")
    }
    guard let variables = draft.variablesWithToken else { return draft.askForToken(first.start, "this build") }
    for step in users { change(step.value, variables, &draft) }
    removeSecrets(&draft)
    draft.ask(
      first.start, "As whom does the build run? Name a service account of its own, and match its number in the rule.")
  }

  private func names(of step: Node) -> [String] { (step["secretEnv"]?.items ?? []).compactMap(\.value.text) }

  private func change(_ step: Node, _ variables: [(key: String, value: String)], _ draft: inout PatchDraft) {
    guard let secrets = step.entry("secretEnv") else { return }
    let keys = secrets.value.items.filter { PatchDraft.isRead($0.value.text ?? "") }
    let indent = String(repeating: " ", count: draft.rewriting.column(secrets.keyRange.lowerBound))
    let items = variables.map { "\($0.key)=\($0.value)" }
    var lines: [String] = []
    if let env = step["env"], let last = env.items.last {
      if env.style == .flow {
        draft.rewriting.insert(items.map { ", \"\($0)\"" }.joined(), at: last.range.upperBound)
      } else {
        let indent = String(repeating: " ", count: draft.rewriting.column(last.start))
        draft.rewriting.insert(items.map { "\(indent)- \($0)" }, below: last.range)
      }
    } else {
      lines = ["\(indent)env:"] + items.map { "\(indent)- \($0)" }
    }
    guard keys.count == secrets.value.items.count else {
      for key in keys { draft.rewriting.remove(key, from: secrets.value) }
      return draft.rewriting.insert(lines, above: secrets.keyRange.lowerBound)
    }
    guard !lines.isEmpty else { return draft.rewriting.remove(secrets, from: step) }
    // In its place, for it may be the first of the step and stand behind the dash.
    draft.rewriting.replace(
      secrets.range, with: lines.joined(separator: "\n").trimmingPrefix(indent).description)
  }

  /// What makes the secret available, when no step is left that takes it.
  private func removeSecrets(_ draft: inout PatchDraft) {
    guard let available = document.entry("availableSecrets") else { return }
    for source in available.value.entries {
      let keys = source.value.items.filter { PatchDraft.isRead($0.value["env"]?.text ?? "") }
      guard !keys.isEmpty else { continue }
      if keys.count < source.value.items.count {
        for key in keys { draft.rewriting.remove(key, from: source.value) }
      } else if available.value.entries.count > 1 {
        draft.rewriting.remove(source, from: available.value)
      } else {
        draft.rewriting.remove(available, from: document)
      }
    }
  }
}
