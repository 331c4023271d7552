import Federation
import Platform

/// A short text that stands for a long one in a change list.
enum Fingerprint {
  /// SHA-256 in hexadecimal digits.
  static func hex(of text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = Digest.sha256(Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
