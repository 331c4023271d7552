extension Ladder {
  static let gitLab = Ladder(
    who: [
      Rung("GL002", .group) { !$0.pinsGroup && $0.begins(.group) },
      Rung("GL001", .group, .project, onOwnIssuer: .high) { !$0.pinsGroup && !$0.begins(.projectID) },
      Rung("GL004", .project, .projectID) { !$0.pinsProject && $0.begins(.project, .projectID) },
      Rung("GL003", .group, .namespace, .namespaceID) { !$0.pinsProject },
    ],
    whoFields: [.subject, .group, .namespace, .namespaceID, .project, .projectID],
    run: [
      Rung("GL011", .ref) { $0.isPinned(.ref) && $0.isOpen(.refType) && !$0.pinsPipelineBesideRef },
      Rung("GL008", .refType, .ref) { reach in
        !reach.pinsPipeline
          && (reach.values(.refType) == ["tag"] || reach[.refPath].beginning?.hasPrefix("refs/tags/") ?? false)
      },
      Rung("GL007", .ref, .refPath) { !$0.pinsPipeline && ($0[.ref].isInsideName || $0[.refPath].isInsideBranch) },
      Rung("GL006", .ref, .refType, .refPath) { reach in
        !reach.pinsPipeline && (!reach.isOpen(.refType) || reach.begins(.ref, .refPath))
      },
      Rung("GL005", .project, .projectID) { !$0.pinsPipeline },
    ],
    runFields: [.subject, .ref, .refType, .refPath, .refProtected, .environment, .configRef, .event],
    always: [
      Rung("GL012", .event) { $0.trustsMergeRequests },
      Rung("GL010", .project, .group) { reach in
        !reach.hasSubject && !reach.isOpen(.project, .group) && !reach.isPinned(.projectID, .namespaceID)
      },
      Rung("GL013", .project, .group) { $0.hasSubject && !$0.isOpen(.group) && !$0.isPinned(.projectID, .namespaceID) },
    ],
    beside: [Rung("GL009", .user) { !$0.isOpen(.user) }])

  static let buildkite = Ladder(
    who: [
      Rung("BK002", .organization, .organizationID) {
        !$0.pinsBuildkite && $0.begins(.organization, .organizationID)
      },
      Rung("BK001", .organization) { !$0.pinsBuildkite },
      Rung("BK004", .pipeline, .pipelineID) {
        !$0.isPinned(.pipeline, .pipelineID) && $0.begins(.pipeline, .pipelineID)
      },
      Rung("BK003", .pipeline, .organization) { !$0.isPinned(.pipeline, .pipelineID) },
    ],
    whoFields: [.subject, .organization, .organizationID, .pipeline, .pipelineID],
    run: [
      Rung("BK006", .ref, .branch) { !$0.isPinned(.ref, .branch) && ($0[.ref].isInsideRef || $0.begins(.branch)) },
      Rung("BK005", .pipeline, .pipelineID) { !$0.isPinned(.ref, .branch) },
    ],
    runFields: [.subject, .ref, .branch])

  static let terraform = Ladder(
    who: [
      Rung("TFC002", .organization, .organizationID) {
        !$0.pinsTerraform && $0.begins(.organization, .organizationID)
      },
      Rung("TFC001", .organization) { !$0.pinsTerraform },
      Rung("TFC005", .workspace, .deployment, .stack, .project, .workspaceID, .projectID) { reach in
        !reach.pinsWorkspace
          && [.workspace, .deployment, .stack, .project, .workspaceID, .projectID].contains { reach.begins($0) }
      },
      Rung("TFC004", .project, .projectID) { !$0.pinsWorkspace && $0.isPinned(.project, .projectID) },
      Rung("TFC003", .organization, .organizationID) { !$0.pinsWorkspace },
    ],
    whoFields: [
      .subject, .organization, .organizationID, .project, .projectID, .workspace, .workspaceID, .stack, .deployment,
    ],
    run: [
      Rung("TFC007", .phase) { $0.values(.phase).contains("plan") },
      Rung("TFC006", .phase, .workspace) { !$0.isPinned(.phase) },
    ],
    runFields: [.subject, .phase])

  static let circleCI = Ladder(
    who: [
      Rung("CCI005", .organizationID, .projectID) { reach in
        !reach.isPinned(.projectID) && reach.begins(.projectID, .organizationID)
      },
      Rung("CCI001", .organizationID) { $0.isShared && !$0.isPinned(.organizationID, .projectID) },
      Rung("CCI002", .projectID, .organizationID) { !$0.isPinned(.projectID) },
    ],
    whoFields: [.subject, .organizationID, .projectID],
    run: [
      Rung("CCI006", .user) { $0.isPinned(.user) },
      Rung("CCI003", .ref, .projectID) { !$0.isPinned(.ref) },
      Rung("CCI004", .ref) { !$0.isPinned(.origin) },
    ],
    runFields: [.subject, .user, .ref, .origin],
    always: [Rung("CCI007", .loginRerun) { $0.values(.loginRerun) != ["false"] }])
}

extension Reach {
  fileprivate var pinsProject: Bool { isPinned(.project, .projectID) }
  fileprivate var pinsGroup: Bool { isPinned(.group, .namespace, .namespaceID) || pinsProject }
  fileprivate var trustsMergeRequests: Bool { values(.event).contains("merge_request_event") }
  fileprivate var pinsPipelineBesideRef: Bool {
    isPinned(.refPath, .environment, .configRef) || values(.refProtected) == ["true"]
      || values(.environmentProtected) == ["true"] || trustsMergeRequests
  }
  fileprivate var pinsPipeline: Bool { isPinned(.ref) || pinsPipelineBesideRef }

  fileprivate var pinsBuildkite: Bool { isPinned(.organization, .organizationID, .pipelineID, .subject) }

  fileprivate var pinsTerraform: Bool {
    isPinned(.organization, .organizationID, .projectID, .workspaceID)
  }
  fileprivate var pinsWorkspace: Bool { isPinned(.workspace, .workspaceID, .deployment) }
}

extension Extent {
  /// Whether a name is begun and not closed by a slash.
  var isInsideName: Bool { beginning.map { $0.last != "/" } ?? false }

  /// `refs/heads/main` of `refs/heads/main*`: a branch is begun and not closed by a slash.
  var isInsideBranch: Bool { isInside(["refs/heads/"]) }
  var isInsideRef: Bool {
    guard let text = beginning else { return false }
    return ["refs/heads/", "refs/tags/"].contains { text.hasPrefix($0) && text.count > $0.count }
  }

  private func isInside(_ forms: [String]) -> Bool {
    guard let text = beginning else { return false }
    return forms.contains { text.hasPrefix($0) && text.count > $0.count } && text.last != "/"
  }
}
