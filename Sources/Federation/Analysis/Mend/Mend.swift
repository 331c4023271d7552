package import Platform

/// A rule's `match` changed so that what is wrong with it is gone.
package struct Mend: Hashable, Sendable {
  package let match: FederationRule.Match
  /// The codes of the findings that it closes.
  package let closes: [String]
  /// How many of the owner's tokens get in as they are. It is all, but for an audience that the workload must change.
  package let keptTokens: Int
  /// What was taken for granted because no token tells: `the branch is main`.
  package let assumptions: [String]
  /// Why it pins what the rule did not, and what it leaves open: `ref is pinned: it is the same in all 12 tokens seen`.
  package let reasons: [String]

  package var json: JSON {
    [
      "match": match.requestJSON, "closes": .array(closes.map(JSON.string)), "kept_tokens": JSON(keptTokens),
      "assumptions": .array(assumptions.map(JSON.string)), "reasons": .array(reasons.map(JSON.string)),
    ]
  }

  /// A match that has none of the candidate's findings about who and which run gets in, about conditions or about the
  /// audience, and that lets in every one of `tokens` that gets in now. Of a rule that lets nothing in, all of them.
  /// Where the audience is another service's, the workload must ask for a new one: the mend says so.
  ///
  /// It pins what the owner chose for the workload, and nothing that is another in every run: see ``MendWorkshop``.
  ///
  /// Without tokens it is made from what the rule names, where that is enough; nil where it is not, or where no match
  /// can close the finding: the issuer's address, privileges and use are not in it. It lets in nobody new, but where a
  /// condition had to go, and then it says so, or where the rule let nobody in.
  package static func of(_ candidate: Candidate, keeping tokens: [Claims] = []) -> Mend? {
    let found = Analyser.findings(of: candidate, showing: false).filter { isInMatch($0) }
    guard !found.isEmpty else { return nil }
    let isDead = found.contains { Inspection.deadly.contains($0.id) }
    let matcher = Matcher(candidate.match)
    let kept = tokens.filter { isDead || matcher.accepts($0) }
    let workshop = MendWorkshop(candidate, tokens: kept)
    for proposal in workshop.proposals {
      var mended = candidate
      mended.match = proposal
      let left = Analyser.findings(of: mended, showing: false).filter { isInMatch($0) }
      let asked = Matcher(proposal)
      guard left.isEmpty, workshop.tokens.allSatisfy(asked.accepts) else { continue }
      // A finding about a pin would also be gone with the pin, and whoever it lets in would still get in.
      var before = candidate.match
      before.audience = proposal.audience
      guard isDead || proposal.isNarrower(than: before, apartFromCondition: !workshop.keepsCondition) else { continue }
      let closes = found.map(\.id).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return Mend(
        match: proposal, closes: closes, keptTokens: kept.filter(asked.accepts).count,
        assumptions: workshop.assumptions + workshop.assumptions(of: proposal),
        reasons: workshop.reasons(for: proposal, insteadOf: candidate.match))
    }
    return nil
  }

  private static let elsewhere: Set<String> = ["GEN010", "OK002", "AZ001"]

  /// Whether a finding is about what the rule matches, and counts as a warning.
  package static func isInMatch(_ finding: Finding) -> Bool {
    finding.severity > .info && !elsewhere.contains(finding.id)
      && !["PRV", "ISS", "OPS"].contains(where: finding.id.hasPrefix)
  }
}
