/// GitLab pipelines: a token for each job that calls the API, with the identifiers as its variables.
struct PipelinePatch {
  let document: Node

  /// Keys at the top that are no jobs.
  private static let reserved: Set<String> = [
    "stages", "variables", "default", "include", "workflow", "image", "services", "cache", "before_script",
    "after_script", "spec",
  ]

  func apply(to draft: inout PatchDraft) {
    let top = keys(document["variables"], draft)
    let jobs = document.entries.filter { $0.value.isMapping && !PipelinePatch.reserved.contains($0.key) }
    let users = jobs.filter { isUser($0, hasTopKey: !top.isEmpty, draft) }
    guard !top.isEmpty || !users.isEmpty else { return }
    if let variables = document.entry("variables"), !top.isEmpty { remove(top, from: variables, &draft) }
    for job in users { change(job, &draft) }
    if users.isEmpty {
      draft.ask(
        document.range.lowerBound, "Which jobs call the API? None shows it, and only those may be given a token.")
    }
    draft.ask(
      (document.entry("variables") ?? document.entries[0]).keyRange.lowerBound,
      "Variables set in GitLab itself (project, group, instance) reach jobs without a line here: rename them for the time "
        + "of the watch, do not delete them.")
  }

  private func keys(_ variables: Node?, _ draft: PatchDraft) -> [Node.Entry] {
    (variables?.entries ?? []).filter { PatchDraft.isRead($0.key) && draft.holdsKey($0.value) }
  }

  /// A job with a key of its own, or one that has the pipeline's and speaks of Claude.
  private func isUser(_ job: Node.Entry, hasTopKey: Bool, _ draft: PatchDraft) -> Bool {
    if !keys(job.value["variables"], draft).isEmpty { return true }
    let script = ["before_script", "script", "after_script"].compactMap { job.value.entry($0)?.range }
    return hasTopKey && script.contains { KeyName.mentions(draft.source.text($0)) }
  }

  private func remove(_ keys: [Node.Entry], from variables: Node.Entry, _ draft: inout PatchDraft) {
    if keys.count == variables.value.entries.count {
      draft.rewriting.removeLines(variables.range)
    } else {
      for key in keys { draft.rewriting.remove(key, from: variables.value) }
    }
  }

  private func change(_ job: Node.Entry, _ draft: inout PatchDraft) {
    guard job.value.style == .block, job.value.anchor == nil || job.key.hasPrefix("."),
      let first = job.value.entries.first
    else {
      return draft.ask(job.keyRange.lowerBound, "This job is shared by an anchor, or on one line: change it by hand.")
    }
    let indent = String(repeating: " ", count: draft.rewriting.column(first.keyRange.lowerBound))
    let variables = job.value.entry("variables")
    guard let place = variables ?? job.value.entry("script") ?? job.value.entries.first else { return }
    var lines: [String] = []
    if job.value["id_tokens"] == nil {
      lines = [
        "\(indent)id_tokens:", "\(indent)  ANTHROPIC_IDENTITY_TOKEN:", "\(indent)    aud: \(Patch.audience)",
      ]
    } else {
      draft.ask(
        job.keyRange.lowerBound, "This job has id_tokens: add ANTHROPIC_IDENTITY_TOKEN with aud \(Patch.audience).")
    }
    if let variables, variables.value.isMapping {
      draft.rewriting.exchange(keys(variables.value, draft), for: draft.identifiers.variables, in: variables.value)
    } else {
      lines += ["\(indent)variables:"] + draft.identifiers.variables.map { "\(indent)  \($0.key): \($0.value)" }
    }
    draft.rewriting.insert(lines, above: place.keyRange.lowerBound)
  }
}
