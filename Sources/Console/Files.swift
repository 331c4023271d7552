import FoundationEssentials
import Platform

/// Reading of small files.
enum Files {
  /// In the order of their names; none when there is no such directory.
  static func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func text(at path: String, what: String) throws(Problem) -> String {
    let path = path.hasPrefix("~/") ? FileManager.default.homeDirectoryForCurrentUser.path + path.dropFirst() : path
    do {
      return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    } catch {
      throw Problem(
        "The \(what) was not read", because: "\(path) cannot be opened", try: "See who may read it.", kind: .local)
    }
  }
}
