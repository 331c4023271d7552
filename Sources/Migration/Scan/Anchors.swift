/// The few texts without which a file has nothing to report, sought all at once: a file without any is passed over
/// after one look at every fifth byte or so.
///
/// S. Wu and U. Manber, A fast algorithm for multi-pattern searching (1994): a table says for every pair of bytes how
/// far the nearest anchor that could hold it may still be.
struct Anchors: Sendable {
  static let standard = Anchors(
    credentialTexts + ["anthropic", "claude", "apikeyhelper", "primaryapikey", "customapikeyresponses"])
  /// Those of credentials alone, plain, in base64, and with the prefix in a piece of its own.
  static let credentials = Anchors(credentialTexts)

  private static let credentialTexts = [
    "sk-ant-", "c2stYW50", "NrLWFudC", "zay1hbnQt", "api03-", "admin01-", "oat01-", "ort01-",
  ]

  private let anchors: [[UInt8]]
  private let width: Int
  /// By pair of bytes; zero where an anchor may end.
  private let shifts: [UInt8]

  init(_ texts: [String]) {
    anchors = texts.map { Array($0.utf8).map(\.lowercase) }
    width = anchors.map(\.count).min() ?? 2
    var shifts = [UInt8](repeating: UInt8(width - 1), count: 1 << 16)
    for anchor in anchors {
      for index in 0..<(width - 1) {
        for first in anchor[index].cases {
          for second in anchor[index + 1].cases {
            let pair = Int(first) << 8 | Int(second)
            shifts[pair] = min(shifts[pair], UInt8(width - 2 - index))
          }
        }
      }
    }
    self.shifts = shifts
  }

  /// Whether any anchor occurs, in whatever case.
  func occur(in bytes: UnsafeRawBufferPointer) -> Bool { next(in: bytes, from: 0) != nil }

  /// Where the next anchor begins.
  func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    shifts.withUnsafeBufferPointer { shifts in
      var at = start + width - 2
      let end = bytes.count - 1
      while at < end {
        let shift = shifts[Int(bytes[at]) << 8 | Int(bytes[at + 1])]
        if shift > 0 {
          at += Int(shift)
          continue
        }
        let begin = at + 2 - width
        for anchor in anchors where begin + anchor.count <= bytes.count {
          if (0..<anchor.count).allSatisfy({ bytes[begin + $0].lowercase == anchor[$0] }) { return begin }
        }
        at += 1
      }
      return nil
    }
  }
}

extension UInt8 {
  fileprivate var lowercase: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
  /// The byte itself, and in the other case where it has one.
  fileprivate var cases: [UInt8] { (0x61...0x7A).contains(self) ? [self, self - 0x20] : [self] }
}
