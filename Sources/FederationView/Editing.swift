import Federation
import Interface
import Platform

extension Rules {
  /// Why what is at hand cannot be edited, or nil.
  static func editFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    switch state.subjectAtHand {
    case .rule(let id):
      guard let rule = state.rule(id) else { return "There is no rule here." }
      if rule.isArchived { return "It is archived: nothing about it can change." }
      return Scope.isManageable(rule.scope) ? nil : "A rule with the scope \(rule.scope) is managed in the web Console."
    case .issuer(let id):
      guard let issuer = state.issuer(id) else { return "There is no issuer here." }
      if issuer.isArchived { return "It is archived: nothing about it can change." }
      // The platform takes no change of it from an OAuth token (Admin API, federation issuers).
      let other = state.rules(of: issuer).first { !Scope.isManageable($0.scope) }
      return other.map { "The rule \($0.name) with the scope \($0.scope) trusts it: managed in the web Console." }
    case nil: return "There is nothing to edit."
    }
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
      switch key {
      case .escape: edit.stage = .form
      case .enter:
        edit.confirmation = edit.question
        return edit.confirmation == nil ? send(&edit) : []
      default: edit.page.press(key, height: max(1, state.rows - 3))
      }
      return []
    }
    switch edit.form.press(key) {
    case .cancelled: state.edit = nil
    case .submitted:
      edit.failure = nil
      guard edit.check() else { return [] }
      // Nothing changed means that there is nothing to send.
      if edit.changes.isEmpty {
        state.edit = nil
        return [.say("Nothing was changed.")]
      }
      edit.judge(showing: true)
      (edit.stage, edit.page) = (.review, Pager(reviewLines(edit)))
    case .changed:
      edit.checkTyped()
      edit.judge(showing: false)
    case .moved, .ignored: break
    }
    return []
  }

  private static func send(_ edit: inout Edit) -> [Effect] {
    edit.stage = .sending
    return [.update(edit.rule, edit.update, adding: edit.addedWorkspaces, removing: edit.removedWorkspaces)]
  }

  /// Each changed part, red and green, with signs for those who see no colour.
  static func lines(for changes: [(field: String, before: String, after: String)]) -> [Pager.Line] {
    changes.flatMap { change in
      [Pager.Line(change.field, role: .heading)]
        + indented("- " + (change.before.isEmpty ? "(none)" : change.before), by: 2, role: .danger)
        + indented("+ " + (change.after.isEmpty ? "(none)" : change.after), by: 2, role: .good)
    }
  }

  private static func reviewLines(_ edit: Edit) -> [Pager.Line] {
    var lines = lines(for: edit.changes) + [Pager.Line(""), Pager.Line("Gets in then", role: .heading)]
    lines += indented(MatchWords.sentence(for: edit.match, issuerURL: edit.issuerURL), by: 2, role: .accent)
    lines += edit.widenings.flatMap { indented("! \($0)", by: 2, role: .warning) }
    lines += edit.findings.filter { $0.severity > .info }.flatMap { self.lines(for: $0) }
    return lines
  }

  static func render(_ edit: Edit, on surface: inout Surface) {
    let size = surface.size
    Breadcrumb.render(["Rules", edit.rule.name, "Edit"], into: &surface, row: 0, width: size.columns)
    if edit.stage == .form {
      let live = liveLines(edit, width: size.columns - 4)
      edit.form.render(
        into: &surface, row: 2, column: 2, width: size.columns - 4, height: max(1, size.rows - 5 - live.count))
      for (index, line) in live.enumerated() {
        surface.write(line.text, row: size.rows - 1 - live.count + index, column: 2, role: line.role)
      }
      surface.write("ctrl-s review   tab and arrows move   esc cancel", row: size.rows - 1, role: .dim)
    } else {
      edit.page.render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 3))
      let prompt = edit.stage == .sending ? "Sending…" : "enter send   j k scroll   esc back"
      surface.write(prompt, row: size.rows - 1, role: .dim)
    }
    if let failure = edit.failure { surface.writeFailure(failure.line) }
    edit.confirmation?.render(on: &surface)
  }

  /// Below the form: whom the rule lets in as it stands there, and the worst that is wrong with that.
  private static func liveLines(_ edit: Edit, width: Int) -> [Pager.Line] {
    let words = MatchWords.sentence(for: edit.match, issuerURL: edit.issuerURL)
    let who = Text.wrapped("Gets in: " + words, to: max(1, width)).prefix(2)
    let findings = edit.findings.filter { $0.severity > .low }
    return who.map { Pager.Line($0, role: .accent) }
      + findings.prefix(2).map { finding in
        let text = "\(mark(finding.severity)) \(finding.severity.rawValue) \(finding.id)  \(finding.message)"
        return Pager.Line(Text.clipped(text, to: max(1, width)), role: role(of: finding.severity))
      }
  }
}
