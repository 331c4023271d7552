/// A value in the form in which values are compared: upper and lower case are one, but not in identifiers, which the
/// platform tells apart byte for byte. One token: no space and no NUL is in it.
enum FoldedValue {
  /// Bytes of a value that count; what differs only after them is not told apart.
  static let limit = 512

  static func append(_ value: UnsafeBufferPointer<UInt8>, to folded: inout [UInt8]) {
    let value = cut(value, to: limit)
    let keepsCase = Identifier.isOne(value)
    let isPlain = folded.appendBytes(atMost: 2 * value.count) { folded, end in
      for byte in value {
        guard byte < 0x80 else { return false }
        if keepsCase, byte.isASCIIUppercase {
          folded[end] = 0x02
          end += 1
        }
        append(byte.asciiLowercased, to: folded, &end)
      }
      return true
    }
    guard !isPlain else { return }
    let lowercased = Array(String(decoding: value, as: UTF8.self).lowercased().utf8)
    _ = folded.appendBytes(atMost: 2 * lowercased.count) { folded, end in
      for byte in lowercased { append(byte, to: folded, &end) }
      return true
    }
  }

  static func of(_ value: String) -> [UInt8] {
    var (value, folded) = (value, [UInt8]())
    value.withUTF8 { append($0, to: &folded) }
    return folded
  }

  /// The value again, but for the case of letters.
  static func unfolded(_ folded: some Collection<UInt8>) -> String {
    var bytes: [UInt8] = []
    var rest = folded.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case 0x02: if let letter = rest.next() { bytes.append(letter & ~0x20) }
      case 0x03: if let code = rest.next() { bytes.append(escapes[Int(code & 3)]) }
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The bytes that parts of a text have a use for, written 0x03 and their number here.
  private static let escapes: [UInt8] = [0x00, 0x20, 0x02, 0x03]

  private static func append(_ byte: UInt8, to folded: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int) {
    if byte <= 0x20, let code = escapes.firstIndex(of: byte) {
      folded[end] = 0x03
      folded[end + 1] = 0x30 | UInt8(code)
      end += 2
    } else {
      folded[end] = byte
      end += 1
    }
  }

  /// At most `limit` bytes, and no half of a character.
  static func cut(_ value: UnsafeBufferPointer<UInt8>, to limit: Int) -> UnsafeBufferPointer<UInt8> {
    guard value.count > limit else { return value }
    var end = limit
    while end > 0, value[end] & 0xC0 == 0x80 { end -= 1 }
    return UnsafeBufferPointer(rebasing: value[..<end])
  }
}

extension UInt8 {
  var isASCIIUppercase: Bool { (0x41...0x5A).contains(self) }
  var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }
}

extension [UInt8] {
  /// Appends what `body` writes, without a check for each byte: this runs for every text of every activity.
  /// - Parameters:
  ///   - count: of the bytes that `body` may write.
  ///   - body: is given the bytes and where to write, which it moves on. When it says no, nothing is appended.
  mutating func appendBytes(
    atMost count: Int, _ body: (UnsafeMutableBufferPointer<UInt8>, inout Int) -> Bool
  ) -> Bool {
    let start = self.count
    append(contentsOf: repeatElement(0, count: count))
    var end = start
    let isDone = withUnsafeMutableBufferPointer { body($0, &end) }
    removeLast(self.count - (isDone ? end : start))
    return isDone
  }
}
