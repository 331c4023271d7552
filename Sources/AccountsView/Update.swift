package import Interface
package import Platform

extension Accounts {
  package enum Message: Equatable, Sendable {
    case opened
    case refreshAsked
    case loaded([ServiceAccount], rules: [FederationRule], issuers: [Issuer])
    case loadFailed(Problem)
    case usageArrived([ID<ServiceAccount>: Usage])
    case usageFailed(Problem)
    case moved(Motion)
    case list(List.Message)
    case openAsked, backAsked
    case pageChanged(by: Int)
    case membershipsArrived(ID<ServiceAccount>, [WorkspaceMembership])
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
    case copyAsked
  }

  /// What the view wants done.
  package enum Effect: Equatable, Sendable {
    case load
    case loadUsage
    case loadDetail(ID<ServiceAccount>)
    case create(AccountDraft)
    case update(ServiceAccount, AccountUpdate)
    case readDependants([ServiceAccount], Closing.Kind)
    case archive([ServiceAccount])
    case shutOff(ServiceAccount)
    case restore(Undo)
    case copy(String, what: String)
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
      state.replace(accounts, rules: rules, issuers: issuers)
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
    case .usageArrived(let usage):
      state.rearrange { ($0.usage, $0.usageFailure) = (usage, nil) }
    case .usageFailed(let problem):
      state.usageFailure = problem
    case .moved(let motion):
      move(motion, &state)
    case .list(.pointed(let mouse)) where state.opened != nil:
      if mouse.action != .click { move(.lines(mouse.action == .wheelUp ? -3 : 3), &state) }
    case .list(let message):
      if state.opened == nil { state.update(message) }
    case .openAsked:
      guard let account = state.selected, state.opened == nil else { return [] }
      state.opened = Detail(account: account)
      return [.loadDetail(account.id)]
    case .backAsked:
      if state.opened != nil { state.opened = nil } else { state.goBack() }
    case .pageChanged(let step):
      let pages = Detail.Page.allCases
      let place = (state.opened?.page.rawValue ?? 0) + step + pages.count
      state.opened?.page = pages[place % pages.count]
      state.opened?.top = 0
    case .membershipsArrived(let id, let memberships):
      if state.opened?.account.id == id { state.opened?.memberships = memberships }
    case .activitiesArrived(let id, let activities):
      if state.opened?.account.id == id { state.opened?.activities = activities }
    case .keysArrived(let id, let keys):
      if state.opened?.account.id == id { state.opened?.keys = keys }
    case .detailFailed(let problem):
      state.opened?.failure = problem
    case .typed(let key):
      return typed(key, &state)
    case .copyAsked:
      guard let account = state.subject else { return [] }
      return [.copy(account.id.description, what: "the identifier of \(account.name)")]
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
    if let opened = state.opened {
      let height = max(1, state.rows - 3)
      let count = max(1, lines(of: opened, state).count - height + 1)
      state.opened?.top = motion.applied(to: opened.top, count: count, height: height)
    } else {
      state.move(motion)
    }
  }
}
