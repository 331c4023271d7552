package import Federation
package import Interface
package import Platform

extension Accounts {
  package enum Message: Equatable, Sendable {
    case opened
    case refreshAsked
    case loaded([ServiceAccount], rules: [FederationRule], issuers: [Issuer])
    /// What the analyser says of each live rule among all that is around it, and nobody has accepted.
    case judged([ID<FederationRule>: [Finding]])
    case loadFailed(Problem)
    case usageArrived([ID<ServiceAccount>: Usage])
    case usageFailed(Problem)
    case moved(Motion)
    case list(List.Message)
    case openAsked, backAsked
    /// Another view leads to an account.
    case showAsked(ID<ServiceAccount>)
    case pageChanged(by: Int)
    case membershipsArrived(ID<ServiceAccount>, [WorkspaceMembership], names: [ID<Workspace>: String])
    case modelUsageArrived(ID<ServiceAccount>, [ModelUsage])
    case modelUsageFailed(ID<ServiceAccount>, Problem)
    case foldAsked(Key)
    case activitiesArrived(ID<ServiceAccount>, [Activity])
    case keysArrived(ID<ServiceAccount>, [APIKey])
    case detailFailed(Problem)
    case addAsked, editAsked, archiveAsked, shutOffAsked, undoAsked
    case typed(Key)
    case created(ServiceAccount)
    case creationFailed(Problem)
    case updated(ServiceAccount)
    case updateFailed(Problem)
    case dependantsArrived(Dependants)
    /// The accounts as they are now, and in words those that could not be archived.
    case archived([ServiceAccount], left: [String])
    /// What was archived and disabled, and in words what could not be.
    case shutOff(Undo, left: [String])
    case closingFailed(Problem)
    case restored(Undo)
    case restoreFailed(Problem)
    case copyAsked, saveAsked
    /// What the account did, which the audit view tells.
    case storyAsked
  }

  /// What the view wants done.
  package enum Effect: Equatable, Sendable {
    case load
    case judge(rules: [FederationRule], issuers: [Issuer])
    case loadUsage
    case loadDetail(ID<ServiceAccount>)
    case create(AccountDraft)
    case update(ServiceAccount, AccountUpdate)
    case readDependants([ServiceAccount], Closing.Kind)
    case archive([ServiceAccount])
    case shutOff(ServiceAccount)
    case restore(Undo)
    case copy(String, what: String)
    /// Asks for the file to write a text to; `path` is proposed.
    case save(String, what: String, path: String)
    case go(Target)
    case tellStory(ID<ServiceAccount>)
    case say(String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      guard !state.hasLoaded, !state.isLoading else { return [] }
      return load(&state) + [.loadUsage]
    case .refreshAsked:
      let detail = state.opened.map { [Effect.loadDetail($0.account.id)] } ?? []
      return load(&state) + [.loadUsage] + detail
    case .loaded(let accounts, let rules, let issuers):
      (state.isLoading, state.hasLoaded, state.failure) = (false, true, nil)
      state.replace(accounts, rules: rules, issuers: issuers)
      growTree(&state)
      return [.judge(rules: rules, issuers: issuers)] + show(&state)
    case .judged(let findings):
      state.rearrange { $0.findings = findings }
      growTree(&state)
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
    case .foldAsked(let key):
      let height = treeHeight(state)
      state.opened?.tree.press(key, height: height)
    case .usageArrived(let usage):
      state.rearrange { ($0.usage, $0.usageFailure) = (usage, nil) }
    case .usageFailed(let problem):
      state.usageFailure = problem
    case .moved(let motion):
      move(motion, &state)
    case .list(.pointed(let mouse)) where state.opened != nil:
      point(mouse, &state)
    case .list(let message):
      if state.opened == nil { state.update(message) }
    case .openAsked:
      if let opened = state.opened { return target(in: opened, state).map { [.go($0)] } ?? [] }
      return state.selected.map { open($0, &state) } ?? []
    case .showAsked(let id):
      state.wanted = id
      return state.hasLoaded ? show(&state) : []
    case .backAsked:
      if state.opened != nil { state.opened = nil } else { state.goBack() }
    case .pageChanged(let step):
      let pages = Detail.Page.allCases
      let place = (state.opened?.page.rawValue ?? 0) + step + pages.count
      state.opened?.page = pages[place % pages.count]
      state.opened?.top = 0
      state.opened?.table = Table()
    case .membershipsArrived(let id, let memberships, let names):
      guard state.opened?.account.id == id else { return [] }
      state.opened?.memberships = memberships
      state.opened?.workspaceNames = names
    case .modelUsageArrived(let id, let usage):
      guard state.opened?.account.id == id else { return [] }
      state.opened?.usage = usage
      state.opened?.usageFailure = nil
    case .modelUsageFailed(let id, let problem):
      if state.opened?.account.id == id { state.opened?.usageFailure = problem }
    case .activitiesArrived(let id, let activities):
      if state.opened?.account.id == id { state.opened?.activities = activities }
    case .keysArrived(let id, let keys):
      if state.opened?.account.id == id { state.opened?.keys = keys }
      growTree(&state)
    case .detailFailed(let problem):
      state.opened?.failure = problem
    case .typed(let key):
      return typed(key, &state)
    case .storyAsked: return state.subject.map { [.tellStory($0.id)] } ?? []
    case .copyAsked:
      guard let account = state.subject else { return [] }
      return [.copy(account.id.description, what: "the identifier of \(account.name)")]
    case .saveAsked:
      return saved(state)
    default:
      return change(&state, message)
    }
    return []
  }

  /// The messages about making, changing and taking away.
  private static func change(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .addAsked:
      state.creation = Creation()
    case .created(let account):
      state.creation = nil
      // Shown at once: a list read right after may not have it yet.
      show(account, &state)
      return [.say("The service account \(account.name) was created.")]
    case .creationFailed(let problem):
      state.creation?.failure = problem
      state.creation?.stage = .form
    case .editAsked:
      state.edit = state.subject.map(Edit.init)
    case .updated(let account):
      state.edit = nil
      show(account, &state)
      return [.say("\(account.name) was changed.")]
    case .updateFailed(let problem):
      state.edit?.failure = problem
      state.edit?.isSending = false
      state.edit?.isReview = false
    case .archiveAsked: return close(.archive, &state)
    case .shutOffAsked: return close(.shutOff, &state)
    case .dependantsArrived(let dependants):
      guard var closing = state.closing else { return [] }
      ask(&closing, dependants, state)
      state.closing = closing
    case .archived(let accounts, let left):
      state.closing = nil
      for account in accounts {
        state.table.marks.remove(account.id.description)
        show(account, &state)
      }
      if !left.isEmpty { return [.say("\(accounts.count) archived. Not archived: \(left.joined(separator: "; "))")] }
      return [
        .say(accounts.count == 1 ? "\(accounts[0].name) is archived." : "\(accounts.count) accounts are archived.")
      ]
    case .shutOff(let undo, let left):
      state.closing = nil
      state.undo = undo
      let done =
        "\(undo.account.name) is shut off: \(undo.rules.count) rules archived, \(undo.keys.count) keys disabled."
      let text = left.isEmpty ? done + " u undoes it." : "Still open: \(left.joined(separator: "; "))"
      return [.say(text)] + load(&state)
    case .closingFailed(let problem):
      state.closing?.failure = problem
      state.closing?.stage = .reading
    case .undoAsked:
      return state.undo.map { [.restore($0)] } ?? []
    case .restored(let undo):
      state.undo = nil
      return [.say("\(undo.account.name) can be used again, by new rules of the same names.")] + load(&state)
    case .restoreFailed(let problem):
      state.failure = problem
    default: break
    }
    return []
  }

  /// Opens the account that another view leads to, whatever the list is narrowed to.
  private static func show(_ state: inout State) -> [Effect] {
    guard let id = state.wanted else { return [] }
    state.wanted = nil
    state.opened = nil
    state.rearrange { $0.filter.clear() }
    state.select(id.description)
    guard let account = state.selected, account.id == id else { return [] }
    return open(account, &state)
  }

  private static func open(_ account: ServiceAccount, _ state: inout State) -> [Effect] {
    state.opened = Detail(account: account)
    growTree(&state)
    return [.loadDetail(account.id)]
  }

  /// What a workload needs to know to become the account, by each rule that leads there.
  private static func saved(_ state: State) -> [Effect] {
    guard let account = state.subject, let organizationID = state.organizationID else { return [] }
    let parts = state.rules(leadingTo: account).enumerated().map { index, rule in
      // One rule is enough: the others stand by, to be chosen in its place.
      let mark = index == 0 ? "" : "# "
      let lines = HandoverIdentifiers(rule: rule, organizationID: organizationID).environment.map {
        "\(mark)\($0.name)=\($0.value)\n"
      }
      return "# \(rule.name): \(words(for: rule, state))\n" + lines.joined()
    }
    return [
      .save(parts.joined(separator: "\n"), what: "the identifiers of \(account.name)", path: "\(account.name).env")
    ]
  }

  private static func load(_ state: inout State) -> [Effect] {
    state.isLoading = true
    return [.load]
  }

  private static func close(_ kind: Closing.Kind, _ state: inout State) -> [Effect] {
    let accounts = state.hasMarks ? state.chosen.filter { !$0.isArchived } : state.subject.map { [$0] } ?? []
    guard !accounts.isEmpty else { return [] }
    state.closing = Closing(accounts, kind)
    return [.readDependants(accounts, kind)]
  }

  /// Puts an account where it stood, or first, and the selection on it.
  private static func show(_ account: ServiceAccount, _ state: inout State) {
    state.rearrange { state in
      if let index = state.accounts.firstIndex(where: { $0.id == account.id }) {
        state.accounts[index] = account
      } else {
        state.accounts.insert(account, at: 0)
      }
    }
    if state.opened?.account.id == account.id { state.opened?.account = account }
    state.select(account.id.description)
  }

  private static func move(_ motion: Motion, _ state: inout State) {
    guard let opened = state.opened else { return state.move(motion) }
    let height = max(1, state.rows - pageTop)
    switch opened.page {
    case .rules:
      let height = treeHeight(state)
      state.opened?.tree.move(motion, height: height)
    case .workspaces, .keys:
      let count = rows(of: opened, state).count
      state.opened?.table.move(motion, count: count, height: height)
    case .activity:
      let count = max(1, activityLines(opened).count - height + 1)
      state.opened?.top = motion.applied(to: opened.top, count: count, height: height)
    case .usage: break
    }
  }

  /// On a page: a click goes to a tab or a row, the wheel scrolls.
  private static func point(_ mouse: Mouse, _ state: inout State) {
    guard let opened = state.opened else { return }
    guard mouse.action == .click else { return move(.lines(mouse.action == .wheelUp ? -3 : 3), &state) }
    if mouse.position.row == 1 {
      let tabs = Tabs(tabs(opened, state), selected: opened.page.rawValue)
      if let tab = tabs.tab(at: mouse.position.column, width: state.width) {
        _ = update(&state, .pageChanged(by: tab - opened.page.rawValue))
      }
    } else if opened.page == .workspaces || opened.page == .keys {
      let hit = opened.table.hit(
        mouse.position, columns: columns(of: opened.page), count: rows(of: opened, state).count, row: pageTop,
        width: state.width, height: max(0, state.rows - pageTop))
      if case .row(let row) = hit { state.opened?.table.selected = row }
    }
  }
}
