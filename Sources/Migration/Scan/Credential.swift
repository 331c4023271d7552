internal import Federation
internal import Platform

/// What stands at a mention of `sk-ant-`: a credential or something like one. Holds the bytes of a full shape only as
/// long as it takes to digest them.
struct Credential {
  let kind: Find.Kind
  let isReal: Bool
  /// Of the text, from its `s` on.
  let range: Range<Int>
  let hint: String?
  let digest: String?

  static let prefix = Array("sk-ant-".utf8)
  /// Characters of the body of every published shape, the last two of which are `AA`.
  static let bodyCount = 95
  /// Below this, a token whose length is not published is taken for an example.
  private static let leastTokenBody = 80

  static func isTokenByte(_ byte: UInt8) -> Bool {
    byte.isLetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  /// - Parameter start: of `sk-ant-` in `bytes`.
  /// - Returns: nil when a longer word holds it, or nothing follows the prefix: `sk-ant-…`, a pattern, a mask.
  init?(in bytes: [UInt8], at start: Int) {
    var end = start
    while end < bytes.count, Credential.isTokenByte(bytes[end]) { end += 1 }
    let run = bytes[start..<end]
    guard Credential.begins(in: bytes, at: start), run.count > Credential.prefix.count else { return nil }
    let tail = run.dropFirst(Credential.prefix.count)
    let tag = tail.prefix { $0 != UInt8(ascii: "-") }
    guard Credential.isTag(tag) else {
      // `sk-ant-xxxxx`: the prefix and some letters.
      (kind, isReal, hint, digest, range) = (.apiKey, false, nil, nil, start..<end)
      return
    }
    let body = bytes[min(tag.endIndex + 1, end)..<end]
    let kind: Find.Kind =
      switch String(decoding: tag, as: UTF8.self) {
      case "admin01": .adminKey
      case "oat01": .accessToken
      case "ort01": .refreshToken
      case "api01": .complianceKey
      case let tag where tag.hasPrefix("sid"): .sessionID
      default: .apiKey
      }
    let distinct = Set(body.dropLast(2)).count
    let isFull = body.count == Credential.bodyCount && body.suffix(2).elementsEqual("AA".utf8) && distinct > 2
    let isToken = [.accessToken, .refreshToken, .sessionID, .complianceKey].contains(kind)
    // Only the lengths of the two kinds of key are published; of the others a long body is enough.
    isReal = isFull || (isToken && body.count >= Credential.leastTokenBody && distinct > 8)
    self.kind = kind
    range = start..<end
    hint =
      isReal
      ? String(decoding: run.prefix(16), as: UTF8.self) + "..." + String(decoding: run.suffix(4), as: UTF8.self) : nil
    digest = isReal ? Digest.sha256(Array(run)).hexadecimal : nil
  }

  /// `api03`, `admin01`: letters, then two digits.
  private static func isTag(_ tag: some BidirectionalCollection<UInt8>) -> Bool {
    (4...10).contains(tag.count) && tag.suffix(2).allSatisfy { (0x30...0x39).contains($0) }
      && tag.dropLast(2).allSatisfy { (0x61...0x7A).contains($0) }
  }

  /// Whether no character of a token stands before `start`. The last letter of an escape (`\n`, `%3D`, `\u003d`) is
  /// none, though it looks like one.
  private static func begins(in bytes: [UInt8], at start: Int) -> Bool {
    guard start > 0, isTokenByte(bytes[start - 1]) else { return true }
    func byte(_ back: Int) -> UInt8 { start - back >= 0 ? bytes[start - back] : 0 }
    func isHexadecimal(_ backs: ClosedRange<Int>) -> Bool { backs.allSatisfy { byte($0).isHexadecimalDigit } }
    if byte(2) == UInt8(ascii: "\\"), "nrt".utf8.contains(byte(1)) { return true }
    if byte(3) == UInt8(ascii: "%"), isHexadecimal(1...2) { return true }
    if byte(4) == UInt8(ascii: "\\"), byte(3) == UInt8(ascii: "x"), isHexadecimal(1...2) { return true }
    return byte(6) == UInt8(ascii: "\\") && byte(5) == UInt8(ascii: "u") && isHexadecimal(1...4)
  }
}

extension UInt8 {
  var isLetterOrDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
  var isHexadecimalDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x46).contains(self) || (0x61...0x66).contains(self)
  }
}
