import Federation
package import Interface
import Platform

extension Rules {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let connect = state.connect {
      render(connect, state, on: &surface)
      return surface
    }
    if let edit = state.edit {
      render(edit, on: &surface)
      return surface
    }
    if let trial = state.trial {
      render(trial, state, on: &surface)
    } else if state.lint != nil {
      renderLint(state, on: &surface)
    } else if let opened = state.opened {
      render(opened, state, on: &surface)
    } else {
      renderLists(state, on: &surface)
    }
    if let failure = state.archive == nil ? state.failure : state.archive?.failure {
      renderFailure(failure, on: &surface)
    }
    if let archive = state.archive {
      archive.confirmation.render(on: &surface)
      if archive.isSending { surface.write("Archiving…", row: size.rows - 1, role: .accent) }
    }
    return surface
  }

  private static let ruleColumns = [
    Table.Column("RULE", .flexible(minimum: 18)),
    Table.Column("FINDINGS", .fixed(12)),
    Table.Column("WHO GETS IN", .flexible(minimum: 26)),
    Table.Column("AS", .flexible(minimum: 14)),
    Table.Column("ISSUER", .flexible(minimum: 16)),
    Table.Column("LIVES", .fixed(7), alignment: .trailing),
    Table.Column("SCOPE", .fixed(20)),
  ]

  private static let issuerColumns = [
    Table.Column("ISSUER", .flexible(minimum: 18)),
    Table.Column("STATE", .fixed(9)),
    Table.Column("ADDRESS", .flexible(minimum: 36)),
    Table.Column("RULES", .fixed(6), alignment: .trailing),
    Table.Column("KEYS", .fixed(12)),
    Table.Column("LONGEST", .fixed(8), alignment: .trailing),
    Table.Column("ONCE ONLY", .fixed(9)),
  ]

  private static func renderLists(_ state: State, on surface: inout Surface) {
    let size = surface.size
    let (rules, issuers) = (state.shownRules, state.shownIssuers)
    var column = 0
    let panes = [(Pane.rules, "Rules", state.rules.count), (.issuers, "Issuers", state.issuers.count)]
    for (pane, title, count) in panes {
      let isOpen = pane == state.pane
      column += surface.write(isOpen ? "▸ " : "  ", row: 0, column: column, role: .accent)
      column += surface.write(title, row: 0, column: column, role: isOpen ? .heading : .dim)
      column += surface.write(" \(count)   ", row: 0, column: column, role: .dim)
    }
    if state.isLoading { surface.write("reading…", row: 0, column: column, role: .dim) }
    let hasFilter = state.filter.isActive || state.filter.isTyping
    let height = max(0, size.rows - 1 - (hasFilter ? 1 : 0))
    let isEmpty = state.pane == .rules ? state.rules.isEmpty : state.issuers.isEmpty
    if isEmpty {
      guard state.hasLoaded, state.failure == nil else { return }
      let text =
        state.pane == .rules
        ? "There is no rule yet, so no workload gets in. Press a to connect the first one."
        : "No issuer is trusted yet. Connecting a workload with a registers the one it needs."
      surface.write(text, row: 2, column: 2, role: .dim)
      return
    }
    if state.pane == .rules {
      state.ruleTable.render(
        columns: ruleColumns, count: rules.count, into: &surface, row: 1, width: size.columns, height: height
      ) { entries(for: rules[$0], state) }
    } else {
      state.issuerTable.render(
        columns: issuerColumns, count: issuers.count, into: &surface, row: 1, width: size.columns, height: height
      ) { entries(for: issuers[$0], state) }
    }
    if hasFilter {
      let (shown, count) =
        state.pane == .rules ? (rules.count, state.rules.count) : (issuers.count, state.issuers.count)
      state.filter.render(
        into: &surface, row: size.rows - 1, width: size.columns, shown: shown, of: count,
        fields: state.pane == .rules ? State.ruleFields : State.issuerFields)
    }
  }

  private static func entries(for rule: FederationRule, _ state: State) -> [Table.Entry] {
    [
      Table.Entry(rule.name, role: rule.isArchived ? .dim : .text), marks(for: rule, state),
      Table.Entry(MatchWords.short(for: rule.match)),
      Table.Entry(rule.accountName ?? rule.accountID.description),
      Table.Entry(rule.issuerName ?? rule.issuerID.description, role: .dim),
      Table.Entry("\(rule.tokenLifetime) s", role: .dim), Table.Entry(rule.scope, role: .dim),
    ]
  }

  /// `‼ 1 critical`: the worst severity and how many findings have it.
  private static func marks(for rule: FederationRule, _ state: State) -> Table.Entry {
    if rule.isArchived { return Table.Entry("archived", role: .dim) }
    let findings = (state.findings[rule.id] ?? []).filter { $0.severity > .info }
    guard let worst = findings.first?.severity else { return Table.Entry("✓ none", role: .good) }
    let count = findings.count { $0.severity == worst }
    return Table.Entry("\(mark(worst)) \(count) \(worst.rawValue)", role: role(of: worst))
  }

  private static func entries(for issuer: Issuer, _ state: State) -> [Table.Entry] {
    let isStale = issuer.pollingDisabledAt != nil
    return [
      Table.Entry(issuer.name, role: issuer.isArchived ? .dim : .text),
      issuer.isArchived
        ? Table.Entry("archived", role: .dim)
        : isStale ? Table.Entry("! keys", role: .danger) : Table.Entry("live", role: .good),
      Table.Entry(issuer.issuerURL), Table.Entry("\(state.rules(of: issuer).count)"),
      Table.Entry(issuer.keys.word, role: .dim), Table.Entry("\(issuer.maxTokenLifetime) s", role: .dim),
      issuer.checksJTI ? Table.Entry("yes", role: .dim) : Table.Entry("no", role: .warning),
    ]
  }

  /// At the foot, over whatever is there: what went wrong and what to try.
  static func renderFailure(_ failure: Problem, on surface: inout Surface) {
    let lines = Text.wrapped(failure.line, to: max(1, surface.size.columns - 2))
    for (index, line) in lines.enumerated() {
      let row = surface.size.rows - lines.count + index
      surface.clear(row: row, column: 0, size: Size(columns: surface.size.columns, rows: 1))
      surface.write((index == 0 ? "✗ " : "  ") + line, row: row, role: .danger)
    }
  }
}
