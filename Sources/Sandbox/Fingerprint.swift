import Federation
import Platform

/// A short text that stands for a long one in a change list.
enum Fingerprint {
  /// SHA-256 in hexadecimal digits.
  static func hex(of text: String) -> String { Digest.sha256(Array(text.utf8)).hexadecimal }
}
