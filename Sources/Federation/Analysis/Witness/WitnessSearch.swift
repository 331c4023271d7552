internal import Platform

/// Looks for a token that a rule lets in and its owner did not mean: made for somebody who fits what the rule pins and
/// is a stranger wherever it pins nothing, complete, and asked of the matcher itself.
struct WitnessSearch {
  private let candidate: Candidate
  private let reach: Reach
  private let branches: [Reach]
  private let condition: ConditionReading?
  private let matcher: Matcher
  private let writer: TokenWriter
  private let form: Form

  /// At most so many tokens are tried.
  private static let budget = 400

  init(_ inspection: Inspection) {
    candidate = inspection.candidate
    (reach, branches) = (inspection.reach, inspection.branches)
    (condition, form) = (inspection.condition, inspection.form)
    matcher = Matcher(candidate.match)
    writer = TokenWriter(
      provider: candidate.provider, issuerURL: candidate.issuerURL,
      audience: candidate.match.audience ?? serviceAudience,
      subjectKeys: reach.subjectKeys)
  }

  /// A token that shows the risk `id`; nil when none was found.
  func witness(for id: String) -> JSON? {
    var left = WitnessSearch.budget
    for scope in scopes {
      let isShaped = scope.values.contains { if case .shaped = $0 { true } else { false } }
      for filler in isShaped ? ["1", "x"] : ["1"] {
        for twist in [WitnessSearch.twists[id], [:], WitnessSearch.plainNames].compactMap(\.self) {
          var persona = Persona(fitting: scope, filler: filler)
          persona.fill(twist)
          for token in writer.tokens(for: persona).map(dressed) {
            guard left > 0 else { return nil }
            left -= 1
            if isOutside(token), matcher.accepts(Claims(token)) { return .object(token) }
          }
        }
      }
    }
    return nil
  }

  /// Names of letters only, for patterns that allow no others.
  private static let plainNames: [Field: String] = [
    .repository: "sandbox", .ref: "refs/heads/evil", .project: "sandbox", .account: "debug", .pipeline: "sandbox",
  ]

  /// What shows a risk best where the rule leaves it open.
  private static let twists: [String: [Field: String]] = [
    "GH005": [.event: "pull_request"], "GH010": [.event: "pull_request"], "GH007": [.actor: "dependabot[bot]"],
    "GH013": [.repository: "x"], "GH023": [.event: "issue_comment"], "GH015": [.owner: "mallory"],
    "GL005": [.event: "merge_request_event"], "GL011": [.refType: "tag"],
    "K8S001": [.namespace: "default", .account: "default"],
    "TFC001": [.phase: "apply"], "CEL008": [.event: "pull_request_target"], "CCI007": [.loginRerun: "true"],
  ]

  /// What the rule pins, and then every way past the flawed parts of the condition: first those that leave most open.
  private var scopes: [[Field: Extent]] {
    guard condition != nil else { return [reach.extents] }
    guard let flawed = condition?.flawed else { return (branches + guesses.flatMap(reaches)).map(\.extents) }
    let reaches = (flawed.ways.prefix(64) + guesses).flatMap(reaches)
    let ranked = reaches.map { (reach: $0, severity: Inspection.scopeRisk(of: $0)?.severity) }
    let open = ranked.filter { $0.severity != nil }.sorted { ($0.severity ?? .info) > ($1.severity ?? .info) }
    return open.map(\.reach.extents) + ranked.filter { $0.severity == nil }.map(\.reach.extents)
  }

  /// Values that the condition's own text suggests for the claims it reads, one and then two of them changed.
  private var guesses: [[Pin]] {
    guard let expression = condition?.expression else { return [] }
    let single = (condition?.comparedClaims ?? []).sorted { $0.description < $1.description }.map { path in
      expression.candidates(for: path.names).compactMap(\.string).prefix(12).map { Pin(path: path, values: [$0]) }
    }
    let pairs = single.indices.flatMap { first in
      single.indices.dropFirst(first + 1).flatMap { second in
        single[first].prefix(6).flatMap { one in single[second].prefix(6).map { [one, $0] } }
      }
    }
    return single.flatMap { $0.map { [$0] } } + pairs
  }

  /// The reaches of tokens that fit all of these pins.
  private func reaches(_ way: [Pin]) -> [Reach] {
    way.reduce([reach]) { reaches, pin in
      reaches.flatMap { reach -> [Reach] in
        texts(for: pin).prefix(24).compactMap { text, isPrefix in
          guard let reading = form.reading(of: pin.path, text, isPrefix: isPrefix) else { return reach }
          guard reading.impossibility == nil else { return nil }
          var narrowed = reach
          narrowed.add(reading, from: "condition")
          return narrowed.conflicts.count == reach.conflicts.count ? narrowed : nil
        }
      }
    }
  }

  /// Values that fit a pin. Where it says only what stands inside or at the end, a stranger's value goes round it.
  private func texts(for pin: Pin) -> [(text: String, isPrefix: Bool)] {
    let values = pin.values.sorted()
    switch pin.place {
    case .whole: return values.map { ($0, false) }
    case .start: return values.map { ($0, true) }
    case .within, .end:
      let tokens = writer.tokens(for: Persona(fitting: reach.extents, filler: "1"))
      let value = tokens.first?.value(at: pin.path)?.string ?? ""
      let cuts = value.indices.filter { "/:@".contains(value[$0]) }
      let starts = cuts.reversed().flatMap {
        [String(value[...$0]) + "evil-", String(value[..<$0]), String(value[...$0])]
      }
      return values.flatMap { text in
        (starts + ["evil-", ""]).map { ($0 + text, pin.place == .within) }
      }
    }
  }

  /// The token with the claims that the rule asks for and the provider's form knows nothing of.
  private func dressed(_ token: JSON.Object) -> JSON.Object {
    var token = token
    for (name, value) in candidate.match.claims where token[name] == nil { token[name] = .string(value) }
    for pin in (condition?.pins ?? []) + (condition?.flawed?.ways.first ?? []) where token.value(at: pin.path) == nil {
      if let value = pin.values.sorted().first {
        token.set(.string(value.replacing(String(Extent.gap), with: "x")), at: pin.path.names)
      }
    }
    return token
  }

  /// Whether the bearer is not the one that the flawed parts of the condition were meant for.
  private func isOutside(_ token: JSON.Object) -> Bool {
    guard let flawed = condition?.flawed, !flawed.meant.isEmpty else { return true }
    return flawed.paths.allSatisfy { path in
      token.value(at: path)?.string.map { !flawed.meant.contains($0) } ?? true
    }
  }
}
