/// A value in the form in which values are compared: upper and lower case are one, but not in identifiers, which the
/// platform tells apart byte for byte. One token: no space and no NUL is in it.
enum FoldedValue {
  /// Bytes of a value that count; what differs only after them is not told apart.
  static let limit = 512

  static func append(_ value: UnsafeBufferPointer<UInt8>, to folded: inout [UInt8]) {
    let value = cut(value, to: limit)
    if !value.allSatisfy({ $0 < 0x80 }) {
      for byte in String(decoding: value, as: UTF8.self).lowercased().utf8 { append(byte, to: &folded) }
    } else if Identifier.isOne(value) {
      for byte in value {
        if byte.isASCIIUppercase { folded.append(0x02) }
        folded.append(byte.asciiLowercased)
      }
    } else {
      for byte in value { append(byte.asciiLowercased, to: &folded) }
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

  private static func append(_ byte: UInt8, to folded: inout [UInt8]) {
    guard byte <= 0x20, let code = escapes.firstIndex(of: byte) else { return folded.append(byte) }
    folded.append(0x03)
    folded.append(0x30 | UInt8(code))
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
