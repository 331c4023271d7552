import Federation
import Platform

/// The condition of a rule, as far as it is looked at before a token comes.
enum Condition {
  static func fault(in condition: String) -> String? { nil }
  static func claims(in condition: String) -> Set<String> { [] }
}

/// A short text that stands for a long one in a change list.
enum Fingerprint {
  /// SHA-256 in hexadecimal digits.
  static func hex(of text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = Digest.sha256(Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
