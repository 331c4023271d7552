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
    let matcher = Matcher(match)
    func isIn(_ token: SampleToken) -> Bool { token.claims.object.map { matcher.accepts(Claims($0)) } ?? false }
    return Trial(
      isOwnAdmitted: isIn(trust.sample), admitted: trust.others.filter(isIn),
      refused: trust.others.filter { !isIn($0) }.reversed())
  }
}
