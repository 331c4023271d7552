internal import Platform

/// One rule under judgement.
struct Inspection {
  let candidate: Candidate
  let reach: Reach
  private(set) var findings: [Finding] = []

  init(_ candidate: Candidate) {
    self.candidate = candidate
    let provider = candidate.provider
    var reach = Reach(provider: provider, isShared: provider.isShared(issuerURL: candidate.issuerURL))
    if let subject = candidate.match.subjectPrefix {
      reach.hasSubject = true
      let isPrefix = subject.hasSuffix("*")
      let reading = GitHubForm.subject(SubjectText(isPrefix ? String(subject.dropLast()) : subject, isPrefix: isPrefix))
      reach.subjectKeys = reading.keys
      reach.add(reading, from: "subject_prefix")
    }
    for (name, value) in candidate.match.claims.sorted(by: { $0.key < $1.key }) {
      let extent = Extent.exact([value])
      if let reading = name == "repository"
        ? GitHubForm.repository(extent) : GitHubForm.fields[name].map({ Reading([$0: extent]) })
      {
        reach.add(reading, from: "claims.\(name)")
      }
    }
    self.reach = reach
    judgeScope(Ladder.of(provider))
  }

  private mutating func judgeScope(_ ladder: Ladder) {
    if let dead = ladder.impossible.first(where: { $0.holds(reach) }) { return report(dead) }
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

  private mutating func report(_ rung: Rung) {
    guard let risk = Catalogue.risk(rung.id) else { return }
    let field = rung.fields.compactMap { reach.origins[$0] }.first
    findings.append(risk.finding(in: field ?? (candidate.match.subjectPrefix == nil ? "match" : "subject_prefix")))
  }
}
