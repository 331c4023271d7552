/// A text that is looked for letter by letter: within words, across them, in the names of members, anywhere in the JSON
/// of an activity as it is kept. Letters of ASCII are found in either case.
package struct Fragment: Hashable, Sendable {
  package let text: String
  /// In lower case, with the bit for each that makes a letter's two cases one.
  private let bytes: [UInt8]
  private let folds: [UInt8]

  package init(_ text: String) {
    self.text = text
    folds = text.utf8.map { (0x61...0x7A).contains($0 | 0x20) ? 0x20 : 0 }
    bytes = zip(text.utf8, folds).map { $0 | $1 }
  }

  package func isWithin(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isWithin(UnsafeRawBufferPointer($0)) }
  }

  /// Sixteen places at a time, by the first and the last byte; where both fit, the rest is looked at.
  package func isWithin(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let last = bytes.indices.last else { return true }
    guard let base = text.baseAddress, text.count > last else { return false }
    let (firstFold, lastFold) = (SIMD16(repeating: folds[0]), SIMD16(repeating: folds[last]))
    let (firstByte, lastByte) = (SIMD16(repeating: bytes[0]), SIMD16(repeating: bytes[last]))
    let ends = text.count - last
    var start = 0
    while start + 16 <= ends {
      let first = base.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self) | firstFold
      let other = base.loadUnaligned(fromByteOffset: start + last, as: SIMD16<UInt8>.self) | lastFold
      let fits = (first .== firstByte) .& (other .== lastByte)
      // Asking the mask itself takes sixteen steps.
      let halves = unsafeBitCast(fits, to: SIMD2<UInt64>.self)
      if halves.x | halves.y != 0 {
        for place in start..<start + 16 where fits[place - start] && isAt(base + place) { return true }
      }
      start += 16
    }
    return (start..<ends).contains { isAt(base + $0) }
  }

  private func isAt(_ place: UnsafeRawPointer) -> Bool {
    for index in bytes.indices {
      guard place.load(fromByteOffset: index, as: UInt8.self) | folds[index] == bytes[index] else { return false }
    }
    return true
  }
}
