/// References in YAML and JSON documents, and how a place in one is called.
struct DocumentPlaces {
  let source: SourceText
  let kind: FileKind
  let documents: [Node]

  func references() -> [Find] {
    documents.flatMap { document in
      switch kind {
      case .workflow: workflow(document)
      case .gitlab: gitlab(document)
      case .compose: compose(document)
      case .kubernetes: ClusterPlaces(document: document, source: source).references()
      case .cloudFormation: cloudFormation(document)
      case .cloudBuild: cloudBuild(document)
      case .taskDefinition: taskDefinition(document)
      case .n8n: n8n(document)
      case .claudeSettings: claudeSettings(document)
      case .package: Versions.inPackage(document)
      default: literals(document) { _ in nil }
      }
    }
  }

  /// The name, the place and the level of the credential at `offset`.
  func describe(_ offset: Int) -> (name: String?, place: String?, level: String?) {
    guard let document = documents.last(where: { $0.range.lowerBound <= offset }), let path = document.path(to: offset)
    else { return (nil, nil, nil) }
    let name = variable(path)
    switch kind {
    case .workflow: return (isRun(path) ? nil : name, path.text, level(path))
    case .gitlab: return (name, path.text, path.count == 2 ? "pipeline" : "job")
    case .kubernetes: return ClusterPlaces(document: document, source: source).describe(path)
    case .compose, .cloudFormation, .cloudBuild, .taskDefinition: return (name, path.text, nil)
    default: return (name, nil, nil)
    }
  }

  private func isRun(_ path: [Step]) -> Bool { path.last == .key("run") }

  /// A variable by itself; another setting with the way to it: `claude.apiKey`.
  private func variable(_ path: [Step]) -> String? {
    guard let last = path.keys.last else { return nil }
    return last.contains(where: \.isLowercase) ? path.keys.joined(separator: ".") : last
  }

  /// Values of variables for keys that are neither key-shaped nor stand for something else.
  private func literals(_ document: Node, place: ([Step]) -> (place: String, level: String?)?) -> [Find] {
    var finds: [Find] = []
    document.scalars { path, node in
      guard let key = path.last?.key, KeyName.isKey(key), let text = node.text, !text.isEmpty else { return }
      guard node.style != .literal, !text.contains("sk-ant-"), !KeyName.isIndirect(text), node.tag == nil else {
        return
      }
      guard !["true", "false", "null", "~"].contains(text) else { return }
      guard text.utf8.count < 200, !text.contains("\n"), !text.contains("${{") else { return }
      let place = place(path)
      finds.append(
        Find(.apiKey, .placeholder, at: node.textStart, name: key, place: place?.place, level: place?.level))
    }
    return finds
  }

  // MARK: GitHub Actions

  /// Secrets and variables that a workflow reads into something called after Claude, or that are so called.
  private func workflow(_ document: Node) -> [Find] {
    var finds: [Find] = []
    document.scalars { path, node in
      let offsets = isRun(path) || node.style == .literal ? expressions(in: node.range) : [node.range.lowerBound]
      for offset in offsets {
        let end = isRun(path) || node.style == .literal ? expressionEnd(offset) : node.range.upperBound
        let secrets = secrets(in: source.text(offset..<end))
        guard let first = secrets.first else { continue }
        let variable = path.last?.key ?? ""
        guard secrets.contains(where: KeyName.isKey) || KeyName.isKey(variable) else { continue }
        var find = Find(.githubSecret, .reference, at: offset, name: first, place: path.text, level: level(path))
        find.also = Array(secrets.dropFirst())
        finds.append(find)
      }
    }
    for entry in document[["on", "workflow_call", "secrets"]]?.entries ?? [] where KeyName.isKey(entry.key) {
      finds.append(
        Find(
          .githubSecret, .reference, at: entry.keyRange.lowerBound, name: entry.key,
          place: "on.workflow_call.secrets.\(entry.key)", level: "workflow"))
    }
    return finds + literals(document) { ($0.text, level($0)) } + Versions.ofActions(document)
  }

  private func expressions(in range: Range<Int>) -> [Int] { source.occurrences(of: "${{", in: range) }

  private func expressionEnd(_ offset: Int) -> Int {
    source.occurrences(of: "}}", in: offset..<min(source.bytes.count, offset + 2000)).first.map { $0 + 2 } ?? offset
  }

  /// The names behind `secrets.` and `vars.` in expressions.
  private func secrets(in text: String) -> [String] {
    guard text.contains("${{") else { return [] }
    var names: [String] = []
    for context in ["secrets", "vars"] {
      for piece in text.split(separator: context, omittingEmptySubsequences: false).dropFirst() {
        let name = piece.drop { ".['\"".contains($0) }.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        if !name.isEmpty, piece.first == "." || piece.first == "[", !names.contains(String(name)) {
          names.append(String(name))
        }
      }
    }
    return names
  }

  private func level(_ path: [Step]) -> String {
    let keys = path.keys
    if keys.contains("steps") { return keys.contains("with") ? "step-input" : "step" }
    return keys.first == "jobs" ? "job" : "workflow"
  }

  // MARK: GitLab, Compose

  private func gitlab(_ document: Node) -> [Find] {
    var finds: [Find] = []
    document.scalars { path, node in
      guard let key = path.last?.key, path.keys.contains("variables"), KeyName.isKey(key), let text = node.text,
        text.hasPrefix("$")
      else { return }
      let name = text.dropFirst().filter { $0 != "{" && $0 != "}" }
      finds.append(
        Find(
          .gitlabVariable, .reference, at: node.textStart, name: String(name), place: path.text,
          level: path.count == 2 ? "pipeline" : "job"))
    }
    return finds + literals(document) { ($0.text, $0.count == 2 ? "pipeline" : "job") }
  }

  private func compose(_ document: Node) -> [Find] {
    var finds: [Find] = []
    for service in document["services"]?.entries ?? [] {
      let place = "services.\(service.key)"
      for (section, node) in [
        ("environment", service.value["environment"]), ("build.args", service.value[["build", "args"]]),
      ] {
        guard let node else { continue }
        for (name, value, start) in assignments(node) where KeyName.isKey(name) {
          let place = "\(place).\(section)"
          if section == "build.args" {
            finds.append(Find(.composeBuildArgument, .reference, at: start, name: name, place: place))
          } else if let value, !source.text(value).isEmpty {
            let text = source.text(value)
            if text.hasPrefix("$") {
              let variable = text.drop { "${".contains($0) }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
              finds.append(
                Find(.composeInterpolation, .reference, at: value.lowerBound, name: String(variable), place: place))
            } else if !text.contains("sk-ant-") {
              finds.append(Find(.apiKey, .placeholder, at: value.lowerBound, name: name, place: place))
            }
          } else {
            // A name alone is passed on from the environment of whoever starts it.
            finds.append(Find(.composeInterpolation, .reference, at: start, name: name, place: place))
          }
        }
      }
      guard let files = service.value["env_file"] else { continue }
      for node in files.isSequence ? files.items.map(\.value) : [files] {
        let file = node["path"] ?? node
        guard let name = file.text, !name.isEmpty else { continue }
        finds.append(
          Find(.composeEnvironmentFile, .reference, at: file.textStart, name: name, place: "\(place).env_file"))
      }
    }
    return finds
  }

  /// Variables as a mapping or as a list of `NAME=value`; a value without its quotes.
  private func assignments(_ node: Node) -> [(name: String, value: Range<Int>?, start: Int)] {
    if node.isMapping {
      return node.entries.map { entry in
        let value = entry.value
        let end = value.range.upperBound - (value.textStart - value.range.lowerBound)
        return (entry.key, value.style == .empty ? nil : value.textStart..<end, entry.keyRange.lowerBound)
      }
    }
    return node.items.compactMap { item in
      guard let text = item.value.text else { return nil }
      let start = item.value.textStart
      guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (text, nil, start) }
      let count = text.utf8.distance(from: text.utf8.startIndex, to: equals)
      return (String(text[..<equals]), (start + count + 1)..<(start + text.utf8.count), start)
    }
  }

  // MARK: Clouds

  private func cloudFormation(_ document: Node) -> [Find] {
    var finds: [Find] = []
    document.scalars { path, node in
      guard let key = path.last?.key, KeyName.isKey(key),
        path.keys.contains("Variables") || path.keys.contains("environment")
      else { return }
      let place = path.dropLast().map(\.self).text
      let text = node.text ?? ""
      if text.hasPrefix("{{resolve:") || text.hasPrefix("arn:") {
        finds.append(Find(.awsSecret, .reference, at: node.textStart, name: key, place: place))
      } else if node.tag != nil || KeyName.isIndirect(text) {
        finds.append(Find(.lambdaEnvironment, .reference, at: node.textStart, name: key, place: place))
      } else if !text.isEmpty, !text.contains("sk-ant-") {
        finds.append(Find(.apiKey, .placeholder, at: node.textStart, name: key, place: place))
      }
    }
    return finds
  }

  private func cloudBuild(_ document: Node) -> [Find] {
    var finds: [Find] = []
    document.scalars { path, node in
      guard let text = node.text, KeyName.isKey(text) else { return }
      let keys = path.keys
      if keys.last == "secretEnv" {
        finds.append(
          Find(.gcpSecret, .reference, at: node.textStart, name: text, place: path.dropLast().map(\.self).text))
      } else if keys.first == "availableSecrets", keys.last == "env" {
        finds.append(
          Find(.gcpSecret, .reference, at: node.textStart, name: text, place: path.dropLast().map(\.self).text))
      }
    }
    return finds
  }

  private func taskDefinition(_ document: Node) -> [Find] {
    var finds: [Find] = []
    for container in document["containerDefinitions"]?.items ?? [] {
      let place = "containerDefinitions[\(container.value["name"]?.text ?? "")]"
      for (section, field) in [("secrets", "valueFrom"), ("environment", "value")] {
        for item in container.value[section]?.items ?? [] {
          guard let name = item.value["name"]?.text, KeyName.isKey(name), let value = item.value[field] else {
            continue
          }
          guard value.text?.contains("sk-ant-") == false else { continue }
          let isSecret = section == "secrets"
          finds.append(
            Find(
              isSecret ? .awsSecret : .apiKey, isSecret ? .reference : .placeholder, at: value.textStart, name: name,
              place: "\(place).\(section)"))
        }
      }
    }
    return finds
  }

  // MARK: Tools

  private func n8n(_ document: Node) -> [Find] {
    (document["nodes"]?.items ?? []).compactMap { item in
      guard let credential = item.value[["credentials", "anthropicApi"]] else { return nil }
      let start = (credential["id"] ?? credential).textStart
      var find = Find(.n8nCredential, .reference, at: start, name: credential["name"]?.text)
      find.note = "The key is encrypted in n8n's own database; an export does not hold it."
      return find
    }
  }

  private func claudeSettings(_ document: Node) -> [Find] {
    var finds: [Find] = []
    if let helper = document["apiKeyHelper"], helper.text?.isEmpty == false {
      var find = Find(.keyHelper, .reference, at: helper.textStart, name: "apiKeyHelper")
      find.note = "Claude Code takes the helper's key before it federates."
      finds.append(find)
    }
    for list in ["approved", "rejected"] {
      for item in document[["customApiKeyResponses", list]]?.items ?? [] where item.value.text?.isEmpty == false {
        var find = Find(.keySuffix, .reference, at: item.value.textStart, name: "customApiKeyResponses.\(list)")
        find.note = "The last 20 characters of a key: enough to know it by, too few to use."
        finds.append(find)
      }
    }
    return finds + literals(document) { _ in nil }
  }
}
