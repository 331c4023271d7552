package import FoundationEssentials
package import Interface
package import Platform

extension Audit {
  package enum Message: Equatable, Sendable {
    case opened, left
    case refreshAsked
    case arrived([Arrival])
    case pollFailed(Problem)
    case moved(Motion)
    case followAsked
    case openAsked, backAsked
    case rulesArrived([FederationRule])
    /// What was recorded about that rule since the exchange that is opened.
    case historyArrived(ID<FederationRule>, [Activity])
    case readsAsked
    case copyAsked
    case filterAsked
    /// A whole filter, set from elsewhere.
    case searchAsked(String)
    case typed(Key)
    /// The answer to a search of that text.
    case found(String, ActivityFilter, [Arrival])
    /// What passes that filter and is older than an activity.
    case foundOlder(before: ID<Activity>, ActivityFilter, [Arrival])
    case filterRefused(String, why: String)
    case timeAsked, surroundingsAsked
    case surrounded(Excerpt)
    case timeRefused(String, why: String)
    case paneChanged
    case denialsArrived([Denial])
    case pivotAsked
    case pivotCounted([Pivot.Choice])
    case pageKey(Key)
  }

  /// What the view wants done. A poll asked for while one is waiting takes its place.
  package enum Effect: Equatable, Sendable {
    /// What the store has, at once, without asking the platform.
    case recall
    case poll(after: Int64?, in: Duration)
    case search(String)
    case searchOlder(than: ID<Activity>, ActivityFilter)
    /// What the store has around a time as it was typed.
    case goTo(String)
    /// What the store has around an activity.
    case readAround(ID<Activity>)
    case readDenials
    /// The rules that say why an exchange was refused.
    case readRules
    /// What was recorded about a rule since then, exchanges apart.
    case readHistory(ID<FederationRule>, since: Date)
    /// Leads to the rule that refused.
    case openRule(ID<FederationRule>)
    case countPivots([Pivot.Choice])
    case copy(String, what: String)
  }

  /// The most rows kept on the screen's side; older ones stay in the store.
  static let kept = 20_000

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      (state.isOpen, state.newDenials) = (true, 0)
      // Once begun, the tail goes on whatever view is open.
      return state.hasLoaded ? [] : [.recall, poll(state, in: .zero)]
    case .left:
      state.isOpen = false
    case .refreshAsked:
      return [poll(state, in: .zero)] + (state.pane == .denials ? [.readDenials] : [])
    case .arrived(let new):
      return arrive(new, &state) + [poll(state, in: .seconds(5))]
    case .pollFailed(let problem):
      state.failure = problem
      return [poll(state, in: .seconds(30))]
    case .moved(let motion):
      return move(motion, &state)
    case .followAsked:
      follow(&state)
    case .openAsked:
      return open(&state)
    case .rulesArrived(let rules):
      state.rules = rules
      state.showOpened()
    case .historyArrived(let rule, let activities):
      guard let activity = state.opened?.activity, refusingRule(activity) == rule else { return [] }
      state.opened?.history = activities
      state.showOpened()
    case .backAsked:
      goBack(&state)
    case .readsAsked:
      let chosen = state.selected?.id
      state.showsReads.toggle()
      reselect(chosen, &state)
    case .copyAsked:
      guard let activity = state.opened?.activity ?? state.selected else { return [] }
      return [.copy(activity.json.pretty, what: "the activity as JSON")]
    case .filterAsked:
      if state.opened != nil {
        state.opened?.page.press("/", height: max(1, state.rows - 2))
        return []
      }
      leaveExcerpt(&state)
      if state.search == nil { state.search = Search() } else { state.search?.isTyping = true }
      state.pane = .tail
    case .searchAsked(let text):
      (state.opened, state.excerpt, state.pane) = (nil, nil, .tail)
      state.search = Search(text, isTyping: false)
      return [.search(text)]
    case .typed(let key):
      return typed(key, &state)
    case .found(let text, let filter, let results):
      found(text, filter, results, &state)
    case .foundOlder(let id, let filter, let older):
      foundOlder(before: id, filter, older, &state)
    case .filterRefused(let text, let why):
      if state.search?.text == text { state.search?.fault = why }
    case .timeAsked:
      state.jump = Jump()
    case .surroundingsAsked:
      return (state.opened?.activity ?? state.selected).map { [.readAround($0.id)] } ?? []
    case .surrounded(let excerpt):
      show(excerpt, &state)
    case .timeRefused(let text, let why):
      if state.jump?.editor.text == text { state.jump?.fault = why }
    case .paneChanged:
      state.pane = state.pane == .tail ? .denials : .tail
      return state.pane == .denials ? [.readDenials] : []
    case .denialsArrived(let denials):
      let chosen = state.pane == .denials ? state.selected?.id : nil
      state.denials = denials
      state.denialTable.follow(chosen, in: denials.map(\.latest.id))
    case .pivotAsked:
      return askForPivots(&state)
    case .pivotCounted(let choices):
      if state.pivot?.choices.map(\.value) == choices.map(\.value) { state.pivot?.choices = choices }
    case .pageKey(let key):
      state.opened?.page.press(key, height: max(1, state.rows - 2))
    }
    return []
  }

  /// Opens the activity at hand; from a refused exchange that is open, goes on to the rule.
  private static func open(_ state: inout State) -> [Effect] {
    if let activity = state.opened?.activity { return refusingRule(activity).map { [.openRule($0)] } ?? [] }
    guard let activity = state.selected else { return [] }
    state.opened = State.Opened(activity: activity, page: Pager([String]()))
    state.showOpened()
    guard let rule = refusingRule(activity) else { return [] }
    return (needsRules(activity, state) ? [.readRules] : []) + [.readHistory(rule, since: activity.createdAt)]
  }

  static func poll(_ state: State, in wait: Duration) -> Effect { .poll(after: state.arrivals.last?.row, in: wait) }

  private static func arrive(_ new: [Arrival], _ state: inout State) -> [Effect] {
    // What comes when nothing was here is history, not news.
    let isHistory = state.arrivals.isEmpty
    state.hasLoaded = true
    state.failure = nil
    let last = state.arrivals.last?.row ?? .min
    // A recall and a poll may bring the same rows.
    let fresh = new.filter { $0.row > last }
    guard !fresh.isEmpty else { return [] }
    let chosen = state.selected?.id
    state.arrivals += fresh
    if state.arrivals.count > kept { state.arrivals.removeFirst(state.arrivals.count - kept) }
    if let filter = state.search?.filter, state.search?.results != nil {
      state.search?.results? += fresh.filter { filter.accepts($0.activity) }
    }
    let denied = fresh.filter(\.activity.isDenied)
    if !state.isOpen, !isHistory { state.newDenials += denied.count }
    if !state.isFollowing { state.unseen += fresh.count }
    if state.pane == .tail { reselect(chosen, &state) }
    return denied.isEmpty || state.denials == nil ? [] : [.readDenials]
  }

  static func reselect(_ chosen: ID<Activity>?, _ state: inout State) {
    let shown = state.shown
    if state.isFollowing {
      state.table.moveToEnd(count: shown.count)
    } else {
      state.table.follow(chosen, in: shown.map(\.activity.id))
    }
  }

  private static func follow(_ state: inout State) {
    (state.isFollowing, state.unseen, state.excerpt, state.pane) = (true, 0, nil, .tail)
    state.table.moveToEnd(count: state.shown.count)
  }

  private static func move(_ motion: Motion, _ state: inout State) -> [Effect] {
    if state.opened != nil {
      let height = max(1, state.rows - 2)
      let (top, count) = (state.opened?.page.top ?? 0, state.opened?.page.lines.count ?? 0)
      state.opened?.page.top = motion.applied(to: top, count: max(1, count - height + 1), height: height)
    } else if state.pane == .denials {
      state.denialTable.move(motion, count: state.denials?.count ?? 0, height: state.rows)
    } else {
      let count = state.shown.count
      state.table.move(motion, count: count, height: state.rows)
      // The end of an excerpt is not the newest.
      state.isFollowing = state.excerpt == nil && state.table.selected == max(0, count - 1)
      if state.isFollowing { state.unseen = 0 }
      return readOn(state)
    }
    return []
  }

  /// One step back: from the page, from the denials, from an excerpt, from the filter.
  private static func goBack(_ state: inout State) {
    if state.opened != nil {
      state.opened = nil
    } else if state.pane == .denials {
      state.pane = .tail
    } else if state.excerpt != nil {
      leaveExcerpt(&state)
    } else {
      let chosen = state.selected?.id
      state.search = nil
      reselect(chosen, &state)
    }
  }

  private static func leaveExcerpt(_ state: inout State) {
    guard state.excerpt != nil else { return }
    let chosen = state.selected?.id
    state.excerpt = nil
    reselect(chosen, &state)
  }
}

extension Audit.State {
  /// Writes the page of the opened activity anew; where it is scrolled to stays.
  mutating func showOpened() {
    guard let opened else { return }
    self.opened?.page.lines = Audit.lines(for: opened.activity, rules: rules, history: opened.history)
  }
}
