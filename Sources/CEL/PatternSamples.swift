extension Pattern {
  /// Texts that it matches, as unlike what its author had in mind as it allows: each alternative, fewest and one
  /// more repetition, a stray character for a dot, junk on a side without an anchor.
  package func samples(limit: Int = 64) -> [String] {
    var texts = tree.samples(limit: limit)
    let starts = tree.startsAtTextStart ? [""] : ["", "x", "evil-"]
    let ends = tree.endsAtTextEnd ? [""] : ["", "x", "-evil", "/x"]
    texts = texts.flatMap { text in starts.flatMap { start in ends.map { start + text + $0 } } }
    // Assertions in the middle are not solved for, only tried.
    return texts.prefix(4 * limit).filter(matches).uniqued(limit)
  }
}

extension Pattern.Tree {
  fileprivate func samples(limit: Int) -> [String] {
    switch self {
    case .scalar(let scalar): return [String(scalar)]
    case .any: return ["x", "-", "/"]
    case .set(let set):
      let plain = "ax0A-_/:. @é".unicodeScalars.filter(set.contains)
      return (plain.isEmpty ? set.anyMember.map { [$0] } ?? [] : plain.prefix(3).map(\.self)).map { String($0) }
    case .assertion: return [""]
    case .alternatives(let branches): return branches.flatMap { $0.samples(limit: limit) }.uniqued(limit)
    case .repetition(let body, let least, let most):
      let samples = body.samples(limit: limit)
      guard let first = samples.first else { return least == 0 ? [""] : [] }
      let count = max(least, 1)
      let once = samples.map { String(repeating: first, count: count - 1) + $0 }
      let more = most.map { $0 > count } ?? true ? [String(repeating: first, count: count + 1)] : []
      return (once + more + (least == 0 ? [""] : [])).uniqued(limit)
    case .sequence(let parts):
      let choices = parts.map { $0.samples(limit: limit) }
      guard choices.allSatisfy({ !$0.isEmpty }) else { return [] }
      let usual = choices.map { $0[0] }
      // One part is varied at a time: all ways together are too many.
      var texts = [usual.joined()]
      for (index, choice) in choices.enumerated() {
        for other in choice.dropFirst() where texts.count < limit {
          var varied = usual
          varied[index] = other
          texts.append(varied.joined())
        }
      }
      return texts
    }
  }
}

extension ScalarSet {
  fileprivate var anyMember: Unicode.Scalar? {
    (UInt32(0x20)..<0x3000).lazy.compactMap(Unicode.Scalar.init).first(where: contains)
  }
}

extension Sequence where Element: Hashable {
  /// Without repetitions, in order, so many at most.
  func uniqued(_ limit: Int) -> [Element] {
    var known: Set<Element> = []
    return Array(filter { known.insert($0).inserted }.prefix(limit))
  }
}
