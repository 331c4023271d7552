import FoundationEssentials
package import Interface
import Platform

extension Accounts {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let creation = state.creation {
      render(creation, on: &surface)
    } else if let detail = state.opened {
      render(detail, on: &surface)
    } else {
      renderTable(state, on: &surface)
    }
    return surface
  }

  private static let columns = [
    Table.Column("NAME", .flexible(minimum: 24)),
    Table.Column("ROLE", .fixed(10)),
    Table.Column("STATE", .fixed(9)),
    Table.Column("CREATED", .fixed(17)),
    Table.Column("ID", .fixed(30)),
    Table.Column("DESCRIPTION", .flexible(minimum: 24)),
  ]

  private static func renderTable(_ state: State, on surface: inout Surface) {
    let size = surface.size
    surface.write("Service accounts", row: 0, role: .heading)
    let count = state.isLoading ? "reading…" : "\(state.accounts.count)"
    surface.write(count, row: 0, column: 18, role: .dim)
    if state.accounts.isEmpty && state.hasLoaded && state.failure == nil {
      surface.write("There is no service account yet. Press a to make the first one.", row: 2, column: 2, role: .dim)
    } else {
      state.table.render(
        columns: columns, count: state.accounts.count, into: &surface, row: 1, width: size.columns,
        height: max(0, size.rows - 2)
      ) { entries(for: state.accounts[$0]) }
    }
    if let failure = state.failure { renderFailure(failure, on: &surface) }
  }

  private static func entries(for account: ServiceAccount) -> [Table.Entry] {
    [
      Table.Entry(account.name), Table.Entry(account.organizationRole.rawValue),
      account.isArchived ? Table.Entry("archived", role: .dim) : Table.Entry("live", role: .good),
      Table.Entry(String(account.createdAt.columnText.prefix(16)), role: .dim),
      Table.Entry(account.id.description, role: .dim), Table.Entry(account.description ?? ""),
    ]
  }

  /// At the foot, over whatever is there: what went wrong and what to try.
  private static func renderFailure(_ failure: Problem, on surface: inout Surface) {
    let lines = Text.wrapped(failure.line, to: max(1, surface.size.columns - 2))
    for (index, line) in lines.enumerated() {
      let row = surface.size.rows - lines.count + index
      surface.clear(row: row, column: 0, size: Size(columns: surface.size.columns, rows: 1))
      surface.write((index == 0 ? "✗ " : "  ") + line, row: row, role: .danger)
    }
  }

  private static func render(_ detail: Detail, on surface: inout Surface) {
    let account = detail.account
    surface.write("Service accounts › ", row: 0, role: .dim)
    surface.write(account.name, row: 0, column: 19, role: .heading)
    var lines: [(label: String, text: String, role: Role)] = [
      ("Identifier", account.id.description, .text),
      ("Role", account.organizationRole.rawValue, .text),
      ("State", account.archivedAt.map { "archived \($0.columnText)" } ?? "live", account.isArchived ? .dim : .good),
      ("Description", account.description ?? "none", account.description == nil ? .dim : .text),
      ("Created", "\(account.createdAt.columnText) by \(account.createdBy ?? "unknown")", .text),
      ("Changed", "\(account.updatedAt.columnText) by \(account.updatedBy ?? "unknown")", .text),
      ("", "", .text),
    ]
    lines.append(("Workspaces", detail.memberships == nil ? "reading…" : "", .dim))
    for membership in detail.memberships ?? [] {
      let how = membership.isImplicit ? " (built in)" : ""
      lines.append(("", "\(membership.workspaceID)  \(membership.role)\(how)", .text))
    }
    lines.append(("", "", .text))
    lines.append(("Becomes it", detail.rules == nil ? "reading…" : "", .dim))
    if detail.rules?.isEmpty == true { lines.append(("", "nobody: no live rule targets it", .dim)) }
    for rule in detail.rules ?? [] {
      let subject = rule.match.subjectPrefix ?? rule.match.condition ?? "by claims"
      lines.append(("", "\(rule.name): \(subject) from \(rule.issuerName ?? rule.issuerID.description)", .text))
    }
    let height = max(0, surface.size.rows - 2)
    let top = min(detail.top, max(0, lines.count - height))
    for (row, line) in lines.dropFirst(top).prefix(height).enumerated() {
      surface.write(line.label, row: row + 2, column: 2, role: .dim)
      surface.write(line.text, row: row + 2, column: 16, role: line.role, width: surface.size.columns - 17)
    }
    if let failure = detail.failure { renderFailure(failure, on: &surface) }
  }

  private static func render(_ creation: Creation, on surface: inout Surface) {
    let size = surface.size
    surface.write("New service account", row: 0, role: .heading)
    switch creation.stage {
    case .form:
      surface.write("It is only an identity: rules say who becomes it, workspaces what it may use.", row: 1, role: .dim)
      creation.form.render(into: &surface, row: 3, column: 2, width: size.columns - 4, height: max(0, size.rows - 6))
      surface.write("enter next, on the last field: review   esc cancel", row: size.rows - 1, role: .dim)
      if let failure = creation.failure { renderFailure(failure, on: &surface) }
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
}
