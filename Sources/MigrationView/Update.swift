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
    case list(List.Message)
    case openAsked, backAsked
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
      if state.current == nil { state.opened = nil }
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
    case .moved(let motion):
      move(motion, &state)
    case .openAsked:
      (state.opened, state.top) = (state.current?.key.id, 0)
    case .backAsked:
      goBack(&state)
    case .list(let message):
      point(message, &state)
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
      return [.report(state.opened == nil ? nil : state.current?.key)]
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
    guard let lines = state.pageLines else { return state.move(motion) }
    let height = max(1, state.rows - 2)
    state.top = motion.applied(to: state.top, count: max(1, lines.count - height + 1), height: height)
  }

  private static func goBack(_ state: inout State) {
    if state.report != nil {
      (state.report, state.top) = (nil, 0)
    } else if let opened = state.opened {
      state.opened = nil
      state.select(opened.description)
    } else {
      state.goBack()
    }
  }

  /// Over the list a wheel still scrolls what is open.
  private static func point(_ message: List.Message, _ state: inout State) {
    guard state.isCovered else { return state.update(message) }
    guard case .pointed(let mouse) = message else { return }
    switch mouse.action {
    case .wheelUp: move(.lines(-3), &state)
    case .wheelDown: move(.lines(3), &state)
    case .click: break
    }
  }

  /// Coming back is never asked about: whatever broke waits for it.
  private static func ask(_ step: Course.Step, _ state: inout State) -> [Effect] {
    guard let line = state.current else { return [] }
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
    state.typed(key)
    return []
  }

  private static func words(_ step: Course.Step, _ course: Course, _ now: Date) -> String {
    let name = course.key.name
    switch step {
    case .verify: return "\(name): \(course.evidence?.lines.first ?? "nothing was seen.")"
    case .disable: return "\(name) is \(course.key.status.rawValue). u turns it on again."
    case .rollback, .archive, .brownOut, .restore, .plan, .patch:
      return "\(name) is \(course.key.status.rawValue); the migration says \(course.state(at: now).word)."
    }
  }

  private static func copy(_ state: State) -> [Effect] {
    if let report = state.report { return [.copy(report, what: "the report")] }
    guard let line = state.current else { return [] }
    let command = line.course.command(at: state.board.at) ?? "gatehouse migrate report \(line.key.id)"
    return [.copy(command, what: command)]
  }
}
