extension Ladder {
  static let gitHub = Ladder(
    impossible: [
      Rung("GH017", .environment, .ref) { reach in
        reach.hasRefSubject && !reach.isOpen(.environment) || reach.isOnlyPullRequests && reach.isBranchOrTag
      }
    ],
    who: [
      Rung("GH014", .subject) { !$0.pinsOwner && !$0.beginsOwner && $0.hasTenantlessSubject },
      Rung("GH015", .jobWorkflowRef) { !$0.pinsOwner && !$0.beginsOwner && $0.isPinned(.jobWorkflowRef) },
      Rung("GH001", .owner, .repository) { $0.isShared && !$0.pinsOwner && !$0.beginsOwner },
      Rung("GH024", .owner, .repository) { !$0.pinsOwner && !$0.beginsOwner },
      Rung("GH002", .owner, .ownerID) { !$0.pinsOwner },
      Rung("GH004", .repository, .repositoryID) { !$0.pinsRepository && $0.begins(.repository, .repositoryID) },
      Rung("GH003", .repository, .owner) { !$0.pinsRepository && !$0.isPinned(.jobWorkflowRef) },
    ],
    whoFields: [.subject, .owner, .ownerID, .repository, .repositoryID],
    run: [
      // Of the loose pins the narrowest decides, for all of them must hold.
      Rung("GH009", .ref) { !$0.pinsRun && $0[.ref].isBranchFolder },
      Rung("GH006", .ref, .environment) { !$0.pinsRun && ($0.begins(.environment) || $0[.ref].isInsideBranch) },
      Rung("GH008", .ref, .refType) { !$0.pinsRun && ($0[.ref].isTags || $0.values(.refType) == ["tag"]) },
      Rung("GH007", .ref, .event) { !$0.pinsRun && ($0.begins(.ref) || $0.hasRefSubject || !$0.isOpen(.event)) },
      Rung("GH005", .repository, .environment) { !$0.pinsRun },
    ],
    runFields: [.subject, .ref, .environment, .refProtected, .refType, .workflowRef, .jobWorkflowRef, .event],
    always: [
      Rung("GH010", .event, .headRef, .baseRef) { reach in
        reach.values(.event).contains("pull_request")
          || [.headRef, .baseRef].contains { reach.isClaimed($0) && reach.values($0) != [""] }
      },
      Rung("GH011", .event) { !$0.values(.event).isDisjoint(with: eventsOfStrangers) },
      Rung("GH012", .repository, .owner) { reach in
        !reach.hasSubject && !reach.isOpen(.repository, .owner) && !reach.isPinned(.ownerID, .repositoryID)
      },
      Rung("GH016", .jobWorkflowRef) { reach in
        reach.values(.jobWorkflowRef).contains { $0.contains("@refs/heads/") || $0.contains("@refs/tags/") }
      },
      Rung("GH018", .environment) { $0.isPinned(.environment) && !$0.isPinned(.ref, .refProtected) },
      Rung("GH019", .runner) { $0.values(.runner) == ["self-hosted"] },
      Rung("GH020", .event) { reach in
        reach.isPinned(.ref) && !reach.values(.event).isDisjoint(with: ["workflow_dispatch", "repository_dispatch"])
      },
      Rung("GH021", .headRef, .baseRef) { $0.isClaimed(.headRef) || $0.isClaimed(.baseRef) },
      Rung("GH022", .repository) { reach in
        reach.isShared && reach.hasSubject && !reach.isOpen(.owner)
          && !reach.isPinned(.ownerID, .repositoryID)
      },
      Rung("GH023", .ref) { $0.isPinned(.ref) && $0.isOpen(.event) },
    ],
    beside: [
      Rung("GH013", .actor) { !$0.isOpen(.actor) },
      Rung("GH021", .workflow) { $0.isClaimed(.workflow) },
    ])

  /// Runs that anybody may start, in the base repository and with its identity.
  private static let eventsOfStrangers: Set<String> = [
    "pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment",
    "pull_request_review", "pull_request_review_comment", "fork", "watch",
  ]
}

extension Reach {
  fileprivate var pinsRepository: Bool { isPinned(.repository, .repositoryID) }
  fileprivate var pinsOwner: Bool { isPinned(.owner, .ownerID) && !beginsOwner || isPinned(.repositoryID) }
  fileprivate var beginsOwner: Bool { begins(.owner, .ownerID) && !isPinned(.owner, .ownerID, .repositoryID) }

  fileprivate var hasRefSubject: Bool { subjectKeys.contains("ref") && !subjectKeys.contains("environment") }

  fileprivate var hasTenantlessSubject: Bool {
    !subjectKeys.isEmpty
      && Set(subjectKeys).isDisjoint(with: [
        "repo", "repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref",
      ])
  }

  fileprivate var isOnlyPullRequests: Bool { values(.event) == ["pull_request"] }

  /// Whether the ref can only be a branch or a tag; that of a pull request is `refs/pull/7/merge`.
  fileprivate var isBranchOrTag: Bool {
    !isOpen(.ref) && values(.ref).allSatisfy { $0.hasPrefix("refs/heads/") || $0.hasPrefix("refs/tags/") }
  }

  /// Whether one of the runs' own properties is pinned. An event that strangers or pull requests start is reported
  /// as such instead.
  fileprivate var pinsRun: Bool {
    isPinned(.ref, .environment) || values(.refProtected) == ["true"]
      || [.workflowRef, .jobWorkflowRef].contains { self[$0].isPinned }
      || !values(.event).isDisjoint(with: ["pull_request"]) || Ladder.gitHub.always[1].holds(self)
  }
}

extension Extent {
  fileprivate var isBranchFolder: Bool {
    beginning.map { $0.hasPrefix("refs/heads/") && $0.count > "refs/heads/".count && $0.last == "/" } ?? false
  }
  fileprivate var isTags: Bool { beginning.map { $0.hasPrefix("refs/tags/") } ?? false }
}
