import Glibc

/// Standard input, output and error, when the process was started without some of them.
enum StandardFiles {
  /// Keeps their numbers from the files that are opened next: a store that got number 1 would have every result written
  /// into it. What takes their place can be neither read nor written, so that both are seen to fail.
  static func open() {
    for (number, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number, which is this one.
      _ = Glibc.open("/dev/null", mode)
    }
  }
}
