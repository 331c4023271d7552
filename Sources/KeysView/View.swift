import FoundationEssentials
package import Interface
package import Platform

extension Keys {
  package static func render(_ state: State, size: Size) -> Surface {
    var surface = Surface(size)
    if state.isOpened, let key = state.selected {
      render(key, state, on: &surface)
    } else {
      renderTable(state, on: &surface)
    }
    if let pending = state.pending {
      pending.confirmation?.render(on: &surface)
      if pending.isSending {
        surface.writeFoot("\(pending.change.doing) \(pending.subject)…", role: .accent)
      }
    } else if let failure = state.failure {
      surface.writeFailure(failure.line)
    }
    return surface
  }

  private static func renderTable(_ state: State, on surface: inout Surface) {
    surface.write("Static keys", row: 0, role: .heading)
    let active = state.keys.filter { $0.status == .active }
    let unused = state.usage.map { usage in active.count { usage[$0.id]?.isUsed != true } }
    var words = [state.hasLoaded || !state.keys.isEmpty ? "\(state.keys.count)" : ""]
    words += [
      state.isLoading ? "reading…" : "",
      "\(active.count) active", unused.map { "\($0) of them unused for seven days" } ?? "",
      state.table.marks.isEmpty ? "" : "\(state.table.marks.count) marked",
    ]
    surface.write(words.filter { !$0.isEmpty }.joined(separator: " · "), row: 0, column: 13, role: .dim)
    if state.keys.isEmpty {
      if state.hasLoaded, state.failure == nil {
        surface.write("✓ There is no static key. Nothing to lose, nothing to rotate.", row: 2, column: 2, role: .good)
      }
      return
    }
    state.renderList(on: &surface)
  }

  private static func render(_ key: APIKey, _ state: State, on surface: inout Surface) {
    Breadcrumb.render(["Static keys", key.name], into: &surface, row: 0, width: surface.size.columns)
    let use = state.usage.map { $0[key.id]?.text ?? "none" } ?? state.usageFailure?.line ?? "reading…"
    let facts = [
      ("identifier", key.id.description), ("status", key.status.rawValue), ("acts as", state.owner(of: key)),
      ("workspace", key.workspaceID?.description ?? "every one of the organization"),
      ("requests, 7 d", use), ("hint", key.hint ?? "none"),
      ("created", "\(key.createdAt.columnText) by \(key.createdBy ?? "unknown")"),
      ("expires", key.expiresAt?.columnText ?? "never"),
    ]
    var row = 2
    for (label, text) in facts {
      surface.write(label, row: row, column: 2, role: .dim)
      for line in Text.wrapped(text, to: max(1, surface.size.columns - 20)) {
        surface.write(line, row: row, column: 18)
        row += 1
      }
    }
    guard key.status == .active else { return }
    let advice =
      "A workload does not need it: press 3, then a, connects the workload so that it brings a token of its own."
    for line in Text.wrapped(advice, to: max(1, surface.size.columns - 4)) {
      row += 1
      surface.write(line, row: row, column: 2, role: .accent)
    }
  }
}

extension Keys.State {
  package static let columns = [
    Table.Column("KEY", .flexible(minimum: 20)),
    Table.Column("STATUS", .fixed(9)),
    Table.Column("7 DAYS", .fixed(11), alignment: .trailing),
    Table.Column("ACTS AS", .flexible(minimum: 16)),
    Table.Column("HINT", .fixed(20)),
    Table.Column("CREATED", .fixed(10)),
    Table.Column("EXPIRES", .fixed(10)),
    Table.Column("WORKSPACE", .fixed(31)),
  ]

  package func entries(for key: APIKey) -> [Table.Entry] {
    [
      Table.Entry(key.name, role: key.status == .active ? .text : .dim), Self.status(key), use(of: key),
      Table.Entry(owner(of: key)), Table.Entry(key.hint ?? "", role: .dim),
      Table.Entry(String(key.createdAt.columnText.prefix(10)), role: .dim),
      Table.Entry(key.expiresAt.map { String($0.columnText.prefix(10)) } ?? "never", role: .dim),
      Table.Entry(key.workspaceID?.description ?? "all", role: .dim),
    ]
  }

  private static func status(_ key: APIKey) -> Table.Entry {
    switch key.status {
    case .active: Table.Entry("active", role: .warning)
    case .inactive: Table.Entry("disabled", role: .good)
    default: Table.Entry(key.status.rawValue, role: .dim)
    }
  }

  private func use(of key: APIKey) -> Table.Entry {
    guard let usage else { return Table.Entry(usageFailure == nil ? "…" : "–", role: .dim) }
    guard let used = usage[key.id], used.isUsed else { return Table.Entry("unused", role: .dim, rank: "0") }
    return Table.Entry(used.text, role: .accent, rank: "\(used.requests ?? used.tokens)")
  }
}
