/// What fills one cell or two: a base scalar and the combining marks drawn over it.
struct Glyph {
  /// Laid out as the low bits of ``Cell``.
  private(set) var bits: UInt64
  let width: Int

  init(base: Unicode.Scalar, width: Int) { (bits, self.width) = (UInt64(base.value), width) }

  /// Two marks fit; more are decoration or an attempt to paint over the rows around, and are dropped.
  mutating func add(_ mark: Unicode.Scalar) {
    guard mark.value <= 0x1_FFFF else { return }
    if bits >> 21 & 0x1_FFFF == 0 {
      bits |= UInt64(mark.value) << 21
    } else if bits >> 38 & 0x1_FFFF == 0 {
      bits |= UInt64(mark.value) << 38
    }
  }

  func append(to text: inout String) {
    for shift in [0, 21, 38] as [UInt64] {
      let value = UInt32(bits >> shift & (shift == 0 ? 0x1F_FFFF : 0x1_FFFF))
      if value != 0, let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
  }

  /// Walks the glyphs of a text made harmless, until `body` answers false.
  ///
  /// Scalars, not grapheme clusters, because terminals advance by scalar: a family joined by zero-width joiners is
  /// shown as its members, a flag as its letters, and a colour of skin is left out.
  static func each(in text: String, _ body: (Glyph) -> Bool) {
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    var held: Glyph?
    var followsEmoji = false
    while let scalar = next {
      next = scalars.next()
      switch Fate(of: scalar, followsEmoji: followsEmoji, next: next) {
      case .mark:
        if held == nil { held = Glyph(base: "◌", width: 1) }
        held?.add(scalar)
      case .dropped:
        break
      case .shown(let base, let width):
        if let held, !body(held) { return }
        held = Glyph(base: base, width: width)
        followsEmoji = scalar.isPicture
      case .named:
        followsEmoji = false
        if let ready = held, !body(ready) { return }
        held = nil
        for letter in "⟨U+\(String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 4))⟩".unicodeScalars
        where !body(Glyph(base: letter, width: 1)) { return }
      }
    }
    if let held { _ = body(held) }
  }

  /// What becomes of one scalar on its way to a cell.
  private enum Fate {
    case shown(Unicode.Scalar, width: Int)
    case mark, dropped
    /// Written out as its number, because someone who looks for an attack wants to know which it was.
    case named

    init(of scalar: Unicode.Scalar, followsEmoji: Bool, next: Unicode.Scalar?) {
      switch scalar.value {
      case 0x09: self = .shown(" ", width: 1)
      case 0..<0x20: self = .shown(Unicode.Scalar(0x2400 + scalar.value) ?? "�", width: 1)
      case 0x7F: self = .shown("␡", width: 1)
      case 0x20..<0x7F, 0xA0..<0xAD, 0xAE..<0x300: self = .shown(scalar, width: 1)
      case 0x80..<0xA0: self = .shown("�", width: 1)
      // Dashes, quotes and dots, frames, bars and triangles: what our own screens are made of, and no need to look up.
      case 0x2010...0x2027, 0x2500...0x25FC: self = .shown(scalar, width: 1)
      case 0x200D where followsEmoji && next?.isPicture == true: self = .dropped
      case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF: self = .named
      case 0xFE0E, 0xFE0F: self = followsEmoji ? .dropped : .shown("�", width: 1)
      case 0x1F1E6...0x1F1FF:
        // Squared letters: every terminal gives them one column, while flags are one to four.
        self = .shown(Unicode.Scalar(scalar.value - 0x1F1E6 + 0x1F130) ?? "�", width: 1)
      case 0x1F3FB...0x1F3FF where followsEmoji: self = .dropped
      case 0x1161...0x11FF, 0xD7B0...0xD7FF: self = .mark
      default: self.init(category: scalar)
      }
    }

    private init(category scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
        self = .shown("�", width: 1)
      case _ where scalar.properties.isDefaultIgnorableCodePoint:
        self = .shown("�", width: 1)
      case .nonspacingMark, .enclosingMark:
        self = .mark
      default:
        self = .shown(scalar, width: scalar.isWide ? 2 : 1)
      }
    }
  }
}

extension Unicode.Scalar {
  /// An emoji that may be joined or varied; the digits that Unicode also counts as emoji are not.
  fileprivate var isPicture: Bool {
    // Few of those are below the double exclamation mark, and none is a frame or a bar.
    switch value {
    case 0xA9, 0xAE, 0x203C..<0x2500, 0x25A0...: properties.isEmoji
    default: false
    }
  }

  /// East Asian wide and full-width, and emoji shown as pictures by default (UAX #11).
  fileprivate var isWide: Bool {
    guard value >= 0x1100 else { return false }
    var (low, high) = (0, Self.wide.count)
    while low < high {
      let middle = (low + high) / 2
      if value > Self.wide[middle].upperBound { low = middle + 1 } else { high = middle }
    }
    return low < Self.wide.count && Self.wide[low].contains(value)
  }

  // Ranges run over unassigned code points, which never get here.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0, 0x23F3...0x23F3,
    0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1,
    0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
    0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B,
    0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x3029,
    0x302E...0x303E, 0x3041...0x3096, 0x309B...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAD9,
    0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FE3, 0x16FF0...0x18D08,
    0x1AFF0...0x1B2FB, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A,
    0x1F200...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA,
    0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440,
    0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A,
    0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC,
    0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7F0,
    0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x323AF,
  ]
}

extension String {
  fileprivate func leftPadded(to count: Int) -> String {
    String(repeating: "0", count: Swift.max(0, count - self.count)) + self
  }

  /// Printable ASCII only, so that a byte is a glyph is a column.
  var isPlain: Bool {
    for byte in utf8 where byte < 0x20 || byte > 0x7E { return false }
    return true
  }
}
