import FoundationEssentials
import Glibc
import Operations
import Platform

/// Small files.
enum Files {
  /// In the order of their names; none when there is no such directory.
  static func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }

  /// What tells whether a file of these directories was written, came or went.
  struct Trace: Equatable, Sendable {
    let path: String
    let size, seconds, nanoseconds: Int
  }

  static func traces(in directories: [String]) -> [Trace] {
    directories.flatMap { directory in
      names(in: directory).map { name in
        let path = "\(directory)/\(name)"
        var status = stat()
        guard stat(path, &status) == 0 else { return Trace(path: path, size: 0, seconds: 0, nanoseconds: 0) }
        return Trace(
          path: path, size: Int(status.st_size), seconds: Int(status.st_mtim.tv_sec),
          nanoseconds: Int(status.st_mtim.tv_nsec))
      }
    }
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// `~/` at the front means the home directory, as a shell has it.
  static func expanded(_ path: String) -> String {
    path.hasPrefix("~/") ? FileManager.default.homeDirectoryForCurrentUser.path + path.dropFirst() : path
  }

  /// Puts a text in the place of what a file holds, all at once and for the person alone; its directory is made.
  static func replace(_ path: String, with text: String) throws(Problem) {
    if let slash = path.lastIndex(of: "/") {
      try? FileManager.default.createDirectory(
        atPath: String(path[..<slash]), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    let beside = "\(path).\(getpid())"
    unlink(beside)
    let file = try OutputFile(creating: beside)
    try file.write(Array(text.utf8))
    try file.finish()
    if rename(beside, path) != 0 {
      unlink(beside)
      throw Problem(
        "\(path) was not written", because: String(cString: strerror(errno)), try: "See who may write there.",
        kind: .local)
    }
  }

  static func text(at path: String, what: String) throws(Problem) -> String {
    let path = expanded(path)
    do {
      return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    } catch {
      throw Problem(
        "The \(what) was not read", because: "\(path) cannot be opened", try: "See who may read it.", kind: .local)
    }
  }
}
