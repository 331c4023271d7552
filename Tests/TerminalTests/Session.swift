import Foundation
import Glibc

/// A program in a pseudo-terminal of its own, and what a person would see there.
final class Session {
  private var master: Int32
  private let slave: Int32
  let process: pid_t
  private(set) var emulator: Emulator
  private(set) var stream: [UInt8] = []
  /// The line's modes before the program was started.
  let before: String

  /// - Parameter command: its first word is looked for in PATH.
  init(_ command: [String], columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]) throws {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    var (master, slave): (Int32, Int32) = (-1, -1)
    guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw POSIXError(.ENOTTY) }
    (self.master, self.slave) = (master, slave)
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
    emulator = Emulator(columns: columns, rows: rows)
    before = Self.modes(of: master)

    var variables = ProcessInfo.processInfo.environment
    // The backtracer would ask for a key on the terminal, and it is the terminal that is looked at.
    let ours = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
    for (name, value) in ours.merging(environment, uniquingKeysWith: { $1 }) { variables[name] = value }
    for name in ["TMUX", "STY", "NO_COLOR", "COLORTERM"] where environment[name] == nil { variables[name] = nil }
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for descriptor: Int32 in 0...2 { posix_spawn_file_actions_adddup2(&files, slave, descriptor) }
    // A session of its own with this as its terminal, as a login has.
    let arguments = (["setsid", "--ctty"] + command).map { strdup($0) } + [nil]
    let values = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + values { free(text) } }
    // The threads that run tests block signals, and a child would too.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var process: pid_t = 0
    guard posix_spawnp(&process, "setsid", &files, &attributes, arguments, values) == 0 else {
      throw POSIXError(.ENOENT)
    }
    self.process = process
  }

  deinit {
    if exitStatus == nil { Glibc.kill(process, SIGKILL) }
    if master >= 0 { close(master) }
    close(slave)
    if exitStatus == nil { waitpid(process, nil, 0) }
  }

  var modes: String { Self.modes(of: master) }

  private static func modes(of line: Int32) -> String {
    var modes = termios()
    tcgetattr(line, &modes)
    return "\(modes.c_iflag) \(modes.c_oflag) \(modes.c_lflag) \(modes.c_cflag)"
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Waits until the program has taken what was typed, without taking what it writes.
  func waitUntilTaken(_ seconds: Double = 10) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var waiting: Int32 = 1
    while waiting > 0, ContinuousClock.now < deadline {
      _ = ioctl(slave, UInt(FIONREAD), &waiting)
      sched_yield()
    }
  }

  func kill(_ signal: Int32) { Glibc.kill(process, signal) }

  func resize(columns: Int, rows: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    emulator.resize(columns: columns, rows: rows)
  }

  /// The line is lost, as when a window is closed.
  func hangUp() {
    close(master)
    master = -1
  }

  /// Takes what the program writes.
  ///
  /// - Returns: false when nothing came for so long, or nothing can come any more.
  @discardableResult
  func read(milliseconds: Int32) -> Bool {
    var line = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&line, 1, milliseconds) > 0, line.revents & Int16(POLLIN) != 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = Glibc.read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    stream += buffer[..<count]
    emulator.take(Array(buffer[..<count]))
    return true
  }

  /// Reads until it holds, for at most so many seconds: generous, because machines are busy.
  func wait(_ seconds: Double = 20, for holds: (Session) -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !holds(self) {
      guard ContinuousClock.now < deadline else { return false }
      read(milliseconds: 20)
    }
    return true
  }

  /// Reads until nothing more comes for a while.
  func settle(milliseconds: Int32 = 150) { while read(milliseconds: milliseconds) {} }

  private var status: Int32?

  /// As a shell gives it: 128 and the number for a signal; nil while it runs.
  var exitStatus: Int32? {
    if let status { return status }
    var raw: Int32 = 0
    guard waitpid(process, &raw, WNOHANG) == process else { return nil }
    let number = raw & 0x7F
    status = number == 0 ? raw >> 8 & 0xFF : 128 + number
    return status
  }

  /// The status at the end of a program whose output nobody takes.
  func endUnread(_ seconds: Double) -> Int32? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while exitStatus == nil, ContinuousClock.now < deadline { poll(nil, 0, 10) }
    return exitStatus
  }

  /// The status at the end, and everything written before it.
  func end(_ seconds: Double = 20) -> Int32? {
    _ = wait(seconds) { $0.exitStatus != nil }
    if master >= 0 { settle(milliseconds: 50) }
    return exitStatus
  }
}
