import Interface
package import Platform

extension Audit {
  package enum Message: Equatable, Sendable {
    case opened
    case refreshAsked
    case arrived([Arrival])
    case pollFailed(Problem)
    case moved(by: Int)
    case movedToStart
    case followAsked
    case openAsked
    case backAsked
    case readsAsked
    case copyAsked
  }

  /// What the view wants done. A poll asked for while one is waiting takes its place.
  package enum Effect: Equatable, Sendable {
    /// What the store has, at once, without asking the platform.
    case recall
    case poll(after: Int64?, in: Duration)
    case copy(String, what: String)
  }

  /// The most rows kept on the screen's side; older ones stay in the store.
  static let kept = 20_000

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      return state.hasLoaded ? [poll(state, in: .zero)] : [.recall, poll(state, in: .zero)]
    case .refreshAsked:
      return [poll(state, in: .zero)]
    case .arrived(let new):
      arrive(new, &state)
      return [poll(state, in: .seconds(5))]
    case .pollFailed(let problem):
      state.failure = problem
      return [poll(state, in: .seconds(30))]
    case .moved(let rows):
      if state.opened != nil {
        let top = state.opened?.top ?? 0
        state.opened?.top = max(0, top + rows)
        return []
      }
      let count = state.shown.count
      state.table.move(by: rows, count: count)
      state.isFollowing = state.table.selected == max(0, count - 1)
      return []
    case .movedToStart:
      state.table.moveToStart()
      state.isFollowing = state.shown.count <= 1
      return []
    case .followAsked:
      state.isFollowing = true
      state.table.moveToEnd(count: state.shown.count)
      return []
    case .openAsked:
      if let activity = state.selected { state.opened = State.Opened(activity: activity) }
      return []
    case .backAsked:
      state.opened = nil
      return []
    case .readsAsked:
      let chosen = state.selected?.id
      state.showsReads.toggle()
      reselect(chosen, &state)
      return []
    case .copyAsked:
      guard let activity = state.opened?.activity ?? state.selected else { return [] }
      return [.copy(activity.json.pretty, what: "the activity as JSON")]
    }
  }

  private static func poll(_ state: State, in wait: Duration) -> Effect {
    .poll(after: state.arrivals.last?.row, in: wait)
  }

  private static func arrive(_ new: [Arrival], _ state: inout State) {
    state.hasLoaded = true
    state.failure = nil
    let last = state.arrivals.last?.row ?? .min
    // A recall and a poll may bring the same rows.
    let fresh = new.filter { $0.row > last }
    guard !fresh.isEmpty else { return }
    let chosen = state.selected?.id
    state.arrivals += fresh
    if state.arrivals.count > kept { state.arrivals.removeFirst(state.arrivals.count - kept) }
    reselect(chosen, &state)
  }

  private static func reselect(_ chosen: ID<Activity>?, _ state: inout State) {
    let shown = state.shown
    if state.isFollowing {
      state.table.moveToEnd(count: shown.count)
    } else if let index = shown.firstIndex(where: { $0.activity.id == chosen }) {
      state.table.selected = index
    }
    state.table.clamp(count: shown.count)
  }
}
