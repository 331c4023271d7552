package import Interface
package import Platform

extension Keys {
  package enum Message: Equatable, Sendable {
    case opened, refreshAsked
    case loaded([APIKey])
    case loadFailed(Problem)
    case usageArrived([ID<APIKey>: Usage])
    case usageFailed(Problem)
    case moved(Motion)
    case openAsked, backAsked, filterAsked
    case changeAsked(Change)
    case typed(Key)
    case changed(APIKey, Change)
    case changeFailed(Problem)
    case copyAsked
  }

  package enum Effect: Equatable, Sendable {
    case load, loadUsage
    case change(APIKey, Change)
    case copy(String, what: String)
    case say(String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      return state.hasLoaded || state.isLoading ? [] : load(&state)
    case .refreshAsked:
      return load(&state)
    case .loaded(let keys):
      let chosen = state.selected?.id
      state.keys = keys
      (state.isLoading, state.hasLoaded, state.failure) = (false, true, nil)
      state.table.follow(chosen, in: state.shown.map(\.id))
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
    case .usageArrived(let usage):
      (state.usage, state.usageFailure) = (usage, nil)
    case .usageFailed(let problem):
      state.usageFailure = problem
    case .moved(let motion):
      state.table.move(motion, count: state.shown.count, height: state.rows)
    case .openAsked:
      state.isOpened = state.selected != nil
    case .backAsked:
      if state.isOpened { state.isOpened = false } else { refilter(&state) { $0.clear() } }
    case .filterAsked:
      state.filter.open()
    case .changeAsked(let change):
      return ask(change, &state)
    case .typed(let key):
      return typed(key, &state)
    case .changed(let key, let change):
      state.pending = nil
      if let index = state.keys.firstIndex(where: { $0.id == key.id }) { state.keys[index] = key }
      let undo = change == .disable ? " e turns it on again." : ""
      return [.say("\(key.name) is \(key.status.rawValue).\(undo)")]
    case .changeFailed(let problem):
      (state.pending, state.failure) = (nil, problem)
    case .copyAsked:
      return state.selected.map { [.copy($0.id.description, what: "the identifier of \($0.name)")] } ?? []
    }
    return []
  }

  private static func load(_ state: inout State) -> [Effect] {
    state.isLoading = true
    return [.load, .loadUsage]
  }

  /// What is still used stops working, so its name is asked for; what nobody uses can be turned off and on freely.
  private static func ask(_ change: Change, _ state: inout State) -> [Effect] {
    guard let key = state.selected else { return [] }
    state.failure = nil
    var pending = Pending(key: key, change: change)
    let isUsed = state.usage.map { $0[key.id]?.isUsed == true } ?? true
    guard change == .archive || (change == .disable && isUsed) else {
      pending.isSending = true
      state.pending = pending
      return [.change(key, change)]
    }
    var lines: [String] = []
    if state.usage == nil {
      lines.append("It is not known whether it is used: usage has not come.")
    } else {
      lines.append(
        isUsed
          ? "It was used in the last seven days (\(state.usage?[key.id]?.text ?? "")): whatever uses it stops working."
          : "It was not used in the last seven days.")
    }
    lines.append(change == .archive ? "An archived key cannot be brought back." : "It can be enabled again with e.")
    let verb = change == .archive ? "Archive" : "Disable"
    pending.confirmation = Confirmation(title: "\(verb) \(key.name)", lines: lines + [""], word: key.name)
    state.pending = pending
    return []
  }

  private static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if let pending = state.pending, var confirmation = pending.confirmation {
      switch confirmation.press(key) {
      case .cancelled: state.pending = nil
      case .confirmed:
        state.pending?.confirmation = nil
        state.pending?.isSending = true
        return [.change(pending.key, pending.change)]
      case .none: state.pending?.confirmation = confirmation
      }
      return []
    }
    refilter(&state) { filter in
      if filter.press(key) == .ignored, let motion = Motion(whileTyping: key) { return motion }
      return nil
    }
    return []
  }

  /// Keeps the selection on its key while the filter changes.
  private static func refilter(_ state: inout State, _ change: (inout Filter) -> Motion?) {
    let chosen = state.selected?.id
    let motion = change(&state.filter)
    state.table.follow(chosen, in: state.shown.map(\.id))
    if let motion { state.table.move(motion, count: state.shown.count, height: state.rows) }
  }

  private static func refilter(_ state: inout State, _ change: (inout Filter) -> Void) {
    refilter(&state) { filter -> Motion? in
      change(&filter)
      return nil
    }
  }
}
