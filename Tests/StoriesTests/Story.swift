import Console
import Federation
import Foundation
import Interface
import Operations
import Platform
import PlatformClient
import Sandbox
import Storage
import Testing

/// The real console on a sandbox in process: driven by keys, read as a screen.
final class Story: Sendable {
  let screen = RecordedScreen()
  let clock = ManualClock()
  let sandbox: Sandbox
  let faults = Faults()
  let operations: Operations
  private let runtime: Runtime
  private let running: Task<App.State, Never>

  /// - Parameters:
  ///   - storage: what an earlier story has left; nil for nothing.
  ///   - fault: what goes wrong with every request from the start.
  init(
    size: Size = Size(columns: 100, rows: 30), isReadOnly: Bool = false, scenario: Scenario = .empty,
    storage: Storage? = nil, fault: Faults.Fault? = nil, alerts: [Alert] = []
  ) async throws {
    if let fault { faults.set(fault, on: "/") }
    sandbox = try Sandbox(scenario: scenario, seed: 7)
    let keys = sandbox.credentials
    var transport: any Transport = FaultyTransport(inner: sandbox, faults: faults)
    if isReadOnly { transport = ReadOnlyTransport(transport) }
    let client = PlatformClient(
      transport: transport,
      credentials: Credentials(
        token: FixedCredential(.bearer(keys.oauthToken)), adminKey: FixedCredential(.apiKey(keys.adminKey))),
      policy: RetryPolicy(attempts: 2), clock: ImpatientClock())
    operations = Operations(client: client, storage: try storage ?? Storage.inMemory())
    let performer = Performer(operations: operations, clock: clock, alerts: alerts)
    runtime = Runtime(perform: performer.perform)
    var state = App.State(
      size: size,
      connection: App.Connection(
        profile: "test", address: "", isSandbox: true,
        readOnlyReason: isReadOnly ? "This session is read-only: start it without --read-only to change things." : nil),
      themes: [.plain])
    state.hasAlerts = !alerts.isEmpty
    running = Task { [runtime, screen, state] in await runtime.run(from: state, on: screen) }
  }

  func press(_ script: String) { for key in Key.script(script) { runtime.send(.pressed(key)) } }
  func resize(_ columns: Int, _ rows: Int) { runtime.send(.resized(Size(columns: columns, rows: rows))) }

  /// The screen, once `text` stands on it.
  @discardableResult
  func see(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let found = await screen.wait { $0.contains(text) }
    let last = await screen.text
    return try #require(found, "never saw \(text.debugDescription) on\n\(last)", sourceLocation: sourceLocation)
  }

  /// Leaves, and waits until the console is gone.
  func quit() async -> App.State {
    runtime.send(.ended(reason: "the story is over"))
    return await running.value
  }
}

/// Keeps what was shown last.
actor RecordedScreen: Screen {
  private(set) var surface = Surface(Size(columns: 0, rows: 0))
  private(set) var copied: [String] = []
  private(set) var rings = 0
  private(set) var frames = 0
  private var waiting:
    [(id: Int, wanted: @Sendable (String) -> Bool, continuation: CheckedContinuation<String?, Never>)] = []
  private var next = 0

  var text: String { surface.text }

  func show(_ surface: Surface) {
    self.surface = surface
    frames += 1
    let text = surface.text
    let ready = waiting.filter { $0.wanted(text) }
    waiting.removeAll { $0.wanted(text) }
    for waiter in ready { waiter.continuation.resume(returning: text) }
  }

  func copy(_ text: String) { copied.append(text) }
  func suspend() {}
  func redraw() {}
  func setTheme(_ theme: Theme) {}
  func ring() { rings += 1 }

  /// The screen that fits; nil when none has come within some seconds.
  func wait(for wanted: @escaping @Sendable (String) -> Bool) async -> String? {
    if wanted(surface.text) { return surface.text }
    next += 1
    let id = next
    // Only a test that fails ever waits this long.
    let deadline = Task {
      try await Task.sleep(for: .seconds(30))
      giveUp(id)
    }
    defer { deadline.cancel() }
    return await withCheckedContinuation { waiting.append((id, wanted, $0)) }
  }

  private func giveUp(_ id: Int) {
    waiting.first { $0.id == id }?.continuation.resume(returning: nil)
    waiting.removeAll { $0.id == id }
  }
}
