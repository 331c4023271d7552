internal import Interface

/// The clipboard as terminals offer it to programs.
enum Clipboard {
  /// OSC 52 (xterm's control sequences, "Manipulate Selection Data"), with the text made harmless line by line: what
  /// is pasted into a shell later must not hold what nobody saw.
  static func sequence(for text: String) -> String {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let harmless = lines.map { Text.harmless(String($0)) }.joined(separator: "\n")
    return "\u{1B}]52;c;\(base64(Array(harmless.utf8)))\u{07}"
  }

  /// RFC 4648 §4.
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let padded = Array(group) + Array(repeating: 0, count: 3 - group.count)
      let word = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
      for place in 0..<4 {
        result.append(place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
