/// What a rule leaves open of one thing about a workload.
enum Extent: Hashable, Sendable {
  /// One of these and nothing else.
  case exact(Set<String>)
  /// Fits one of these shapes, in which ``Extent/gap`` stands for characters of a bounded class.
  case shaped(Set<String>)
  /// Everything that begins so. The text never ends where the thing itself does.
  case begins(String)
  case open

  static let gap: Character = "\u{1A}"

  init(value: some StringProtocol) {
    let text = String(value)
    let hasGap = text.contains(Extent.gap)
    self = !hasGap ? .exact([text]) : text.allSatisfy { $0 == Extent.gap } ? .open : .shaped([text])
  }

  /// What follows `start` in each of its values; nil when one begins otherwise.
  func dropping(_ start: String) -> Extent? {
    guard !isOpen, named.allSatisfy({ $0.hasPrefix(start) && $0 != start }) else { return nil }
    switch self {
    case .exact(let values): return .exact(Set(values.map { String($0.dropFirst(start.count)) }))
    case .shaped(let shapes): return .shaped(Set(shapes.map { String($0.dropFirst(start.count)) }))
    case .begins(let text): return .begins(String(text.dropFirst(start.count)))
    case .open: return nil
    }
  }

  /// A shape in which one gap stands for all that follows one of `folders` is that folder and nothing more.
  func opened(after folders: [String]) -> Extent {
    guard case .shaped(let shapes) = self, shapes.count == 1, let shape = shapes.first, shape.last == Extent.gap,
      folders.contains(String(shape.dropLast()))
    else { return self }
    return .begins(String(shape.dropLast()))
  }

  /// Pinned to values that the rule names.
  var isPinned: Bool {
    switch self {
    case .exact, .shaped: true
    case .begins, .open: false
    }
  }

  var isOpen: Bool { self == .open }
  var beginning: String? { if case .begins(let text) = self { text } else { nil } }
  var values: Set<String>? { if case .exact(let values) = self { values } else { nil } }
  var one: String? { values.flatMap { $0.count == 1 ? $0.first : nil } }

  /// Every value that is named, shapes included.
  var named: Set<String> {
    switch self {
    case .exact(let values), .shaped(let values): values
    case .begins(let text): [text]
    case .open: []
    }
  }

  /// What fits both, or nil when nothing can.
  func narrowed(by other: Extent) -> Extent? {
    switch (self, other) {
    case (.open, let extent), (let extent, .open): return extent
    case (.exact(let ours), .exact(let theirs)):
      let both = ours.intersection(theirs)
      return both.isEmpty ? nil : .exact(both)
    case (.exact(let values), .begins(let text)), (.begins(let text), .exact(let values)):
      let both = values.filter { $0.hasPrefix(text) }
      return both.isEmpty ? nil : .exact(both)
    case (.exact(let values), .shaped), (.shaped, .exact(let values)): return .exact(values)
    case (.shaped(let shapes), _), (_, .shaped(let shapes)): return .shaped(shapes)
    case (.begins(let ours), .begins(let theirs)):
      if ours.hasPrefix(theirs) { return self }
      return theirs.hasPrefix(ours) ? other : nil
    }
  }

  /// What fits either: the wider of two arms.
  func widened(by other: Extent) -> Extent {
    switch (self, other) {
    case (.exact(let ours), .exact(let theirs)): return .exact(ours.union(theirs))
    case (.open, _), (_, .open): return .open
    case (.begins(let text), let extent), (let extent, .begins(let text)):
      return extent.named.allSatisfy { $0.hasPrefix(text) } ? .begins(text) : .open
    default: return .shaped(named.union(other.named))
    }
  }
}

/// One thing about a workload that a rule may pin. Several claims may say the same thing.
enum Field: String, Hashable, Sendable {
  case subject
  // A tenant, and its parts
  case owner, ownerID, repository, repositoryID
  case group, namespace, namespaceID, project, projectID
  case organization, organizationID, pipeline, pipelineID
  case workspace, workspaceID, stack, deployment, phase
  case account, accountUID
  case principal, accountNumber, function, instance
  case trustDomain, path
  case email, emailDomain, machineProject
  case object, client, tenant, personName
  // A run
  case ref, branch, refType, refProtected, refPath, environment, environmentProtected, event, workflow, workflowRef
  case jobWorkflowRef, configRef, baseRef, headRef, runner, actor, visibility, origin, user, loginRerun
  // Whatever a provider lets the caller choose
  case tags, requestTags
  case issuer, audience

  /// Whether several claims that differ stand for it, such as the name and the id of an actor.
  var isCollective: Bool { [.actor, .user, .personName, .machineProject, .tags, .requestTags].contains(self) }
}
