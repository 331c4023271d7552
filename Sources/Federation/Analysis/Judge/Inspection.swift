internal import Platform

/// One rule under judgement: what its matchers say together, and what was found so far.
struct Inspection {
  let candidate: Candidate
  let form: Form
  let condition: ConditionReading?
  private(set) var reach: Reach
  /// Where the condition allows values of different kinds, the reach of each; otherwise ``reach`` alone.
  private(set) var branches: [Reach] = []
  private(set) var findings: [Finding] = []

  var match: FederationRule.Match { candidate.match }
  var provider: Provider { candidate.provider }

  init(_ candidate: Candidate) {
    self.candidate = candidate
    form = Form.of(candidate.provider)
    reach = Reach(
      provider: candidate.provider, isShared: candidate.provider.isShared(issuerURL: candidate.issuerURL))
    condition = candidate.match.condition.map { ConditionReading($0, form: Form.of(candidate.provider)) }
    readMatchers()
  }

  /// Whether no token can get past some one matcher, or past two together.
  var matchersAreDead: Bool {
    var copy = self
    copy.judgeMatchers()
    copy.judgeCondition()
    return copy.isDead || !reach.conflicts.isEmpty
  }

  mutating func judge() {
    judgeMatchers()
    judgeCondition()
    judgeAudience()
    judgeIssuerAddress()
    if !isDead { reportConflict() }
    judgeScope()
    judgeCircumstances()
  }

  /// Whether something was found that no token gets past.
  var isDead: Bool { findings.contains { Inspection.deadly.contains($0.id) } }

  static let deadly: Set<String> = [
    "GEN005", "GEN006", "GEN007", "GEN008", "GEN012", "GEN013", "GH017", "AWS006", "AZ006", "OK002", "BK007",
    "CEL010", "CEL012",
  ]

  mutating func report(_ id: String, in field: String, severity: Severity? = nil, detail: String? = nil) {
    guard let risk = Catalogue.risk(id) else { return }
    let finding = risk.finding(in: field, severity: severity, detail: detail)
    if !findings.contains(where: { $0.id == id && $0.field == field }) { findings.append(finding) }
  }

  // MARK: Reading

  private mutating func readMatchers() {
    reach.add(Reading([.issuer: .exact([candidate.issuerURL])]).merging(issuerReading), from: "issuer_url")
    if let subject = match.subjectPrefix, subject != "*" {
      reach.hasSubject = true
      let isPrefix = subject.hasSuffix("*")
      let reading = form.subject(SubjectText(isPrefix ? subject.dropLast() : subject[...], isPrefix: isPrefix))
      reach.subjectKeys = reading.keys
      reach.add(reading, from: "subject_prefix")
    }
    if form.kind(of: "aud") == .text, let audience = match.audience {
      reach.add(Reading([.audience: .exact([audience])]), from: "audience")
    }
    for (name, value) in match.claims.sorted(by: { $0.key < $1.key }) {
      if name == "sub" { reach.hasSubject = true }
      guard let reading = form.reading(of: ClaimPath([name]), value, isPrefix: false) else { continue }
      if name == "sub", reach.subjectKeys.isEmpty { reach.subjectKeys = reading.keys }
      reach.add(reading, from: "claims.\(name)")
    }
    guard let condition else {
      branches = [reach]
      return
    }
    reach.hasSubject = reach.hasSubject || condition.readsSubject
    if reach.subjectKeys.isEmpty { reach.subjectKeys = condition.subjectKeys }
    for reading in condition.readings { reach.add(reading, from: "condition") }
    reach.flawed = condition.flawedFields
    for choice in condition.choices where branches.count * choice.count <= 64 {
      branches = (branches.isEmpty ? [reach] : branches).flatMap { branch in
        choice.compactMap { reading in
          var narrowed = branch
          narrowed.add(reading, from: "condition")
          if !reading.keys.isEmpty { narrowed.subjectKeys = reading.keys }
          return narrowed.conflicts.count == branch.conflicts.count ? narrowed : nil
        }
      }
    }
    if branches.isEmpty { branches = [reach] }
  }

  /// What the issuer's own address says about its tokens.
  private var issuerReading: Reading {
    let segments = Address(candidate.issuerURL).segments
    switch provider {
    case .entra:
      guard let tenant = segments.first, tenant.isUUID else { return Reading() }
      return Reading([.tenant: .exact([tenant])])
    case .circleCI:
      guard segments.count > 1, segments[0] == "org" else { return Reading() }
      return Reading([.organizationID: .exact([segments[1]])])
    default: return Reading()
    }
  }

  private mutating func reportConflict() {
    guard let conflict = reach.conflicts.first else { return }
    report("GEN012", in: conflict.second, detail: "\(conflict.first) and \(conflict.second) do not agree.")
  }

  // MARK: Scope

  /// The risk of scope that a rule with this reach has, conditions aside.
  static func scopeRisk(of reach: Reach) -> Risk? {
    let ladder = Ladder.of(reach.provider)
    return (ladder.who.first { $0.holds(reach) } ?? ladder.run.first { $0.holds(reach) }).flatMap {
      Catalogue.risk($0.id)
    }
  }

  private mutating func judgeScope() {
    let ladder = Ladder.of(provider)
    let dead = branches.map { branch in ladder.impossible.first { $0.holds(branch) } }
    if let first = dead[0], !dead.contains(where: { $0 == nil }), !isDead { report(first, of: branches[0]) }
    guard !isDead else { return }
    guard !isEmpty else { return report("GEN002", in: match.condition == nil ? "match" : "condition") }
    let scopes = branches.compactMap { branch in scopeRung(of: branch, ladder).map { (rung: $0, branch: branch) } }
    let widest = scopes.max { severity(of: $0.rung) < severity(of: $1.rung) }
    if let widest { report(widest.rung, of: widest.branch) }
    for branch in branches {
      for rung in ladder.always where rung.holds(branch) { report(rung, of: branch) }
      if widest != nil { for rung in ladder.beside where rung.holds(branch) { report(rung, of: branch) } }
    }
  }

  /// The first rung that holds of who, and once those are pinned, of which run; nil where the condition is to blame.
  private func scopeRung(of branch: Reach, _ ladder: Ladder) -> Rung? {
    if let who = ladder.who.first(where: { $0.holds(branch) }) {
      return branch.flawed.isDisjoint(with: ladder.whoFields) ? who : nil
    }
    let run = ladder.run.first { $0.holds(branch) }
    return branch.flawed.isDisjoint(with: ladder.runFields) ? run : nil
  }

  private func severity(of rung: Rung) -> Severity { Catalogue.risk(rung.id)?.severity ?? .info }

  /// Whether nothing is asked of whoever bears the token. Where a provider's claims are known, what is left open is told
  /// more exactly.
  private var isEmpty: Bool {
    guard match.subjectPrefix == nil else { return false }
    if match.claims.isEmpty, match.condition == nil { return true }
    let isOfAll = match.claims.keys.allSatisfy { ["iss", "aud"].contains($0) }
    return provider == .generic && isOfAll && condition?.asksNothingOfBearers ?? true
  }

  private mutating func report(_ rung: Rung, of branch: Reach) {
    let field = rung.fields.compactMap { branch.origins[$0] }.first
    report(
      rung.id, in: field ?? (match.subjectPrefix == nil ? "match" : "subject_prefix"),
      severity: reach.isShared ? nil : rung.severityOnOwnIssuer)
  }
}
