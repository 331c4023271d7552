package import FoundationEssentials
package import Interface
package import Migration
package import Platform

extension Migrating {
  package enum Message: Equatable, Sendable {
    case opened, refreshAsked
    case loaded(Board)
    case loadFailed(Problem)
    case moved(Motion)
    case openAsked, backAsked, filterAsked
    case stepAsked(Course.Step)
    case typed(Key)
    /// With the key and its steps as they are afterwards.
    case taken(Course.Step, Course, at: Date)
    case stepFailed(Problem)
    case reportAsked
    case reported(String)
    case reportFailed(Problem)
    case copyAsked
  }

  package enum Effect: Equatable, Sendable {
    case load
    case take(Order, Course)
    /// Of one key, or of every key that a step was taken for.
    case report(APIKey?)
    case copy(String, what: String)
    case say(String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      return state.hasLoaded || state.isLoading ? [] : load(&state)
    case .refreshAsked:
      return load(&state)
    case .loaded(let board):
      state.show(board)
      (state.isLoading, state.hasLoaded, state.failure) = (false, true, nil)
      // Without the key there is no page of it.
      if state.selected == nil { state.opened = nil }
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
    case .moved(let motion):
      move(motion, &state)
    case .openAsked:
      (state.opened, state.top) = (state.selected?.key.id, 0)
    case .backAsked:
      goBack(&state)
    case .filterAsked:
      state.filter.open()
    case .stepAsked(let step):
      return ask(step, &state)
    case .typed(let key):
      return typed(key, &state)
    case .taken(let step, let course, let now):
      state.asking = nil
      var board = state.board
      if let index = board.lines.firstIndex(where: { $0.key.id == course.key.id }) {
        board.lines[index].course = course
      }
      board.at = now
      state.show(board)
      return [.say(words(step, course, now))]
    case .stepFailed(let problem):
      (state.asking, state.failure) = (nil, problem)
    case .reportAsked:
      state.isReporting = true
      return [.report(state.opened == nil ? nil : state.selected?.key)]
    case .reported(let text):
      (state.report, state.isReporting, state.top) = (text, false, 0)
    case .reportFailed(let problem):
      (state.isReporting, state.failure) = (false, problem)
    case .copyAsked:
      return copy(state)
    }
    return []
  }

  private static func load(_ state: inout State) -> [Effect] {
    state.isLoading = true
    return [.load]
  }

  private static func move(_ motion: Motion, _ state: inout State) {
    guard let lines = state.pageLines else {
      return state.table.move(motion, count: state.shown.count, height: state.rows)
    }
    let height = max(1, state.rows - 2)
    state.top = motion.applied(to: state.top, count: max(1, lines.count - height + 1), height: height)
  }

  private static func goBack(_ state: inout State) {
    if state.report != nil {
      (state.report, state.top) = (nil, 0)
    } else if let opened = state.opened {
      state.opened = nil
      state.table.follow(opened, in: state.shown.map(\.key.id))
    } else {
      refilter(&state) { $0.clear() }
    }
  }

  /// Coming back is never asked about: whatever broke waits for it.
  private static func ask(_ step: Course.Step, _ state: inout State) -> [Effect] {
    guard let line = state.selected else { return [] }
    state.failure = nil
    state.asking = Asking(step, line, on: state.board)
    return step == .rollback ? [.take(.rollback, line.course)] : []
  }

  private static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if var asking = state.asking {
      let outcome = asking.press(key)
      state.asking = outcome == .cancelled ? nil : asking
      if case .ordered(let order) = outcome { return [.take(order, asking.line.course)] }
      return []
    }
    var motion: Motion?
    refilter(&state) { if $0.press(key) == .ignored { motion = Motion(whileTyping: key) } }
    if let motion { state.table.move(motion, count: state.shown.count, height: state.rows) }
    return []
  }

  /// Keeps the selection on its key while the filter changes.
  private static func refilter(_ state: inout State, _ change: (inout Filter) -> Void) {
    let chosen = state.selected?.key.id
    change(&state.filter)
    state.table.follow(chosen, in: state.shown.map(\.key.id))
  }

  private static func words(_ step: Course.Step, _ course: Course, _ now: Date) -> String {
    let name = course.key.name
    switch step {
    case .verify: return "\(name): \(course.evidence?.lines.first ?? "nothing was seen.")"
    case .disable: return "\(name) is \(course.key.status.rawValue). u turns it on again."
    case .rollback, .archive, .plan:
      return "\(name) is \(course.key.status.rawValue); the migration says \(course.state(at: now).word)."
    }
  }

  private static func copy(_ state: State) -> [Effect] {
    if let report = state.report { return [.copy(report, what: "the report")] }
    guard let line = state.selected else { return [] }
    let command = line.course.command(at: state.board.at) ?? "gatehouse migrate report \(line.key.id)"
    return [.copy(command, what: command)]
  }
}
