package import Platform

/// The `workspace_id` of an exchange.
package enum WorkspaceRequest: Hashable, Sendable {
  case omitted
  /// The word `default`.
  case usual
  case named(ID<Workspace>)

  /// Nil for a text that is neither an identifier nor `default`: a malformed request, not a refused one.
  package init?(_ text: String?) {
    switch text {
    case nil: self = .omitted
    case "default"?: self = .usual
    case let text?:
      guard let id = try? ID<Workspace>(text) else { return nil }
      self = .named(id)
    }
  }
}

/// Which workspace a token would be bound to (Admin API, workspace selection).
struct WorkspaceChoice {
  /// Nil when none is chosen, or when it is the default one and its identifier is not known.
  let workspaceID: ID<Workspace>?
  let check: Check

  init(_ request: WorkspaceRequest, rule: FederationRule, defaultWorkspaceID: ID<Workspace>?) {
    let enabled = rule.workspaceIDs.map(\.description).joined(separator: ", ")
    let expected =
      rule.appliesToAllWorkspaces ? "any workspace" : enabled.isEmpty ? "a workspace the rule is enabled for" : enabled
    func check(
      _ outcome: Check.Outcome, _ actual: String, note: String? = nil,
      reason: DenialReason = .workspaceNotEnabled
    ) -> Check {
      Check("workspace", outcome, expected: expected, actual: actual, note: note, reason: reason)
    }
    func covers(_ id: ID<Workspace>) -> Bool { rule.appliesToAllWorkspaces || rule.workspaceIDs.contains(id) }

    switch request {
    case .named(let id):
      workspaceID = covers(id) ? id : nil
      let note = covers(id) ? nil : "the rule is not enabled for this workspace"
      self.check = check(covers(id) ? .passed : .failed, id.description, note: note)
    case .usual:
      let isCovered = rule.appliesToAllWorkspaces ? true : defaultWorkspaceID.map(covers)
      workspaceID = isCovered == true ? defaultWorkspaceID : nil
      let note =
        switch isCovered {
        case true?: nil
        case false?: "the rule is not enabled for the default workspace"
        case nil: "the default workspace is not known here"
        } as String?
      self.check = check(isCovered.map { $0 ? .passed : .failed } ?? .unknown, "default", note: note)
    case .omitted where rule.appliesToAllWorkspaces:
      workspaceID = defaultWorkspaceID
      self.check = check(.passed, "none named", note: "a rule for all workspaces is taken to mean the default one")
    case .omitted:
      workspaceID = rule.workspaceIDs.count == 1 ? rule.workspaceIDs[0] : nil
      self.check =
        switch rule.workspaceIDs.count {
        case 0: check(.failed, "none named", note: "the rule is enabled for no workspace")
        case 1: check(.passed, "none named", note: "the rule is enabled for this one only")
        case let count:
          check(
            .failed, "none named",
            note: "the rule is enabled for \(count) workspaces: name one with ANTHROPIC_WORKSPACE_ID",
            reason: .workspaceRequired)
        }
    }
  }
}
