#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Reading and replacing files that hold secrets, with the checks the official clients make (Admin API, safety
/// checks readers make).
enum PrivateFile {
  enum Fault: Error, Equatable {
    case missing
    case isLink
    /// A link that somebody else may point elsewhere.
    case isOpenLink
    /// Someone else may read or write it, by its mode.
    case exposed(mode: UInt32)
    case tooLarge
    /// In the system's words.
    case failed(String)

    var words: String {
      switch self {
      case .missing: "it is not there"
      case .isLink: "it is a symbolic link, which anyone who may write its directory could point elsewhere"
      case .isOpenLink: "it is a symbolic link that somebody else may point elsewhere"
      case .exposed(let mode): "others may use it too (its mode is \(String(mode, radix: 8)))"
      case .tooLarge: "it is larger than 1 MB"
      case .failed(let text): text
      }
    }

    static var system: Fault { errno == ENOENT ? .missing : .failed(String(cString: strerror(errno))) }
  }

  /// Whether a path may be a symbolic link.
  enum Links {
    case refused
    /// Only where nobody but this person and root can make it lead elsewhere: so systems lay out secrets for programs.
    case own
    case followed
  }

  /// The bytes of a regular file. The checks are made on the open file, so that nothing can change in between.
  /// - Parameter forbidden: permission bits that must not be set, `0o077` for a secret.
  static func read(_ path: String, forbidden: UInt32, links: Links = .refused) throws(Fault) -> [UInt8] {
    let path = links == .own ? try destination(of: path) : path
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (links == .followed ? 0 : O_NOFOLLOW))
    guard file >= 0 else { throw errno == ELOOP ? .isLink : .system }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .system }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .failed("it is no regular file") }
    let mode = UInt32(status.st_mode) & 0o777
    guard mode & forbidden == 0 else { throw .exposed(mode: mode) }
    guard status.st_size <= 1 << 20 else { throw .tooLarge }
    return try contents(of: file)
  }

  /// Where a path leads, link by link, each of them and its directory in the hands of this person or of root.
  private static func destination(of path: String) throws(Fault) -> String {
    var path = path
    // As many as the system follows (path_resolution(7)).
    for _ in 0..<40 {
      var status = stat()
      guard lstat(path, &status) == 0 else { throw .system }
      guard status.st_mode & S_IFMT == S_IFLNK else { return path }
      let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      var folder = stat()
      guard stat(directory, &folder) == 0 else { throw .system }
      let trusted = [0, geteuid()]
      // In a directory with the sticky bit, as /tmp has it, only its owner can replace a link.
      let isClosed = folder.st_mode & 0o022 == 0 || folder.st_mode & S_ISVTX != 0
      guard trusted.contains(status.st_uid), trusted.contains(folder.st_uid), isClosed else { throw .isOpenLink }
      var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &target, target.count)
      guard count > 0 else { throw .system }
      let text = String(decoding: target[..<count], as: UTF8.self)
      path = text.hasPrefix("/") ? text : directory == "." ? text : directory + text
    }
    throw .isOpenLink
  }

  private static func contents(of file: Int32) throws(Fault) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = PrivateFile.bytes(from: file, into: &buffer)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= 1 << 20 else { throw .tooLarge }
    }
  }

  /// A new file beside the one it will take the place of, private from its first moment. It is opened before
  /// anything is done that cannot be undone, so that a full or read-only disk is found out in time.
  struct Replacement: ~Copyable {
    private let path, temporary, directory: String
    private let file: Int32
    private var isPlaced = false

    init(for path: String) throws(Fault) {
      self.path = path
      directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
      temporary = "\(path).\(suffix).tmp"
      file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard file >= 0 else { throw .system }
    }

    /// Writes the bytes through to the disk and puts the file in its place.
    mutating func place(_ bytes: [UInt8]) throws(Fault) {
      var left = bytes[...]
      while !left.isEmpty {
        let count = left.withUnsafeBytes { PrivateFile.write($0, to: file) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw .system }
        left = left.dropFirst(count)
      }
      guard fsync(file) == 0 else { throw .system }
      var status = stat()
      if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { throw .isLink }
      guard rename(temporary, path) == 0 else { throw .system }
      isPlaced = true
      let folder = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_CLOEXEC)
      if folder >= 0 {
        fsync(folder)
        close(folder)
      }
    }

    deinit {
      close(file)
      if !isPlaced { unlink(temporary) }
    }
  }

  /// Held while the files of a directory are renewed, so that programs that know this lock take turns. It is on the
  /// directory itself and leaves no file behind.
  struct Lock {
    private let directory: Int32

    /// Nil while another program holds it.
    init?(directory path: String) {
      directory = open(path, O_RDONLY | O_CLOEXEC)
      guard directory >= 0 else { return nil }
      guard flock(directory, LOCK_EX | LOCK_NB) == 0 else {
        close(directory)
        return nil
      }
    }

    func release() { close(directory) }
  }

  /// The system's `read`, whose name is that of a verb here.
  static func bytes(from file: Int32, into buffer: inout [UInt8]) -> Int {
    #if canImport(Glibc)
      Glibc.read(file, &buffer, buffer.count)
    #else
      Darwin.read(file, &buffer, buffer.count)
    #endif
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(file, bytes.baseAddress, bytes.count)
    #endif
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
