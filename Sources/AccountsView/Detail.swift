import Federation
import FoundationEssentials
import Interface
import Platform

extension Accounts {
  static func render(_ detail: Detail, _ state: State, on surface: inout Surface) {
    let size = surface.size
    Breadcrumb.render(["Service accounts", detail.account.name], into: &surface, row: 0, width: size.columns)
    Tabs(tabs(detail, state), selected: detail.page.rawValue).render(into: &surface, row: 1, width: size.columns)
    var page = Pager(lines(of: detail, state))
    page.top = detail.top
    page.render(into: &surface, row: 3, column: 1, width: size.columns - 2, height: max(0, size.rows - 3))
    if let failure = detail.failure { renderFailure(failure, on: &surface) }
  }

  private static func tabs(_ detail: Detail, _ state: State) -> [Tabs.Tab] {
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

  static func lines(of detail: Detail, _ state: State) -> [Pager.Line] {
    switch detail.page {
    case .rules: ruleLines(detail, state) + [""] + factLines(detail.account)
    case .workspaces: workspaceLines(detail)
    case .activity: activityLines(detail)
    case .usage: usageLines(detail, state)
    case .keys: keyLines(detail)
    }
  }

  private static let width = 76

  private static func paragraph(_ text: String, indent: Int = 0, role: Role = .text) -> [Pager.Line] {
    Text.wrapped(text, to: width - indent).map { Pager.Line(String(repeating: " ", count: indent) + $0, role: role) }
  }

  /// The tree of who becomes it: issuers, their rules, and whom those let in.
  private static func ruleLines(_ detail: Detail, _ state: State) -> [Pager.Line] {
    let rules = state.rules(leadingTo: detail.account)
    guard !rules.isEmpty else { return [Pager.Line("Nobody: no live rule leads to it.", role: .dim)] }
    var lines: [Pager.Line] = []
    var seen: Set<ID<Issuer>> = []
    for id in rules.map(\.issuerID) where seen.insert(id).inserted {
      let issuer = state.issuers.first { $0.id == id }
      lines.append(Pager.Line("\(issuer?.name ?? id.description)  \(issuer?.issuerURL ?? "")", role: .heading))
      for rule in rules where rule.issuerID == id {
        lines.append(Pager.Line("└ \(rule.name)  \(rule.scope), \(rule.tokenLifetime) s", role: .accent))
        lines += paragraph(words(for: rule, state), indent: 4)
        for finding in state.findings[rule.id] ?? [] where finding.severity > .info {
          lines += paragraph(
            "! \(finding.severity.rawValue) \(finding.id)  \(finding.message)", indent: 4,
            role: finding.severity >= .high ? .danger : .warning)
        }
      }
    }
    return lines
  }

  private static func factLines(_ account: ServiceAccount) -> [Pager.Line] {
    let facts: [(label: String, text: String)] = [
      ("identifier", account.id.description), ("role", account.organizationRole.rawValue),
      ("state", account.archivedAt.map { "archived \($0.columnText)" } ?? "live"),
      ("description", account.description ?? "none"),
      ("created", "\(account.createdAt.columnText) by \(account.createdBy ?? "unknown")"),
      ("changed", "\(account.updatedAt.columnText) by \(account.updatedBy ?? "unknown")"),
    ]
    return facts.flatMap { fact in
      Text.wrapped(fact.text, to: width - 14).enumerated().map { index, line in
        let label = index == 0 ? fact.label : ""
        return Pager.Line(label + String(repeating: " ", count: 14 - label.count) + line)
      }
    }
  }

  private static func workspaceLines(_ detail: Detail) -> [Pager.Line] {
    guard let memberships = detail.memberships else { return [Pager.Line("reading…", role: .dim)] }
    return memberships.map { membership in
      let how = membership.isImplicit ? "  built in: every account is in the default workspace" : ""
      return Pager.Line("\(membership.workspaceID)  \(membership.role)\(how)")
    }
  }

  private static func activityLines(_ detail: Detail) -> [Pager.Line] {
    guard let activities = detail.activities else { return [Pager.Line("reading…", role: .dim)] }
    if activities.isEmpty { return [Pager.Line("Nothing in the part of the audit log that is kept here.", role: .dim)] }
    return activities.map { activity in
      let outcome = activity.outcome.map { activity.isDenied ? "✗ \(activity.reason ?? "denied")" : "✓ \($0)" } ?? ""
      let text =
        "\(activity.createdAt.columnText)  \(ActivityCatalogue.label(of: activity.type))  \(outcome)  by \(activity.actor)"
      return Pager.Line(text, role: activity.isDenied ? .danger : .text)
    }
  }

  private static func usageLines(_ detail: Detail, _ state: State) -> [Pager.Line] {
    guard let all = state.usage else {
      return state.usageFailure.map { paragraph("✗ " + $0.line, role: .warning) } ?? [
        Pager.Line("reading…", role: .dim)
      ]
    }
    guard let usage = all[detail.account.id] else { return [Pager.Line("Nothing in the last seven days.", role: .dim)] }
    var lines = [
      Pager.Line("Last seven days", role: .heading),
      Pager.Line("requests  \(usage.requests.map(String.init) ?? "not counted by the platform")"),
      Pager.Line("tokens    \(usage.tokens)"), Pager.Line("cost      \(usage.costText)"), "",
    ]
    let most = usage.daily.max() ?? 0
    for (index, value) in usage.daily.enumerated() {
      let bar = String(repeating: "█", count: most > 0 ? Int(value / most * 40) : 0)
      let day = usage.daily.count - 1 - index
      let label = day == 0 ? "today    " : "-\(day) day\(day == 1 ? " " : "s")  "
      lines.append(Pager.Line("\(label) \(bar) \(Int(value))", role: .accent))
    }
    return lines
  }

  private static func keyLines(_ detail: Detail) -> [Pager.Line] {
    guard let keys = detail.keys else { return [Pager.Line("reading…", role: .dim)] }
    if keys.isEmpty { return [Pager.Line("✓ No static key acts as it.", role: .good)] }
    return keys.map { Pager.Line("\($0.name)  \($0.hint ?? "")  \($0.status.rawValue)  \($0.id)", role: .warning) }
  }
}
