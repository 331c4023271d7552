internal import CNcurses
package import Interface

/// The terminal. Everything ncurses does happens on the main thread, this actor's executor.
package actor Curses: Screen {
  /// Another actor that names this as its executor runs beside the terminal, without a hop. One that also reads
  /// ``events`` there gets all keys that wait before the next paint, so that a held key costs one frame.
  package nonisolated let executor: MainThread
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  /// Keys, sizes and the end, for one reader.
  package nonisolated let events = TerminalEvents()

  package var size: Size { display.size }
  private var display: any Display
  private let clipboard: Clipboard
  private var shown: Surface?
  private var pending: Surface?
  private var decoder = KeyDecoder()
  private var isGone = false

  init(executor: MainThread, display: sending any Display, clipboard: Clipboard) {
    self.executor = executor
    (self.display, self.clipboard) = (display, clipboard)
  }

  /// Shows the surface at the next pause in the work on this thread; one shown before that takes its place.
  package func show(_ surface: Surface) { pending = surface }

  /// Sends OSC 52, which most terminals take and the others pass over.
  package func copy(_ text: String) {
    guard !isGone else { return }
    let bytes = Array(clipboard.sequence(for: text).utf8)
    gh_write(bytes, Int32(bytes.count))
  }

  package func ring() {
    guard !isGone else { return }
    gh_write([0x07], 1)
  }

  package func suspend() {
    display.suspend()
    sizeMayHaveChanged()
  }

  package func redraw() {
    display.forget()
    forget()
  }

  package func setTheme(_ theme: Theme) {
    display.setTheme(theme)
    forget()
  }

  // MARK: what the loop does

  var needsPaint: Bool { pending != nil && !isGone }

  /// Paints the cells that differ from what was shown last.
  func paint() {
    guard let surface = pending, !isGone else { return }
    pending = nil
    display.paint(surface, over: shown)
    shown = surface
  }

  /// Reads every key that waits, but not for ever: signals and painting must have their turn during a flood.
  func readKeys() {
    for _ in 0..<Self.most {
      guard let input = display.read() else { return send(decoder.flush()) }
      send(decoder.take(input))
    }
  }

  private static let most = 20_000

  private func send(_ new: [TerminalEvent]) { for event in new { events.send(event) } }

  func sizeMayHaveChanged() {
    guard display.updateSize() else { return }
    forget()
    events.send(.resized(size))
  }

  func resumed() {
    display.resume()
    sizeMayHaveChanged()
  }

  /// - Parameter isGone: true when there is no terminal left to write to.
  func end(_ reason: String, isGone: Bool) {
    if isGone {
      self.isGone = true
      gh_output_drop()
    }
    events.send(.ended(reason: reason))
  }

  func finish() { events.finish() }

  private func forget() {
    pending = pending ?? shown
    shown = nil
  }
}
