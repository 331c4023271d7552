import Platform

/// What became of sample tokens tried against a workload's rule.
package struct Trial: Hashable, Sendable {
  /// Whether the workload's own token gets in.
  package let isOwnAdmitted: Bool
  /// Tokens of others that get in, the worst first.
  package let admitted: [SampleToken]
  /// Those that stay out, the nearest first.
  package let refused: [SampleToken]
}

extension Workload {
  package var trial: Trial {
    let others = trust.others.map { (token: $0, isIn: match.admits($0.claims)) }
    return Trial(
      isOwnAdmitted: match.admits(trust.sample.claims), admitted: others.filter(\.isIn).map(\.token),
      refused: others.filter { !$0.isIn }.map(\.token).reversed())
  }
}

extension FederationRule.Match {
  fileprivate func admits(_ claims: JSON) -> Bool {
    guard let subject = claims["sub"]?.string, condition == nil else { return false }
    if let pattern = subjectPrefix {
      guard pattern.hasSuffix("*") ? subject.hasPrefix(pattern.dropLast()) : subject == pattern else { return false }
    }
    return self.claims.allSatisfy { claims[$0.key]?.string == $0.value }
  }
}
