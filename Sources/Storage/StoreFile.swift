internal import Glibc
internal import Platform

/// The place of a store on disk, and the right to write activities to it, which one process has at a time.
final class StoreFile: Sendable {
  /// Whether this process may write activities. The lock is the kernel's (`flock`): a process that dies, however
  /// it dies, gives it back, so a stale one cannot be.
  var isWriter: Bool { lock != nil }
  /// The process that has the lock, when this one has not.
  let writer: Int32?
  private let path: String
  private let lock: CInt?

  /// Makes the directory (0700) and the file (0600) where they are missing, and asks for the lock.
  /// - Throws: a `Problem` of kind `.local` when either cannot be made or opened.
  init(path: String, wantsLock: Bool) throws(Problem) {
    try StoreFile.makeDirectories(for: path)
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw StoreFile.problem("cannot be opened", path) }
    fchmod(file, 0o600)
    close(file)
    self.path = path
    (lock, writer) = wantsLock ? try StoreFile.takeLock(path + ".lock") : (nil, nil)
  }

  deinit {
    if let lock { close(lock) }
  }

  /// The file descriptor that holds the right to take steps of several parts; nil when another has it.
  func claimSteps() throws(Problem) -> CInt? { try StoreFile.takeLock(path + ".steps.lock").lock }

  private static func makeDirectories(for path: String) throws(Problem) {
    var directories: [String] = []
    var rest = path[...]
    while let slash = rest.lastIndex(of: "/"), slash > rest.startIndex {
      rest = rest[..<slash]
      guard access(String(rest), F_OK) != 0 else { break }
      directories.append(String(rest))
    }
    for directory in directories.reversed() where mkdir(directory, 0o700) != 0 && errno != EEXIST {
      throw problem("cannot be made", directory)
    }
  }

  /// The file descriptor that holds the lock, or the process that holds it instead.
  private static func takeLock(_ path: String) throws(Problem) -> (lock: CInt?, writer: Int32?) {
    let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw problem("cannot be opened", path) }
    if flock(lock, LOCK_EX | LOCK_NB) == 0 {
      let text = "\(getpid())\n"
      // Only for the message of the one that waits: what it says does not decide who may write.
      if ftruncate(lock, 0) == 0 { _ = text.withCString { pwrite(lock, $0, text.utf8.count, 0) } }
      return (lock, nil)
    }
    defer { close(lock) }
    guard errno == EWOULDBLOCK else { throw problem("cannot be locked", path) }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(lock, &bytes, bytes.count, 0)
    let digits = String(decoding: bytes.prefix(max(0, count)).prefix { $0.isASCIIDigit }, as: UTF8.self)
    return (nil, Int32(digits) ?? 0)
  }

  private static func problem(_ what: String, _ path: String) -> Problem {
    Problem(
      "The local store was not opened", because: "\(path) \(what): \(String(cString: strerror(errno)))",
      try: "Make it yours and writable, or set GATEHOUSE_DATA_HOME to another directory.", kind: .local,
      code: "store_unavailable")
  }
}
