extension Surface {
  /// The same screen for a terminal that shows nothing but ASCII: our own signs by their likeness, `?` for each column
  /// of what has none. What means something must not look like something else.
  package func inASCII() -> Surface {
    var plain = self
    plain.replaceCells { $0.inASCII }
    return plain
  }
}

extension Cell {
  /// See ``Surface/inASCII()``.
  package var inASCII: Cell {
    let base = scalars.base
    if base < 0x7F, !isContinuation, !isWide, scalars.first == 0 { return self }
    if isContinuation || isWide { return Cell("?", role: role) }
    if base < 0x7F, let scalar = Unicode.Scalar(base) { return Cell(Character(scalar), role: role) }
    return Cell(Unicode.Scalar(base).flatMap { Self.likenesses[$0] } ?? "?", role: role)
  }

  private static let likenesses: [Unicode.Scalar: Character] = [
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+",
    "▸": ">", "◂": "<", "▾": "-", "▹": "+", "▼": "v", "▲": "^", "›": ">", "‹": "<", "…": "~", "•": "*", "·": ".",
    "–": "-",
    "—": "-",
    "✓": "+", "✗": "x", "×": "x", "↑": "^", "↓": "v", "←": "<", "→": ">", "█": "#", "░": ".", "▒": ":", "▓": "#",
    "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%", "▉": "#", "▊": "#", "▋": "#", "▌": "=",
    "▍": "-",
    "▎": "-", "▏": "-", "“": "\"", "”": "\"", "‘": "'", "’": "'", "\u{A0}": " ", "⟨": "<", "⟩": ">", "●": "*", "○": "o",
    "⚠": "!", "◌": "'", "▶": ">", "◀": "<", "§": "S", "≤": "<", "≥": ">",
    "◆": "=", "★": "m",
  ]
}
