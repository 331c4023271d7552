import CEL
import Testing

@Suite("Patterns")
struct PatternTests {
  @Test("match as RE2 does") func corpus() throws {
    for line in try fixture("re2-cases") {
      let text = try #require(line["pattern"] as? String)
      let subject = try #require(line["text"] as? String)
      let pattern = try? Pattern(text)
      let expected = line["match"] as? Bool
      #expect(pattern?.matches(subject) == expected, "\(text) on \(subject.debugDescription)")
    }
  }
}
