internal import CEL
package import Platform

/// A rule's `match`, read once and asked of many claim sets (Admin API, federation rules). All that is set must hold.
package struct Matcher: Sendable {
  package let match: FederationRule.Match
  private let condition: Condition?
  private let names: [String]

  package init(_ match: FederationRule.Match) {
    self.match = match
    condition = match.condition.map(Condition.init)
    names = match.claims.keys.sorted()
  }

  /// `subject_prefix`, `audience`, `claims.NAME` for each name, and `condition`, as far as the rule sets them; the
  /// audience always, for a rule that names none means the service's own.
  package func checks(of claims: Claims) -> [Check] {
    var checks: [Check] = []
    if let pattern = match.subjectPrefix { checks.append(subjectCheck(SubjectPattern(pattern), claims)) }
    checks.append(audienceCheck(claims))
    for name in names { checks.append(claimCheck(name, match.claims[name] ?? "", claims)) }
    if let condition { checks.append(condition.check(claims)) }
    return checks
  }

  /// Whether all of ``checks(of:)`` pass, found without their words.
  package func accepts(_ claims: Claims) -> Bool {
    if let pattern = match.subjectPrefix {
      guard let subject = claims.subject, SubjectPattern(pattern).fits(subject) else { return false }
    }
    let audience = match.audience ?? serviceAudience
    guard claims.audiences.contains(where: { $0.isExactly(audience) }) else { return false }
    for name in names {
      guard let value = claims[name]?.string, value.isExactly(match.claims[name] ?? "") else { return false }
    }
    return condition?.holds(claims) ?? true
  }

  private func subjectCheck(_ pattern: SubjectPattern, _ claims: Claims) -> Check {
    let note: String? =
      switch claims["sub"] {
      case .string(let subject): pattern.miss(subject)
      case let value?: "sub is \(value.kind), not a string"
      case nil: "the token has no sub"
      }
    let holds = claims.subject.map(pattern.fits) ?? false
    return Check(
      "subject_prefix", holds, expected: pattern.text, actual: claims["sub"]?.plainText, note: note, reason: .subject)
  }

  private func audienceCheck(_ claims: Claims) -> Check {
    let wanted = match.audience ?? serviceAudience
    let audiences = claims.audiences
    let holds = audiences.contains { $0.isExactly(wanted) }
    var notes: [String] = []
    if match.audience == nil {
      notes.append("the rule names no audience: taken for the service's own, which the platform does not confirm")
    }
    if !holds {
      switch (claims["aud"], audiences.count) {
      case (nil, _): notes.append("the token has no aud")
      case (_, 1):
        if let near = Difference.note(expected: wanted, actual: audiences[0]),
          near.hasPrefix("the same") || isNear(near)
        {
          notes.append(near)
        }
      case (let value?, 0): notes.append("aud is \(value.kind) without a string in it")
      default: notes.append("none of the \(audiences.count) is equal to it")
      }
      notes.append("ask the provider for a token with this audience")
    }
    return Check(
      "audience", holds, expected: wanted, actual: claims["aud"]?.plainText,
      note: notes.isEmpty ? nil : notes.joined(separator: "; "), reason: .audience)
  }

  /// Whether a difference is worth telling between two audiences: not when they are simply others.
  private func isNear(_ note: String) -> Bool { !note.hasPrefix("differs at") && note != "it is empty" }

  private func claimCheck(_ name: String, _ wanted: String, _ claims: Claims) -> Check {
    let value = claims[name]
    let note: String? =
      switch value {
      case .string(let text): Difference.note(expected: wanted, actual: text)
      case let value?: kindNote(name, wanted, value)
      case nil: absenceNote(name, claims)
      }
    let holds = value?.string?.isExactly(wanted) ?? false
    return Check(
      "claims.\(name)", holds, expected: wanted, actual: value?.plainText, note: note, reason: .claims)
  }

  private func kindNote(_ name: String, _ wanted: String, _ value: JSON) -> String {
    let form =
      switch value {
      case .number, .bool: "claims[\(name.debugDescription)] == \(value.compact)"
      case .array: "\(wanted.debugDescription) in claims[\(name.debugDescription)]"
      default: "claims[\(name.debugDescription)].member == …"
      }
    return "the claim is \(value.kind), and only a string can be equal to a string: use a condition, \(form)"
  }

  private func absenceNote(_ name: String, _ claims: Claims) -> String {
    let note = "the token has no claim of this name"
    let outer = claims.members.first { $0.value.object != nil && name.hasPrefix($0.key + ".") }
    if let outer {
      let inner = name.dropFirst(outer.key.count + 1)
      return "\(note), and a path is no name: use a condition, claims[\(outer.key.debugDescription)].\(inner) == …"
    }
    if let nearest = name.nearest(in: claims.members.keys) { return "\(note), but \(nearest)" }
    return note
  }
}
