package import Platform

/// Two live rules of one issuer that lead to different accounts, and one token that may fit both: whoever holds it
/// chooses whom to be.
package struct Overlap: Hashable, Sendable {
  package let first, second: FederationRule
}

extension [Overlap] {
  /// What each rule overlaps with.
  package var byRule: [ID<FederationRule>: [FederationRule]] {
    reduce(into: [:]) { others, overlap in
      others[overlap.first.id, default: []].append(overlap.second)
      others[overlap.second.id, default: []].append(overlap.first)
    }
  }
}

extension Inventory {
  /// In the order of the rules. Only what surely excludes each other is left out: a condition may still do so.
  package func overlaps() -> [Overlap] {
    let index = Index(self)
    let places = Dictionary(
      index.liveRules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let groups = Dictionary(grouping: index.liveRules, by: \.issuerID).values.map { rules in
      rules.map { Live(rule: $0, reach: Inspection(candidate(for: $0, index)).reach) }
    }
    return groups.flatMap(Inventory.overlaps).sorted { left, right in
      let first = (places[left.first.id] ?? 0, places[right.first.id] ?? 0)
      return first.0 == first.1 ? (places[left.second.id] ?? 0) < (places[right.second.id] ?? 0) : first.0 < first.1
    }
  }

  private struct Live {
    let rule: FederationRule
    let reach: Reach
  }

  /// Thousands of rules are not compared each with each: those that pin the thing that most of them pin are compared
  /// with those that pin it to the same.
  private static func overlaps(_ rules: [Live]) -> [Overlap] {
    let pins = rules.map { live in live.reach.extents.compactMapValues(\.one).filter { $0.key != .issuer } }
    var counts: [Field: Int] = [:]
    for pin in pins { for field in pin.keys { counts[field, default: 0] += 1 } }
    let spread = counts.filter { field, _ in Set(pins.compactMap { $0[field] }).count > 1 }
    let common = spread.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    let buckets = Dictionary(grouping: rules.indices) { index in common.flatMap { pins[index][$0] } }
    let open = buckets[nil] ?? []
    var found = pairs(open, open, rules)
    for (value, bucket) in buckets where value != nil {
      found += pairs(bucket, bucket, rules) + pairs(open, bucket, rules)
    }
    return found
  }

  /// Those of two lists of indices that overlap, each pair once; the lists are the same or have nothing in common.
  private static func pairs(_ ones: [Int], _ others: [Int], _ rules: [Live]) -> [Overlap] {
    let isSame = ones == others
    return ones.flatMap { one in
      others.compactMap { other -> Overlap? in
        guard !isSame || one < other else { return nil }
        let (first, second) = (rules[min(one, other)], rules[max(one, other)])
        guard first.rule.accountID != second.rule.accountID, !first.rule.match.excludes(second.rule.match),
          first.reach.meets(second.reach)
        else { return nil }
        return Overlap(first: first.rule, second: second.rule)
      }
    }
  }
}
