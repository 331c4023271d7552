import Federation
import Interface
import Platform

extension Rules {
  static func typedIssuerEdit(_ key: Key, _ state: inout State) -> [Effect] {
    guard var edit = state.issuerEdit, edit.stage != .sending else { return [] }
    defer { if state.issuerEdit != nil { state.issuerEdit = edit } }
    if var confirmation = edit.confirmation {
      let outcome = confirmation.press(key)
      edit.confirmation = outcome == .none ? confirmation : nil
      return outcome == .confirmed ? send(&edit) : []
    }
    switch edit.stage {
    case .sending: return []
    case .reading:
      if key == .escape { edit.stage = .form }
      return []
    case .review:
      switch key {
      case .escape: edit.stage = .form
      case .enter:
        edit.confirmation = edit.question
        return edit.confirmation == nil ? send(&edit) : []
      default: edit.page.press(key, height: max(1, state.rows - 3))
      }
      return []
    case .form:
      switch edit.press(key) {
      case .cancelled: state.issuerEdit = nil
      case .submitted:
        edit.failure = nil
        let unread = edit.unread
        if unread.isEmpty { return review(&edit, &state) }
        guard edit.check(showingMissing: true) else { return [] }
        edit.stage = .reading
        return [.issuerEdit(.readFiles(unread))]
      case .changed, .moved, .ignored: break
      }
      return []
    }
  }

  private static func review(_ edit: inout IssuerEdit, _ state: inout State) -> [Effect] {
    edit.stage = .form
    guard edit.check(showingMissing: true) else { return [] }
    if edit.issuer != nil, edit.changes.isEmpty {
      state.issuerEdit = nil
      return [.say("Nothing was changed.")]
    }
    edit.judge()
    (edit.stage, edit.page) = (.review, Pager(lines(for: edit)))
    return []
  }

  private static func send(_ edit: inout IssuerEdit) -> [Effect] {
    edit.stage = .sending
    if let issuer = edit.issuer { return [.issuerEdit(.update(issuer, edit.update))] }
    return edit.draft.map { [.issuerEdit(.create($0))] } ?? []
  }

  static func editIssuer(_ message: IssuerEdit.Message, _ state: inout State) -> [Effect] {
    switch message {
    case .filesRead(let files):
      guard var edit = state.issuerEdit, edit.stage == .reading else { return [] }
      edit.files.merge(files) { $1 }
      let effects = review(&edit, &state)
      if state.issuerEdit != nil { state.issuerEdit = edit }
      return effects
    case .fileFailed(let path, let problem):
      guard var edit = state.issuerEdit, edit.stage == .reading else { return [] }
      edit.stage = .form
      edit.form.setProblem(edit.form.value("keys") == path ? "keys" : "certificate", problem.cause)
      edit.form.focusOnProblem()
      state.issuerEdit = edit
      return []
    case .saved(let issuer):
      let isNew = state.issuerEdit?.issuer == nil
      state.issuerEdit = nil
      show(issuer, &state)
      return [.say("The issuer \(issuer.name) was \(isNew ? "registered" : "changed").")] + load(&state)
    case .failed(let problem):
      state.issuerEdit?.failure = problem
      state.issuerEdit?.stage = .form
      return []
    }
  }

  /// Puts it where it stood, or first, and the selection on it: a list read right after may not have it yet.
  private static func show(_ issuer: Issuer, _ state: inout State) {
    state.ruleList.issuers[issuer.id] = issuer
    state.issuerList.rearrange { list in
      if let index = list.all.firstIndex(where: { $0.id == issuer.id }) {
        list.all[index] = issuer
      } else {
        list.all.insert(issuer, at: 0)
        list.filter.clear()
      }
    }
    if state.opened == nil { state.pane = .issuers }
    state.issuerList.select(issuer.id.description)
  }

  // MARK: Shown

  private static func lines(for edit: IssuerEdit) -> [Pager.Line] {
    guard let issuer = edit.issuer else {
      return [Pager.Line("This request will be sent:"), "", Pager.Line("POST /v1/organizations/federation_issuers")]
        + (edit.draft?.json.pretty.split(separator: "\n").map { Pager.Line("  " + $0, role: .accent) } ?? [])
        + ["", Pager.Line("It lets nobody in by itself: rules do.", role: .dim)]
    }
    var lines = lines(for: edit.changes)
    lines += [Pager.Line(""), Pager.Line("Rules that trust it", role: .heading)]
    if edit.rules.isEmpty { lines.append(Pager.Line("  none that is live", role: .dim)) }
    lines += edit.rules.flatMap { paragraph($0.name, MatchWords.short(for: $0.match)) }
    lines += edit.widenings.flatMap { indented("! \($0)", by: 0, role: .warning) }
    for (rule, finding) in edit.findings {
      lines += indented("New of \(rule):", by: 0, role: .heading) + self.lines(for: finding)
    }
    if edit.changes.contains(where: { $0.field == "issuer_url" }), case .discovery(nil, _) = issuer.keys {
      lines += indented("Its keys are fetched from the new address too.", by: 0, role: .dim)
    }
    return lines
  }

  static func render(_ edit: IssuerEdit, on surface: inout Surface) {
    let size = surface.size
    let title = edit.issuer.map { [$0.name, "Edit"] } ?? ["New issuer"]
    Breadcrumb.render(["Issuers"] + title, into: &surface, row: 0, width: size.columns)
    switch edit.stage {
    case .form, .reading:
      edit.form.render(into: &surface, row: 2, column: 2, width: size.columns - 4, height: max(0, size.rows - 5))
      let prompt =
        edit.stage == .reading ? "Reading the file…" : "ctrl-s review   tab and arrows move   esc cancel"
      surface.write(prompt, row: size.rows - 1, role: .dim)
    case .review, .sending:
      edit.page.render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 3))
      let verb = edit.issuer == nil ? "register" : "send"
      let prompt = edit.stage == .sending ? "Sending…" : "enter \(verb)   j k scroll   esc back"
      surface.write(prompt, row: size.rows - 1, role: .dim)
    }
    if let failure = edit.failure { surface.writeFailure(failure.line) }
    edit.confirmation?.render(on: &surface)
  }
}
