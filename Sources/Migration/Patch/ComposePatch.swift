/// Compose files: the variable goes from the environment and from the build's arguments, and the identifiers come in,
/// with the folder of the token where somebody says which that is.
struct ComposePatch {
  let document: Node
  private let shared: Set<String>

  init(document: Node) {
    self.document = document
    shared = document.aliased
  }

  func apply(to draft: inout PatchDraft) {
    let services = document["services"]?.entries ?? []
    for service in services { change(service, &draft) }
    let users = services.filter { service in
      service.value["environment"].map { !ComposePatch.keys(in: $0, draft).isEmpty } ?? false
    }
    if case .file = draft.identifiers.token, users.count > 1, !draft.rewriting.isEmpty {
      draft.ask(
        users[1].keyRange.lowerBound,
        "\(users.count) services share a token that may be exchanged once: give each a file of its own, or clear check_jti at "
          + "the issuer.")
    }
  }

  private func change(_ service: Node.Entry, _ draft: inout PatchDraft) {
    let environment = service.value.entry("environment")
    let arguments = service.value["build"]?.entry("args")
    let parts = [environment, arguments].compactMap(\.self).filter { !ComposePatch.keys(in: $0.value, draft).isEmpty }
    guard !parts.isEmpty else { return askAboutFiles(service, &draft) }
    guard !isShared(service.value), !parts.contains(where: { isShared($0.value) }) else {
      return draft.ask(
        service.keyRange.lowerBound,
        "Other services share a part of \(service.key) by an anchor: take the key out by hand.")
    }
    guard let variables = draft.variablesWithToken else {
      return draft.askForToken(parts[0].keyRange.lowerBound, "the service \(service.key)")
    }
    if let arguments, parts.contains(where: { $0.keyRange == arguments.keyRange }), let build = service.value["build"] {
      remove(ComposePatch.keys(in: arguments.value, draft), from: arguments, in: build, &draft)
    }
    if let environment, parts.contains(where: { $0.keyRange == environment.keyRange }) {
      exchange(ComposePatch.keys(in: environment.value, draft), for: variables, in: environment, &draft)
      if case .file(let path) = draft.identifiers.token { mount(path, in: service, below: environment, &draft) }
    }
    askAboutFiles(service, &draft)
  }

  private func isShared(_ node: Node) -> Bool {
    if case .alias = node.content { return true }
    return node.anchor.map(shared.contains) ?? false || node.entry("<<") != nil
  }

  /// Where in a mapping, or in a list of `NAME=value`, a client's key stands: by its place in the entries or items.
  private static func keys(in node: Node, _ draft: PatchDraft) -> [Int] {
    if node.isMapping {
      return node.entries.indices.filter { index in
        let entry = node.entries[index]
        // A name without a value is passed on from whoever starts it.
        return PatchDraft.isRead(entry.key) && (entry.value.style == .empty || draft.holdsKey(entry.value))
      }
    }
    return node.items.indices.filter { index in
      guard let text = node.items[index].value.text else { return false }
      let parts = text.split(separator: "=", maxSplits: 1)
      guard let name = parts.first, PatchDraft.isRead(String(name)) else { return false }
      return parts.count == 1 || draft.holdsKey(String(parts[1]))
    }
  }

  private func remove(_ keys: [Int], from entry: Node.Entry, in parent: Node, _ draft: inout PatchDraft) {
    let node = entry.value
    guard keys.count < max(node.entries.count, node.items.count) else {
      return draft.rewriting.remove(entry, from: parent)
    }
    for key in keys {
      if node.isMapping {
        draft.rewriting.remove(node.entries[key], from: node)
      } else {
        draft.rewriting.remove(node.items[key], from: node)
      }
    }
  }

  private func exchange(
    _ keys: [Int], for variables: [(key: String, value: String)], in entry: Node.Entry, _ draft: inout PatchDraft
  ) {
    let node = entry.value
    if node.isMapping, node.style == .flow {
      return draft.rewriting.exchange(keys.map { node.entries[$0] }, for: variables, in: node)
    }
    for (number, key) in keys.enumerated() {
      let range = node.isMapping ? node.entries[key].range : node.items[key].range
      let start = node.isMapping ? node.entries[key].keyRange.lowerBound : node.items[key].start
      let texts =
        number > 0 ? [] : variables.map { node.isMapping ? "\($0.key): \($0.value)" : "\($0.key)=\($0.value)" }
      if node.style == .flow {
        if texts.isEmpty {
          draft.rewriting.remove(node.items[key], from: node)
        } else {
          draft.rewriting.replace(range, with: texts.joined(separator: ", "))
        }
        continue
      }
      let line = draft.source.lineRange(of: start).lowerBound
      let indent = String(repeating: " ", count: draft.rewriting.column(start)) + (node.isMapping ? "" : "- ")
      let end = draft.rewriting.endOfLine(range)
      let isEnded = end > 0 && draft.source.bytes[end - 1] == 0x0A
      let text = texts.map { indent + $0 }.joined(separator: "\n")
      draft.rewriting.replace(line..<end, with: text + (isEnded && !text.isEmpty ? "\n" : ""))
    }
  }

  /// The folder and not the file, for the file is replaced whenever the token is.
  private func mount(_ path: String, in service: Node.Entry, below place: Node.Entry, _ draft: inout PatchDraft) {
    let folder = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    let text = "\(folder):\(folder):ro"
    if let volumes = service.value["volumes"], let last = volumes.items.last {
      if volumes.style == .flow {
        draft.rewriting.insert(", \"\(text)\"", at: last.range.upperBound)
      } else {
        let indent = String(repeating: " ", count: draft.rewriting.column(last.start))
        draft.rewriting.insert(["\(indent)- \(text)"], below: last.range)
      }
    } else if service.value.style == .flow {
      draft.rewriting.insert(", volumes: [\"\(text)\"]", at: place.range.upperBound)
    } else {
      let indent = String(repeating: " ", count: draft.rewriting.column(place.keyRange.lowerBound))
      draft.rewriting.insert(["\(indent)volumes:", "\(indent)  - \(text)"], below: place.range)
    }
  }

  /// A file of variables is read where it is; whether the key is in it no rule decides from here.
  private func askAboutFiles(_ service: Node.Entry, _ draft: inout PatchDraft) {
    guard let files = service.value["env_file"] else { return }
    for node in files.isSequence ? files.items.map(\.value) : [files] {
      guard let name = (node["path"] ?? node).text, !name.isEmpty else { continue }
      let isKnown = draft.others.contains { path, bytes in
        (path == draft.sibling(name)) && KeyName.mentions(String(decoding: bytes, as: UTF8.self))
      }
      guard isKnown else { continue }
      draft.ask(
        node.range.lowerBound,
        "\(name) has the key and all of it reaches the service, before federation: take the line out of it, and keep the "
          + "key elsewhere until it is archived.")
    }
  }
}
