/// What an author most likely did not mean.
extension Pattern.Tree {
  /// Whether every way to match begins with `^`.
  package var startsAtTextStart: Bool { isHeld(at: .textStart) { $0.first } }

  /// Whether every way to match ends with `$`.
  package var endsAtTextEnd: Bool { isHeld(at: .textEnd) { $0.last } }

  private func isHeld(at assertion: Pattern.Assertion, _ edge: ([Pattern.Tree]) -> Pattern.Tree?) -> Bool {
    switch self {
    case .assertion(let own): own == assertion
    case .sequence(let parts): edge(parts)?.isHeld(at: assertion, edge) ?? false
    case .alternatives(let branches): branches.allSatisfy { $0.isHeld(at: assertion, edge) }
    case .repetition(let body, let least, _): least > 0 && body.isHeld(at: assertion, edge)
    default: false
    }
  }

  /// An unescaped dot for one character, between characters that are written out.
  package var hasLiveDot: Bool {
    switch self {
    case .sequence(let parts):
      for (before, (dot, after)) in zip(parts, zip(parts.dropFirst(), parts.dropFirst(2))) {
        if case .any = dot, before.isWritten, after.isWritten { return true }
      }
      return parts.contains(where: \.hasLiveDot)
    case .alternatives(let branches): return branches.contains(where: \.hasLiveDot)
    case .repetition(let body, _, _): return body.hasLiveDot
    default: return false
    }
  }

  private var isWritten: Bool {
    switch self {
    case .scalar, .set: true
    case .repetition(.set, _, _), .repetition(.scalar, _, _): true
    default: false
    }
  }

  /// `/*` and the like, and a `*` at the end that repeats one character.
  package var hasGlob: Bool { hasGlob(isLast: true) }

  private func hasGlob(isLast: Bool) -> Bool {
    switch self {
    case .repetition(.scalar(let scalar), 0, nil): isLast || "/:.-@_".unicodeScalars.contains(scalar)
    case .repetition(let body, _, _): body.hasGlob(isLast: false)
    case .alternatives(let branches): branches.contains { $0.hasGlob(isLast: isLast) }
    case .sequence(let parts):
      parts.indices.contains { index in
        let rest = parts[(index + 1)...]
        return parts[index].hasGlob(isLast: isLast && rest.allSatisfy(\.isAssertion))
      }
    default: false
    }
  }

  private var isAssertion: Bool { if case .assertion = self { true } else { false } }

  /// The character after which, to the end, anything may come: `e` of `^repo:acme.*$`.
  var lastBeforeAnything: Unicode.Scalar? {
    guard case .sequence(let parts) = self else { return nil }
    let body = parts.last?.isAssertion ?? false ? Array(parts.dropLast()) : parts
    guard body.count > 1 else { return body.first?.lastBeforeAnything }
    switch (body[body.count - 2], body[body.count - 1]) {
    case (.scalar(let scalar), .repetition(.any, _, nil)): return scalar
    default: return nil
    }
  }
}
