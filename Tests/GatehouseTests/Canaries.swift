import Foundation
import Platform

/// Secrets of one test, and the search for them in everything a program leaves behind.
struct Canaries {
  /// What each is, and how it reads.
  private(set) var secrets: [(name: String, text: String)] = []

  mutating func add(_ name: String, _ text: String) { secrets.append((name, text)) }

  /// A token: all of it, and its signature, which makes readable claims a token again.
  mutating func add(_ name: String, token: String) {
    add(name, token)
    add("the signature of \(name)", String(token.split(separator: ".").last ?? ""))
  }

  /// Each line of a key that is not its frame.
  mutating func add(_ name: String, pem: String) {
    for line in pem.split(separator: "\n") where !line.hasPrefix("-----") && line.count > 40 { add(name, String(line)) }
  }

  /// What of them is in `data`: as it stands, or in base64 at any place of a longer text.
  func found(in data: Data) -> [String] {
    secrets.filter { secret in Self.forms(of: secret.text).contains { data.range(of: $0) != nil } }.map(\.name)
  }

  private static func forms(of text: String) -> [Data] {
    let encoded = (0..<3).map { offset in
      // The first and the last digits depend on what stands around the secret.
      let digits = (Data(repeating: 0x20, count: offset) + Data(text.utf8)).base64EncodedString()
      return Data(digits.dropFirst(4).dropLast(6).utf8)
    }
    return [Data(text.utf8)] + encoded.filter { $0.count > 12 }
  }
}

extension Data {
  /// Control characters other than a line's end, and what changes the direction of text or hides it: all that could
  /// steer a terminal or mislead who reads it.
  var harmfulScalars: [Unicode.Scalar] {
    String(decoding: self, as: UTF8.self).unicodeScalars.filter {
      switch $0.value {
      case 0x0A: false
      case 0...0x1F, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x61C, 0xFEFF: true
      default: false
      }
    }
  }
}

extension URL {
  /// All below this directory, with the directories themselves.
  var contents: [URL] {
    let found = FileManager.default.enumerator(at: self, includingPropertiesForKeys: nil)
    return (found?.allObjects ?? []).compactMap { $0 as? URL }
  }

  /// The permission bits.
  var mode: Int {
    get throws {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }
  }

  var isDirectory: Bool { (try? resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false }
}
