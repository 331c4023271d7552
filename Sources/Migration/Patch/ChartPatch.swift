/// Templates of a Helm chart. What is between braces becomes filler of the same length, so that the rest can be read as
/// the manifest that it is and changed by position; identifiers come from the chart's values.
struct ChartPatch {
  static let values: [(variable: String, value: String)] = [
    ("ANTHROPIC_FEDERATION_RULE_ID", "federationRuleId"), ("ANTHROPIC_ORGANIZATION_ID", "organizationId"),
    ("ANTHROPIC_SERVICE_ACCOUNT_ID", "serviceAccountId"), ("ANTHROPIC_WORKSPACE_ID", "workspaceId"),
  ]

  /// The folder of the chart that a template belongs to, with a slash at its end; nil for anything else.
  static func root(ofTemplate path: String) -> String? {
    let parts = path.split(separator: "/")
    guard let index = parts.lastIndex(of: "templates"), index < parts.count - 1,
      path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    else { return nil }
    return parts[..<index].map { $0 + "/" }.joined()
  }

  /// Whether values stand at `path` that a chart in its folder takes by itself.
  static func isValues(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return name.hasPrefix("values") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
  }

  /// Lines that hold nothing but an action become remarks.
  static func filled(_ bytes: [UInt8]) -> [UInt8] {
    var filled = bytes
    var at = 0
    while at + 1 < bytes.count {
      guard bytes[at] == UInt8(ascii: "{"), bytes[at + 1] == UInt8(ascii: "{") else {
        at += 1
        continue
      }
      let start = at
      while at + 1 < bytes.count, !(bytes[at] == UInt8(ascii: "}") && bytes[at + 1] == UInt8(ascii: "}")) { at += 1 }
      at = min(bytes.count, at + 2)
      let isFirst = bytes[..<start].reversed().prefix { $0 != 0x0A }.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      let isLast = bytes[at...].prefix { $0 != 0x0A }.allSatisfy { " \t\r".utf8.contains($0) }
      let filler = isFirst && isLast ? UInt8(ascii: "#") : UInt8(ascii: "x")
      for index in start..<at where bytes[index] != 0x0A && bytes[index] != 0x0D { filled[index] = filler }
    }
    return filled
  }

  func apply(to draft: inout PatchDraft) {
    guard let documents = try? Node.documents(in: ChartPatch.filled(draft.source.bytes)) else {
      return draft.ask(0, "This template cannot be read as a manifest: take the variable out by hand.")
    }
    let variables = ChartPatch.values.filter { $0.value != "workspaceId" || draft.identifiers.workspace != nil }
    for document in documents where document.isMapping {
      ClusterPatch(
        document: document,
        chartVariables: variables.map { ($0.variable, "{{ .Values.anthropic.\($0.value) | quote }}") }
      ).apply(to: &draft)
    }
  }

  /// The paths of values that a text reads.
  static func valuePaths(in text: some StringProtocol) -> Set<String> {
    let pieces = String(text).split(separator: ".Values.", omittingEmptySubsequences: false).dropFirst()
    return Set(
      pieces.map { String($0.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }) }.filter { !$0.isEmpty })
  }
}

/// The values of a chart: lists of variables in them, the identifiers that templates now read, and what none reads any
/// more.
struct ValuesPatch {
  let document: Node
  /// Whether a template of the chart reads the identifiers.
  let isRead: Bool
  /// Paths that no template reads any more.
  let unread: Set<String>

  func apply(to draft: inout PatchDraft) {
    visit(document, parent: nil, &draft)
    for path in unread.sorted() { remove(path.split(separator: ".").map(String.init), &draft) }
    if isRead { addIdentifiers(&draft) }
  }

  private func visit(_ node: Node, parent: Node?, _ draft: inout PatchDraft) {
    let keys = node.entries.filter { PatchDraft.isRead($0.key) && draft.holdsKey($0.value) }
    if !keys.isEmpty {
      draft.exchangeEntries(keys, for: podVariables(draft), in: node)
      askForVolume(keys[0].keyRange.lowerBound, parent, &draft)
    }
    for item in node.items where PatchDraft.isRead(item.value["name"]?.text ?? "") {
      guard item.value["valueFrom"] != nil || item.value["value"].map(draft.holdsKey) == true else { continue }
      ClusterPatch.exchange(item, for: podVariables(draft), in: node, &draft)
      askForVolume(item.start, parent, &draft)
    }
    for entry in node.entries { visit(entry.value, parent: node, &draft) }
    for item in node.items { visit(item.value, parent: node, &draft) }
  }

  private func podVariables(_ draft: PatchDraft) -> [(key: String, value: String)] {
    [("ANTHROPIC_IDENTITY_TOKEN_FILE", Patch.tokenFolder + "/token")] + draft.identifiers.variables
  }

  /// Charts name their lists of volumes as they like; those that are beside the variables are taken.
  private func askForVolume(_ offset: Int, _ parent: Node?, _ draft: inout PatchDraft) {
    func list(_ word: String) -> Node.Entry? {
      parent?.entries.first { $0.key.lowercased().hasSuffix(word) && ($0.value.isSequence || $0.value.style == .empty) }
    }
    guard let volumes = list("volumes"), let mounts = list("volumemounts") else {
      return draft.ask(
        offset,
        "The chart has to mount a projected token of audience \(Patch.audience) at \(Patch.tokenFolder): by which of its values?"
      )
    }
    add(ClusterPatch.mountLines, flow: ClusterPatch.mountFlow, to: mounts, &draft)
    add(ClusterPatch.volumeLines, flow: ClusterPatch.volumeFlow, to: volumes, &draft)
  }

  private func add(_ lines: [String], flow: String, to list: Node.Entry, _ draft: inout PatchDraft) {
    let column = draft.rewriting.column(list.keyRange.lowerBound)
    if let last = list.value.items.last, list.value.style != .flow {
      draft.rewriting.insert(ClusterPatch.dashed(lines, draft.rewriting.column(last.start)), below: last.range)
    } else if let last = list.value.items.last {
      draft.rewriting.insert(", " + flow, at: last.range.upperBound)
    } else if list.value.style == .flow {
      draft.rewriting.replace(list.value.range, with: "[\(flow)]")
    } else {
      draft.rewriting.insert(ClusterPatch.dashed(lines, column + 2), below: list.range)
    }
  }

  private func remove(_ path: [String], _ draft: inout PatchDraft) {
    var parent = document
    for key in path.dropLast() {
      guard let next = parent[key] else { return }
      parent = next
    }
    guard let entry = path.last.flatMap(parent.entry) else { return }
    if draft.holdsRealKey(entry.value) {
      return draft.ask(
        entry.keyRange.lowerBound,
        "No template reads this key any more. Leave it until the key is archived; then remove it.")
    }
    // A mapping that is left empty would be no mapping any more.
    guard parent.entries.count > 1 || parent.style == .flow else {
      return draft.ask(
        entry.keyRange.lowerBound, "No template reads this value any more: remove it with what is around it.")
    }
    draft.rewriting.remove(entry, from: parent)
  }

  private func addIdentifiers(_ draft: inout PatchDraft) {
    let identifiers = draft.identifiers.variables
    let pairs = ChartPatch.values.compactMap { name in
      identifiers.first { $0.key == name.variable }.map { (key: name.value, value: $0.value) }
    }
    if let known = document["anthropic"], known.isMapping {
      let missing = pairs.filter { known.entry($0.key) == nil }
      if !missing.isEmpty { draft.rewriting.append(missing, to: known) }
      return
    }
    guard document.entry("anthropic") == nil else {
      return draft.ask(document.range.lowerBound, "anthropic is a value already: the identifiers have no place.")
    }
    draft.rewriting.insert(["anthropic:"] + pairs.map { "  \($0.key): \($0.value)" }, below: document.range)
  }
}
