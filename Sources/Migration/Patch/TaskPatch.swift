/// Task definitions of ECS: the secret goes, the identifiers come in as plain variables.
struct TaskPatch {
  let document: Node

  func apply(to draft: inout PatchDraft) {
    for container in document["containerDefinitions"]?.items ?? [] {
      for section in ["secrets", "environment"] {
        guard let list = container.value.entry(section), let item = key(in: list.value, section, draft) else {
          continue
        }
        draft.rewriting.remove(item, from: list.value)
        add(to: container.value, at: list, &draft)
        draft.ask(
          item.start,
          "A task has no token file: this alone breaks the workload. Give the role sts:GetWebIdentityToken, and have the code "
            + "or a sidecar supply the token.")
      }
    }
  }

  private func key(in list: Node, _ section: String, _ draft: PatchDraft) -> Node.Item? {
    list.items.first { item in
      guard PatchDraft.isRead(item.value["name"]?.text ?? "") else { return false }
      return section == "secrets" || item.value["value"].map(draft.holdsKey) == true
    }
  }

  private func add(to container: Node, at place: Node.Entry, _ draft: inout PatchDraft) {
    let items = draft.identifiers.variables.map { "{ \"name\": \"\($0.key)\", \"value\": \"\($0.value)\" }" }
    let indent = String(repeating: " ", count: draft.rewriting.column(place.keyRange.lowerBound))
    if let environment = container.entry("environment"), let last = environment.value.items.last {
      draft.rewriting.insert(items.map { ",\n\(indent)  " + $0 }.joined(), at: last.range.upperBound)
    } else if let environment = container.entry("environment") {
      draft.rewriting.replace(environment.value.range, with: "[ " + items.joined(separator: ",\n\(indent)  ") + " ]")
    } else {
      let text = "\"environment\": [ " + items.joined(separator: ",\n\(indent)  ") + " ],\n" + indent
      draft.rewriting.insert(text, at: place.keyRange.lowerBound)
    }
  }
}

/// `package.json`: a range with no release that can federate is raised to the first that can, with its own sign.
struct ManifestPatch {
  let document: Node

  func apply(to draft: inout PatchDraft) {
    for section in ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] {
      guard let node = document[[section, "@anthropic-ai/sdk"]], let range = node.text, Versions.isTooOldRange(range)
      else { continue }
      let sign = String(range.prefix { "^~=v".contains($0) })
      draft.rewriting.replace(node.textStart..<node.textStart + range.utf8.count, with: sign + Versions.node)
      draft.ask(node.textStart, "The lock file has to follow: run npm install.")
    }
  }
}
