package import Interface

/// The loop: runs one message at a time, starts the effects beside it, and shows what has become of the state.
///
/// It runs on the screen's executor, so that a burst of keys, read there in one go, is one drawing.
package struct Runtime: Sendable {
  package typealias Send = @Sendable (App.Message) -> Void
  /// Does one effect, tells of its progress with `send`, and gives the message that answers it, if any.
  package typealias Perform = @Sendable (App.Effect, _ send: @escaping Send) async -> App.Message?

  private let mailbox = Mailbox<App.Message>()
  private let perform: Perform

  package init(perform: @escaping Perform) { self.perform = perform }

  package func send(_ message: App.Message) { mailbox.send(message) }

  /// Runs until the person quits, and returns the last state.
  package func run(from first: App.State, on screen: isolated some Screen) async -> App.State {
    var state = first
    var running = Running()
    screen.show(App.render(state))
    send(.started)
    while !state.isQuitting {
      for message in await mailbox.take() where !state.isQuitting {
        for effect in App.update(&state, message) {
          if let order = effect.order { carryOut(order, on: screen) } else { running.start(effect, perform, send) }
        }
      }
      screen.show(App.render(state))
    }
    running.cancelAll()
    return state
  }

  /// What only the screen can do.
  private func carryOut(_ order: App.ScreenOrder, on screen: isolated some Screen) {
    switch order {
    case .copy(let text): screen.copy(text)
    case .suspend: screen.suspend()
    case .redraw: screen.redraw()
    case .ring: screen.ring()
    case .theme(let theme): screen.setTheme(theme)
    }
  }
}

/// The effects under way.
private struct Running {
  private var tasks: [App.Effect.Slot: Task<Void, Never>] = [:]

  /// An effect takes the place of the one in its slot, so nothing is ever polled twice.
  mutating func start(_ effect: App.Effect, _ perform: @escaping Runtime.Perform, _ send: @escaping Runtime.Send) {
    let slot = effect.slot
    tasks[slot]?.cancel()
    tasks[slot] = Task {
      guard let message = await perform(effect, send), !Task.isCancelled else { return }
      send(message)
    }
  }

  func cancelAll() { for task in tasks.values { task.cancel() } }
}
