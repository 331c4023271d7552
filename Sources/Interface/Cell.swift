/// One place on the screen: a glyph of one or two columns and its role.
///
/// Packed in one word without reference counts, because a screen is compared cell by cell at every key. From the
/// low bits: base scalar (21), two combining marks (17 each), continuation (1), wide (1), role (4).
package struct Cell: Hashable, Sendable {
  private(set) var bits: UInt64

  static let blank = Cell(glyph: Glyph(base: " ", width: 1), role: .text)

  init(glyph: Glyph, role: Role) {
    bits = glyph.bits | (glyph.width == 2 ? 1 << 56 : 0) | UInt64(role.place) << 57
  }

  /// - Parameter glyph: made harmless; more than two combining marks are dropped.
  package init(_ glyph: Character = " ", role: Role = .text) {
    var first: Glyph?
    Glyph.each(in: String(glyph)) {
      first = $0
      return false
    }
    self.init(glyph: first ?? Glyph(base: " ", width: 1), role: role)
  }

  package var role: Role {
    get { Role.byPlace[Int(bits >> 57 & 15)] }
    set { bits = bits & ~(15 << 57) | UInt64(newValue.place) << 57 }
  }

  /// True for the right half of a wide glyph, which holds nothing of its own.
  package var isContinuation: Bool { bits & 1 << 55 != 0 }
  /// True for the left half of a wide glyph.
  package var isWide: Bool { bits & 1 << 56 != 0 }
  /// The glyph's scalars: the base, then up to two combining marks, 0 where there is none.
  package var scalars: (base: UInt32, first: UInt32, second: UInt32) {
    (UInt32(bits & 0x1F_FFFF), UInt32(bits >> 21 & 0x1_FFFF), UInt32(bits >> 38 & 0x1_FFFF))
  }

  /// A space for a continuation.
  package var glyph: Character {
    var text = ""
    append(to: &text)
    return text.first ?? " "
  }

  var isBlank: Bool { bits & 0x7F_FFFF_FFFF_FFFF == 0x20 }

  func append(to text: inout String) {
    if isContinuation { return }
    let (base, first, second) = scalars
    for value in [base, first, second] where value != 0 {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
  }

  func continuation() -> Cell {
    var half = self
    half.bits = bits & (15 << 57) | 1 << 55 | 0x20
    return half
  }

  func blanked() -> Cell {
    var blank = self
    blank.bits = bits & (15 << 57) | 0x20
    return blank
  }
}

/// A run of neighbouring cells in one row.
package struct Run: Equatable, Sendable {
  package let row, column: Int
  package let cells: [Cell]
  package init(row: Int, column: Int, cells: [Cell]) { (self.row, self.column, self.cells) = (row, column, cells) }
}
