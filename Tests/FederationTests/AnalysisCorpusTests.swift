import Foundation
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

  static let all: [RuleCase] = {
    guard let url = Bundle.module.url(forResource: "rules-corpus", withExtension: "jsonl", subdirectory: "Fixtures"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").compactMap { line in
      guard let json = try? JSON(parsing: String(line)), let candidate = try? Candidate(json: json) else { return nil }
      return RuleCase(
        id: json["id"]?.string ?? "", candidate: candidate,
        expected: (json["expect"]?.array ?? []).compactMap(\.string).sorted(), reason: json["why"]?.string ?? "")
    }
  }()
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
