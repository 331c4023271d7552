package import Interface
package import Platform

extension Accounts {
  package enum Message: Equatable, Sendable {
    case opened
    case refreshAsked
    case loaded([ServiceAccount])
    case loadFailed(Problem)
    case moved(by: Int)
    case movedToStart, movedToEnd
    case openAsked
    case membershipsArrived(ID<ServiceAccount>, [WorkspaceMembership])
    case rulesArrived([FederationRule])
    case detailFailed(Problem)
    case backAsked
    case addAsked
    case typed(Key)
    case created(ServiceAccount)
    case creationFailed(Problem)
    case copyAsked
  }

  /// What the view wants done.
  package enum Effect: Equatable, Sendable {
    case load
    case loadDetail(ID<ServiceAccount>)
    case create(AccountDraft)
    case copy(String, what: String)
    case say(String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      guard !state.hasLoaded, !state.isLoading else { return [] }
      return load(&state)
    case .refreshAsked:
      if let detail = state.opened { return load(&state) + [.loadDetail(detail.account.id)] }
      return load(&state)
    case .loaded(let accounts):
      replace(&state, with: accounts)
      return []
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
      return []
    case .moved(let rows):
      if state.opened == nil {
        state.table.move(by: rows, count: state.accounts.count)
      } else {
        let top = state.opened?.top ?? 0
        state.opened?.top = max(0, top + rows)
      }
      return []
    case .movedToStart:
      state.table.moveToStart()
      return []
    case .movedToEnd:
      state.table.moveToEnd(count: state.accounts.count)
      return []
    case .openAsked:
      guard let account = state.selected, state.opened == nil else { return [] }
      state.opened = Detail(account: account)
      return [.loadDetail(account.id)]
    case .membershipsArrived(let id, let memberships):
      if state.opened?.account.id == id { state.opened?.memberships = memberships }
      return []
    case .rulesArrived(let rules):
      let id = state.opened?.account.id
      state.opened?.rules = rules.filter { $0.accountID == id && !$0.isArchived }
      return []
    case .detailFailed(let problem):
      state.opened?.failure = problem
      return []
    case .backAsked:
      state.opened = nil
      return []
    case .addAsked:
      state.creation = Creation()
      return []
    case .typed(let key):
      return typed(key, &state)
    case .created(let account):
      state.creation = nil
      // Shown at once: a list read right after may not have it yet.
      replace(&state, with: [account] + state.accounts.filter { $0.id != account.id })
      state.table.moveToStart()
      return [.say("The service account \(account.name) was created.")]
    case .creationFailed(let problem):
      state.creation?.failure = problem
      state.creation?.stage = .form
      return []
    case .copyAsked:
      guard let account = state.opened?.account ?? state.selected else { return [] }
      return [.copy(account.id.description, what: "the identifier of \(account.name)")]
    }
  }

  private static func load(_ state: inout State) -> [Effect] {
    state.isLoading = true
    return [.load]
  }

  /// The selection stays on the account it was on, wherever that is now.
  private static func replace(_ state: inout State, with accounts: [ServiceAccount]) {
    let chosen = state.selected?.id
    state.accounts = accounts
    (state.isLoading, state.hasLoaded, state.failure) = (false, true, nil)
    if let chosen, let index = accounts.firstIndex(where: { $0.id == chosen }) { state.table.selected = index }
    state.table.clamp(count: accounts.count)
    if let opened = state.opened, let now = accounts.first(where: { $0.id == opened.account.id }) {
      state.opened?.account = now
    }
  }

  private static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    guard var creation = state.creation else { return [] }
    defer { if state.creation != nil { state.creation = creation } }
    switch creation.stage {
    case .sending:
      return []
    case .review:
      if key == .escape { creation.stage = .form }
      guard key == .enter else { return [] }
      creation.stage = .sending
      return [.create(creation.draft)]
    case .form:
      switch creation.form.press(key) {
      case .cancelled:
        state.creation = nil
      case .submitted:
        creation.failure = nil
        if creation.check(against: state.accounts) { creation.stage = .review }
      case .changed:
        _ = creation.check(against: state.accounts)
      default:
        break
      }
      return []
    }
  }
}
