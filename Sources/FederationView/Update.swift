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
    case filterAsked
    case typed(Key)
    case connectAsked
    case connect(Connect.Message)
    case editAsked
    case updated(FederationRule)
    case updateFailed(Problem)
    case archiveAsked
    case archived(Opened.Subject)
    case archiveFailed(Problem)
    case copyAsked
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
    case archive(Opened.Subject)
    case update(FederationRule, RuleUpdate)
    case connect(Connect.Effect)
    case copy(String, what: String)
    case say(String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      return state.hasLoaded || state.isLoading ? [] : load(&state)
    case .refreshAsked:
      return load(&state) + (state.lint.map { [.lint(.read($0.ruleID))] } ?? [])
    case .loaded(let rules, let issuers):
      state.replace(rules: rules, issuers: issuers)
      return [.survey(rules: rules, issuers: issuers)]
    case .surveyed(let survey):
      state.survey = survey
      state.judge()
      return []
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
      return []
    case .paneChanged:
      state.pane = state.pane == .rules ? .issuers : .rules
      state.filter.clear()
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
    case .filterAsked:
      state.filter.open()
      return []
    case .typed(let key):
      return typed(key, &state)
    case .connectAsked:
      state.connect = Connect()
      return [.connect(.prepare)]
    case .connect(let message):
      return connect(message, &state)
    case .editAsked:
      state.edit = state.ruleAtHand.map { Edit($0, issuerURL: state.issuerURL(of: $0)) }
      return []
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
    case .archived(let subject):
      (state.archive, state.opened, state.lint, state.trial) = (nil, nil, nil, nil)
      return [.say("\(name(of: subject, state)) is archived: no token gets in through it any more.")] + load(&state)
    case .archiveFailed(let problem):
      state.archive?.isSending = false
      state.archive?.failure = problem
      return []
    case .copyAsked:
      return copied(state)
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
      let count = state.shownRules.count
      state.ruleTable.selected = motion.applied(to: state.ruleTable.selected, count: count, height: state.rows - 1)
    } else {
      let count = state.shownIssuers.count
      state.issuerTable.selected = motion.applied(to: state.issuerTable.selected, count: count, height: state.rows - 1)
    }
  }

  private static func open(_ state: inout State) {
    // From a rule on to its issuer, so that both lists lead to each other.
    if case .rule(let id) = state.opened?.subject, let rule = state.rules.first(where: { $0.id == id }) {
      state.opened = Opened(subject: .issuer(rule.issuerID))
    } else if state.pane == .rules, let rule = state.selectedRule {
      state.opened = Opened(subject: .rule(rule.id))
    } else if state.pane == .issuers, let issuer = state.selectedIssuer {
      state.opened = Opened(subject: .issuer(issuer.id))
    }
  }

  /// One page back; at the lists, from the filter.
  private static func goBack(_ state: inout State) {
    if state.trial != nil {
      state.trial = nil
    } else if state.lint != nil {
      state.lint = nil
    } else if state.opened != nil {
      state.opened = nil
    } else {
      clearFilter(&state)
    }
  }

  private static func clearFilter(_ state: inout State) {
    let (rule, issuer) = (state.selectedRule?.id, state.selectedIssuer?.id)
    state.filter.clear()
    state.select(rule: rule, issuer: issuer)
  }

  private static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if state.connect != nil { return connect(.typed(key), &state) }
    if state.archive != nil { return typedArchive(key, &state) }
    if state.edit != nil { return typedEdit(key, &state) }
    if var trial = state.trial {
      let effects = trial.press(key)
      state.trial = effects == nil ? nil : trial
      return (effects ?? []).map { .trial($0) }
    }
    if state.lint != nil { return typedInLint(key, &state) }
    let (rule, issuer) = (state.selectedRule?.id, state.selectedIssuer?.id)
    switch state.filter.press(key) {
    case .changed, .kept, .cleared: state.select(rule: rule, issuer: issuer)
    case .ignored: if let motion = Motion(whileTyping: key) { move(motion, &state) }
    case .none: break
    }
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
      default: [.connect(effect)]
      }
    }
  }

  /// Puts a new rule first, and the selection on it: a list read right after may not have it yet.
  private static func show(_ rule: FederationRule, _ state: inout State) {
    if !state.rules.contains(where: { $0.id == rule.id }) { state.rules.insert(rule, at: 0) }
    (state.pane, state.opened) = (.rules, nil)
    state.filter.clear()
    state.select(rule: rule.id, issuer: nil)
  }

  private static func copied(_ state: State) -> [Effect] {
    switch state.subjectAtHand {
    case .rule(let id):
      guard let rule = state.rules.first(where: { $0.id == id }) else { return [] }
      return [.copy(rule.json.pretty, what: "the rule \(rule.name) as JSON")]
    case .issuer(let id):
      guard let issuer = state.issuers.first(where: { $0.id == id }) else { return [] }
      return [.copy(issuer.json.pretty, what: "the issuer \(issuer.name) as JSON")]
    case nil: return []
    }
  }

  static func name(of subject: Opened.Subject, _ state: State) -> String {
    switch subject {
    case .rule(let id): "The rule \(state.rules.first { $0.id == id }?.name ?? id.description)"
    case .issuer(let id): "The issuer \(state.issuers.first { $0.id == id }?.name ?? id.description)"
    }
  }
}
