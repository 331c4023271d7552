package import Federation
package import Interface
package import Platform

extension Rules.Connect {
  package enum Message: Equatable, Sendable {
    case typed(Key)
    case prepared(Grounds)
    case prepareFailed(Problem)
    case planned(ConnectionPlan)
    case planFailed(Problem)
    case progressed(ConnectionPlan.Step)
    case connected(Connection)
    /// What was made stands in the plan as existing, so going on makes nothing twice.
    case interrupted(Problem, remaining: ConnectionPlan)
    /// Nothing of it is left, but what others use now; a line for each thing.
    case takenBack([String])
    case takingBackFailed(Problem)
    /// The first exchange against the new rule, seen in the audit log.
    case exchanged(Activity)
    /// A file that was named in place of a token.
    case fileRead(Secret)
    case fileFailed(Problem)
  }

  package enum Effect: Equatable, Sendable {
    case prepare
    case readFile(String)
    case plan(Wish)
    case connect(ConnectionPlan)
    /// Archives what was made of a plan that stopped half way.
    case takeBack(ConnectionPlan)
    case reload
    case copy(String, what: String)
    case save(String, what: String, path: String)
  }

  package static func update(_ state: inout Self, _ message: Message) -> [Effect] {
    switch message {
    case .typed(let key):
      return state.press(key)
    case .prepared(let grounds):
      state.prepare(grounds)
      return []
    case .prepareFailed(let problem):
      (state.isPreparing, state.failure) = (false, problem)
      return []
    case .planned(let plan):
      guard state.isPlanning else { return [] }
      (state.isPlanning, state.plan, state.failure) = (false, plan, nil)
      (state.step, state.page) = (.review, Pager(reviewLines(plan)))
      return []
    case .planFailed(let problem):
      (state.isPlanning, state.failure) = (false, problem)
      return []
    case .progressed(let step):
      if let last = state.progress.current, last != step { state.progress.done.append(last) }
      state.progress.current = step
      return []
    case .connected(let connection):
      if let last = state.progress.current { state.progress.done.append(last) }
      (state.progress.isRunning, state.progress.current) = (false, nil)
      (state.connection, state.failure, state.step) = (connection, nil, .handover)
      state.page = Pager(handoverLines(connection, file: 0, exchange: nil))
      return [.reload]
    case .interrupted(let problem, let remaining):
      (state.progress.isRunning, state.progress.current) = (false, nil)
      (state.failure, state.plan) = (problem, remaining)
      return [.reload]
    case .takenBack(let lines):
      (state.progress, state.failure, state.aftermath) = (Progress(), nil, lines)
      return [.reload]
    case .takingBackFailed(let problem):
      (state.progress.isRunning, state.progress.isTakingBack, state.failure) = (false, false, problem)
      return [.reload]
    case .fileRead(let text):
      if state.token != nil { state.take(text) }
      return []
    case .fileFailed(let problem):
      if state.token != nil { state.refuseToken(problem.cause) }
      return []
    case .exchanged(let activity):
      guard let connection = state.connection else { return [] }
      state.page.lines = handoverLines(connection, file: state.file, exchange: activity)
      return []
    }
  }

  private mutating func prepare(_ grounds: Grounds) {
    // Read twice, the first answer stands: what was filled in since is not thrown away.
    guard self.grounds == nil else { return }
    self.grounds = grounds
    (isPreparing, failure) = (false, nil)
    // An account of its own is the better habit, so it is what is proposed.
    account = Self.accountForm(grounds, name: "", isNew: true)
    // They may come before or after the person has said what the workload is.
    if step == .account { nameAccount() }
  }

  private mutating func press(_ key: Key) -> [Effect] {
    if confirmation != nil { return pressConfirmation(key) }
    if let token { return pressToken(key, token) }
    switch step {
    case .provider: return pressProvider(key)
    case .workload: return pressWorkload(key)
    case .account: return pressAccount(key)
    case .place: return pressPlace(key)
    case .review: return pressReview(key)
    case .apply: return pressApply(key)
    case .handover: return pressHandover(key)
    }
  }

  private mutating func pressProvider(_ key: Key) -> [Effect] {
    let count = ProviderTemplate.all.count
    if key == .escape {
      isClosed = true
    } else if key == .enter {
      let provider = ProviderTemplate.all[min(providers.selected, count - 1)].id
      if workload.provider != provider { workload = WorkloadForm(provider) }
      step = .workload
    } else if case .paste(let text) = key {
      take(Secret(text))
    } else if key == "t" {
      token = Self.tokenForm
    } else if let motion = Motion(key) {
      providers.selected = motion.applied(to: providers.selected, count: count, height: count)
    }
    return []
  }

  private mutating func pressWorkload(_ key: Key) -> [Effect] {
    switch workload.press(key) {
    case .cancelled: step = .provider
    case .submitted:
      guard workload.check(showingMissing: true) else { return [] }
      step = .account
      nameAccount()
      return prepareAgain()
    default: break
    }
    return []
  }

  /// Reads the lists once more after that has failed.
  private mutating func prepareAgain() -> [Effect] {
    guard grounds == nil, !isPreparing else { return [] }
    (isPreparing, failure) = (true, nil)
    return [.prepare]
  }

  /// Names a new account after what it is for, unless the person has given it a name.
  private mutating func nameAccount() {
    guard let name = workload.workload?.trust.ruleName else { return }
    let typed = account.value("name")
    if isNewAccount, typed.isEmpty || typed == proposedName { account.setValue("name", name) }
    proposedName = name
  }

  private mutating func pressAccount(_ key: Key) -> [Effect] {
    guard let grounds else {
      if key == .escape { step = .workload }
      // The lists did not come: asking again is all there is to do here.
      return key == .control("r") ? prepareAgain() : []
    }
    let wasNew = isNewAccount
    switch account.press(key) {
    case .cancelled: step = .workload
    case .submitted:
      guard checkAccount() else { return [] }
      if place.fields.isEmpty { place = Self.placeForm(grounds, template: ProviderTemplate.of(workload.provider)) }
      step = .place
    case .changed:
      if wasNew != isNewAccount {
        account = Self.accountForm(grounds, name: proposedName, isNew: isNewAccount || grounds.accounts.isEmpty)
      } else if isNewAccount {
        _ = checkAccount()
      }
    default: break
    }
    return []
  }

  private mutating func pressPlace(_ key: Key) -> [Effect] {
    if isPlanning {
      if key == .escape { isPlanning = false }
      return []
    }
    switch place.press(key) {
    case .cancelled:
      (step, failure) = (.account, nil)
    case .submitted:
      guard !place.hasProblem, let wish else {
        place.focusOnProblem()
        return []
      }
      (isPlanning, failure) = (true, nil)
      return [.plan(wish)]
    default: break
    }
    return []
  }

  private mutating func pressReview(_ key: Key) -> [Effect] {
    guard let plan else { return [] }
    switch key {
    case .escape: step = .place
    case .enter:
      guard plan.blockingFindings.isEmpty else {
        confirmation = Self.question(plan)
        return []
      }
      return apply()
    case "y": return [.copy(plan.ruleJSON.pretty, what: "the rule as JSON")]
    default: page.press(key, height: max(1, rows - 3))
    }
    return []
  }

  private mutating func pressConfirmation(_ key: Key) -> [Effect] {
    switch confirmation?.press(key) {
    case .cancelled: confirmation = nil
    case .confirmed:
      confirmation = nil
      return step == .apply ? takeBack() : apply()
    default: break
    }
    return []
  }

  /// Carries out what is left of the plan: the whole of it, or the rest after a failure.
  private mutating func apply() -> [Effect] {
    guard let plan else { return [] }
    (step, failure) = (.apply, nil)
    progress.isRunning = true
    return [.connect(plan)]
  }

  private mutating func pressApply(_ key: Key) -> [Effect] {
    // What is under way is not called back: half of it may be done.
    guard !progress.isRunning else { return [] }
    guard aftermath.isEmpty else {
      // The names of what was archived stay taken, so a new account needs another, and the plan is made anew.
      if key == .escape {
        if isNewAccount {
          let name = account.value("name")
          account.setValue("name", ConnectionPlan.unused(name, among: [name]))
        }
        (step, plan, aftermath) = (.account, nil, [])
      }
      return []
    }
    switch key {
    case "r", .enter: return apply()
    case "u": if let plan, plan.journalNumber != nil { confirmation = Self.takingBackQuestion(plan) }
    case .escape: isClosed = true
    default: break
    }
    return []
  }

  private mutating func takeBack() -> [Effect] {
    guard let plan else { return [] }
    failure = nil
    (progress.isRunning, progress.isTakingBack) = (true, true)
    return [.takeBack(plan)]
  }

  private mutating func pressHandover(_ key: Key) -> [Effect] {
    guard let connection else { return [] }
    let files = connection.files
    switch key {
    case .escape, "q": isClosed = true
    case "y" where files.indices.contains(file): return [.copy(files[file].text, what: files[file].path)]
    case "w" where files.indices.contains(file):
      let name = files[file].path.split(separator: "/").last.map(String.init) ?? "handover.txt"
      return [.save(files[file].text, what: files[file].path, path: name)]
    case "e":
      let lines = connection.environment.map { "\($0.name)=\($0.value)" }.joined(separator: "\n")
      return [.copy(lines, what: "the four identifiers")]
    case .tab where files.count > 1:
      file = (file + 1) % files.count
      page = Pager(Self.handoverLines(connection, file: file, exchange: nil))
    default: page.press(key, height: max(1, rows - 3))
    }
    return []
  }
}
