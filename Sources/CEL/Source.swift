/// A place in a text, counted from 1. A column counts Unicode scalars; a line ends at LF, CR LF or CR.
package struct Position: Hashable, Sendable {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) { (self.line, self.column) = (line, column) }
}

/// The text of an expression. Ranges everywhere in this module are offsets into its UTF-8.
package struct Source: Hashable, Sendable {
  package let text: String
  let bytes: [UInt8]

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  /// The text of a range, such as that of a node.
  package subscript(range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  package func position(of offset: Int) -> Position {
    let start = lineStart(of: offset)
    var line = 1
    var index = 0
    while index < start {
      let isEnd = bytes[index] == .lineFeed || bytes[index] == .carriageReturn && !isLineFeed(index + 1)
      if isEnd { line += 1 }
      index += 1
    }
    return Position(line: line, column: scalars(in: start..<min(offset, bytes.count)) + 1)
  }

  /// The line that holds an offset, without its end.
  func line(at offset: Int) -> String {
    let start = lineStart(of: offset)
    let end = bytes[start...].firstIndex { $0 == .lineFeed || $0 == .carriageReturn } ?? bytes.count
    return self[start..<end]
  }

  func scalars(in range: Range<Int>) -> Int {
    bytes[range.clamped(to: 0..<bytes.count)].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }

  private func isLineFeed(_ index: Int) -> Bool { index < bytes.count && bytes[index] == .lineFeed }

  private func lineStart(of offset: Int) -> Int {
    var start = min(offset, bytes.count)
    while start > 0 {
      let before = bytes[start - 1]
      if before == .lineFeed || before == .carriageReturn && !isLineFeed(start) { break }
      start -= 1
    }
    return start
  }
}

extension UInt8 {
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D

  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
  var startsName: Bool { isLetter || self == UInt8(ascii: "_") }
  var continuesName: Bool { startsName || isDigit }
  var isBlank: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D && self != 0x0B) }

  /// The value of a hexadecimal digit.
  var hexDigit: UInt32? {
    switch self {
    case 0x30...0x39: UInt32(self - 0x30)
    case 0x41...0x46: UInt32(self - 0x41 + 10)
    case 0x61...0x66: UInt32(self - 0x61 + 10)
    default: nil
    }
  }
}
