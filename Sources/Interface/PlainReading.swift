/// A screen as lines to be read out: what stood on it is said once, then only what changes.
package struct PlainReading: Sendable {
  private var said: [String] = []

  package init() {}

  /// The lines to say now: the whole screen when most of it is new, after an empty line, else what is new in it.
  package mutating func announce(_ surface: Surface) -> [String] {
    let lines = Self.lines(of: surface)
    defer { said = lines }
    let known = Set(said)
    // A selection that went away is not news: the line it went to is.
    let names = Set(said.map(Self.unmarked))
    let new = lines.filter { line in
      !known.contains(line) && (line.hasPrefix(Self.mark) || !names.contains(line))
    }
    let isOther = said.isEmpty || new.count * 2 > lines.count
    return isOther ? (said.isEmpty ? [] : [""]) + lines : new
  }

  private static let mark = "> "

  private static func unmarked(_ line: String) -> String {
    line.hasPrefix(mark) ? String(line.dropFirst(mark.count)) : line
  }

  /// One row a line: without frames and bars, columns parted by a comma, the selected row marked by `> `.
  package static func lines(of surface: Surface) -> [String] {
    surface.text.split(separator: "\n").compactMap { row in
      let isSelected = row.contains { $0 == "▸" }
      let letters = row.map { character in drawing.contains(character) ? " " : character }
      let parts = String(letters).split(separator: "  ").map(trimmed).filter { !$0.isEmpty }
      return parts.isEmpty ? nil : (isSelected ? mark : "") + parts.joined(separator: ", ")
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(String(text.drop { $0 == " " }).reversed().drop { $0 == " " }.reversed())
  }

  private static let drawing: Set<Character> = [
    "─", "│", "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "▸", "◂", "░", "█", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "▏",
    "▎", "▍", "▌", "▋", "▊", "▉",
  ]
}
