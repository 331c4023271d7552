import Federation
import Interface
import Platform

extension Rules {
  /// Why the rule at hand cannot be edited, or nil.
  static func editFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    guard let rule = state.ruleAtHand else { return "Only rules are edited here: choose one." }
    if rule.isArchived { return "It is archived: nothing about it can change." }
    return Scope.isManageable(rule.scope) ? nil : "A rule with the scope \(rule.scope) is managed in the web Console."
  }

  static func typedEdit(_ key: Key, _ state: inout State) -> [Effect] {
    guard var edit = state.edit, edit.stage != .sending else { return [] }
    defer { if state.edit != nil { state.edit = edit } }
    if var confirmation = edit.confirmation {
      let outcome = confirmation.press(key)
      edit.confirmation = outcome == .none ? confirmation : nil
      return outcome == .confirmed ? send(&edit) : []
    }
    if edit.stage == .review {
      if key == .escape { edit.stage = .form }
      guard key == .enter else { return [] }
      edit.confirmation = edit.question
      return edit.confirmation == nil ? send(&edit) : []
    }
    switch edit.form.press(key) {
    case .cancelled: state.edit = nil
    case .submitted:
      edit.failure = nil
      guard edit.check() else { return [] }
      // Nothing changed means that there is nothing to send.
      if edit.changes.isEmpty {
        state.edit = nil
      } else {
        edit.judge()
        edit.stage = .review
      }
    case .changed, .moved, .ignored: break
    }
    return []
  }

  private static func send(_ edit: inout Edit) -> [Effect] {
    edit.stage = .sending
    return [.update(edit.rule, edit.update)]
  }

  static func render(_ edit: Edit, on surface: inout Surface) {
    let size = surface.size
    Breadcrumb.render(["Rules", edit.rule.name, "Edit"], into: &surface, row: 0, width: size.columns)
    if edit.stage == .form {
      edit.form.render(into: &surface, row: 2, column: 2, width: size.columns - 4, height: max(0, size.rows - 5))
      surface.write("ctrl-s review   tab and arrows move   esc cancel", row: size.rows - 1, role: .dim)
    } else {
      var lines = edit.changes.flatMap { change in
        [Pager.Line(change.field, role: .heading)]
          + indented("- " + (change.before.isEmpty ? "(none)" : change.before), by: 2, role: .danger)
          + indented("+ " + (change.after.isEmpty ? "(none)" : change.after), by: 2, role: .good)
      }
      lines += [Pager.Line(""), Pager.Line("Gets in then", role: .heading)]
      lines += indented(MatchWords.sentence(for: edit.match, issuerURL: edit.issuerURL), by: 2, role: .accent)
      lines += edit.findings.filter { $0.severity > .info }.flatMap { self.lines(for: $0) }
      Pager(lines).render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 3))
      let prompt = edit.stage == .sending ? "Sending…" : "enter send   esc back"
      surface.write(prompt, row: size.rows - 1, role: .dim)
    }
    if let failure = edit.failure { renderFailure(failure, on: &surface) }
    edit.confirmation?.render(on: &surface)
  }
}
