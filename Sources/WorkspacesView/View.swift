import FoundationEssentials
package import Interface
package import Platform

extension Workspaces {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if let adding = state.adding {
      render(adding, on: &surface)
      return surface
    }
    if let detail = state.opened { render(detail, state, on: &surface) } else { renderTable(state, on: &surface) }
    if let removing = state.removing {
      removing.confirmation.render(on: &surface)
      if removing.isSending { surface.writeFoot("Sending…", role: .accent) }
    } else if let failure = state.failure {
      surface.writeFailure(failure.line)
    }
    return surface
  }

  private static func renderTable(_ state: State, on surface: inout Surface) {
    surface.write("Workspaces", row: 0, role: .heading)
    let live = state.workspaces.count { !$0.isArchived }
    let words = [
      state.workspaces.isEmpty ? "" : "\(live) live", state.isLoading ? "reading…" : "",
      state.table.marks.isEmpty ? "" : "\(state.table.marks.count) marked",
    ]
    surface.write(words.filter { !$0.isEmpty }.joined(separator: " · "), row: 0, column: 12, role: .dim)
    if !state.workspaces.isEmpty { state.renderList(on: &surface) }
  }

  // MARK: One workspace

  /// The row where the table of a page begins.
  static let pageTop = 3

  private static func render(_ detail: Detail, _ state: State, on surface: inout Surface) {
    let size = surface.size
    Breadcrumb.render(["Workspaces", detail.workspace.name], into: &surface, row: 0, width: size.columns)
    state.tabs(detail).render(into: &surface, row: 1, width: size.columns)
    surface.write(state.note(detail), row: 2, column: 2, role: .dim, width: max(0, size.columns - 2))
    let rows = state.pageRows
    guard !rows.isEmpty else { return }
    detail.table.render(
      columns: columns(of: detail.page), count: rows.count, into: &surface, row: pageTop, width: size.columns,
      height: max(0, size.rows - pageTop)
    ) { rows[$0].entries }
  }

  static func columns(of page: Detail.Page) -> [Table.Column] {
    switch page {
    case .accounts:
      [
        Table.Column("ACCOUNT", .flexible(minimum: 18)), Table.Column("ROLE HERE", .fixed(30)),
        Table.Column("RULES", .fixed(5), alignment: .trailing), Table.Column("ID", .fixed(29)),
      ]
    case .rules:
      [
        Table.Column("RULE", .flexible(minimum: 20)), Table.Column("AS", .flexible(minimum: 16)),
        Table.Column("ENABLED", .fixed(10)), Table.Column("SCOPE", .fixed(20)),
      ]
    case .keys:
      [
        Table.Column("KEY", .flexible(minimum: 20)), Table.Column("STATUS", .fixed(9)),
        Table.Column("ACTS AS", .flexible(minimum: 16)), Table.Column("HINT", .fixed(20)),
      ]
    case .limits:
      [
        Table.Column("GROUP", .flexible(minimum: 18)), Table.Column("LIMIT", .flexible(minimum: 26)),
        Table.Column("HERE", .fixed(11), alignment: .trailing),
        Table.Column("ORG", .fixed(11), alignment: .trailing), Table.Column("SET BY", .fixed(12)),
      ]
    }
  }

  // MARK: The form

  private static func render(_ adding: Adding, on surface: inout Surface) {
    let size = surface.size
    let verb = adding.membership == nil ? "Add an account" : "Change a role"
    Breadcrumb.render(["Workspaces", adding.workspace.name, verb], into: &surface, row: 0, width: size.columns)
    switch adding.stage {
    case .form:
      adding.form.render(into: &surface, row: 2, column: 2, width: size.columns - 4, height: max(0, size.rows - 5))
      surface.writeFoot("enter next, on the last field: review   esc cancel")
    case .review, .sending:
      surface.write("This request will be sent:", row: 2, column: 2)
      let path = "/v1/organizations/service_accounts/\(adding.accountID?.description ?? "")/workspaces"
      let body: JSON = ["workspace_id": JSON(adding.workspace.id), "workspace_role": .string(adding.role)]
      let text =
        Text.wrapped("POST " + path, to: max(1, size.columns - 6)) + body.pretty.split(separator: "\n").map(String.init)
      for (index, line) in text.enumerated() { surface.write(line, row: 4 + index, column: 4, role: .accent) }
      surface.writeFoot(adding.stage == .sending ? "Sending…" : "enter send   esc back")
    }
    if let failure = adding.failure { surface.writeFailure(failure.line) }
  }
}

extension Workspaces.State {
  package static let columns = [
    Table.Column("WORKSPACE", .flexible(minimum: 18)),
    Table.Column("STATE", .fixed(8)),
    Table.Column("ACCOUNTS", .fixed(8), alignment: .trailing),
    Table.Column("RULES", .fixed(5), alignment: .trailing),
    Table.Column("KEYS", .fixed(5), alignment: .trailing),
    Table.Column("LIMITS", .fixed(9)),
    Table.Column("CREATED", .fixed(10)),
    Table.Column("ID", .fixed(31)),
  ]

  package func entries(for workspace: Workspace) -> [Table.Entry] {
    let contents = contents[workspace.id]
    let isKnown = contents != nil || workspace.isArchived
    let accounts = isDefault(workspace) ? "every" : contents.map { "\($0.memberships.count)" } ?? "…"
    let own = ownLimits(of: workspace)
    return [
      Table.Entry(workspace.name, role: workspace.isArchived ? .dim : .text),
      workspace.isArchived ? Table.Entry("archived", role: .dim) : Table.Entry("live", role: .good),
      Table.Entry(workspace.isArchived ? "–" : accounts, role: isKnown ? .text : .dim),
      Table.Entry("\(rules(of: workspace).count)"),
      keys(of: workspace).map { Table.Entry("\($0.count)") } ?? Table.Entry("–", role: .dim),
      Table.Entry(
        own.map { $0 > 0 ? "\($0) own" : "inherited" } ?? (isKnown ? "–" : "…"),
        role: (own ?? 0) > 0 ? .accent : .dim, rank: "\(own ?? 0)"),
      Table.Entry(String(workspace.createdAt.columnText.prefix(10)), role: .dim),
      Table.Entry(workspace.id.description, role: .dim),
    ]
  }

  func tabs(_ detail: Workspaces.Detail) -> Tabs {
    let workspace = detail.workspace
    let contents = contents[workspace.id]
    return Tabs(
      Workspaces.Detail.Page.allCases.map { page in
        switch page {
        case .accounts: Tabs.Tab("Accounts", badge: contents.map { "\($0.memberships.count)" })
        case .rules: Tabs.Tab("Rules", badge: "\(rules(of: workspace).count)")
        case .keys: Tabs.Tab("Keys", badge: keys(of: workspace).map { "\($0.count)" })
        case .limits: Tabs.Tab("Limits", badge: ownLimits(of: workspace).flatMap { $0 > 0 ? "\($0) own" : nil })
        }
      }, selected: detail.page.rawValue)
  }

  /// What has to be said above a page's rows, or in their place.
  func note(_ detail: Workspaces.Detail) -> String {
    let workspace = detail.workspace
    let contents = contents[workspace.id]
    if workspace.isArchived {
      return "Archived \(workspace.archivedAt?.columnText ?? ""): nothing works here any more."
    }
    switch detail.page {
    case .accounts:
      if isDefault(workspace) { return "Every service account is a member of the default workspace." }
      if contents == nil { return failure == nil ? "reading…" : "not known" }
      return contents?.memberships.isEmpty == true ? "No account was added to it. Press a to add one." : ""
    case .rules: return rules(of: workspace).isEmpty ? "No live rule mints for it." : "enter opens a rule"
    case .keys:
      guard let keys = keys(of: workspace) else { return "Not read: keys take an Admin API key." }
      return keys.isEmpty ? "✓ No static key is good here." : "enter opens a key"
    case .limits:
      guard let contents else { return failure == nil ? "reading…" : "not known" }
      guard let limits = contents.limits else { return "Not told to this credential." }
      return limits.isEmpty
        ? "No limit is set." : "Changed in the web Console; above the organization's it has no effect."
    }
  }

  /// The rows of the open page, each with where it leads.
  var pageRows: [(entries: [Table.Entry], target: Workspaces.Target?)] {
    guard let detail = opened else { return [] }
    let workspace = detail.workspace
    switch detail.page {
    case .accounts: return accountRows(workspace)
    case .rules:
      return rules(of: workspace).map { rule in
        (
          [
            Table.Entry(rule.name), Table.Entry(rule.accountName ?? name(of: rule.accountID)),
            rule.appliesToAllWorkspaces ? Table.Entry("everywhere", role: .warning) : Table.Entry("here", role: .dim),
            Table.Entry(rule.scope, role: .dim),
          ], .rule(rule.id)
        )
      }
    case .keys:
      let names = accounts.mapValues(\.name)
      return (keys(of: workspace) ?? []).map { key in
        (
          [
            Table.Entry(key.name), Table.Entry(key.status.rawValue, role: key.status == .active ? .warning : .good),
            Table.Entry(key.owner(names)), Table.Entry(key.hint ?? "", role: .dim),
          ], .key(key.id)
        )
      }
    case .limits:
      return (contents[workspace.id]?.limits ?? []).flatMap { limit in
        limit.limiters.enumerated().map { index, limiter in
          (
            [
              Table.Entry(limit.name, role: index == 0 ? .text : .dim), Table.Entry(limiter.type),
              Table.Entry(limiter.value.map { "\($0)" } ?? "none", role: limiter.isOwn ? .accent : .text),
              Table.Entry(limiter.organizationValue.map { "\($0)" } ?? "–", role: .dim),
              limiter.isOwn ? Table.Entry("workspace", role: .accent) : Table.Entry("organization", role: .dim),
            ], nil
          )
        }
      }
    }
  }

  private func accountRows(_ workspace: Workspace) -> [(entries: [Table.Entry], target: Workspaces.Target?)] {
    let leading = Dictionary(grouping: rules(of: workspace), by: \.accountID)
    return (contents[workspace.id]?.memberships ?? []).map { membership in
      let account = accounts[membership.accountID]
      let count = leading[membership.accountID]?.count ?? 0
      return (
        [
          Table.Entry(name(of: membership.accountID), role: account?.isArchived == true ? .dim : .text),
          Table.Entry(membership.role, role: membership.role == "workspace_admin" ? .warning : .text),
          Table.Entry("\(count)", role: count == 0 ? .dim : .text),
          Table.Entry(membership.accountID.description, role: .dim),
        ], .account(membership.accountID)
      )
    }
  }
}
