import Foundation
import Platform
import Testing

@testable import Federation

/// What the analyser says of a rule against what the matcher does with tokens: never the contrary. A few hundred
/// rules of each provider, or as many as `GATEHOUSE_ROUNDS` says.
@Suite("The analyser beside the matcher")
struct AnalysisContradictionTests {
  static let rounds = ProcessInfo.processInfo.environment["GATEHOUSE_ROUNDS"].flatMap(Int.init) ?? 400

  @Test("never says the contrary, whatever the rule and the token", arguments: Provider.allCases)
  func contradictions(provider: Provider) {
    var world = RandomWorld(provider, seed: 23)
    var accepted = 0
    for _ in 0..<Self.rounds {
      let (match, tokens) = (world.anyMatch(), [world.ownersToken, world.strangersToken(), world.anyToken()])
      let matcher = Matcher(match)
      let letIn = tokens.filter { matcher.accepts(Claims($0)) }
      guard !letIn.isEmpty else { continue }
      accepted += letIn.count
      var inspection = Inspection(Candidate(match: match, issuerURL: world.issuerURL, provider: provider))
      inspection.judge()
      // A subject with a commit is called dead because it lives for one build.
      let deadly = inspection.findings.map(\.id).filter { Inspection.deadly.contains($0) && $0 != "BK007" }
      #expect(deadly.isEmpty, "\(deadly) \(match.requestJSON.compact) takes \(JSON.object(letIn[0]).compact)")
      for token in letIn {
        #expect(Reach(of: token, inspection.form).conflicts.isEmpty, "\(JSON.object(token).compact)")
        let isWithin = inspection.branches.contains { $0.includes(token, inspection.form) }
        #expect(isWithin, "\(match.requestJSON.compact) takes \(JSON.object(token).compact)")
      }
      // Nobody but the owner may get in where nothing is found, and it is the owner's rule.
      guard matcher.accepts(Claims(tokens[0])), matcher.accepts(Claims(tokens[1])) else { continue }
      let warnings = inspection.findings.filter(Mend.isInMatch)
      #expect(!warnings.isEmpty, "\(match.requestJSON.compact) takes \(JSON.object(tokens[1]).compact)")
    }
    #expect(accepted > Self.rounds / 2)
  }

  @Test(
    "two rules that one token fits are said to overlap, and a rule said to cover does", arguments: Provider.allCases)
  func pairs(provider: Provider) {
    var world = RandomWorld(provider, seed: 29)
    var both = 0
    for _ in 0..<Self.rounds {
      let one = world.anyMatch()
      let other = world.dice.chance(50) ? world.narrowed(one) : world.anyMatch()
      let matchers = [Matcher(one), Matcher(other)]
      for token in [world.ownersToken, world.anyToken()] {
        let takes = matchers.map { $0.accepts(Claims(token)) }
        let words = { "\(one.requestJSON.compact) \(other.requestJSON.compact) \(JSON.object(token).compact)" }
        if takes[1], !takes[0] { #expect(!one.surelyCovers(other) && !other.isNarrower(than: one), "\(words())") }
        if takes[0], !takes[1] { #expect(!other.surelyCovers(one) && !one.isNarrower(than: other), "\(words())") }
        guard takes == [true, true] else { continue }
        both += 1
        let reaches = [one, other].map {
          Inspection(Candidate(match: $0, issuerURL: world.issuerURL, provider: provider)).reach
        }
        let overlaps = reaches[0].meets(reaches[1])
        #expect(overlaps, "\(words())")
      }
    }
    #expect(both > Self.rounds / 10)
  }

  @Test("one more matcher never lets more in", arguments: Provider.allCases)
  func narrowing(provider: Provider) {
    var world = RandomWorld(provider, seed: 17)
    for _ in 0..<Self.rounds {
      let match = world.anyMatch()
      let narrow = world.narrowed(match)
      let (before, after) = (Matcher(match), Matcher(narrow))
      for token in [world.ownersToken, world.strangersToken(), world.anyToken()] where after.accepts(Claims(token)) {
        #expect(before.accepts(Claims(token)), "\(match.requestJSON.compact) \(narrow.requestJSON.compact)")
      }
    }
  }

  @Test(
    "a witness gets in, and a mend is clean, keeps the owner's tokens and lets in nobody new",
    arguments: Provider.allCases)
  func witnessesAndMends(provider: Provider) {
    var world = RandomWorld(provider, seed: 13)
    var mended = 0
    for _ in 0..<max(15, Self.rounds / 40) {
      let match = world.anyMatch()
      let matcher = Matcher(match)
      let candidate = Candidate(match: match, issuerURL: world.issuerURL, provider: provider)
      for witness in Analyser.findings(of: candidate).compactMap({ $0.witness?.object }) {
        #expect(matcher.accepts(Claims(witness)), "\(match.requestJSON.compact)")
      }
      let owner = Claims(world.ownersToken)
      guard matcher.accepts(owner), let mend = Mend.of(candidate, keeping: [owner]) else { continue }
      // A subject with a commit lets in one build; what takes its place lets in the branch.
      guard !mend.closes.contains("BK007") else { continue }
      mended += 1
      let words = "\(match.requestJSON.compact) \(mend.match.requestJSON.compact)"
      if !mend.closes.contains("GEN004") { #expect(Matcher(mend.match).accepts(owner), "\(words)") }
      var after = candidate
      after.match = mend.match
      #expect(Analyser.findings(of: after, showing: false).filter(Mend.isInMatch).isEmpty, "\(words)")
      #expect(Mend.of(after, keeping: [owner]) == nil, "\(words)")
      let saysSo = mend.assumptions.contains { $0.contains("the condition") }
      for token in [world.strangersToken(), world.anyToken()] where Matcher(mend.match).accepts(Claims(token)) {
        #expect(saysSo || matcher.accepts(Claims(token)), "\(words) takes \(JSON.object(token).compact)")
      }
    }
    #expect(mended > 0)
  }
}

extension FederationRule.Match {
  /// Where the platform's word on a rule without an audience does not matter: the catalogue takes the widest.
  fileprivate func surelyCovers(_ other: FederationRule.Match) -> Bool {
    covers(other) && (audience != nil || [nil, serviceAudience].contains(other.audience))
  }
}

extension Reach {
  /// Whether what a token says is among what is said to get in.
  fileprivate init(of token: JSON.Object, _ form: Form) {
    self.init(provider: .generic, isShared: false)
    for reading in Reach.readings(of: token, form) { add(reading, from: "token") }
  }

  private static func readings(of token: JSON.Object, _ form: Form) -> [Reading] {
    let paths = [ClaimPath.subject] + Array(form.fields.keys) + Array(form.structured.keys)
    return paths.compactMap { path in
      guard let text = token.value(at: path)?.string, !text.isEmpty,
        let reading = form.reading(of: path, text, isPrefix: false), reading.impossibility == nil
      else { return nil }
      return reading
    }
  }

  fileprivate func includes(_ token: JSON.Object, _ form: Form) -> Bool {
    var both = self
    for reading in Reach.readings(of: token, form) { both.add(reading, from: "token") }
    return both.conflicts.count == conflicts.count
  }
}
