/// A source of repeatable choices: the same seed gives the same sandbox (SplitMix64).
struct Randomness: RandomNumberGenerator, Sendable {
  private(set) var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 24) } }

  private static let base58 = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  /// `count` characters of base 58, as the tails of identifiers and keys are.
  mutating func tail(_ count: Int) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(count)
    var word: UInt64 = 0
    for index in 0..<count {
      // Ten characters to a word: 58 to the tenth is a small part of it, so each is as likely as the others.
      if index % 10 == 0 { word = next() }
      text.append(Self.base58[Int(word % 58)])
      word /= 58
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `svac_01…`: a prefix, `01` and 22 characters.
  mutating func identifier(_ prefix: String) -> String { "\(prefix)_01\(tail(22))" }

  /// A version 4 UUID in small letters (RFC 9562 §5.4).
  mutating func uuid() -> String {
    var bytes = bytes(16)
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The text of a credential. The prefix is put together here so that no file holds one whole.
  mutating func credential(_ kind: String) -> String { "sk-ant-\(kind)-\(tail(86))AA" }
}
