/// Where two texts part ways, in the words of a note. Places are counted in characters (Unicode scalars) from 1.
enum Difference {
  /// How far `actual` is from what was `expected`; nil when it is equal to it, or begins with it where that is enough.
  /// - Parameter owner: who has the expected text: `the rule`.
  static func note(
    expected: String, isPrefix: Bool = false, actual: String, owner: String = "the rule"
  ) -> String? {
    let (wanted, found) = (Array(expected.unicodeScalars), Array(actual.unicodeScalars))
    let common = zip(wanted, found).prefix { $0 == $1 }.count
    if common == wanted.count, isPrefix || found.count == wanted.count { return nil }
    if common == found.count {
      return found.isEmpty
        ? "it is empty" : "it ends where \(owner) goes on with `\(excerpt(wanted, from: common))`"
    }
    if common == wanted.count {
      let rest = found[common...]
      if rest.allSatisfy(\.properties.isWhitespace) { return "the same but for blanks at the end of the token's" }
      return "it goes on with `\(excerpt(found, from: common))` after all that \(owner) has"
    }
    if wanted[common...].allSatisfy(\.properties.isWhitespace), common == found.count {
      return "the same but for blanks at the end of \(owner)'s"
    }
    let start = context(found, before: common)
    let place =
      "differs at character \(common + 1): `\(excerpt(found, from: start))`, \(owner) has `\(excerpt(wanted, from: start))`"
    let isCase =
      actual.lowercased().unicodeScalars.starts(with: expected.lowercased().unicodeScalars)
      && (isPrefix || found.count == wanted.count)
    return isCase ? "the same but for letter case: \(place)" : place
  }

  /// Where an excerpt begins that shows what comes before `place`: at the nearest name that is not cut, if it is near.
  private static func context(_ text: [Unicode.Scalar], before place: Int) -> Int {
    let nearest = max(0, place - 8)
    if nearest == 0 { return 0 }
    let starts = (nearest...place).filter { "/:@.=".unicodeScalars.contains(text[$0 - 1]) }
    return starts.first ?? nearest
  }

  /// `text` for a note: as long as names usually are, at most.
  static func excerpt(_ text: String) -> String { excerpt(Array(text.unicodeScalars.prefix(81)), from: 0, limit: 80) }

  /// At most `limit` characters, and a mark where text is left out.
  private static func excerpt(_ text: [Unicode.Scalar], from start: Int, limit: Int = 40) -> String {
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: text[start...].prefix(limit))
    return String(shown) + (text.count - start > limit ? "…" : "")
  }
}
