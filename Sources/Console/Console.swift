package import Interface
package import Operations
package import Platform

/// The full-screen console.
package enum Console {
  /// What the console is opened with.
  package struct Start: Sendable {
    package var connection: App.Connection
    /// The one in use first, then others that were read already.
    package var themes: [Theme]
    /// Where the others are, and where changes are looked for.
    package var themeDirectories: [String]
    /// The view that is open at first.
    package var place: App.Place
    /// Other keys for some actions, from the settings.
    package var keys: [String: [String]]
    /// What went wrong before the screen was there, such as a broken theme. Said once.
    package var problems: [Problem]
    package var alerts: [Alert]
    /// Waits until a sandbox that starts beside the screen can tell where it listens.
    package var address: (@Sendable () async -> String?)?
    /// The file that keeps how lists are arranged; nil where nothing is kept.
    package var arrangementsPath: String?

    package init(
      connection: App.Connection, themes: [Theme], themeDirectories: [String] = [], place: App.Place = .overview,
      keys: [String: [String]] = [:], alerts: [Alert] = [], problems: [Problem] = [],
      address: (@Sendable () async -> String?)? = nil, arrangementsPath: String? = nil
    ) {
      (self.connection, self.themes, self.themeDirectories, self.place) = (connection, themes, themeDirectories, place)
      (self.keys, self.alerts, self.problems, self.address) = (keys, alerts, problems, address)
      self.arrangementsPath = arrangementsPath
    }
  }

  /// Runs until the person quits or the terminal goes, on the screen's own thread.
  ///
  /// - Parameters:
  ///   - events: what the terminal tells; nobody else may read them.
  ///   - executor: the screen's own, for reading them without a change of threads.
  /// - Returns: the exit status.
  package static func run(
    on screen: isolated some Screen, size: Size, events: some AsyncSequence<TerminalEvent, Never> & Sendable,
    executor: any TaskExecutor, operations: Operations, start: Start
  ) async -> Int32 {
    let performer = Performer(
      operations: operations, alerts: start.alerts, arrangementsPath: start.arrangementsPath,
      themeDirectories: start.themeDirectories)
    let runtime = Runtime(perform: performer.perform)
    var state = App.State(size: size, connection: start.connection, themes: start.themes)
    (state.place, state.keyChoices, state.hasAlerts) = (start.place, start.keys, !start.alerts.isEmpty)
    if let path = start.arrangementsPath { ArrangementsFile(path).arrangements?.apply(to: &state) }
    let faults = App.faults(in: start.keys).map {
      Problem("Some keys are as they were", because: $0, try: "Mend [keys] in config.toml.", kind: .local)
    }
    if let problem = (start.problems + faults).first { state.say(problem.line, role: .warning) }
    let reader = Task(executorPreference: executor) {
      // Read on the screen's thread, where all keys that wait are sent before the loop goes on.
      _ = screen
      for await event in events {
        if let message = App.Message(event) { runtime.send(message) }
      }
    }
    let listener = Task {
      if let address = await start.address?() { runtime.send(.addressKnown(address)) }
    }
    _ = await runtime.run(from: state, on: screen)
    reader.cancel()
    listener.cancel()
    return 0
  }
}

extension App.Message {
  package init?(_ event: TerminalEvent) {
    switch event {
    case .pressed(let key): self = .pressed(key)
    case .mouse(let mouse): self = .mouse(mouse)
    case .resized(let size): self = .resized(size)
    case .ended(let reason): self = .ended(reason: reason)
    case .focused: return nil
    }
  }
}
