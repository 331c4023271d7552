/// Manifests of Kubernetes: a projected token in a file, a service account of the workload's own, and the identifiers in
/// place of the key. Manifests of Cloud Run: identifiers and a service account of Google's; the code supplies the token.
struct ClusterPatch {
  let document: Node
  /// In the template of a chart: what the variables are given there. What stands between braces is filler then.
  var chartVariables: [(key: String, value: String)]?

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
      return item.value["valueFrom"] != nil
        || item.value["value"].map { chartVariables != nil || draft.holdsKey($0) } == true
    }
  }

  private func change(_ container: Node, _ item: Node.Item, _ draft: inout PatchDraft) {
    guard let env = container.entry("env") else { return }
    let variables =
      (isKnative ? [] : [("ANTHROPIC_IDENTITY_TOKEN_FILE", Patch.tokenFolder + "/token")])
      + (chartVariables ?? draft.identifiers.variables)
    if chartVariables != nil, let range = conditional(item, draft) {
      guard let range = range.known else {
        return draft.ask(item.start, "Part of this is there on a condition: take the variable out by hand.")
      }
      let indent = String(repeating: " ", count: draft.rewriting.column(item.start))
      draft.rewriting.replace(range, with: ClusterPatch.lines(variables, indent))
    } else {
      ClusterPatch.exchange(item, for: variables, in: env.value, &draft)
    }
    if !isKnative { mount(container, below: env, &draft) }
  }

  private static func lines(_ variables: [(key: String, value: String)], _ indent: String) -> String {
    variables.map { "\(indent)- name: \($0.key)\n\(indent)  value: \($0.value)\n" }.joined()
  }

  /// Puts variables in the place of one, in the way that its list is written.
  static func exchange(
    _ item: Node.Item, for variables: [(key: String, value: String)], in list: Node, _ draft: inout PatchDraft
  ) {
    if list.style == .flow {
      let text = variables.map { "{name: \($0.key), value: \($0.value)}" }.joined(separator: ", ")
      return draft.rewriting.replace(item.range, with: text)
    }
    let start = draft.source.lineRange(of: item.start).lowerBound
    let indent = String(repeating: " ", count: draft.rewriting.column(item.start))
    draft.rewriting.replace(start..<draft.rewriting.endOfLine(item.range), with: lines(variables, indent))
  }

  /// Nil for an item without a condition. One that is there only when a key is given goes with its condition; `known`
  /// is nil where that cannot be told.
  private func conditional(_ item: Node.Item, _ draft: PatchDraft) -> (known: Range<Int>?, Void)? {
    let source = draft.source
    let (start, end) = (source.lineRange(of: item.start).lowerBound, draft.rewriting.endOfLine(item.range))
    func action(_ line: Range<Int>) -> Substring? {
      let text = source.text(line).drop { $0 == " " || $0 == "\t" }
      return text.hasPrefix("{{") ? text.dropFirst(2).drop { "- ".contains($0) } : nil
    }
    let inside = source.lines.filter { $0.lowerBound >= start && $0.upperBound < end }
    if inside.contains(where: { action($0) != nil }) { return (nil, ()) }
    let above = start > 0 ? source.lineRange(of: start - 1) : nil
    let below = end < source.bytes.count ? source.lineRange(of: end) : nil
    guard let above, let opening = action(above), opening.hasPrefix("if") || opening.hasPrefix("with") else {
      return nil
    }
    // With more inside the condition than the key, both go on as they are but for the key.
    guard let below, let closing = action(below), closing.hasPrefix("end") else { return nil }
    guard KeyName.mentions(opening) || opening.lowercased().contains("key") else { return (nil, ()) }
    return (above.lowerBound..<draft.rewriting.endOfLine(below), ())
  }

  static let mountLines = ["name: anthropic-token", "mountPath: \(Patch.tokenFolder)", "readOnly: true"]
  static let mountFlow = "{name: anthropic-token, mountPath: \(Patch.tokenFolder), readOnly: true}"
  static let volumeLines = [
    "name: anthropic-token", "projected:", "  sources:", "    - serviceAccountToken:",
    "        audience: \(Patch.audience)", "        expirationSeconds: 3600", "        path: token",
  ]
  static let volumeFlow =
    "{name: anthropic-token, projected: {sources: [{serviceAccountToken: {audience: \"\(Patch.audience)\", "
    + "expirationSeconds: 3600, path: token}}]}}"

  /// How far the dashes of a list stand to the right of its key.
  private func dashOffset(_ entry: Node.Entry, _ draft: PatchDraft) -> Int {
    guard entry.value.style == .block, let first = entry.value.items.first else { return 2 }
    return max(0, draft.rewriting.column(first.start) - draft.rewriting.column(entry.keyRange.lowerBound))
  }

  private func mount(_ container: Node, below env: Node.Entry, _ draft: inout PatchDraft) {
    add(
      ClusterPatch.mountLines, toList: "volumeMounts", of: container, flow: ClusterPatch.mountFlow, like: env, &draft
    ) {
      $0.rewriting.insert($1, below: env.range)
    }
  }

  /// Who the pod runs as, and where its token comes from.
  private func identify(_ pod: Node, at place: Node.Entry, _ draft: inout PatchDraft) {
    let indent = String(repeating: " ", count: draft.rewriting.column(place.keyRange.lowerBound))
    let account = pod["serviceAccountName"]?.text ?? "default"
    var lines: [String] = []
    if account == "default", chartVariables != nil {
      draft.ask(
        place.keyRange.lowerBound, "The pod runs as default: give it a service account of its own, and match that.")
    } else if account == "default", let own = accountName(draft) {
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
      add(
        ClusterPatch.volumeLines, toList: "volumes", of: pod, flow: ClusterPatch.volumeFlow, like: place, &draft
      ) { _, new in lines += new }
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

  /// An item of a list in lines of its own.
  static func dashed(_ item: [String], _ column: Int) -> [String] {
    let indent = String(repeating: " ", count: column)
    return item.enumerated().map { indent + ($0.offset == 0 ? "- " : "  ") + $0.element }
  }

  /// Adds an item to a list of a mapping, or gives the lines of a new list to `place`.
  private func add(
    _ item: [String], toList name: String, of parent: Node, flow: String, like sibling: Node.Entry,
    _ draft: inout PatchDraft,
    _ place: (inout PatchDraft, [String]) -> Void
  ) {
    if let list = parent.entry(name), let last = list.value.items.last {
      if list.value.style == .flow {
        draft.rewriting.insert(", " + flow, at: last.range.upperBound)
      } else {
        draft.rewriting.insert(ClusterPatch.dashed(item, draft.rewriting.column(last.start)), below: last.range)
      }
      return
    }
    let column = draft.rewriting.column(sibling.keyRange.lowerBound)
    place(
      &draft,
      [String(repeating: " ", count: column) + name + ":"]
        + ClusterPatch.dashed(item, column + dashOffset(sibling, draft)))
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
