import Federation
import Interface
import Platform

extension Rules.Connect {
  /// What will be made, whom it lets in, and what is wrong with it.
  static func reviewLines(_ plan: ConnectionPlan) -> [Pager.Line] {
    var lines: [Pager.Line] = [Pager.Line("Gets in", role: .heading)]
    lines += Rules.indented(plan.workload.words, by: 2, role: .accent)
    lines += Rules.indented("as \(plan.account.name), for \(plan.tokenLifetime) s at a time", by: 2)
    // What stands in the way first, advice last.
    let warnings = plan.findings.filter { $0.severity > .info }.sorted { $0.severity > $1.severity }
    let own = plan.workload.trust.sample.claims
    lines.append("")
    if warnings.isEmpty {
      lines.append(Pager.Line("✓ The analyser has nothing to object.", role: .good))
    } else {
      lines.append(Pager.Line("Findings", role: .heading))
      lines += warnings.flatMap { Rules.lines(for: $0, unlike: own) }
    }
    lines += sampleLines(plan)
    lines += [Pager.Line(""), Pager.Line("What will be done, in this order", role: .heading)]
    for (index, step) in plan.steps.enumerated() {
      lines += Rules.indented("\(index + 1). \(words(step, plan))", by: 2)
    }
    if case .existing(let issuer) = plan.issuer {
      lines.append(Pager.Line("  The issuer \(issuer.name) is there already.", role: .dim))
    }
    if case .existing(let account) = plan.account {
      lines.append(Pager.Line("  The account \(account.name) is there already.", role: .dim))
    }
    lines += [Pager.Line(""), Pager.Line("The rule: POST /v1/organizations/federation_rules", role: .heading)]
    lines += plan.ruleJSON.pretty.split(separator: "\n").map { Pager.Line("  " + $0, role: .dim) }
    let advice = plan.findings.filter { $0.severity == .info }
    if !advice.isEmpty { lines += [Pager.Line(""), Pager.Line("Advice", role: .heading)] }
    return lines + advice.flatMap { Rules.lines(for: $0, unlike: own) }
  }

  private static func sampleLines(_ plan: ConnectionPlan) -> [Pager.Line] {
    let trial = plan.workload.trial
    var lines = [Pager.Line(""), Pager.Line("Tried with tokens", role: .heading)]
    let own = plan.workload.trust.sample
    lines.append(
      trial.isOwnAdmitted
        ? Pager.Line("  ✓ in   \(own.who)", role: .good)
        : Pager.Line("  ✗ out  \(own.who): the workload itself does not get in", role: .danger))
    lines += trial.admitted.prefix(3).map { Pager.Line("  ! in   \($0.who)", role: .warning) }
    lines += trial.refused.prefix(3).map { Pager.Line("  ✗ out  \($0.who)", role: .dim) }
    return lines
  }

  static func words(_ step: ConnectionPlan.Step, _ plan: ConnectionPlan) -> String {
    switch (step, plan.issuer, plan.account) {
    case (.issuer, .new(let draft), _): "register the issuer \(draft.name) for \(draft.issuerURL)"
    case (.issuer, .existing(let issuer), _): "register the issuer \(issuer.name)"
    case (.account, _, _): "create the service account \(plan.account.name)"
    case (.membership, _, _):
      "add \(plan.account.name) to the workspace \(plan.workspaceID) as \(plan.membershipRole ?? "member")"
    case (.rule, _, _): "create the rule \(plan.ruleName)"
    }
  }

  /// Asked when the rule lets in more than was meant: the findings, an example each, and the account's name.
  static func question(_ plan: ConnectionPlan) -> Confirmation {
    var lines = ["This lets in \(plan.workload.words), as \(plan.account.name).", ""]
    for finding in plan.blockingFindings.sorted(by: { $0.severity > $1.severity }) {
      lines.append("\(finding.severity.rawValue) \(finding.id): \(finding.message)")
      if let witness = finding.witness {
        lines.append("  such as \(Rules.telling(witness, unlike: plan.workload.trust.sample.claims))")
      }
    }
    lines += plan.workload.trial.admitted.prefix(2).map { "  for example \($0.who)" }
    lines += ["", "esc and esc again leads back to the workload, to make it narrower."]
    return Confirmation(title: "More than this workload gets in", lines: lines, word: plan.account.name)
  }

  /// Asked before what was made is taken back.
  static func takingBackQuestion(_ plan: ConnectionPlan) -> Confirmation {
    Confirmation(
      title: "Take back what was made",
      lines: [
        "What this connection made is archived, for good; the names stay taken. Nothing else is touched, and what"
          + " others use by now stays.", "",
      ], word: plan.account.name)
  }

  /// What the workload's side needs.
  static func handoverLines(_ connection: Connection, file: Int, exchange: Activity?) -> [Pager.Line] {
    var lines: [Pager.Line] = [
      Pager.Line("✓ The rule \(connection.rule.name) is live.", role: .good),
      exchangeLine(exchange),
    ]
    lines += Rules.indented("Gets in: \(connection.workload.words), as \(connection.account.name).", by: 2)
    lines += [Pager.Line(""), Pager.Line("Four identifiers, none of them secret", role: .heading)]
    lines += connection.environment.map { Pager.Line("  \($0.name)=\($0.value)", role: .accent) }
    let files = connection.files
    guard files.indices.contains(file) else { return lines }
    let count = files.count > 1 ? "  (\(file + 1) of \(files.count), tab for the next)" : ""
    lines += [Pager.Line(""), Pager.Line(files[file].path + count, role: .heading)]
    lines += files[file].text.split(separator: "\n", omittingEmptySubsequences: false).map { Pager.Line("  " + $0) }
    return lines
  }

  private static func exchangeLine(_ exchange: Activity?) -> Pager.Line {
    guard let exchange else { return Pager.Line("  Waiting for the first exchange…", role: .dim) }
    return exchange.isDenied
      ? Pager.Line("  ✗ The first exchange was refused: \(exchange.reason ?? "no reason given")", role: .danger)
      : Pager.Line("  ✓ The first exchange worked, \(exchange.createdAt.columnText) UTC.", role: .good)
  }
}
