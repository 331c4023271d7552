package import Platform

extension FederationRule.Match {
  /// Whether it lets in nobody whom `match` does not, as its parts show by themselves: each part of `match` is there as
  /// it was, or narrower. False also where only a closer look could tell.
  ///
  /// - Parameter apartFromCondition: leaves the conditions out of it.
  package func isNarrower(than match: FederationRule.Match, apartFromCondition: Bool = false) -> Bool {
    if let old = match.subjectPrefix, old != "*" {
      guard let subjectPrefix, SubjectPattern(subjectPrefix).isWithin(SubjectPattern(old)) else { return false }
    }
    let keepsClaims = match.claims.allSatisfy { name, value in
      claims[name] == value || (name == "sub" && subjectPrefix == value && !value.hasSuffix("*"))
    }
    // Without an audience it is the service's own, as far as is known; to leave it out may let in more.
    let keepsAudience = audience == match.audience || match.audience == nil && audience == serviceAudience
    guard keepsClaims, keepsAudience else { return false }
    guard !apartFromCondition, let old = match.condition else { return true }
    return condition == old || condition?.hasPrefix("(\(old)) && ") == true
  }
}

extension FederationRule.Match {
  /// Whether no token can fit both, as their subjects and claims show by themselves.
  func excludes(_ other: FederationRule.Match) -> Bool {
    if claims.contains(where: { name, value in other.claims[name].map { $0 != value } ?? false }) { return true }
    guard let subjectPrefix, let theirs = other.subjectPrefix else { return false }
    let patterns = (SubjectPattern(subjectPrefix), SubjectPattern(theirs))
    let fixed = (patterns.0.fixed.utf8, patterns.1.fixed.utf8)
    switch (patterns.0.isPrefix, patterns.1.isPrefix) {
    case (true, true): return !fixed.0.starts(with: fixed.1) && !fixed.1.starts(with: fixed.0)
    case (true, false): return !fixed.1.starts(with: fixed.0)
    case (false, true): return !fixed.0.starts(with: fixed.1)
    case (false, false): return !patterns.0.fixed.isExactly(patterns.1.fixed)
    }
  }
}

extension SubjectPattern {
  /// Whether everything that fits this one fits `other`.
  fileprivate func isWithin(_ other: SubjectPattern) -> Bool {
    other.isPrefix ? fixed.utf8.starts(with: other.fixed.utf8) : !isPrefix && fixed.isExactly(other.fixed)
  }
}
