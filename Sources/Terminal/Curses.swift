internal import CNcurses
package import Interface

/// The terminal. Everything ncurses does happens on the main thread, this actor's executor.
package actor Curses: Screen {
  /// Another actor that names this as its executor runs beside the terminal, without a hop. One that also reads
  /// ``events`` there gets all keys that wait before the next paint, so that a held key costs one frame.
  package nonisolated let executor: MainThread
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  /// Keys, sizes and the end, for one reader.
  package nonisolated let events: AsyncStream<TerminalEvent>
  private nonisolated let inbox: AsyncStream<TerminalEvent>.Continuation

  package private(set) var size: Size
  private var theme: Theme
  private let usesColour: Bool
  private var looks: [Look] = []
  private var shown: Surface?
  private var pending: Surface?
  private var decoder = KeyDecoder()
  private var isGone = false

  init(executor: MainThread, theme: Theme, usesColour: Bool) {
    self.executor = executor
    (self.theme, self.usesColour) = (theme, usesColour)
    (events, inbox) = AsyncStream.makeStream()
    size = Size(columns: Int(gh_columns()), rows: Int(gh_rows()))
  }

  /// Shows the surface at the next pause in the work on this thread; one shown before that takes its place.
  package func show(_ surface: Surface) { pending = surface }

  /// Sends OSC 52, which most terminals take and the others pass over.
  package func copy(_ text: String) {
    guard !isGone else { return }
    let bytes = Array(Clipboard.sequence(for: text).utf8)
    _ = gh_write(bytes, Int32(bytes.count))
  }

  package func suspend() {
    gh_suspend()
    sizeMayHaveChanged()
  }

  package func redraw() {
    gh_forget_screen()
    forget()
  }

  package func setTheme(_ theme: Theme) {
    self.theme = theme
    applyTheme()
    forget()
  }

  // MARK: what the loop does

  var needsPaint: Bool { pending != nil && !isGone }

  func applyTheme() {
    let colours = usesColour ? Int(gh_colours()) : 0
    looks = Look.all(of: theme, colours: colours)
    for look in looks where look.pair > 0 {
      _ = gh_set_pair(Int32(look.pair), Int32(look.foreground), Int32(look.background))
    }
  }

  /// Paints the cells that differ from what was shown last.
  func paint() {
    guard let surface = pending, !isGone else { return }
    pending = nil
    for run in surface.changes(since: shown ?? Surface(Size(columns: 0, rows: 0))) where run.row < size.rows {
      write(run)
    }
    let place = surface.cursor ?? Position(row: 0, column: 0)
    gh_set_cursor(surface.cursor != nil, Int32(place.row), Int32(place.column))
    gh_paint()
    shown = surface
  }

  private func write(_ run: Run) {
    gh_run_begin(Int32(run.row), Int32(run.column))
    for cell in run.cells.prefix(max(0, size.columns - run.column)) where !cell.isContinuation {
      let look = looks[Int(cell.role.place)]
      let (base, first, second) = cell.scalars
      gh_run_add(base, first, second, cell.isWide ? 2 : 1, Int32(look.attributes.rawValue), Int32(look.pair))
    }
    gh_run_end()
  }

  /// Reads every key that waits.
  func readKeys() {
    var value: UInt32 = 0
    while true {
      switch gh_read_key(&value) {
      case 1: send(decoder.take(.scalar(Unicode.Scalar(value) ?? "�")))
      case 2: send(decoder.take(.code(Int32(value))))
      default: return send(decoder.flush())
      }
    }
  }

  private func send(_ events: [TerminalEvent]) { for event in events { inbox.yield(event) } }

  func sizeMayHaveChanged() {
    if gh_update_size() {
      size = Size(columns: Int(gh_columns()), rows: Int(gh_rows()))
      forget()
      inbox.yield(.resized(size))
    }
  }

  func resumed() {
    gh_resume()
    sizeMayHaveChanged()
  }

  /// - Parameter isGone: true when there is no terminal left to write to.
  func end(_ reason: String, isGone: Bool) {
    if isGone { self.isGone = true }
    inbox.yield(.ended(reason: reason))
  }

  func finish() { inbox.finish() }

  private func forget() {
    pending = pending ?? shown
    shown = nil
  }
}
