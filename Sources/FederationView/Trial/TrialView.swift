import Federation
import Interface
import Platform

extension Rules {
  static func render(_ trial: Trial, _ state: State, on surface: inout Surface) {
    let size = surface.size
    Breadcrumb.render(["Rules", trial.rule.name, "Test a token"], into: &surface, row: 0, width: size.columns)
    if let verdict = trial.verdict {
      var page = Pager(lines(of: verdict, trial.rule))
      page.top = trial.top
      page.render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 3))
      surface.write("t another   j k scroll   esc back", row: size.rows - 1, role: .dim)
    } else {
      trial.form.render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 4))
      let prompt = trial.isJudging ? "Judging…" : "enter test it   tab and arrows move   esc back"
      surface.write(prompt, row: size.rows - 1, role: .dim)
    }
    if let failure = trial.failure { surface.writeFailure(failure.line) }
  }

  /// The answer, every check, and what the minted token could do.
  static func lines(of verdict: Verdict, _ rule: FederationRule) -> [Pager.Line] {
    var lines: [Pager.Line]
    if !verdict.isAccepted {
      lines = [Pager.Line("✗ Refused: \(verdict.reasons.map(\.rawValue).joined(separator: ", "))", role: .danger)]
    } else if verdict.unknown.isEmpty {
      lines = [Pager.Line("✓ Accepted", role: .good)]
    } else {
      let unknown = verdict.unknown.map(\.matcher).joined(separator: ", ")
      lines = indented("? Accepted, as far as is known here; not known: \(unknown)", by: 0, role: .warning)
    }
    lines.append("")
    lines += verdict.checks.flatMap(\.lines).flatMap { line in
      indented(line.text, by: line.indent, role: role(of: line.kind))
    }
    if let grant = verdict.grant {
      lines += ["", Pager.Line("The minted token", role: .heading)]
      lines += paragraph("lives", "\(grant.lifetime) s")
      lines += paragraph("acts as", "\(rule.accountName.map { "\($0)  " } ?? "")\(grant.accountID)")
      if let workspace = grant.workspaceID { lines += paragraph("in", workspace.description) }
      lines += paragraph("may use", grant.abilities.joined(separator: "; "))
    }
    return lines
  }

  private static func role(of kind: Check.Line.Kind) -> Role {
    switch kind {
    case .passed: .good
    case .failed: .danger
    case .unknown: .warning
    case .value: .text
    case .note: .dim
    }
  }
}
