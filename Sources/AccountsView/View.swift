import Federation
import FoundationEssentials
package import Interface
package import Platform

extension Accounts {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let creation = state.creation {
      render(creation, on: &surface)
      return surface
    }
    if let edit = state.edit {
      render(edit, on: &surface)
      return surface
    }
    if let detail = state.opened { render(detail, state, on: &surface) } else { renderTable(state, on: &surface) }
    if let closing = state.closing { render(closing, on: &surface) }
    return surface
  }

  private static func renderTable(_ state: State, on surface: inout Surface) {
    surface.write("Service accounts", row: 0, role: .heading)
    let marked = state.hasMarks ? " · \(state.table.marks.count) marked" : ""
    let words = [
      state.hasLoaded || !state.accounts.isEmpty ? "\(state.accounts.count)" : "", state.isLoading ? "reading…" : "",
    ]
    surface.write(words.filter { !$0.isEmpty }.joined(separator: " · ") + marked, row: 0, column: 18, role: .dim)
    if state.accounts.isEmpty && state.hasLoaded && state.failure == nil {
      surface.write("There is no service account yet. Press a to make the first one.", row: 2, column: 2, role: .dim)
    } else {
      state.renderList(on: &surface)
    }
    if let failure = state.failure { surface.writeFailure(failure.line) }
  }

  /// At the foot, over whatever is there: what went wrong and what to try.

  private static func render(_ creation: Creation, on surface: inout Surface) {
    let size = surface.size
    surface.write("New service account", row: 0, role: .heading)
    switch creation.stage {
    case .form:
      surface.write("It is only an identity: rules say who becomes it, workspaces what it may use.", row: 1, role: .dim)
      creation.form.render(into: &surface, row: 3, column: 2, width: size.columns - 4, height: max(0, size.rows - 6))
      surface.write("enter next, on the last field: review   esc cancel", row: size.rows - 1, role: .dim)
      if let failure = creation.failure { surface.writeFailure(failure.line) }
    case .review, .sending:
      surface.write("This request will be sent:", row: 2, column: 2)
      let text = "POST /v1/organizations/service_accounts\n" + creation.draft.json.pretty
      for (index, line) in text.split(separator: "\n").enumerated() {
        surface.write(String(line), row: 4 + index, column: 4, role: .accent)
      }
      let prompt = creation.stage == .sending ? "Sending…" : "enter create   esc back"
      surface.write(prompt, row: size.rows - 1, role: .dim)
    }
  }

  private static func render(_ edit: Edit, on surface: inout Surface) {
    let size = surface.size
    surface.write("Edit \(edit.account.name)", row: 0, role: .heading)
    if edit.isReview {
      surface.write("This will change:", row: 2, column: 2)
      for (index, change) in edit.changes.enumerated() {
        surface.write(change.field, row: 4 + 3 * index, column: 4, role: .heading)
        surface.write("- \(change.before)", row: 5 + 3 * index, column: 4, role: .danger)
        surface.write("+ \(change.after)", row: 6 + 3 * index, column: 4, role: .good)
      }
      surface.write(edit.isSending ? "Sending…" : "enter send   esc back", row: size.rows - 1, role: .dim)
    } else {
      edit.form.render(into: &surface, row: 2, column: 2, width: size.columns - 4, height: max(0, size.rows - 5))
      surface.write("enter next, on the last field: review   esc cancel", row: size.rows - 1, role: .dim)
    }
    if let failure = edit.failure { surface.writeFailure(failure.line) }
  }

  private static func render(_ closing: Closing, on surface: inout Surface) {
    closing.confirmation?.render(on: &surface)
    if let failure = closing.failure {
      surface.writeFailure(failure.line)
    } else if closing.stage != .asking {
      let text = closing.stage == .reading ? "Looking what hangs on \(closing.subject)…" : "Sending…"
      surface.writeFoot(text, role: .accent)
    }
  }
}

extension Accounts.State {
  package static let columns = [
    Table.Column("NAME", .flexible(minimum: 18)),
    Table.Column("STATE", .fixed(8)),
    Table.Column("RULES", .fixed(5), alignment: .trailing),
    Table.Column("FINDINGS", .fixed(10)),
    Table.Column("7 DAYS", .fixed(7)),
    Table.Column("REQUESTS", .fixed(9), alignment: .trailing),
    Table.Column("COST", .fixed(9), alignment: .trailing),
    Table.Column("ROLE", .fixed(9)),
    Table.Column("CREATED", .fixed(10)),
    Table.Column("DESCRIPTION", .flexible(minimum: 24)),
    Table.Column("ID", .fixed(29)),
  ]

  package func entries(for account: ServiceAccount) -> [Table.Entry] {
    let usage = usage.map { $0[account.id] ?? Accounts.Usage(requests: 0, tokens: 0, cents: 0, daily: []) }
    let unknown = Table.Entry(usageFailure == nil ? "…" : "–", role: .dim)
    return [
      Table.Entry(account.name, role: account.isArchived ? .dim : .text),
      account.isArchived ? Table.Entry("archived", role: .dim) : Table.Entry("live", role: .good),
      Table.Entry("\(rules(leadingTo: account).count)"), finding(of: account),
      Table.Entry(
        usage.map { Sparkline.text($0.daily, width: 7) } ?? "", role: .accent,
        rank: usage.map { "\(Int($0.daily.reduce(0, +)))" }),
      usage.map { Table.Entry($0.requests.map(String.init) ?? "–") } ?? unknown,
      usage.map { Table.Entry($0.costText) } ?? unknown,
      Table.Entry(account.organizationRole.rawValue, role: account.organizationRole == .admin ? .warning : .dim),
      Table.Entry(String(account.createdAt.columnText.prefix(10)), role: .dim),
      Table.Entry(account.description ?? ""), Table.Entry(account.id.description, role: .dim),
    ]
  }

  private func finding(of account: ServiceAccount) -> Table.Entry {
    guard !account.isArchived, let worst = worst(of: account), worst > .info else {
      return Table.Entry(account.isArchived ? "" : "✓ none", role: .dim, rank: "0")
    }
    return Table.Entry(
      "! \(worst.rawValue)", role: worst >= .high ? .danger : worst == .medium ? .warning : .dim,
      rank: "\((Severity.allCases.sorted().firstIndex(of: worst) ?? 0) + 1)")
  }
}
