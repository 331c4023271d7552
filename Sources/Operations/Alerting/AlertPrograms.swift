internal import Dispatch
internal import FoundationEssentials
internal import Glibc
internal import Platform
internal import Synchronization

/// Runs the programs of alerts: a few at a time, each for a limited time, and not without end behind each other.
actor AlertPrograms {
  private static let limit = 4
  private static let queueLimit = 100

  typealias Failed = @Sendable (Problem) -> Void

  private var running = 0
  private var waiting: [(raised: RaisedAlert, failed: Failed)] = []

  func start(_ raised: RaisedAlert, _ failed: @escaping Failed) {
    guard running < AlertPrograms.limit else {
      guard waiting.count < AlertPrograms.queueLimit else {
        return failed(problem(raised, "too many wait already", "Set a longer quiet time."))
      }
      return waiting.append((raised, failed))
    }
    running += 1
    Task {
      let failure = await AlertPrograms.run(raised)
      if let failure { failed(problem(raised, failure, "Try it by hand with an activity on its standard input.")) }
      running -= 1
      guard !waiting.isEmpty else { return }
      let next = waiting.removeFirst()
      start(next.raised, next.failed)
    }
  }

  private nonisolated func problem(_ raised: RaisedAlert, _ cause: String, _ remedy: String) -> Problem {
    Problem(
      "The program of the alert \(raised.alert.name) did not do its work", because: cause, try: remedy, kind: .local,
      code: "alert_program_failed")
  }

  /// - Returns: what went wrong; nil when nothing did.
  private static func run(_ raised: RaisedAlert) async -> String? {
    await withCheckedContinuation { continuation in
      // It is waited for on a thread that may block.
      DispatchQueue.global().async { continuation.resume(returning: AlertProgram(raised).run()) }
    }
  }
}

/// One program: the activity on its standard input, no shell, no output, and of the environment only what says where
/// things are. Secrets in the environment stay here.
private struct AlertProgram {
  private static let passedOn = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR"]

  let words: [String]
  let input: String
  let name: String
  let timeout: Duration

  init(_ raised: RaisedAlert) {
    (words, input) = (raised.alert.command, raised.activity.json.compact + "\n")
    (name, timeout) = (raised.alert.name, raised.alert.timeout)
  }

  func run() -> String? {
    guard let file = temporaryFile() else { return "no temporary file could be made" }
    defer { close(file) }
    var process = pid_t()
    let status = spawn(&process, input: file)
    guard status == 0 else { return "\(words[0]): \(String(cString: strerror(status)))" }
    return wait(for: process)
  }

  /// The input as a file without a name: one that the program leaves unread blocks nobody.
  private func temporaryFile() -> Int32? {
    var template = Array((FileManager.default.temporaryDirectory.path + "/gatehouse-alert.XXXXXX").utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { return nil }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(template)
    let bytes = Array(input.utf8)
    guard write(file, bytes, bytes.count) == bytes.count, lseek(file, 0, SEEK_SET) == 0 else {
      close(file)
      return nil
    }
    return file
  }

  private func spawn(_ process: inout pid_t, input: Int32) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that what it started ends with it, and no signal that we pass over.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    let inherited = ProcessInfo.processInfo.environment.filter { AlertProgram.passedOn.contains($0.key) }
    var arguments = words.map { strdup($0) } + [nil]
    var variables = inherited.map { strdup("\($0.key)=\($0.value)") } + [strdup("GATEHOUSE_ALERT=\(name)"), nil]
    defer { for text in arguments + variables { free(text) } }
    return posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &variables)
  }

  private func wait(for process: pid_t) -> String? {
    let watch = Watch(process)
    let seconds = Double(timeout.components.seconds)
    let timer = DispatchWorkItem { watch.end() }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: timer)
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    timer.cancel()
    let isLate = watch.isLateAtTheEnd()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    if isLate { return "it did not end within \(Int(seconds)) s" }
    guard status == 0 else { return "it failed (\(status & 0x7F == 0 ? "exit \(status >> 8 & 0xFF)" : "a signal"))" }
    return nil
  }

  /// Ends a process that is late. Under a lock, so that the number of one that is gone is never signalled.
  private final class Watch: Sendable {
    private let process: pid_t
    private let state = Mutex<(isOver: Bool, isLate: Bool)>((false, false))

    init(_ process: pid_t) { self.process = process }

    func end() {
      state.withLock { state in
        guard !state.isOver else { return }
        state.isLate = true
        kill(-process, SIGKILL)
      }
    }

    func isLateAtTheEnd() -> Bool {
      state.withLock { state in
        state.isOver = true
        return state.isLate
      }
    }
  }
}
