internal import CNcurses
internal import Glibc
package import Interface
internal import Synchronization

/// Why the console cannot be opened here.
package struct TerminalFailure: Error, Equatable, Sendable, CustomStringConvertible {
  package let summary, cause, remedy: String
  package init(_ summary: String, because cause: String, try remedy: String) {
    (self.summary, self.cause, self.remedy) = (summary, cause, remedy)
  }
  package var description: String { "\(summary): \(cause). \(remedy)" }
}

package enum Terminal {
  /// How a screen is shown.
  package enum Mode: Sendable {
    /// Drawn with ncurses. ASCII alone when asked for, or when nobody asked and the locale is not UTF-8.
    case drawn(ascii: Bool? = nil)
    /// One thing a line and changes announced, for screen readers.
    case plain
  }

  /// Name and version of the library that draws.
  package static var libraryVersion: String { String(cString: curses_version()).replacing(" ", with: "/") }

  /// Takes the terminal, runs `body`, gives the terminal back and returns what `body` returned.
  ///
  /// Blocks the calling thread, which must be the main one: it becomes the terminal's. Where the terminal went away or
  /// a signal asked to end, the status is 128 and the signal's number instead of 0, as shells have it; a body that has
  /// not returned one second later is left behind.
  ///
  /// - Parameter colour: false to use attributes only, as `NO_COLOR` asks.
  /// - Throws: ``TerminalFailure`` when there is no terminal to take. Nothing was changed then.
  package static func run(
    theme: Theme, colour: Bool, mode: Mode = .drawn(), _ body: @escaping @Sendable (Curses) async -> Int32
  ) throws(TerminalFailure) -> Int32 {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw TerminalFailure(
        "The console was not opened", because: "standard input or output is not a terminal",
        try: "Run it in a terminal, or use a subcommand: see gatehouse --help.")
    }
    let pipe = gh_open_wake_pipe()
    guard pipe >= 0 else {
      throw TerminalFailure(
        "The console was not opened", because: "the system gave no pipe", try: "Close other programs and try again.")
    }
    let display: any Display
    switch mode {
    case .plain:
      guard gh_plain_start() else {
        throw TerminalFailure(
          "The console was not opened", because: "the system gave no file", try: "Close other programs and try again.")
      }
      display = PlainDisplay(usesASCII: !gh_is_utf8())
    case .drawn(let ascii):
      guard gh_start() else {
        throw TerminalFailure(
          "The console was not opened", because: "this terminal, \(terminalName), cannot be drawn on",
          try: "Use gatehouse --plain here, a subcommand such as gatehouse accounts list, or a terminal like xterm.")
      }
      display = DrawnDisplay(theme: theme, usesColour: colour, usesASCII: ascii ?? !gh_is_utf8())
    }
    defer {
      gh_stop()
      gh_plain_stop()
    }
    let main = MainThread()
    let curses = Curses(executor: main, display: display, clipboard: .here)
    let outcome = Outcome()
    let task = Task(executorPreference: main) {
      outcome.set(await body(curses))
      gh_wake()
    }
    var loop = Loop(main: main, curses: curses, wakePipe: pipe)
    let status = loop.run(until: outcome)
    task.cancel()
    curses.assumeIsolated { $0.finish() }
    return status
  }

  private static var terminalName: String {
    getenv("TERM").map { Text.harmless(String(cString: $0)) } ?? "without a name"
  }
}

/// What the body returned, once it has.
final class Outcome: Sendable {
  private let status = Mutex<Int32?>(nil)
  var value: Int32? { status.withLock { $0 } }
  func set(_ value: Int32) { status.withLock { $0 = value } }
}

/// The main thread's wait for keys, signals and jobs.
private struct Loop {
  let main: MainThread
  let curses: Curses
  let wakePipe: Int32
  private var isHungUp = false
  private var pace = LinePace()
  /// How long the next frame is held back.
  private var delay = Duration.zero
  private var ending: (number: Int32, deadline: ContinuousClock.Instant)?

  init(main: MainThread, curses: Curses, wakePipe: Int32) {
    (self.main, self.curses, self.wakePipe) = (main, curses, wakePipe)
  }

  mutating func run(until outcome: Outcome) -> Int32 {
    while true {
      main.drain()
      if let status = outcome.value { return status == 0 ? ending.map { 128 + $0.number } ?? 0 : status }
      if let ending, ContinuousClock.now >= ending.deadline { return 128 + ending.number }
      let isBlocked = paint()
      wait(forOutput: isBlocked)
    }
  }

  /// Paints only when the terminal has taken what was painted before: on a slow line frames are left out, not queued.
  ///
  /// - Returns: true when the terminal has yet to take something.
  private mutating func paint() -> Bool {
    delay = .zero
    guard flush() else { return true }
    guard curses.assumeIsolated({ $0.needsPaint }) else { return false }
    delay = pace.delay(at: .now)
    guard delay == .zero else { return false }
    curses.assumeIsolated { $0.paint() }
    return !flush()
  }

  private mutating func flush() -> Bool {
    let isDone = gh_flush()
    pace.note(sent: Int(gh_output_count()), isBlocked: !isDone, at: .now)
    return isDone
  }

  private mutating func wait(forOutput: Bool) {
    var lines = [pollfd(fd: wakePipe, events: Int16(POLLIN), revents: 0)]
    if !isHungUp {
      lines.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0))
      if forOutput { lines.append(pollfd(fd: gh_output_terminal(), events: Int16(POLLOUT), revents: 0)) }
    }
    guard poll(&lines, nfds_t(lines.count), timeout) > 0 else { return }
    if lines[0].revents != 0 { takeWakes() }
    guard lines.count > 1 else { return }
    // Keys that came before the line was lost still count, but end of file would be read for ever.
    if lines[1].revents & Int16(POLLIN) != 0 { curses.assumeIsolated { $0.readKeys() } }
    if lines[1].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { hangUp() }
  }

  /// Milliseconds until the deadline, or until a frame that was held back, if there is one.
  private var timeout: Int32 {
    let left = [ending.map { ContinuousClock.now.duration(to: $0.deadline) }, delay > .zero ? delay : nil]
    guard let shortest = left.compactMap(\.self).min()?.components else { return -1 }
    return max(0, Int32(shortest.seconds * 1000 + shortest.attoseconds / 1_000_000_000_000_000) + 1)
  }

  private mutating func takeWakes() {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Int(gh_read_wakes(&bytes, Int32(bytes.count)))
    for number in Set(bytes.prefix(max(0, count))).map(Int32.init) {
      switch number {
      case SIGWINCH: curses.assumeIsolated { $0.sizeMayHaveChanged() }
      case SIGCONT: curses.assumeIsolated { $0.resumed() }
      case SIGTSTP: curses.assumeIsolated { $0.suspend() }
      case SIGHUP: end("the terminal was closed", by: number, isGone: false)
      case SIGTERM: end("the system asked to end", by: number, isGone: false)
      case SIGINT, SIGQUIT: end("interrupted", by: number, isGone: false)
      default: break
      }
    }
  }

  private mutating func hangUp() {
    isHungUp = true
    end("the terminal went away", by: SIGHUP, isGone: true)
  }

  private mutating func end(_ reason: String, by number: Int32, isGone: Bool) {
    if ending == nil { ending = (number, .now + .seconds(1)) }
    curses.assumeIsolated { $0.end(reason, isGone: isGone) }
  }
}
