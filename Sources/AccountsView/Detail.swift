import Federation
import FoundationEssentials
import Interface
import Platform

extension Accounts {
  /// The row where a page begins.
  static let pageTop = 3
  /// Rows of what is known of the account, below the tree.
  private static let factRows = 7

  static func treeHeight(_ state: State) -> Int {
    let room = max(0, state.rows - pageTop)
    return room > 2 * factRows ? room - factRows - 1 : room
  }

  static func render(_ detail: Detail, _ state: State, on surface: inout Surface) {
    let size = surface.size
    Breadcrumb.render(["Service accounts", detail.account.name], into: &surface, row: 0, width: size.columns)
    Tabs(tabs(detail, state), selected: detail.page.rawValue).render(into: &surface, row: 1, width: size.columns)
    let height = max(0, size.rows - pageTop)
    switch detail.page {
    case .rules: renderTree(detail, state, on: &surface)
    case .workspaces, .keys:
      let rows = rows(of: detail, state)
      if rows.isEmpty {
        let note = emptyNote(detail)
        surface.write(note.text, row: pageTop, column: 2, role: note.role)
      } else {
        detail.table.render(
          columns: columns(of: detail.page), count: rows.count, into: &surface, row: pageTop, width: size.columns,
          height: height
        ) { rows[$0].entries }
      }
    case .activity:
      var page = Pager(activityLines(detail))
      page.top = detail.top
      page.render(into: &surface, row: pageTop, column: 1, width: size.columns - 2, height: height)
    case .usage: renderUsage(detail, state, on: &surface)
    }
    if let failure = detail.failure { surface.writeFailure(failure.line) }
  }

  static func tabs(_ detail: Detail, _ state: State) -> [Tabs.Tab] {
    Detail.Page.allCases.map { page in
      switch page {
      case .rules: Tabs.Tab("Who becomes it", badge: "\(state.rules(leadingTo: detail.account).count)")
      case .workspaces: Tabs.Tab("Workspaces", badge: detail.memberships.map { "\($0.count)" })
      case .activity: Tabs.Tab("Activity", badge: detail.activities.map { "\($0.count)" })
      case .usage: Tabs.Tab("Usage")
      case .keys: Tabs.Tab("Keys", badge: detail.keys.map { "\($0.count)" })
      }
    }
  }

  // MARK: Who becomes it

  /// Puts what is known now into the tree; what was folded stays so.
  static func growTree(_ state: inout State) {
    guard let detail = state.opened else { return }
    let roots = roots(of: detail, state)
    state.opened?.tree.replace(with: roots, unfoldedTo: 3)
  }

  /// Issuers, their rules, and whom those let in; then the static keys, whose holders become it too.
  private static func roots(of detail: Detail, _ state: State) -> [Tree.Node] {
    let rules = state.rules(leadingTo: detail.account)
    var seen: Set<ID<Issuer>> = []
    var roots = rules.map(\.issuerID).filter { seen.insert($0).inserted }.map { id in
      let issuer = state.issuer(id)
      return Tree.Node(
        id: "issuer \(id)",
        [
          Table.Entry(issuer?.name ?? id.description, role: .heading),
          Table.Entry("  \(issuer?.issuerURL ?? "")", role: .dim),
        ], children: rules.filter { $0.issuerID == id }.map { node(for: $0, state) })
    }
    let keys = detail.keys ?? []
    if !keys.isEmpty {
      roots.append(
        Tree.Node(
          id: "keys", [Table.Entry("Static keys", role: .heading), Table.Entry("  whoever holds one", role: .dim)],
          children: keys.map { key in
            Tree.Node(
              id: "key \(key.id)",
              [Table.Entry("! \(key.name)", role: .warning), Table.Entry("  \(key.hint ?? "")", role: .dim)])
          }))
    }
    return roots
  }

  private static func node(for rule: FederationRule, _ state: State) -> Tree.Node {
    func leaves(_ name: String, _ text: String, _ role: Role) -> [Tree.Node] {
      // Deeper lines have less room, and a sentence that is cut may say the opposite.
      Text.wrapped(text, to: max(20, state.width - 12)).enumerated().map { index, line in
        Tree.Node(id: "\(name) \(rule.id) \(index)", [Table.Entry(line, role: role)])
      }
    }
    let findings = (state.findings[rule.id] ?? []).filter { $0.severity > .info }
    return Tree.Node(
      id: "rule \(rule.id)",
      [Table.Entry(rule.name, role: .accent), Table.Entry("  \(rule.scope), \(rule.tokenLifetime) s", role: .dim)],
      children: leaves("words", words(for: rule, state), .text)
        + findings.enumerated().flatMap { index, finding in
          leaves(
            "finding \(index)", "! \(finding.severity.rawValue) \(finding.id)  \(finding.message)",
            finding.severity >= .high ? .danger : .warning)
        })
  }

  private static func renderTree(_ detail: Detail, _ state: State, on surface: inout Surface) {
    let size = surface.size
    let room = max(0, size.rows - pageTop)
    let height = room > 2 * factRows ? room - factRows - 1 : room
    if detail.tree.count == 0 {
      surface.write("Nobody: no live rule leads to it.", row: pageTop, column: 2, role: .dim)
    } else {
      detail.tree.render(into: &surface, row: pageTop, width: size.columns, height: height)
    }
    guard height < room else { return }
    surface.write(String(repeating: "─", count: size.columns), row: pageTop + height, role: .border)
    for (index, fact) in facts(detail.account).enumerated() {
      let row = pageTop + height + 1 + index
      surface.write(fact.label, row: row, column: 2, role: .dim)
      surface.write(Text.clipped(fact.text, to: max(0, size.columns - 18)), row: row, column: 16)
    }
  }

  private static func facts(_ account: ServiceAccount) -> [(label: String, text: String)] {
    [
      ("identifier", account.id.description), ("role", account.organizationRole.rawValue),
      ("state", account.archivedAt.map { "archived \($0.columnText)" } ?? "live"),
      ("description", account.description ?? "none"),
      ("created", "\(account.createdAt.columnText) by \(account.createdBy ?? "unknown")"),
      ("changed", "\(account.updatedAt.columnText) by \(account.updatedBy ?? "unknown")"),
    ]
  }

  // MARK: Lists

  static func columns(of page: Detail.Page) -> [Table.Column] {
    page == .workspaces
      ? [
        Table.Column("WORKSPACE", .flexible(minimum: 18)), Table.Column("ROLE HERE", .fixed(30)),
        Table.Column("HOW", .flexible(minimum: 14)), Table.Column("ID", .fixed(31)),
      ]
      : [
        Table.Column("KEY", .flexible(minimum: 20)), Table.Column("STATUS", .fixed(9)),
        Table.Column("HINT", .fixed(20)), Table.Column("ID", .fixed(31)),
      ]
  }

  static func rows(of detail: Detail, _ state: State) -> [(entries: [Table.Entry], target: Target)] {
    switch detail.page {
    case .workspaces:
      return (detail.memberships ?? []).map { membership in
        let id = membership.workspaceID
        return (
          [
            Table.Entry(detail.workspaceNames[id] ?? id.description),
            Table.Entry(membership.role, role: membership.role == "workspace_admin" ? .warning : .text),
            Table.Entry(membership.isImplicit ? "built in" : "added", role: .dim),
            Table.Entry(id.description, role: .dim),
          ], .workspace(id)
        )
      }
    case .keys:
      return (detail.keys ?? []).map { key in
        (
          [
            Table.Entry(key.name), Table.Entry(key.status.rawValue, role: .warning),
            Table.Entry(key.hint ?? "", role: .dim), Table.Entry(key.id.description, role: .dim),
          ], .key(key.id)
        )
      }
    case .rules, .activity, .usage: return []
    }
  }

  private static func emptyNote(_ detail: Detail) -> (text: String, role: Role) {
    switch detail.page {
    case .keys where detail.keys != nil: ("✓ No static key acts as it.", .good)
    case .workspaces where detail.memberships != nil: ("It is in no workspace.", .dim)
    default: (detail.failure == nil ? "reading…" : "not known", .dim)
    }
  }

  /// What the cursor is on, where another view shows that.
  static func target(in detail: Detail, _ state: State) -> Target? {
    switch detail.page {
    case .rules:
      let parts = detail.tree.selectedID?.split(separator: " ") ?? []
      guard parts.count > 1 else { return nil }
      switch parts[0] {
      case "issuer": return (try? ID<Issuer>(String(parts[1]))).map { .issuer($0) }
      case "key": return (try? ID<APIKey>(String(parts[1]))).map { .key($0) }
      default: return parts.lazy.compactMap { try? ID<FederationRule>(String($0)) }.first.map { .rule($0) }
      }
    case .workspaces, .keys:
      let rows = rows(of: detail, state)
      return rows.indices.contains(detail.table.selected) ? rows[detail.table.selected].target : nil
    case .activity, .usage: return nil
    }
  }

  static func activityLines(_ detail: Detail) -> [Pager.Line] {
    guard let activities = detail.activities else { return [Pager.Line("reading…", role: .dim)] }
    if activities.isEmpty { return [Pager.Line("Nothing in the part of the audit log that is kept here.", role: .dim)] }
    return activities.map { activity in
      let outcome = activity.outcome.map { activity.isDenied ? "✗ \(activity.reason ?? "denied")" : "✓ \($0)" } ?? ""
      let text =
        "\(activity.createdAt.columnText)  \(ActivityCatalogue.label(of: activity.type))  \(outcome)  by \(activity.actor)"
      return Pager.Line(text, role: activity.isDenied ? .danger : .text)
    }
  }

  // MARK: Usage

  private static func renderUsage(_ detail: Detail, _ state: State, on surface: inout Surface) {
    var row = pageTop
    func write(_ text: String, role: Role = .text) {
      surface.write(text, row: row, column: 2, role: role)
      row += 1
    }
    if let problem = detail.usageFailure ?? (state.usage == nil ? state.usageFailure : nil) {
      for line in Text.wrapped("✗ " + problem.line, to: max(1, surface.size.columns - 4)) {
        write(line, role: .warning)
      }
    }
    guard let all = state.usage else {
      if state.usageFailure == nil { write("reading…", role: .dim) }
      return
    }
    guard let usage = all[detail.account.id] else { return write("Nothing in the last seven days.", role: .dim) }
    write("Last seven days", role: .heading)
    write("requests  \(usage.requests.map(String.init) ?? "not counted by the platform")")
    write("tokens    \(usage.tokens)")
    write("cost      \(usage.costText)")
    guard let parts = detail.usage, !parts.isEmpty else {
      if detail.usage == nil, detail.usageFailure == nil { write("by model and day: reading…", role: .dim) }
      return chart("By day", bars(usage.daily), &row, on: &surface)
    }
    chart("By model", bars(parts, by: \.model), &row, on: &surface)
    chart(
      "By day", bars(parts) { String($0.day.columnText.prefix(10)) }.sorted { $0.label < $1.label }, &row, on: &surface)
  }

  private static func chart(_ title: String, _ bars: [BarChart.Bar], _ row: inout Int, on surface: inout Surface) {
    row += 1
    let height = min(bars.count, surface.size.rows - row - 1)
    guard height > 0 else { return }
    surface.write(title, row: row, column: 2, role: .heading)
    BarChart(bars).render(
      into: &surface, row: row + 1, column: 2, width: min(76, surface.size.columns - 4), height: height)
    row += 1 + height
  }

  /// The costliest, or busiest, first.
  private static func bars(_ parts: [ModelUsage], by name: (ModelUsage) -> String) -> [BarChart.Bar] {
    Dictionary(grouping: parts, by: name).map { label, parts in
      let tokens = parts.reduce(0) { $0 + $1.tokens }
      let costs = parts.compactMap(\.cents)
      let cost = costs.isEmpty ? nil : costs.reduce(0, +)
      return BarChart.Bar(
        label, cost ?? Double(tokens), text: (cost.map { Usage.dollars($0) + "  " } ?? "") + "\(tokens) tok")
    }.sorted { ($1.value, $0.label) < ($0.value, $1.label) }
  }

  /// Without the parts, from what the list has: today last.
  private static func bars(_ daily: [Double]) -> [BarChart.Bar] {
    daily.enumerated().map { index, value in
      let day = daily.count - 1 - index
      let label = day == 0 ? "today" : "-\(day) day\(day == 1 ? "" : "s")"
      return BarChart.Bar(label, value, text: "\(Int(value))")
    }
  }
}
