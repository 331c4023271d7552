internal import Platform

/// One rule under judgement: what its matchers say together, and what was found so far.
struct Inspection {
  let candidate: Candidate
  let form: Form
  let condition: ConditionReading?
  private(set) var reach: Reach
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
    guard let condition else { return }
    reach.hasSubject = reach.hasSubject || condition.readsSubject
    if reach.subjectKeys.isEmpty { reach.subjectKeys = condition.subjectKeys }
    for reading in condition.readings { reach.add(reading, from: "condition") }
    reach.flawed = condition.flawedFields
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
    if let dead = ladder.impossible.first(where: { $0.holds(reach) }), !isDead { report(dead) }
    guard !isDead else { return }
    guard !isEmpty else { return report("GEN002", in: "match") }
    let before = findings.count
    if let who = ladder.who.first(where: { $0.holds(reach) }) {
      if reach.flawed.isDisjoint(with: ladder.whoFields) { report(who) }
    } else if let run = ladder.run.first(where: { $0.holds(reach) }), reach.flawed.isDisjoint(with: ladder.runFields) {
      report(run)
    }
    let hasScopeFinding = findings.count > before
    for rung in ladder.always where rung.holds(reach) { report(rung) }
    if hasScopeFinding { for rung in ladder.beside where rung.holds(reach) { report(rung) } }
  }

  private var isEmpty: Bool { match.subjectPrefix == nil && match.claims.isEmpty && match.condition == nil }

  private mutating func report(_ rung: Rung) {
    let field = rung.fields.compactMap { reach.origins[$0] }.first
    report(
      rung.id, in: field ?? (match.subjectPrefix == nil ? "match" : "subject_prefix"),
      severity: rung.id == "GL001" && !reach.isShared ? .high : nil)
  }
}
