internal import CCurl
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Keeps credentials from leaving this process by way of its memory.
package enum MemoryGuard {
  /// From now on: no core file, no reading by another process of the same person, and no report of a crash with what
  /// registers point to in it. Not undone; called once, at the start, by a program that will hold credentials.
  package static func forbidDumps() {
    gh_forbid_dumps()
    // Swift's own reporter has its handlers in place already. Whoever sets its variable wants it.
    guard getenv("SWIFT_BACKTRACE") == nil else { return }
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT] { signal(number, SIG_DFL) }
  }

  /// Whether the system holds to it.
  package static var isActive: Bool { gh_are_dumps_forbidden() != 0 }
}
