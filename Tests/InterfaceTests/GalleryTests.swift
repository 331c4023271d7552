import Foundation
import Testing

@testable import Interface

@Suite("Every widget")
struct GalleryTests {
  private static let sizes = [Size(columns: 26, rows: 7), Size(columns: 50, rows: 11), Size(columns: 84, rows: 16)]
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Screens")

  /// With `RECORD_SCREENS` set the files are written instead: look at what `git diff` says then.
  @Test("looks as its file in Screens says, in Unicode and in ASCII", arguments: Gallery.exhibits.map(\.name))
  func screens(name: String) throws {
    let exhibit = try #require(Gallery.exhibits.first { $0.name == name })
    var text = ""
    for size in Self.sizes {
      let surface = exhibit.surface(size)
      text +=
        "== \(size.columns) × \(size.rows)\n\(surface.text)\n== \(size.columns) × \(size.rows), ASCII\n\(surface.inASCII().text)\n"
    }
    let file = Self.folder.appending(path: "\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SCREENS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected)
  }

  @Test("is nothing but ASCII where a terminal shows nothing else", arguments: Gallery.exhibits.map(\.name))
  func ascii(name: String) throws {
    var exhibit = try #require(Gallery.exhibits.first { $0.name == name })
    var random = SeededRandom(seed: 7)
    for _ in 0..<10 {
      let surface = exhibit.surface(Self.sizes[1])
      let plain = surface.inASCII()
      #expect(plain.text.allSatisfy { $0.isASCII })
      #expect(plain.size == surface.size && plain.fault == nil)
      exhibit.change(&random)
    }
  }

  @Test("draws in any size, down to none", arguments: Gallery.exhibits.map(\.name))
  func sizes(name: String) throws {
    let exhibit = try #require(Gallery.exhibits.first { $0.name == name })
    for columns in stride(from: 0, through: 32, by: 2) {
      for rows in 0...9 { #expect(exhibit.surface(Size(columns: columns, rows: rows)).fault == nil) }
    }
  }
}

/// Keys, sizes and data by chance: what a year of use brings, in a few seconds.
@Suite("A random walk")
struct RandomWalkTests {
  private static let keys: [Key] =
    Key.script("jkgGhlnN/?: so<>+-yYabcx019<enter><esc><tab><shift-tab><up><down><left><right><home><end>")
    + Key.script("<pgup><pgdn><backspace><del><ctrl-d><ctrl-u><ctrl-s><ctrl-w><ctrl-k><ctrl-a><alt-b><alt-f><f5>")
    + Hostile.short.map { .paste($0) }

  /// `WALK_STEPS` makes it longer.
  private static let steps =
    (ProcessInfo.processInfo.environment["WALK_STEPS"].flatMap { Int($0) } ?? 10_000) / Gallery.exhibits.count

  @Test(
    "never draws outside, and what was drawn in steps is what is drawn at once", arguments: Gallery.exhibits.map(\.name)
  )
  func walk(name: String) throws {
    var exhibit = try #require(Gallery.exhibits.first { $0.name == name })
    var random = SeededRandom(seed: UInt64(name.utf8.reduce(0) { $0 * 31 + Int($1) }))
    var size = Size(columns: 50, rows: 12)
    var shown = Surface(Size(columns: 0, rows: 0))
    for step in 0..<Self.steps {
      switch Int.random(in: 0..<20, using: &random) {
      case 0: size = Size(columns: Int.random(in: 0...90, using: &random), rows: Int.random(in: 0...30, using: &random))
      case 1, 2: exhibit.change(&random)
      default: exhibit.press(Self.keys.randomElement(using: &random) ?? "j", height: size.rows)
      }
      let margin = Cell("#", role: .danger)
      var surface = Surface(Size(columns: size.columns + 4, rows: size.rows + 2))
      for row in 0..<surface.size.rows {
        surface.write(String(repeating: "#", count: surface.size.columns), row: row, role: .danger)
      }
      surface.clear(row: 1, column: 2, size: size)
      exhibit.draw(into: &surface, Area(row: 1, column: 2, width: size.columns, height: size.rows))

      let fault = surface.fault ?? surface.leak(around: size, margin: margin)
      try #require(fault == nil, "step \(step), \(size)")
      let before = surface.size == shown.size ? shown : Surface(surface.size)
      try #require(before.applying(surface.changes(since: shown)) == surface.cells, "step \(step), \(size)")
      shown = surface
    }
  }
}

extension Surface {
  /// Where the margin of 1 row and 2 columns around a part was drawn over; nil when it was not.
  fileprivate func leak(around part: Size, margin: Cell) -> String? {
    for (index, cell) in cells.enumerated() where cell != margin {
      let (row, column) = (index / size.columns, index % size.columns)
      if row < 1 || row > part.rows || column < 2 || column >= 2 + part.columns {
        return "drew outside, at row \(row), column \(column)"
      }
    }
    return nil
  }
}
