internal import Glibc
internal import Interface

/// The clipboard as terminals offer it to programs.
struct Clipboard {
  /// A program between us and the terminal, which keeps what it does not know to itself.
  enum Multiplexer { case none, tmux, screen }

  let multiplexer: Multiplexer

  init(multiplexer: Multiplexer) { self.multiplexer = multiplexer }

  /// For where we run, as the environment tells.
  static var here: Clipboard {
    if getenv("TMUX") != nil { return Clipboard(multiplexer: .tmux) }
    return Clipboard(multiplexer: getenv("STY") != nil ? .screen : .none)
  }

  /// OSC 52 (xterm's control sequences, "Manipulate Selection Data"), with the text made harmless line by line: what
  /// is pasted into a shell later must not hold what nobody saw.
  func sequence(for text: String) -> String {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let harmless = lines.map { Text.harmless(String($0)) }.joined(separator: "\n")
    let plain = "\u{1B}]52;c;\(Self.base64(Array(harmless.utf8)))\u{07}"
    switch multiplexer {
    case .none: return plain
    case .tmux:
      // As it is for a tmux that takes it (set-clipboard on), and wrapped for one that hands it on (allow-passthrough).
      return plain + "\u{1B}Ptmux;\u{1B}\(plain)\u{1B}\\"
    case .screen:
      // In parts, because screen keeps only the first bytes of a long one.
      let letters = Array(plain)
      return stride(from: 0, to: letters.count, by: Self.part).map {
        "\u{1B}P" + String(letters[$0..<min($0 + Self.part, letters.count)]) + "\u{1B}\\"
      }.joined()
    }
  }

  private static let part = 76

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
