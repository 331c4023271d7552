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
    /// Someone else may read or write it, by its mode.
    case exposed(mode: UInt32)
    case tooLarge
    /// In the system's words.
    case failed(String)

    var words: String {
      switch self {
      case .missing: "it is not there"
      case .isLink: "it is a symbolic link, which anyone who may write its directory could point elsewhere"
      case .exposed(let mode): "others may use it too (its mode is \(String(mode, radix: 8)))"
      case .tooLarge: "it is larger than 1 MB"
      case .failed(let text): text
      }
    }

    static var system: Fault { errno == ENOENT ? .missing : .failed(String(cString: strerror(errno))) }
  }

  /// The bytes of a regular file. The checks are made on the open file, so that nothing can change in between.
  /// - Parameters:
  ///   - forbidden: permission bits that must not be set, `0o077` for a secret.
  ///   - followsLinks: whether `path` may be a symbolic link.
  static func read(_ path: String, forbidden: UInt32, followsLinks: Bool = false) throws(Fault) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
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
