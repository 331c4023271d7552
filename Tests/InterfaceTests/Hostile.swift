@testable import Interface

/// Texts that try to steer a terminal, hide from an eye, or break a layout.
enum Hostile {
  static let texts: [String] = [
    "\u{1B}[2J\u{1B}[H", "\u{1B}]0;owned\u{07}", "\u{1B}]52;c;cm0gLXJmIC8=\u{07}", "\u{1B}P+q544e\u{1B}\\", "\u{9B}31m",
    "\u{90}\u{9C}", "a\r\nb\u{0B}c\u{0C}d", "\u{08}\u{08}\u{08}gone", "\u{0E}\u{0F}shift", "\u{7F}\u{0}",
    "user\u{202E}txt.exe",
    "\u{2066}a\u{2067}b\u{2069}\u{200F}", "zero\u{200B}width\u{200D}join\u{FEFF}",
    "e" + String(repeating: "\u{301}", count: 10_000),
    String(repeating: "\u{301}", count: 100),
    String(decoding: [0xFF, 0xFE, 0xC3, 0x28, 0xE2, 0x82] as [UInt8], as: UTF8.self),
    "作者作者作者", "👩‍👩‍👧‍👦👍🏽❤️🇩🇪🏳️‍🌈", "שלום עולם", "مرحبا", "\t\ttabs\t", "\u{2028}\u{2029}lines", "\u{E0041}\u{E007F}tags",
    "\u{AD}soft\u{34F}", "한글\u{1161}\u{11A8}", String(repeating: "x", count: 5000), "", " ",
    "\u{FFFF}\u{FFFE}\u{1FFFF}",
    "ﷺ𒐫⸻", "\u{0E33}\u{0EB3}",
  ]

  /// The same, cut to what fits on a screen, for tests that draw them many thousand times.
  static let short = texts.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(100))) }

  /// A cell may hold nothing that a terminal acts on or that takes no room of its own.
  static func isHarmless(_ cell: Cell) -> Bool {
    let (base, first, second) = cell.scalars
    guard let scalar = Unicode.Scalar(base), cell.isContinuation || isShown(scalar) else { return false }
    return [first, second].allSatisfy { $0 == 0 || Unicode.Scalar($0).map(isMark) == true }
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned: false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .otherLetter: true
    default: false
    }
  }
}

extension Surface {
  /// What a cell holds that must not be there, or a wide glyph that lacks a half; nil when all is well.
  var fault: String? {
    for (index, cell) in cells.enumerated() {
      if cell.isPlainLetter { continue }
      let place = "row \(index / size.columns), column \(index % size.columns)"
      if !Hostile.isHarmless(cell) { return "\(place): \(cell.scalars)" }
      if cell.isWide, (index + 1) % size.columns == 0 || !cells[index + 1].isContinuation {
        return "\(place): half a wide glyph"
      }
      if cell.isContinuation, index % size.columns == 0 || !cells[index - 1].isWide {
        return "\(place): the wrong half"
      }
    }
    if let cursor, !contains(cursor) { return "the cursor is outside, at \(cursor)" }
    return nil
  }
}

extension Cell {
  /// Most cells are, and asking Unicode about each would take most of the time of a walk.
  fileprivate var isPlainLetter: Bool {
    let (base, first, second) = scalars
    return base >= 0x20 && base < 0x7F && first == 0 && second == 0 && !isWide && !isContinuation
  }
}
