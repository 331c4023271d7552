internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A program that prints a credential. It runs without a shell, without input, and without the credentials of this
/// program's own environment.
struct Command: Sendable {
  struct Failure: Error { let cause: String }

  private let words: [String]
  private let environment: [String: String]
  /// Seconds.
  private let limit: Int32

  private static let withheld: Set<String> = [
    "ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_ADMIN_KEY", "ANTHROPIC_COMPLIANCE_KEY", "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_IDENTITY_TOKEN",
  ]

  init(_ words: [String], _ environment: [String: String], limit: Int32 = 30) {
    (self.words, self.limit) = (words, limit)
    self.environment = environment.filter { !Command.withheld.contains($0.key) }
  }

  /// What it printed, at most 64 kB.
  func output() async throws(Failure) -> [UInt8] {
    let result: Result<[UInt8], Failure> = await withCheckedContinuation { continuation in
      // It is waited for on a thread that may block.
      DispatchQueue.global().async { continuation.resume(returning: run()) }
    }
    return try result.get()
  }

  private func run() -> Result<[UInt8], Failure> {
    guard !words.isEmpty else { return .failure(Failure(cause: "it is empty")) }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .failure(Failure(cause: String(cString: strerror(errno)))) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process: pid_t
    switch spawn(output: ends[1]) {
    case .success(let started): process = started
    case .failure(let failure):
      for end in ends { close(end) }
      return .failure(failure)
    }
    close(ends[1])
    let deadline = ContinuousClock.now + .seconds(Int(limit))
    let (bytes, isComplete) = read(ends[0], until: deadline)
    close(ends[0])
    // One that has closed its output may still go on for ever.
    guard isComplete, let status = status(of: process, until: deadline) else {
      kill(process, SIGKILL)
      while waitpid(process, nil, 0) < 0 && errno == EINTR {}
      return .failure(Failure(cause: "it did not end within \(limit) s, or printed too much"))
    }
    guard status == 0 else {
      return .failure(Failure(cause: "it failed (\(status & 0x7F == 0 ? "exit \(status >> 8 & 0xFF)" : "a signal"))"))
    }
    return .success(bytes)
  }

  private func spawn(output: Int32) -> Result<pid_t, Failure> {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
    #else
      var actions: posix_spawn_file_actions_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // This program ignores a broken pipe, and its waiting threads block signals: no child expects that.
    #if canImport(Glibc)
      var attributes = posix_spawnattr_t()
    #else
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var arguments = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let status = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &variables)
    return status == 0 ? .success(process) : .failure(Failure(cause: String(cString: strerror(status))))
  }

  /// All up to the end, or what came until the limit of time or size.
  private func read(
    _ file: Int32, until deadline: ContinuousClock.Instant
  ) -> (bytes: [UInt8], isComplete: Bool) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= 65536 {
      let left = (deadline - .now).milliseconds
      var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, Int32(clamping: max(0, left)))
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return (bytes, false) }
      let count = PrivateFile.bytes(from: file, into: &buffer)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return (bytes, count == 0) }
      bytes += buffer[..<count]
    }
    return (bytes, false)
  }

  /// With what a process ended, as `waitpid` gives it; nil when it had not by then.
  private func status(of process: pid_t, until deadline: ContinuousClock.Instant) -> Int32? {
    var status: Int32 = 0
    var pause: UInt32 = 500
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return status }
      guard ended == 0 || errno == EINTR, ContinuousClock.now < deadline else { return nil }
      usleep(pause)
      pause = min(pause * 2, 50_000)
    }
  }
}
