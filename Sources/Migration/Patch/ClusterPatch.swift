/// Manifests of Kubernetes: a projected token in a file, a service account of the workload's own, and the identifiers in
/// place of the key. Manifests of Cloud Run: identifiers and a service account of Google's; the code supplies the token.
struct ClusterPatch {
  let document: Node

  private var kind: String { document["kind"]?.text ?? "" }
  private var name: String { document[["metadata", "name"]]?.text ?? "workload" }
  private var isKnative: Bool { document["apiVersion"]?.text?.hasPrefix("serving.knative.dev") == true }

  func apply(to draft: inout PatchDraft) {
    guard let pod = ClusterPlaces.podPath(of: kind).flatMap({ document[$0] }) else { return }
    let containers = ["containers", "initContainers"].flatMap { pod[$0]?.items ?? [] }
    let keyed = containers.compactMap { container in key(of: container.value, draft).map { (container.value, $0) } }
    askAboutWholeSecrets(containers, &draft)
    guard !keyed.isEmpty, let place = pod.entry("containers") else { return }
    guard pod.style == .block, keyed.allSatisfy({ $0.0.style == .block }) else {
      return draft.ask(place.keyRange.lowerBound, "The containers are written on one line: change them by hand.")
    }
    for (container, item) in keyed { change(container, item, &draft) }
    identify(pod, at: place, &draft)
    if keyed.count > 1, !isKnative {
      draft.ask(
        place.keyRange.lowerBound,
        "Containers of one pod share a token that may be exchanged once: give each its own volume, or clear check_jti at the "
          + "cluster's issuer.")
    }
  }

  /// The item of `env` that brings in the key.
  private func key(of container: Node, _ draft: PatchDraft) -> Node.Item? {
    container["env"]?.items.first { item in
      guard PatchDraft.isRead(item.value["name"]?.text ?? "") else { return false }
      return item.value["valueFrom"] != nil || item.value["value"].map(draft.holdsKey) == true
    }
  }

  private func change(_ container: Node, _ item: Node.Item, _ draft: inout PatchDraft) {
    guard let env = container.entry("env") else { return }
    let variables =
      (isKnative ? [] : [("ANTHROPIC_IDENTITY_TOKEN_FILE", Patch.tokenFolder + "/token")]) + draft.identifiers.variables
    if env.value.style == .flow {
      let text = variables.map { "{name: \($0.0), value: \($0.1)}" }.joined(separator: ", ")
      draft.rewriting.replace(item.range, with: text)
    } else {
      let start = draft.source.lineRange(of: item.start).lowerBound
      let indent = String(repeating: " ", count: draft.rewriting.column(item.start))
      let lines = variables.map { "\(indent)- name: \($0.0)\n\(indent)  value: \($0.1)\n" }
      draft.rewriting.replace(start..<draft.rewriting.endOfLine(item.range), with: lines.joined())
    }
    if !isKnative { mount(container, below: env, &draft) }
  }

  /// How far the dashes of a list stand to the right of its key.
  private func dashOffset(_ entry: Node.Entry, _ draft: PatchDraft) -> Int {
    guard entry.value.style == .block, let first = entry.value.items.first else { return 2 }
    return max(0, draft.rewriting.column(first.start) - draft.rewriting.column(entry.keyRange.lowerBound))
  }

  private func mount(_ container: Node, below env: Node.Entry, _ draft: inout PatchDraft) {
    let item = ["name: anthropic-token", "mountPath: \(Patch.tokenFolder)", "readOnly: true"]
    add(
      item, toList: "volumeMounts", of: container,
      flow: "{name: anthropic-token, mountPath: \(Patch.tokenFolder), readOnly: true}", like: env, &draft
    ) {
      $0.rewriting.insert($1, below: env.range)
    }
  }

  /// Who the pod runs as, and where its token comes from.
  private func identify(_ pod: Node, at place: Node.Entry, _ draft: inout PatchDraft) {
    let indent = String(repeating: " ", count: draft.rewriting.column(place.keyRange.lowerBound))
    let account = pod["serviceAccountName"]?.text ?? "default"
    var lines: [String] = []
    if account == "default", let own = accountName(draft) {
      if let entry = pod.entry("serviceAccountName") {
        draft.rewriting.replace(entry.value.range, with: own)
      } else {
        lines.append("\(indent)serviceAccountName: \(own)")
      }
      if !isKnative { makeAccount(own, &draft) }
    } else if account == "default" {
      draft.ask(place.keyRange.lowerBound, "Which service account of Google's shall it run as? Give --google-account.")
    }
    if isKnative {
      draft.ask(
        place.keyRange.lowerBound,
        "Cloud Run has no token file: this alone breaks the service until its code supplies the token.")
    } else {
      let volume = [
        "name: anthropic-token", "projected:", "  sources:", "    - serviceAccountToken:",
        "        audience: \(Patch.audience)", "        expirationSeconds: 3600", "        path: token",
      ]
      let flow =
        "{name: anthropic-token, projected: {sources: [{serviceAccountToken: {audience: \"\(Patch.audience)\", "
        + "expirationSeconds: 3600, path: token}}]}}"
      add(volume, toList: "volumes", of: pod, flow: flow, like: place, &draft) { _, new in lines += new }
      draft.ask(
        place.keyRange.lowerBound,
        "A pod that starts again within the token's first 48 minutes presents it again: is check_jti clear at the cluster's issuer?"
      )
    }
    if !lines.isEmpty { draft.rewriting.insert(lines, above: place.keyRange.lowerBound) }
  }

  private func accountName(_ draft: PatchDraft) -> String? { isKnative ? draft.identifiers.googleAccount : name }

  private func makeAccount(_ name: String, _ draft: inout PatchDraft) {
    let folder = draft.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    let namespace = document[["metadata", "namespace"]]?.text
    let text =
      "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: \(name)\n"
      + (namespace.map { "  namespace: \($0)\n" } ?? "")
    let isFirst = !draft.made.contains { $0.path == folder + "serviceaccount.yaml" }
    draft.made.append((folder + (isFirst ? "serviceaccount.yaml" : "serviceaccount-\(name).yaml"), text))
    draft.ask(
      document.range.lowerBound,
      "It ran as default and now runs as \(name): does it need image pull secrets or roles that default has?")
  }

  /// Adds an item to a list of a mapping, or gives the lines of a new list to `place`.
  private func add(
    _ item: [String], toList name: String, of parent: Node, flow: String, like sibling: Node.Entry,
    _ draft: inout PatchDraft,
    _ place: (inout PatchDraft, [String]) -> Void
  ) {
    func dashed(_ column: Int) -> [String] {
      let indent = String(repeating: " ", count: column)
      return item.enumerated().map { indent + ($0.offset == 0 ? "- " : "  ") + $0.element }
    }
    if let list = parent.entry(name), let last = list.value.items.last {
      if list.value.style == .flow {
        draft.rewriting.insert(", " + flow, at: last.range.upperBound)
      } else {
        draft.rewriting.insert(dashed(draft.rewriting.column(last.start)), below: last.range)
      }
      return
    }
    let column = draft.rewriting.column(sibling.keyRange.lowerBound)
    place(&draft, [String(repeating: " ", count: column) + name + ":"] + dashed(column + dashOffset(sibling, draft)))
  }

  private func askAboutWholeSecrets(_ containers: [Node.Item], _ draft: inout PatchDraft) {
    for find in ClusterPlaces(document: document, source: draft.source).references()
    where find.name == "(all keys of the Secret)" {
      draft.ask(
        find.offset,
        "envFrom brings in all of \(find.secret ?? "the Secret"): take the key out of the Secret, or split it in two.")
    }
  }
}
