import Glibc
package import Platform

/// A file that a person asked for. It never writes over one that is there, nor where a symbolic link leads, and nobody
/// else can read it.
package final class OutputFile {
  private let path: String
  private let descriptor: Int32

  package init(creating path: String) throws(Problem) {
    self.path = path
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0 { throw Self.problem(path, errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func write(_ bytes: [UInt8]) throws(Problem) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest.removeFirst(count)
      } else if errno != EINTR {
        throw Self.problem(path, errno)
      }
    }
  }

  /// - Throws: when not all of it has reached the disk.
  package func finish() throws(Problem) {
    if fsync(descriptor) != 0, errno != EINVAL { throw Self.problem(path, errno) }
  }

  private static func problem(_ path: String, _ error: Int32) -> Problem {
    Problem(
      "\(path) was not written", because: String(cString: strerror(error)),
      try: error == EEXIST ? "Name one that is not there yet." : "Check the path, its permissions and the space left.",
      kind: .local, code: "file_not_written")
  }
}
