import Foundation
import Platform
import Testing

/// The fixtures as they are meant to be scanned. They are kept masked, so that nobody's scanner takes a fake key for a
/// real one; no file of the project holds the shape of a key.
enum Fixture {
  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures")
  static let prefix = "sk-" + "ant-"

  static func unmasked(_ bytes: Data) -> [UInt8] {
    Array(
      String(decoding: bytes, as: UTF8.self).replacing("@SK-ANT@", with: prefix)
        .replacing("@B64-SK-ANT@", with: "c2st" + "YW50").utf8)
  }

  /// The relative paths of all files below, dot files too.
  static func files(_ path: String) throws -> [String] {
    let root = folder.appendingPathComponent(path)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path).filter {
      try root.appendingPathComponent($0).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
    }.sorted()
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    unmasked(try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  static func json(_ path: String) throws -> JSON { try JSON(parsing: try bytes(path)) }

  /// A copy of a folder, unmasked, which is removed when `body` returns.
  static func written<Value>(_ path: String, _ body: (String) throws -> Value) throws -> Value {
    let copy = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: copy) }
    for file in try files(path) {
      let target = copy.appendingPathComponent(file)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(try bytes(path + "/" + file)).write(to: target)
    }
    return try body(copy.path)
  }

  /// A key of the full shape that was never issued, made here: `tag` is `api03`.
  static func key(_ tag: String = "api03", seed: String = "Zz9") -> String {
    let body = seed + String(repeating: "FAKE", count: 30)
    return prefix + tag + "-" + body.prefix(93) + "AA"
  }
}
