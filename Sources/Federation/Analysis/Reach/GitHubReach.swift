/// How GitHub's values are read (OpenID Connect reference, customised and immutable subjects included).
enum GitHubForm {
  /// Claims that stand for one field as they are.
  static let fields: [String: Field] = [
    "repository_owner_id": .ownerID, "repository_owner": .owner, "repository_id": .repositoryID, "ref": .ref,
    "ref_type": .refType, "ref_protected": .refProtected, "environment": .environment, "event_name": .event,
    "workflow": .workflow, "workflow_ref": .workflowRef, "job_workflow_ref": .jobWorkflowRef,
    "base_ref": .baseRef, "head_ref": .headRef, "actor": .actor, "actor_id": .actor,
    "runner_environment": .runner, "repository_visibility": .visibility,
  ]

  static let refFolders = ["refs/heads/", "refs/tags/"]

  /// Names in a customised subject that are no field of ours.
  private static let otherKeys: Set<String> = [
    "context", "sha", "workflow_sha", "job_workflow_sha", "enterprise", "enterprise_id", "run_id", "run_number",
    "run_attempt", "actor_id", "environment_node_id",
  ]

  /// `repo:OWNER/REPO:ref:REF`, or any names and values that a template puts there.
  static func subject(_ text: SubjectText) -> Reading {
    var text = text
    var reading = Reading()
    while !text.isAtEnd, !text.hasEnded {
      let key = text.take(upTo: ":")
      guard case .exact(let names) = key, let name = names.first else {
        let isKnown = key.beginning.map(isBeginningOfName) ?? true
        if key.beginning == "pull_request" { reading.extents[.event] = .exact(["pull_request"]) }
        return isKnown ? reading : .impossible()
      }
      reading.keys.append(name)
      if name == "pull_request" {
        reading.extents[.event] = .exact(["pull_request"])
        if !text.isAtEnd, !text.skip(":") { return .impossible() }
        continue
      }
      guard text.skip(":"), !text.isAtEnd || text.isPrefix else { return .impossible() }
      guard read(name, &text, into: &reading) else { return .impossible() }
      if !text.isAtEnd { _ = text.skip(":") }
    }
    return reading
  }

  private static func isBeginningOfName(_ text: String) -> Bool {
    (["repo", "pull_request"] + fields.keys + otherKeys).contains { $0.hasPrefix(text) }
      || "repo_property_".hasPrefix(text) || text.hasPrefix("repo_property_")
  }

  /// The value of `name`; false when no such value is ever issued.
  private static func read(_ name: String, _ text: inout SubjectText, into reading: inout Reading) -> Bool {
    switch name {
    case "repo":
      return readRepository(&text, into: &reading)
    case "repository":
      let value = text.take(upTo: ":")
      guard !value.isOpen else { return true }
      let whole = SubjectText(value.named.first ?? "", isPrefix: value.beginning != nil)
      guard let repository = repository(whole) else { return false }
      reading.extents.merge(repository.extents) { $1 }
    case "ref":
      let ref = text.take(upTo: ":").opened(after: refFolders)
      reading.extents[.ref] = ref
      reading.extents[.refType] = type(of: ref)
      return ref.named.allSatisfy { isBranchOrTag($0, isPrefix: ref.beginning != nil) }
    default:
      guard fields[name] != nil || otherKeys.contains(name) || name.hasPrefix("repo_property_") else { return false }
      let value = text.take(upTo: ":")
      guard value != .exact([""]) else { return false }
      if let field = fields[name] { reading.extents[field] = value }
    }
    return true
  }

  /// `OWNER/REPO` or `OWNER@ID/REPO@ID`.
  private static func readRepository(_ text: inout SubjectText, into reading: inout Reading) -> Bool {
    let owner = text.take(upTo: "/:")
    guard owner.named.allSatisfy({ isName($0, allowing: "-_@") && !$0.hasPrefix("@") }) else { return false }
    reading.setName(owner, .owner, id: .ownerID)
    guard !text.hasEnded else { return true }
    guard owner.isPinned, text.skip("/") else { return false }
    let repository = text.take(upTo: ":")
    guard repository.named.allSatisfy({ isName($0, allowing: "-_.@") }) else { return false }
    reading.setName(repository, .repository, id: .repositoryID)
    return repository != .exact([""])
  }

  private static func isName(_ text: String, allowing more: String) -> Bool {
    text.allSatisfy { $0 == Extent.gap || $0.isASCII && ($0.isLetter || $0.isNumber) || more.contains($0) }
  }

  static func isBranchOrTag(_ text: String, isPrefix: Bool) -> Bool {
    ["refs/heads/", "refs/tags/"].contains { form in
      text.hasPrefix(form) && (isPrefix || text.count > form.count) || isPrefix && form.hasPrefix(text)
    }
  }

  /// What kind of thing a ref is, as far as it tells; that of a pull request counts as a branch.
  static func type(of ref: Extent) -> Extent {
    let types = ref.named.map { name in
      name.hasPrefix("refs/tags/")
        ? "tag" : name.hasPrefix("refs/heads/") || name.hasPrefix("refs/pull/") ? "branch" : nil
    }
    return types.isEmpty || types.contains(nil) ? .open : .exact(Set(types.compactMap(\.self)))
  }

  /// A claim `repository`, `OWNER/REPO`: nil when it is not of that form.
  static func repository(_ text: SubjectText) -> Reading? {
    var text = text
    var reading = Reading()
    reading.extents[.owner] = text.take(upTo: "/")
    guard !text.hasEnded else { return reading }
    guard text.skip("/") else { return nil }
    let repository = text.take(upTo: "/")
    guard text.isAtEnd, repository != .exact([""]), reading[.owner] != .exact([""]) else { return nil }
    reading.extents[.repository] = repository
    return reading
  }
}

extension Reading {
  /// A segment `NAME@ID`: name and id apart once it is complete, and one beginning while it is not.
  fileprivate mutating func setName(_ extent: Extent, _ name: Field, id: Field) {
    if case .begins(let text) = extent, let mark = text.firstIndex(of: "@") {
      let start = text[text.index(after: mark)...]
      // The name is whole, but with part of an id beside it, it is one owner's of many that had the name.
      extents[name] = start.isEmpty ? Extent(value: text[..<mark]) : .begins(String(text[..<mark]))
      extents[id] = start.isEmpty ? nil : .begins(String(start))
      return
    }
    guard let text = extent.one, let mark = text.firstIndex(of: "@") else {
      extents[name] = extent
      return
    }
    extents[name] = .exact([String(text[..<mark])])
    extents[id] = .exact([String(text[text.index(after: mark)...])])
  }
}
