import Platform
import Testing

@testable import Federation

/// A line of the corpus of rules: what is expected of each, and nothing of severity low or above beyond it.
struct RuleCase: Sendable, CustomTestStringConvertible {
  let id: String
  let candidate: Candidate
  let expected: [String]
  let reason: String

  var testDescription: String { "\(id) \(reason)" }

  static let all: [RuleCase] = ((try? Fixture.lines("rules-corpus.jsonl")) ?? []).compactMap { json in
    guard let candidate = try? Candidate(json: json) else { return nil }
    return RuleCase(
      id: json["id"]?.string ?? "", candidate: candidate,
      expected: (json["expect"]?.array ?? []).compactMap(\.string).sorted(), reason: json["why"]?.string ?? "")
  }
}

@Suite("The corpus of rules")
struct AnalysisCorpusTests {
  @Test func isRead() { #expect(RuleCase.all.count == 169) }

  @Test("each rule has its findings and no others", arguments: RuleCase.all)
  func findings(rule: RuleCase) {
    let found = Analyser.findings(of: rule.candidate).filter { $0.severity > .info }
    #expect(Set(found.map(\.id)).sorted() == rule.expected)
  }

  @Test("the provider is known without being told", arguments: RuleCase.all)
  func provider(rule: RuleCase) {
    #expect(Provider(issuerURL: rule.candidate.issuerURL, match: rule.candidate.match) == rule.candidate.provider)
  }
}
