import Testing

@testable import Interface

@Suite("A surface")
struct SurfaceTests {
  @Test("cuts off what is outside without complaint") func outside() {
    var surface = Surface(Size(columns: 4, rows: 2))
    surface.write("abcdef", row: 0, column: 2)
    surface.write("xyz", row: 1, column: -1)
    surface.write("no", row: 2)
    surface.write("no", row: -1)
    surface.write("no", row: 0, column: 9)
    #expect(surface.text == "  ab\nyz")
  }

  @Test("never holds half a wide glyph") func wide() {
    var surface = Surface(Size(columns: 5, rows: 1))
    surface.write("作者作", row: 0)
    #expect(surface.text == "作者")
    surface.write("x", row: 0, column: 1)
    #expect(surface.text == " x者")
    surface.write("y", row: 0, column: 2)
    #expect(surface.text == " xy")
    surface.write("作", row: 0, column: -1)
    #expect(surface.fault == nil)
  }

  @Test("says how many columns a text took") func used() {
    var surface = Surface(Size(columns: 10, rows: 1))
    #expect(surface.write("作者", row: 0) == 4)
    #expect(surface.write("abcdef", row: 0, column: 8) == 2)
    #expect(surface.write("abcdef", row: 0, width: 3) == 3)
    #expect(surface.write("abc", row: 1) == 0)
  }

  @Test("holds nothing but glyphs, whatever is written", arguments: Hostile.texts)
  func hostile(text: String) {
    for columns in [1, 2, 3, 7, 40] {
      var surface = Surface(Size(columns: columns, rows: 3))
      for start in -3...columns { surface.write(text, row: 1, column: start) }
      #expect(surface.fault == nil)
      #expect(surface[0, 0] == Cell() && surface[2, 0] == Cell())
    }
  }

  @Test("keeps two marks on a letter and drops the rest, so that no row above is painted over") func marks() {
    var surface = Surface(Size(columns: 3, rows: 1))
    surface.write("e" + String(repeating: "\u{301}", count: 10_000) + "x", row: 0)
    #expect(surface.text == "e\u{301}\u{301}x")
  }

  @Test("lays another over itself, with its cursor") func placing() {
    var under = Surface(Size(columns: 6, rows: 3))
    for row in 0..<3 { under.write("作作作", row: row) }
    var over = Surface(Size(columns: 3, rows: 1))
    over.write("abc", row: 0)
    over.cursor = Position(row: 0, column: 1)
    under.place(over, row: 1, column: 1)
    #expect(under.text == "作作作\n abc作\n作作作")
    #expect(under.cursor == Position(row: 1, column: 2))
    under.place(over, row: 7, column: 9)
    #expect(under.fault == nil)
  }

  @Test("draws a frame with its title, and none where there is no room") func framing() {
    var surface = Surface(Size(columns: 12, rows: 3))
    surface.frame(row: 0, column: 0, size: surface.size, title: "A long title")
    #expect(surface.text == "┌─ A lon… ─┐\n│          │\n└──────────┘")
    var small = Surface(Size(columns: 1, rows: 1))
    small.frame(row: 0, column: 0, size: small.size, title: "x")
    #expect(small.text == "")
    small.frame(row: -5, column: -5, size: Size(columns: 1_000_000, rows: 1_000_000), title: "x")
  }

  @Test("gives runs that turn the old screen into the new", arguments: 0..<60)
  func changes(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let size = Size(columns: Int.random(in: 1...20, using: &random), rows: Int.random(in: 1...6, using: &random))
    func scribble(on surface: inout Surface) {
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        surface.write(
          Hostile.texts.randomElement(using: &random) ?? "", row: Int.random(in: -1...size.rows, using: &random),
          column: Int.random(in: -4...size.columns, using: &random),
          role: Role.allCases.randomElement(using: &random) ?? .text)
      }
    }
    var old = Surface(size)
    scribble(on: &old)
    var new = old
    scribble(on: &new)
    #expect(old.applying(new.changes(since: old)) == new.cells)
    #expect(new.changes(since: new).isEmpty)
    for run in new.changes(since: old) {
      #expect(run.cells.first?.isContinuation == false && run.cells.last?.isWide == false)
    }
  }
}

/// The same numbers for the same seed, wherever it runs (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension Surface {
  /// The cells of a terminal that showed this surface after it has painted the runs.
  func applying(_ runs: [Run]) -> [Cell] {
    var painted = cells
    for run in runs {
      let start = run.row * size.columns + run.column
      painted.replaceSubrange(start..<start + run.cells.count, with: run.cells)
    }
    return painted
  }
}
