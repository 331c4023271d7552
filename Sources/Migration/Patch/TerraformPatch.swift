/// Terraform: variables of functions and containers. What only stores a key (a secret, a parameter, a variable) stays
/// until the key is archived, for coming back needs it.
struct TerraformPatch {
  /// Resources that hold a secret for others to read.
  private static let stores = [
    "kubernetes_secret", "kubernetes_secret_v1", "aws_ssm_parameter", "azurerm_key_vault_secret", "vault_",
    "tfe_variable",
    "google_secret_manager_", "aws_secretsmanager_", "github_", "gitlab_", "random_", "kubernetes_config_map",
  ]

  func apply(to draft: inout PatchDraft) {
    guard let file = try? Configuration(draft.source) else {
      guard KeyName.mentions(draft.source.text(0..<draft.source.bytes.count)) else { return }
      return draft.ask(0, "This file cannot be read as Terraform: change it by hand.")
    }
    for block in file.body.blocks {
      let type = block.labels.first ?? ""
      let isStore = TerraformPatch.stores.contains { $0.hasSuffix("_") ? type.hasPrefix($0) : type == $0 }
      guard ["resource", "module", "data"].contains(block.type), !isStore else { continue }
      visit(block.body, in: block, parent: nil, of: block.labels.joined(separator: "."), &draft)
    }
    guard !draft.rewriting.isEmpty else { return }
    let result = SourceText(draft.rewriting.result)
    if (try? Configuration(result)) == nil {
      draft.discard("The change by position would not be readable: change this file by hand.")
    }
  }

  private func visit(
    _ body: Configuration.Body, in block: Configuration.Block, parent: Configuration.Block?, of resource: String,
    _ draft: inout PatchDraft
  ) {
    for attribute in body.attributes { visit(attribute, of: resource, &draft) }
    for child in body.blocks {
      if child.type == "env" || child.type == "environment_variable", let name = child.body.attribute("name"),
        PatchDraft.isRead(plain(name, draft))
      {
        change(child, in: block, parent, &draft)
      } else {
        visit(child.body, in: child, parent: block, of: resource, &draft)
      }
    }
  }

  private func plain(_ attribute: Configuration.Attribute, _ draft: PatchDraft) -> String {
    draft.source.text(attribute.value).filter { $0 != "\"" }
  }

  // MARK: Variables in an object

  private func visit(
    _ attribute: Configuration.Attribute, of resource: String, _ draft: inout PatchDraft
  ) {
    guard let entries = attribute.entries else {
      // In a call, such as jsonencode(…), the structure is that of somebody else's format.
      let text = draft.source.text(attribute.value)
      if text.contains("\"ANTHROPIC_API_KEY\"") || text.contains("\"ANTHROPIC_AUTH_TOKEN\"") {
        draft.ask(
          attribute.nameRange.lowerBound,
          "The key is inside an expression: take it out by hand, and put \(draft.identifiers.variables.map(\.key).joined(separator: ", ")) in."
        )
      }
      return
    }
    let keys = entries.filter { PatchDraft.isRead($0.name) && draft.source.text($0.value) != "\"\"" }
    guard let first = keys.first else { return entries.forEach { visit($0, of: resource, &draft) } }
    guard let variables = draft.variablesWithToken else {
      return draft.askForToken(first.nameRange.lowerBound, resource)
    }
    exchange(first, for: variables, among: entries, &draft)
    for other in keys.dropFirst() { remove(other, among: entries, &draft) }
    draft.ask(
      first.nameRange.lowerBound,
      "May the workload's role ask for a token (AWS: sts:GetWebIdentityToken, and outbound federation on in the account)?"
    )
  }

  /// In its place, in the way the object is written: a line each, aligned as `terraform fmt` does, or with commas.
  private func exchange(
    _ key: Configuration.Attribute, for variables: [(key: String, value: String)],
    among entries: [Configuration.Attribute], _ draft: inout PatchDraft
  ) {
    let isQuoted = draft.source.bytes[key.nameRange.lowerBound] == UInt8(ascii: "\"")
    let between = draft.source.text(key.nameRange.upperBound..<key.value.lowerBound)
    let sign = between.contains(":") ? ":" : "="
    let names = variables.map { isQuoted ? "\"\($0.key)\"" : $0.key }
    let start = draft.source.lineRange(of: key.nameRange.lowerBound).lowerBound
    let isOwnLine = !draft.rewriting.isBehindOther(key.nameRange.lowerBound)
    let isPadded = between.hasPrefix("  ") || names.count > 1
    let width =
      isOwnLine && isPadded
      ? max(names.map(\.count).max() ?? 0, key.nameRange.count + between.prefix { $0 == " " }.count - 1) : 0
    let texts = zip(names, variables).map { name, variable in
      name + String(repeating: " ", count: max(0, width - name.count)) + " \(sign) \"\(variable.value)\""
    }
    let indent = draft.source.text(start..<key.nameRange.lowerBound)
    let hasComma = draft.source.bytes[key.value.upperBound...].first { !" \t".utf8.contains($0) } == UInt8(ascii: ",")
    let separator = isOwnLine ? (hasComma ? ",\n" : "\n") + indent : ", "
    draft.rewriting.replace(key.range, with: texts.joined(separator: separator))
  }

  private func remove(
    _ key: Configuration.Attribute, among entries: [Configuration.Attribute], _ draft: inout PatchDraft
  ) {
    guard let index = entries.firstIndex(where: { $0.nameRange == key.nameRange }) else { return }
    if !draft.rewriting.isBehindOther(key.nameRange.lowerBound) {
      draft.rewriting.removeLines(key.range)
    } else if index + 1 < entries.count {
      draft.rewriting.replace(key.nameRange.lowerBound..<entries[index + 1].nameRange.lowerBound, with: "")
    } else if index > 0 {
      draft.rewriting.replace(entries[index - 1].value.upperBound..<key.value.upperBound, with: "")
    }
  }

  // MARK: Variables in blocks of their own

  private func change(
    _ env: Configuration.Block, in container: Configuration.Block, _ pod: Configuration.Block?,
    _ draft: inout PatchDraft
  ) {
    let start = env.range.lowerBound
    guard !draft.rewriting.isBehindOther(start) else {
      return draft.ask(start, "This block shares its line with another: change it by hand.")
    }
    let isPod = container.type == "container" || container.type == "init_container"
    var variables = draft.identifiers.variables
    let isKubernetes = isPod && pod?.type == "spec"
    if isKubernetes {
      variables.insert(("ANTHROPIC_IDENTITY_TOKEN_FILE", Patch.tokenFolder + "/token"), at: 0)
    } else if let known = draft.variablesWithToken {
      variables = known
    } else {
      return draft.askForToken(start, "this container")
    }
    let indent = String(repeating: " ", count: draft.rewriting.column(start))
    var blocks = variables.map {
      "\(env.type) {\n\(indent)  name  = \"\($0.key)\"\n\(indent)  value = \"\($0.value)\"\n\(indent)}"
    }
    if isKubernetes, let pod {
      blocks.append(
        "volume_mount {\n\(indent)  name       = \"anthropic-token\"\n\(indent)  mount_path = \"\(Patch.tokenFolder)\"\n"
          + "\(indent)  read_only  = true\n\(indent)}")
      addVolume(to: pod, &draft)
    }
    draft.rewriting.replace(env.range, with: blocks.joined(separator: "\n\(indent)"))
    if !isKubernetes {
      draft.ask(start, "Has the workload a service account of its own, and does the rule match it?")
    }
  }

  private func addVolume(to pod: Configuration.Block, _ draft: inout PatchDraft) {
    guard let first = pod.body.blocks.first(where: { $0.type == "container" || $0.type == "init_container" }) else {
      return
    }
    let indent = String(repeating: " ", count: draft.rewriting.column(first.range.lowerBound))
    let lines = [
      "volume {", "  name = \"anthropic-token\"", "  projected {", "    sources {", "      service_account_token {",
      "        audience           = \"\(Patch.audience)\"", "        expiration_seconds = 3600",
      "        path               = \"token\"", "      }", "    }", "  }", "}",
    ]
    let text = lines.map { indent + $0 }
    // Once, however many containers have the key.
    guard !draft.rewriting.edits.contains(where: { $0.text.contains("service_account_token") }) else { return }
    draft.rewriting.insert(text, above: first.range.lowerBound)
    if pod.body.attribute("service_account_name") == nil {
      draft.ask(
        first.range.lowerBound, "The pod runs as default: give it a service_account_name of its own, and match that.")
    }
  }
}
