import FoundationEssentials
import Glibc
import Interface
import Platform

/// The log of `--verbose`: a line for each request and its answer, without credentials and bodies.
enum LogFile {
  static func path(_ environment: Environment) -> String { environment.stateDirectory + "/gatehouse.log" }

  /// - Returns: what writes a line, with the time before it.
  /// - Throws: ``Problem`` when the file cannot be written.
  static func open() throws(Problem) -> @Sendable (String) -> Void {
    let directory = Environment.current.stateDirectory
    let path = path(.current)
    try? FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else {
      throw Problem(
        "The log was not opened", because: "\(path): \(String(cString: strerror(errno)))",
        try: "Leave --verbose out, or make the directory writable.", kind: .local)
    }
    return { line in
      // One write a line, so that the lines of two processes do not mix. A full disk costs the line, not the work.
      let bytes = Array("\(Date().timestamp) \(Text.harmless(line))\n".utf8)
      _ = write(file, bytes, bytes.count)
    }
  }
}
