import Federation
import Interface
import Platform

extension Rules {
  /// Says what depends on it before asking: a rule is someone's way in, an issuer is every rule's.
  static func askToArchive(_ state: inout State) {
    let subjects = archivable(state)
    switch (subjects.first, subjects.count) {
    case (.rule(let id), 1): state.archive = state.rule(id).map { archive($0, state) }
    case (.issuer(let id), 1):
      guard let issuer = state.issuer(id) else { return }
      let rules = state.rules(of: issuer)
      if !rules.isEmpty {
        state.failure = Problem(
          "The issuer \(issuer.name) was not archived", because: "live rules trust it: \(listed(rules.map(\.name)))",
          try: "Archive those first.", kind: .usage)
        return
      }
      state.archive = Archive(
        subjects: subjects,
        confirmation: Confirmation(
          title: "Archive the issuer \(issuer.name)",
          lines: ["It cannot be brought back. No live rule trusts it.", ""], word: issuer.name))
    case (.rule, let count): state.archive = archive(rules: subjects, count, state)
    case (.issuer, let count): archive(issuers: subjects, count, &state)
    case (nil, _): break
    }
  }

  /// The marked things that can be archived, else what is at hand.
  private static func archivable(_ state: State) -> [Opened.Subject] {
    let marked = state.marked
    if marked.isEmpty { return state.subjectAtHand.map { [$0] } ?? [] }
    return marked.filter { subject in
      switch subject {
      case .rule(let id): state.rule(id).map { !$0.isArchived && Scope.isManageable($0.scope) } ?? false
      case .issuer(let id): state.issuer(id)?.isArchived == false
      }
    }
  }

  private static func archive(_ rule: FederationRule, _ state: State) -> Archive {
    let others = state.rules.filter { $0.accountID == rule.accountID && $0.id != rule.id && !$0.isArchived }
    let left =
      others.isEmpty
      ? "No other rule leads to that account: nothing can become it any more."
      : "Still leading there: \(listed(others.map(\.name)))."
    return Archive(
      subjects: [.rule(rule.id)],
      confirmation: Confirmation(
        title: "Archive the rule \(rule.name)",
        lines: [
          "It cannot be brought back. From then on refused: \(words(for: rule, state)),"
            + " as \(rule.accountName ?? rule.accountID.description).",
          left, "Tokens already minted live on until they expire, at most \(rule.tokenLifetime) s.", "",
        ], word: rule.name))
  }

  /// One question for several, those accounts first that nothing can become any more.
  private static func archive(rules subjects: [Opened.Subject], _ count: Int, _ state: State) -> Archive {
    let ids = Set(subjects)
    let rules = state.rules.filter { ids.contains(.rule($0.id)) }
    let kept = Set(state.rules.filter { !$0.isArchived && !ids.contains(.rule($0.id)) }.map(\.accountID))
    func name(_ rule: FederationRule) -> String { rule.accountName ?? rule.accountID.description }
    let lost = Set(rules.filter { !kept.contains($0.accountID) }.map(name)).sorted()
    var lines = ["They cannot be brought back. u makes rules anew, under other names."]
    if state.marked.count > count {
      lines.append("\(state.marked.count - count) of the marked stay: archived already, or for the web Console.")
    }
    if !lost.isEmpty { lines.append("! Nothing can become \(listed(lost)) any more.") }
    lines += rules.map { "  \($0.name): \(MatchWords.short(for: $0.match)), as \(name($0))" }
    let life = rules.map(\.tokenLifetime).max() ?? 0
    lines.insert("Tokens already minted live on until they expire, at most \(life) s.", at: 1)
    return Archive(
      subjects: subjects,
      confirmation: Confirmation(title: "Archive \(count) rules", lines: lines + [""], word: "\(count)"))
  }

  private static func archive(issuers subjects: [Opened.Subject], _ count: Int, _ state: inout State) {
    let ids = Set(subjects)
    let issuers = state.issuers.filter { ids.contains(.issuer($0.id)) }
    let trusted = issuers.filter { !state.rules(of: $0).isEmpty }
    guard trusted.isEmpty else {
      state.failure = Problem(
        "None of the \(count) issuers was archived",
        because: "live rules trust \(listed(trusted.map(\.name)))",
        try: "Take the mark from \(trusted.count == 1 ? "it" : "these"), or archive the rules first.", kind: .usage)
      return
    }
    let lines = ["They cannot be brought back. No live rule trusts any of them."] + issuers.map { "  \($0.name)" }
    state.archive = Archive(
      subjects: subjects,
      confirmation: Confirmation(title: "Archive \(count) issuers", lines: lines + [""], word: "\(count)"))
  }

  /// The first few, and how many more.
  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }

  static func typedArchive(_ key: Key, _ state: inout State) -> [Effect] {
    guard var archive = state.archive, !archive.isSending else { return [] }
    let outcome = archive.confirmation.press(key)
    archive.failure = nil
    archive.isSending = outcome == .confirmed
    state.archive = outcome == .cancelled ? nil : archive
    return outcome == .confirmed ? [.archive(archive.subjects)] : []
  }

  static func archived(_ subjects: [Opened.Subject], left: [String], _ state: inout State) -> [Effect] {
    (state.archive, state.opened, state.lint, state.trial) = (nil, nil, nil, nil)
    // What could not be archived stays marked, to be tried again.
    for subject in subjects {
      switch subject {
      case .rule(let id): state.ruleList.table.marks.remove(id.description)
      case .issuer(let id): state.issuerList.table.marks.remove(id.description)
      }
    }
    let text =
      if !left.isEmpty {
        "\(subjects.count) archived. Not archived: \(left.joined(separator: "; "))"
      } else if case .rule? = subjects.first, subjects.count > 1 {
        "\(subjects.count) rules are archived: no token gets in through them any more."
      } else if subjects.count > 1 {
        "\(subjects.count) issuers are archived."
      } else {
        subjects.map { "\(name(of: $0, state)) is archived: no token gets in through it any more." }.joined()
      }
    return [.say(text)] + load(&state)
  }

  /// Why the selection cannot be archived, or nil.
  static func archiveFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    if !state.marked.isEmpty {
      return archivable(state).isEmpty ? "None of the marked can be archived here." : nil
    }
    switch state.subjectAtHand {
    case .rule(let id):
      guard let rule = state.rule(id) else { return "There is no rule here." }
      if rule.isArchived { return "It is archived already." }
      return Scope.isManageable(rule.scope) ? nil : "A rule with the scope \(rule.scope) is managed in the web Console."
    case .issuer(let id):
      return state.issuer(id)?.isArchived == true ? "It is archived already." : nil
    case nil: return "There is nothing to archive."
    }
  }

  static func words(for rule: FederationRule, _ state: State) -> String {
    MatchWords.sentence(for: rule.match, issuerURL: state.issuerURL(of: rule))
  }
}
