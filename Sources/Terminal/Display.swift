internal import CNcurses
internal import Interface

/// What the loop and ``Curses`` ask of a terminal: the one that is drawn on, or the one that gets lines.
///
/// Output never waits: it goes into a queue, which the loop sends as the terminal takes it.
protocol Display {
  var size: Size { get }
  mutating func setTheme(_ theme: Theme)
  /// - Parameter shown: what is on the terminal now; nil when nobody knows.
  mutating func paint(_ surface: Surface, over shown: Surface?)
  /// The next input, if any waits.
  mutating func read() -> KeyDecoder.Input?
  /// - Returns: whether the size is another one now.
  mutating func updateSize() -> Bool
  func suspend()
  func resume()
  func forget()
}

/// A terminal that ncurses draws on.
struct DrawnDisplay: Display {
  let usesColour: Bool
  let usesASCII: Bool
  private var looks: [Look] = []
  private(set) var size = Size(columns: Int(gh_columns()), rows: Int(gh_rows()))

  init(theme: Theme, usesColour: Bool, usesASCII: Bool) {
    (self.usesColour, self.usesASCII) = (usesColour, usesASCII)
    setTheme(theme)
  }

  mutating func setTheme(_ theme: Theme) {
    looks = Look.all(of: theme, colours: usesColour ? Int(gh_colours()) : 0)
    for look in looks where look.pair > 0 {
      _ = gh_set_pair(Int32(look.pair), Int32(look.foreground), Int32(look.background))
    }
    let text = looks[Role.text.place]
    gh_set_background(Int32(text.attributes.rawValue), Int32(text.pair))
  }

  mutating func paint(_ surface: Surface, over shown: Surface?) {
    for run in surface.changes(since: shown ?? Surface(Size(columns: 0, rows: 0))) where run.row < size.rows {
      write(run)
    }
    let place = surface.cursor ?? Position(row: 0, column: 0)
    gh_paint(surface.cursor != nil, Int32(place.row), Int32(place.column))
  }

  private func write(_ run: Run) {
    gh_run_begin(Int32(run.row), Int32(run.column))
    for cell in run.cells.prefix(max(0, size.columns - run.column)) {
      let cell = usesASCII ? cell.inASCII : cell
      if cell.isContinuation { continue }
      let look = looks[cell.role.place]
      let (base, first, second) = cell.scalars
      gh_run_add(base, first, second, cell.isWide ? 2 : 1, Int32(look.attributes.rawValue), Int32(look.pair))
    }
    gh_run_end()
  }

  mutating func read() -> KeyDecoder.Input? {
    var value: UInt32 = 0
    switch gh_read_key(&value) {
    case 1: return .scalar(Unicode.Scalar(value) ?? "�")
    case 2: return .code(Int32(value))
    default: return nil
    }
  }

  mutating func updateSize() -> Bool {
    guard gh_update_size() else { return false }
    size = Size(columns: Int(gh_columns()), rows: Int(gh_rows()))
    return true
  }

  func suspend() { gh_suspend() }
  func resume() { gh_resume() }
  func forget() { gh_forget_screen() }
}

/// A terminal that gets one thing a line, for screen readers and for terminals that cannot be drawn on.
struct PlainDisplay: Display {
  /// Not the window's: nothing is clipped that could be read, and the terminal breaks long lines.
  let size = Size(columns: 132, rows: 40)
  private var reading = PlainReading()
  private let usesASCII: Bool

  init(usesASCII: Bool) { self.usesASCII = usesASCII }

  mutating func setTheme(_ theme: Theme) {}

  mutating func paint(_ surface: Surface, over shown: Surface?) {
    if shown == nil { reading = PlainReading() }
    for line in reading.announce(usesASCII ? surface.inASCII() : surface) {
      let bytes = Array((line + "\n").utf8)
      gh_write(bytes, Int32(bytes.count))
    }
  }

  mutating func read() -> KeyDecoder.Input? {
    var value: UInt32 = 0
    return gh_plain_read(&value) == 1 ? .scalar(Unicode.Scalar(value) ?? "�") : nil
  }

  mutating func updateSize() -> Bool { false }
  func suspend() { gh_plain_suspend() }
  func resume() { gh_plain_resume() }
  func forget() {}
}
