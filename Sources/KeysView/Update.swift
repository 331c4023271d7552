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
    case list(List.Message)
    case openAsked, backAsked
    /// Another view leads to a key.
    case showAsked(ID<APIKey>)
    case changeAsked(Change)
    case typed(Key)
    /// The keys as they are now, and in words those that could not be changed.
    case changed([APIKey], Change, left: [String])
    case changeFailed(Problem)
    case copyAsked
  }

  package enum Effect: Equatable, Sendable {
    case load, loadUsage
    case change([APIKey], Change)
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
      state.rearrange { $0.keys = keys }
      (state.isLoading, state.hasLoaded, state.failure) = (false, true, nil)
      show(&state)
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
    case .usageArrived(let usage):
      state.rearrange { ($0.usage, $0.usageFailure) = (usage, nil) }
    case .usageFailed(let problem):
      state.usageFailure = problem
    case .moved(let motion):
      if !state.isOpened { state.move(motion) }
    case .list(let message):
      if !state.isOpened { state.update(message) }
    case .openAsked:
      state.isOpened = state.selected != nil
    case .showAsked(let id):
      state.wanted = id
      if state.hasLoaded { show(&state) }
    case .backAsked:
      if state.isOpened { state.isOpened = false } else { state.goBack() }
    case .changeAsked(let change):
      return ask(change, &state)
    case .typed(let key):
      return typed(key, &state)
    case .changed(let keys, let change, let left):
      return changed(&state, keys, change, left: left)
    case .changeFailed(let problem):
      (state.pending, state.failure) = (nil, problem)
    case .copyAsked:
      return state.selected.map { [.copy($0.id.description, what: "the identifier of \($0.name)")] } ?? []
    }
    return []
  }

  /// Opens the key that another view leads to, whatever the list is narrowed to.
  private static func show(_ state: inout State) {
    guard let id = state.wanted else { return }
    state.wanted = nil
    state.rearrange { $0.filter.clear() }
    state.select(id.description)
    state.isOpened = state.selected?.id == id
  }

  private static func load(_ state: inout State) -> [Effect] {
    state.isLoading = true
    return [.load, .loadUsage]
  }

  /// What is still used stops working, so its name is asked for; what nobody uses can be turned off and on freely.
  private static func ask(_ change: Change, _ state: inout State) -> [Effect] {
    let chosen = state.chosen
    let keys = chosen.filter { change.sources.contains($0.status) }
    guard let key = keys.first else { return [] }
    state.failure = nil
    var pending = Pending(keys: keys, change: change)
    let isUsed = state.usage.map { $0[key.id]?.isUsed == true } ?? true
    guard change == .archive || (change == .disable && (isUsed || keys.count > 1)) else {
      pending.isSending = true
      state.pending = pending
      return [.change(keys, change)]
    }
    if chosen.count > 1 {
      pending.confirmation = confirmation(of: pending, leaving: chosen.count - keys.count, state)
      state.pending = pending
      return []
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
    pending.confirmation = Confirmation(title: "\(change.verb) \(key.name)", lines: lines + [""], word: key.name)
    state.pending = pending
    return []
  }

  /// One question for several keys, those first whose use would stop: a small screen cuts the end.
  private static func confirmation(of pending: Pending, leaving others: Int, _ state: State) -> Confirmation {
    let uses = pending.keys.map { key in (key: key, use: state.usage.map { $0[key.id]?.isUsed == true } ?? true) }
    var lines = [pending.change == .archive ? "Archived keys cannot be brought back." : "e enables them again."]
    if others > 0 { lines.append("\(others) of the marked stay as they are: not \(pending.change.sourceWords).") }
    lines += (uses.filter(\.use) + uses.filter { !$0.use }).map { key, isUsed in
      let use = state.usage == nil ? "use not known" : isUsed ? state.usage?[key.id]?.text ?? "" : "unused"
      return isUsed ? "! \(key.name), \(use)" : "  \(key.name), \(use)"
    }
    return Confirmation(
      title: "\(pending.change.verb) \(pending.subject)", lines: lines + [""], word: "\(pending.keys.count)")
  }

  private static func changed(_ state: inout State, _ keys: [APIKey], _ change: Change, left: [String]) -> [Effect] {
    let asked = state.pending?.keys.count ?? keys.count
    state.pending = nil
    state.rearrange { state in
      for key in keys {
        if let index = state.keys.firstIndex(where: { $0.id == key.id }) { state.keys[index] = key }
        // What could not be changed stays marked, to be tried again; what was disabled too, to be enabled again.
        if change != .disable { state.table.marks.remove(key.id.description) }
      }
    }
    guard left.isEmpty else {
      return [.say("\(keys.count) of \(asked) keys were changed. Not changed: \(left.joined(separator: "; "))")]
    }
    let undo = change == .disable ? " e turns \(keys.count == 1 ? "it" : "them") on again." : ""
    let text = keys.count == 1 ? "\(keys[0].name) is" : "\(keys.count) keys are"
    return [.say("\(text) \(keys.first?.status.rawValue ?? "").\(undo)")]
  }

  private static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if let pending = state.pending, var confirmation = pending.confirmation {
      switch confirmation.press(key) {
      case .cancelled: state.pending = nil
      case .confirmed:
        state.pending?.confirmation = nil
        state.pending?.isSending = true
        return [.change(pending.keys, pending.change)]
      case .none: state.pending?.confirmation = confirmation
      }
      return []
    }
    state.typed(key)
    return []
  }
}
