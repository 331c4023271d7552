import Federation
package import Interface
package import Platform

extension Rules {
  package enum Message: Equatable, Sendable {
    case opened
    case refreshAsked
    case loaded(rules: [FederationRule], issuers: [Issuer])
    case loadFailed(Problem)
    case paneChanged
    case moved(Motion)
    case openAsked, backAsked
    case list(List.Message)
    case typed(Key)
    case connectAsked
    case connect(Connect.Message)
    case editAsked, issuerAsked
    case updated(FederationRule)
    case updateFailed(Problem)
    case issuerEdit(IssuerEdit.Message)
    case archiveAsked
    /// Those that are archived, and in words those that could not be.
    case archived([Opened.Subject], left: [String])
    case archiveFailed(Problem)
    case copyAsked, saveAsked
    /// The rest of the organization has come.
    case surveyed(Survey)
    case lintAsked, acceptAsked
    case lint(Lint.Message)
    case trialAsked
    case trial(Trial.Message)
  }

  /// What the view wants done.
  package enum Effect: Equatable, Sendable {
    case load
    case survey(rules: [FederationRule], issuers: [Issuer])
    case lint(Lint.Effect)
    case trial(Trial.Effect)
    case archive([Opened.Subject])
    /// Workspaces are enabled before the rest of the change is sent, and taken away after it.
    case update(FederationRule, RuleUpdate, adding: [ID<Workspace>] = [], removing: [ID<Workspace>] = [])
    case issuerEdit(IssuerEdit.Effect)
    case connect(Connect.Effect)
    case copy(String, what: String)
    /// Asks for the file to write a text to; `path` is proposed.
    case save(String, what: String, path: String)
    case say(String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      return state.hasLoaded || state.isLoading ? [] : load(&state)
    case .refreshAsked:
      return load(&state) + (state.lint.map { [.lint(.read($0.ruleID))] } ?? [])
    case .loaded(let rules, let issuers):
      (state.isLoading, state.hasLoaded, state.failure) = (false, true, nil)
      state.replace(rules: rules, issuers: issuers)
      return [.survey(rules: rules, issuers: issuers)]
    case .surveyed(let survey):
      state.survey = survey
      state.judge()
      // A form opened before knew too little to offer everything; one in which something was typed stays.
      if let edit = state.edit, edit.inventory == nil, edit.stage == .form, edit.changes.isEmpty {
        state.edit = Edit(edit.rule, state)
      }
      return []
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
      return []
    case .paneChanged:
      state.pane = state.pane == .rules ? .issuers : .rules
      return []
    case .list(.pointed(let mouse)):
      point(mouse, &state)
      return []
    case .list(let message):
      if state.isPageOpen { return [] }
      if state.pane == .rules { state.ruleList.update(message) } else { state.issuerList.update(message) }
      return []
    case .moved(let motion):
      move(motion, &state)
      return []
    case .openAsked:
      if state.lint != nil { askToMend(&state) } else { open(&state) }
      return []
    case .backAsked:
      goBack(&state)
      return []
    case .lintAsked:
      return askForLint(&state)
    case .acceptAsked:
      return askToAccept(&state)
    case .lint(let message):
      return lint(message, &state)
    case .trialAsked:
      state.trial = state.ruleAtHand.map { Trial($0) }
      return []
    case .trial(let message):
      if var trial = state.trial {
        Trial.update(&trial, message)
        state.trial = trial
      }
      return []
    case .typed(let key):
      return typed(key, &state)
    case .connectAsked:
      state.connect = Connect()
      return [.connect(.prepare)]
    case .connect(let message):
      return connect(message, &state)
    case .editAsked:
      switch state.subjectAtHand {
      case .rule: state.edit = state.ruleAtHand.map { Edit($0, state) }
      case .issuer(let id): state.issuerEdit = state.issuer(id).map { IssuerEdit($0, state) }
      case nil: break
      }
      return []
    case .issuerAsked:
      state.issuerEdit = IssuerEdit(taken: state.issuers.map(\.name))
      return []
    case .issuerEdit(let message):
      return editIssuer(message, &state)
    case .updated(let rule):
      state.edit = nil
      if state.lint?.applying != nil { state.lint = Lint(rule.id, tokens: state.lint?.tokens) }
      return [.say("The rule \(rule.name) was changed.")] + load(&state)
    case .updateFailed(let problem):
      if state.lint?.applying != nil { state.lint?.failure = problem }
      state.lint?.applying?.isSending = false
      state.edit?.failure = problem
      state.edit?.stage = .form
      return []
    case .archiveAsked:
      askToArchive(&state)
      return []
    case .archived(let subjects, let left):
      return archived(subjects, left: left, &state)
    case .archiveFailed(let problem):
      state.archive?.isSending = false
      state.archive?.failure = problem
      return []
    case .copyAsked:
      return copied(state)
    case .saveAsked:
      return saved(state)
    }
  }

  static func load(_ state: inout State) -> [Effect] {
    state.isLoading = true
    return [.load]
  }

  private static func move(_ motion: Motion, _ state: inout State) {
    if let trial = state.trial {
      let height = max(1, state.rows - 3)
      let count = trial.verdict.map { lines(of: $0, trial.rule).count } ?? 0
      state.trial?.top = motion.applied(to: trial.top, count: max(1, count - height + 1), height: height)
    } else if state.lint != nil {
      moveInLint(motion, &state)
    } else if let opened = state.opened {
      let height = max(1, state.rows - 2)
      let count = max(1, lines(of: opened, state).count - height + 1)
      state.opened?.top = motion.applied(to: opened.top, count: count, height: height)
    } else if state.pane == .rules {
      state.ruleList.move(motion)
    } else {
      state.issuerList.move(motion)
    }
  }

  /// A click in the first row goes to the list it names; on a page the wheel scrolls.
  private static func point(_ mouse: Mouse, _ state: inout State) {
    if state.isPageOpen {
      if mouse.action != .click { move(.lines(mouse.action == .wheelUp ? -3 : 3), &state) }
    } else if mouse.action == .click, mouse.position.row == 0 {
      state.pane = panes(state).first { $0.columns.contains(mouse.position.column) }?.pane ?? state.pane
    } else if state.pane == .rules {
      state.ruleList.update(.pointed(mouse))
    } else {
      state.issuerList.update(.pointed(mouse))
    }
  }

  private static func open(_ state: inout State) {
    // From a rule on to its issuer, so that both lists lead to each other.
    if let opened = state.opened {
      if case .rule(let id) = opened.subject, let rule = state.rule(id) {
        state.opened = Opened(subject: .issuer(rule.issuerID))
      }
    } else {
      state.opened = state.subjectAtHand.map { Opened(subject: $0) }
    }
  }

  /// One page back; at the lists, from the filter and the marks.
  private static func goBack(_ state: inout State) {
    if state.trial != nil {
      state.trial = nil
    } else if state.lint != nil {
      state.lint = nil
    } else if state.opened != nil {
      state.opened = nil
    } else {
      if state.pane == .rules { state.ruleList.goBack() } else { state.issuerList.goBack() }
    }
  }

  private static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if state.connect != nil { return connect(.typed(key), &state) }
    if state.archive != nil { return typedArchive(key, &state) }
    if state.edit != nil { return typedEdit(key, &state) }
    if state.issuerEdit != nil { return typedIssuerEdit(key, &state) }
    if var trial = state.trial {
      let effects = trial.press(key)
      state.trial = effects == nil ? nil : trial
      return (effects ?? []).map { .trial($0) }
    }
    if state.lint != nil { return typedInLint(key, &state) }
    if state.pane == .rules { state.ruleList.typed(key) } else { state.issuerList.typed(key) }
    return []
  }

  private static func connect(_ message: Connect.Message, _ state: inout State) -> [Effect] {
    guard var wizard = state.connect else { return [] }
    if case .connected(let connection) = message { show(connection.rule, &state) }
    wizard.rows = state.rows
    let effects = Connect.update(&wizard, message)
    state.connect = wizard.isClosed ? nil : wizard
    return effects.flatMap { effect -> [Effect] in
      switch effect {
      // The lists show what was made.
      case .reload: load(&state)
      case .copy(let text, let what): [.copy(text, what: what)]
      case .save(let text, let what, let path): [.save(text, what: what, path: path)]
      default: [.connect(effect)]
      }
    }
  }

  /// Puts a new rule first, and the selection on it: a list read right after may not have it yet.
  private static func show(_ rule: FederationRule, _ state: inout State) {
    state.ruleList.rearrange { list in
      if !list.all.contains(where: { $0.id == rule.id }) { list.all.insert(rule, at: 0) }
      list.filter.clear()
    }
    (state.pane, state.opened) = (.rules, nil)
    state.ruleList.select(rule.id.description)
  }

  private static func copied(_ state: State) -> [Effect] {
    switch state.subjectAtHand {
    case .rule(let id):
      guard let rule = state.rule(id) else { return [] }
      return [.copy(rule.json.pretty, what: "the rule \(rule.name) as JSON")]
    case .issuer(let id):
      guard let issuer = state.issuer(id) else { return [] }
      return [.copy(issuer.json.pretty, what: "the issuer \(issuer.name) as JSON")]
    case nil: return []
    }
  }

  /// What a workload needs to know of a rule, or an issuer as JSON, to a file.
  private static func saved(_ state: State) -> [Effect] {
    switch state.subjectAtHand {
    case .rule(let id):
      guard let rule = state.rule(id) else { return [] }
      let lines = HandoverIdentifiers(rule: rule, organizationID: state.organizationID ?? "").environment.map {
        "\($0.name)=\($0.value)\n"
      }
      return [.save(lines.joined(), what: "the identifiers of \(rule.name)", path: "\(rule.name).env")]
    case .issuer(let id):
      guard let issuer = state.issuer(id) else { return [] }
      return [.save(issuer.json.pretty + "\n", what: "the issuer \(issuer.name)", path: "\(issuer.name).json")]
    case nil: return []
    }
  }

  static func name(of subject: Opened.Subject, _ state: State) -> String {
    switch subject {
    case .rule(let id): "The rule \(state.rule(id)?.name ?? id.description)"
    case .issuer(let id): "The issuer \(state.issuer(id)?.name ?? id.description)"
    }
  }
}
