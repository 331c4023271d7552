import Platform
import Testing

@Suite("A text looked for letter by letter")
struct FragmentTests {
  @Test("is found at every place and of every length, in either case", arguments: [0, 1, 15, 16, 17, 31, 40])
  func places(before: Int) {
    for needle in ["x", "Xy", "@b", "needle in it", "0123456789abcdefghij", "É漢字"] {
      for after in [0, 1, 14, 15, 16, 33] {
        let hay = String(repeating: "-", count: before) + needle + String(repeating: "+", count: after)
        #expect(Fragment(needle).isWithin(hay))
        #expect(Fragment(needle.lowercased()).isWithin(hay) == !needle.contains("É"))
        #expect(!Fragment(needle + "?").isWithin(hay) && !Fragment("?" + needle).isWithin(hay))
        let almost = hay.replacing(needle, with: String(needle.dropLast()) + "~")
        #expect(!Fragment(needle).isWithin(almost))
      }
    }
  }

  @Test("is what it is: signs beside letters in the code are not their cases")
  func signs() {
    #expect(!Fragment("@").isWithin("`") && !Fragment("[").isWithin("{") && !Fragment("0").isWithin("\u{10}"))
    #expect(Fragment("").isWithin("") && !Fragment("a").isWithin(""))
  }
}
