import Federation
import FoundationEssentials
import Interface
import Platform

extension Rules {
  private static let lintColumns = [
    Table.Column("SEVERITY", .fixed(10)), Table.Column("FINDING", .fixed(7)),
    Table.Column("WHAT IT IS", .flexible(minimum: 24)), Table.Column("STATE", .fixed(22)),
  ]

  /// Rows that the list takes, its heading included: no more than a third, so that what is selected has room.
  private static func listHeight(_ state: State) -> Int { min(state.lintEntries.count + 1, max(4, state.rows / 3)) }

  /// The row where what is selected begins.
  static func lintTop(_ state: State) -> Int { 1 + listHeight(state) + 1 }

  static func renderLint(_ state: State, on surface: inout Surface) {
    guard let lint = state.lint else { return }
    let size = surface.size
    let name = state.linted?.name ?? lint.ruleID.description
    Breadcrumb.render(["Rules", name, "Findings"], into: &surface, row: 0, width: size.columns)
    let entries = state.lintEntries
    if entries.isEmpty {
      let words = state.isLoading ? "Looking at the rule…" : "✓ The analyser has nothing to object."
      surface.write(words, row: 2, column: 1, role: state.isLoading ? .dim : .good)
    } else {
      lint.table.render(
        columns: lintColumns, count: entries.count, into: &surface, row: 1, width: size.columns,
        height: min(listHeight(state), max(0, size.rows - 1))
      ) { row(for: entries[$0]) }
      var page = Pager(lintPage(state))
      page.top = lint.top
      let top = lintTop(state)
      page.render(into: &surface, row: top, column: 1, width: size.columns - 2, height: max(0, size.rows - top - 1))
    }
    surface.write(lintPrompt(state), row: size.rows - 1, role: .dim)
    if let failure = lint.failure { surface.writeFailure(failure.line) }
    if let accepting = lint.accepting { render(accepting, on: &surface) }
    if let applying = lint.applying {
      applying.confirmation.render(on: &surface)
      if applying.isSending { surface.write("Sending…", row: size.rows - 1, role: .accent) }
    }
  }

  private static func lintPrompt(_ state: State) -> String {
    switch state.lintSelection {
    case .finding: "A accept it   G the mend   ctrl-d scroll   t test a token   esc back"
    case .known: "A take the acceptance back   G the mend   t test a token   esc back"
    case .note: "G the mend   ctrl-d scroll   t test a token   esc back"
    case .mend(.found): "enter apply it   ctrl-d scroll   t test a token   esc back"
    case .mend, nil: "t test a token   esc back"
    }
  }

  private static func row(for entry: LintEntry) -> [Table.Entry] {
    switch entry {
    case .finding(let finding):
      let role = role(of: finding.severity)
      return [
        Table.Entry("\(mark(finding.severity)) \(finding.severity.rawValue)", role: role), Table.Entry(finding.id),
        Table.Entry(title(of: finding)), Table.Entry("open", role: role),
      ]
    case .known(let known):
      return [
        Table.Entry("✓ \(known.finding.severity.rawValue)", role: .dim), Table.Entry(known.finding.id, role: .dim),
        Table.Entry(title(of: known.finding), role: .dim),
        Table.Entry("accepted to \(known.acceptance.expiresAt.columnText.prefix(10))", role: .dim),
      ]
    case .note(let note):
      return [Table.Entry("≈ note", role: .accent), "", Table.Entry(note.title), ""]
    case .mend(.reading):
      return [Table.Entry("→ mend", role: .dim), "", Table.Entry("looking at the tokens it must keep…", role: .dim)]
    case .mend(.impossible):
      return [Table.Entry("→ mend", role: .dim), "", Table.Entry("none by changing the match alone", role: .dim)]
    case .mend(.found(let mend)):
      return [
        Table.Entry("→ mend", role: .accent), "",
        Table.Entry("closes \(mend.closes.joined(separator: ", "))", role: .accent),
        Table.Entry("enter applies it", role: .accent),
      ]
    }
  }

  private static func title(of finding: Finding) -> String { Catalogue.risk(finding.id)?.title ?? finding.message }

  /// What is selected, in full.
  static func lintPage(_ state: State) -> [Pager.Line] {
    switch state.lintSelection {
    case .finding(let finding): return page(for: finding)
    case .known(let known):
      let acceptance = known.acceptance
      let words =
        "Accepted by \(acceptance.who) on \(acceptance.at.columnText.prefix(10)) until "
        + "\(acceptance.expiresAt.columnText.prefix(10)), or until the match changes: \(acceptance.reason)"
      return indented(words, by: 0, role: .accent) + [""] + page(for: known.finding)
    case .note(let note): return note.lines.flatMap { indented($0, by: 0) }
    case .mend(.found(let mend)): return page(for: mend, state)
    case .mend(.impossible):
      return indented(
        "No change of the match closes what is open and still lets in who is meant. What is left is about the issuer, "
          + "the account, the scope or the rule's use, or there is too little to tell the owner by: see each remedy.",
        by: 0)
    case .mend(.reading), nil: return []
    }
  }

  private static func page(for finding: Finding) -> [Pager.Line] {
    var lines = indented(
      "\(mark(finding.severity)) \(finding.severity.rawValue) \(finding.id)  \(finding.message)", by: 0,
      role: role(of: finding.severity))
    lines += ["", Pager.Line("What to do", role: .heading)] + indented(finding.remedy, by: 2)
    guard let witness = finding.witness?.object else { return lines }
    lines += ["", Pager.Line("This token gets in, for one", role: .heading)]
    let names = min(26, witness.map { Text.columns($0.key) }.max() ?? 0)
    return lines
      + witness.flatMap { claim, value in
        let name = Text.clipped(claim, to: names)
        let start = "  " + name + String(repeating: " ", count: names - Text.columns(name) + 2)
        return Text.wrapped(shown(claim, value), to: pageWidth - names - 4).enumerated().map { index, line in
          Pager.Line((index == 0 ? start : String(repeating: " ", count: names + 4)) + line)
        }
      }
  }

  /// Times are read more easily as such.
  private static func shown(_ claim: String, _ value: JSON) -> String {
    guard ["iat", "nbf", "exp"].contains(claim), let seconds = value.int else { return value.string ?? value.compact }
    return "\(seconds)  (\(Date(timeIntervalSince1970: Double(seconds)).timestampToSecond))"
  }

  private static func page(for mend: Mend, _ state: State) -> [Pager.Line] {
    guard let rule = state.linted else { return [] }
    var lines = changes(from: rule.match, to: mend.match).flatMap { change in
      [Pager.Line(change.field, role: .heading)]
        + indented("- " + (change.before ?? "(none)"), by: 2, role: .danger)
        + indented("+ " + (change.after ?? "(none)"), by: 2, role: .good)
    }
    lines += ["", Pager.Line("Gets in then", role: .heading)]
    lines += indented(MatchWords.sentence(for: mend.match, issuerURL: state.issuerURL(of: rule)), by: 2, role: .accent)
    lines += indented(keptWords(mend, state), by: 2)
    lines += mend.reasons.flatMap { indented($0, by: 2, role: .dim) }
    return lines + mend.assumptions.flatMap { indented("taken for granted: \($0)", by: 2, role: .warning) }
  }

  /// What becomes of the tokens that were seen.
  static func keptWords(_ mend: Mend, _ state: State) -> String {
    let count = state.lint?.tokens?.count ?? 0
    if count == 0 { return "No token of the last 30 days is kept here: it is made from what the rule names." }
    let verb = mend.keptTokens == 1 ? "gets" : "get"
    return "Of \(count) token\(count == 1 ? "" : "s") seen in 30 days \(mend.keptTokens) still \(verb) in as they are."
  }

  /// Each part of a match that differs.
  static func changes(
    from old: FederationRule.Match, to new: FederationRule.Match
  ) -> [(field: String, before: String?, after: String?)] {
    let names = Set(old.claims.keys).union(new.claims.keys).sorted()
    let parts =
      [("subject_prefix", old.subjectPrefix, new.subjectPrefix), ("audience", old.audience, new.audience)]
      + names.map { ("claims.\($0)", old.claims[$0], new.claims[$0]) } + [("condition", old.condition, new.condition)]
    return parts.filter { $0.1 != $0.2 }.map { (field: $0.0, before: $0.1, after: $0.2) }
  }

  private static func render(_ accepting: Lint.Accepting, on surface: inout Surface) {
    let size = Size(columns: min(surface.size.columns, 72), rows: min(surface.size.rows, 10))
    var box = Surface(size)
    box.frame(row: 0, column: 0, size: size, title: "Live with \(accepting.code) for a while")
    accepting.form.render(into: &box, row: 1, column: 2, width: size.columns - 4, height: max(0, size.rows - 3))
    box.write("enter accept   esc back", row: size.rows - 2, column: 2, role: .dim)
    surface.place(box, row: (surface.size.rows - size.rows) / 2, column: (surface.size.columns - size.columns) / 2)
  }
}
