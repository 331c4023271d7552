#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The bytes of a file with the means to say where something stands.
struct SourceText {
  let bytes: [UInt8]
  private let lineStarts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    lineStarts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
  }

  var markCount: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// Both from 1; the column counts bytes.
  func place(of offset: Int) -> (line: Int, column: Int) {
    let line = lineNumber(of: offset)
    return (line, offset - lineStarts[line - 1] - (line == 1 ? markCount : 0) + 1)
  }

  func lineNumber(of offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  func lineRange(of offset: Int) -> Range<Int> { range(ofLine: lineNumber(of: offset)) }

  /// Without its line end.
  private func range(ofLine line: Int) -> Range<Int> {
    let start = lineStarts[line - 1] + (line == 1 ? markCount : 0)
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return start..<max(start, end)
  }

  var lines: [Range<Int>] { (1...lineStarts.count).map { range(ofLine: $0) } }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Where each occurrence of `needle` begins, in order.
  func occurrences(of needle: String, in range: Range<Int>? = nil) -> [Int] {
    let needle = Array(needle.utf8)
    let range = range ?? 0..<bytes.count
    var found: [Int] = []
    bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      var at = range.lowerBound
      while at + needle.count <= range.upperBound,
        let first = memchr(base + at, Int32(needle[0]), range.upperBound - needle.count + 1 - at)
      {
        at = UnsafeRawPointer(first) - base
        if memcmp(first, needle, needle.count) == 0 {
          found.append(at)
          at += needle.count
        } else {
          at += 1
        }
      }
    }
    return found
  }
}

/// What names tell.
enum KeyName {
  /// Whether a variable, secret or field so called holds a credential for Claude: `ANTHROPIC_API_KEY`, `CLAUDE_KEY`.
  static func isKey(_ name: some StringProtocol) -> Bool {
    let name = name.uppercased().replacing("-", with: "_")
    guard !excluded.contains(where: name.contains) else { return false }
    guard name.contains("ANTHROPIC") || name.contains("CLAUDE") else { return false }
    return name.contains("KEY") || name.contains("TOKEN") || name.contains("APIKEY")
  }

  private static let excluded = [
    "IDENTITY_TOKEN", "FEDERATION", "TOKENS", "HELPER", "TOKEN_FILE", "TOKEN_URL", "KEY_ID",
  ]

  /// Whether a text speaks of Claude: the name of a secret, a comment.
  static func mentions(_ text: some StringProtocol) -> Bool {
    let text = text.lowercased()
    return text.contains("anthropic") || text.contains("claude")
  }

  /// Whether a value stands for another, so that no literal is there: `${X}`, `$(…)`, `{{ … }}`, `%X%`, `op://…`.
  static func isIndirect(_ value: some StringProtocol) -> Bool {
    ["$", "{{", "%", "ENC[", "op://", "!vault", "arn:", "projects/", "`", "<%", "vault:", "secret:"]
      .contains { value.hasPrefix($0) }
  }
}
