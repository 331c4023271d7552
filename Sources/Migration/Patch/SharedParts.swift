/// Workflows and composite actions that others of the same folder call, as far as callers have to follow their change:
/// both sides change in one commit, for a secret that is passed and not declared is an error, and one that is required
/// and not passed too.
struct SharedParts {
  struct Part: Hashable {
    /// Secrets of a workflow, or inputs of an action, that it no longer takes.
    let dropped: Set<String>
  }

  /// By path.
  private var workflows: [String: Part] = [:]
  /// By the folder of the action.
  private var actions: [String: Part] = [:]
  /// The steps of each workflow, which tell what a caller has to grant.
  private var steps: [String: [Node]] = [:]

  init(files: [String: [UInt8]], identifiers: Patch.Identifiers) {
    var called: [(path: String, bytes: [UInt8], document: Node)] = []
    for (path, bytes) in files where FileKind.isDocument(path) {
      guard let document = (try? Node.documents(in: bytes))?.first, document.isMapping else { continue }
      if document[["on", "workflow_call"]] != nil || document["on"]?.text == "workflow_call"
        || document["on"]?.items.contains(where: { $0.value.text == "workflow_call" }) == true
      {
        called.append((path, bytes, document))
        steps[path] = (document["jobs"]?.entries ?? []).flatMap { $0.value["steps"]?.items.map(\.value) ?? [] }
      } else if document[["runs", "using"]]?.text == "composite" {
        var draft = PatchDraft(path: path, source: SourceText(bytes), identifiers: identifiers, others: [:])
        ActionPatch(document: document).apply(to: &draft)
        guard !draft.rewriting.isEmpty else { continue }
        let keys = (document["inputs"]?.entries ?? []).map(\.key).filter(KeyName.isKey)
        actions[path.split(separator: "/").dropLast().joined(separator: "/")] = Part(dropped: Set(keys))
      }
    }
    // A called workflow may call another.
    for _ in 0..<4 {
      var next = workflows
      for (path, bytes, document) in called {
        var draft = PatchDraft(path: path, source: SourceText(bytes), identifiers: identifiers, others: [:])
        let dropped = WorkflowPatch(document: document, shared: self).apply(to: &draft)
        if !draft.rewriting.isEmpty { next[path] = Part(dropped: dropped) }
      }
      if next == workflows { break }
      workflows = next
    }
  }

  /// What a job calls by `uses`, when it is a workflow of the same repository that moves.
  /// - Parameter path: of the caller.
  func workflow(_ uses: String?, from path: String) -> (part: Part, steps: [Node])? {
    guard let place = SharedParts.place(uses, from: path), let part = workflows[place] else { return nil }
    return (part, steps[place] ?? [])
  }

  func action(_ uses: String?, from path: String) -> Part? {
    SharedParts.place(uses, from: path).flatMap { actions[$0] }
  }

  /// `./` is the root of the repository, wherever the caller stands in it.
  private static func place(_ uses: String?, from path: String) -> String? {
    guard let uses, uses.hasPrefix("./") else { return nil }
    let root = path.firstRange(of: ".github/").map { path[..<$0.lowerBound] } ?? ""
    let place = uses.dropFirst(2)
    return String(root) + (place.hasSuffix("/") ? place.dropLast() : place)
  }

  /// Whether an expression reads `context.name`.
  static func mentions(_ context: String, _ name: String, in source: SourceText) -> Bool {
    ["\(context).\(name)", "\(context)['\(name)']", "\(context)[\"\(name)\"]"].contains { text in
      source.occurrences(of: text).contains { offset in
        let end = offset + text.utf8.count
        guard text.hasSuffix(name), end < source.bytes.count else { return true }
        return !(source.bytes[end].isLetterOrDigit || "_-".utf8.contains(source.bytes[end]))
      }
    }
  }
}
