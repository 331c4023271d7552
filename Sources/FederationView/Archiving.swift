import Federation
import Interface
import Platform

extension Rules {
  /// Says what depends on it before asking: a rule is someone's way in, an issuer is every rule's.
  static func askToArchive(_ state: inout State) {
    guard let subject = state.subjectAtHand else { return }
    switch subject {
    case .rule(let id):
      guard let rule = state.rules.first(where: { $0.id == id }) else { return }
      let others = state.rules.filter { $0.accountID == rule.accountID && $0.id != id && !$0.isArchived }
      let left =
        others.isEmpty
        ? "No other rule leads to that account: nothing can become it any more."
        : "Still leading there: \(others.map(\.name).joined(separator: ", "))."
      state.archive = Archive(
        subject: subject,
        confirmation: Confirmation(
          title: "Archive the rule \(rule.name)",
          lines: [
            "It cannot be brought back. From then on refused: \(words(for: rule, state)),"
              + " as \(rule.accountName ?? rule.accountID.description).",
            left, "Tokens already minted live on until they expire, at most \(rule.tokenLifetime) s.", "",
          ], word: rule.name))
    case .issuer(let id):
      guard let issuer = state.issuers.first(where: { $0.id == id }) else { return }
      let rules = state.rules(of: issuer)
      let lines =
        rules.isEmpty
        ? ["It cannot be brought back. No live rule trusts it.", ""]
        : [
          "The platform refuses this while live rules trust it: \(rules.map(\.name).joined(separator: ", ")).",
          "Archive those first.", "",
        ]
      state.archive = Archive(
        subject: subject,
        confirmation: Confirmation(title: "Archive the issuer \(issuer.name)", lines: lines, word: issuer.name))
    }
  }

  static func typedArchive(_ key: Key, _ state: inout State) -> [Effect] {
    guard var archive = state.archive, !archive.isSending else { return [] }
    let outcome = archive.confirmation.press(key)
    archive.failure = nil
    archive.isSending = outcome == .confirmed
    state.archive = outcome == .cancelled ? nil : archive
    return outcome == .confirmed ? [.archive(archive.subject)] : []
  }

  /// Why the selection cannot be archived, or nil.
  static func archiveFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    switch state.subjectAtHand {
    case .rule(let id):
      guard let rule = state.rules.first(where: { $0.id == id }) else { return "There is no rule here." }
      if rule.isArchived { return "It is archived already." }
      return Scope.isManageable(rule.scope) ? nil : "A rule with the scope \(rule.scope) is managed in the web Console."
    case .issuer(let id):
      return state.issuers.first { $0.id == id }?.isArchived == true ? "It is archived already." : nil
    case nil: return "There is nothing to archive."
    }
  }

  static func words(for rule: FederationRule, _ state: State) -> String {
    MatchWords.sentence(for: rule.match, issuerURL: state.issuerURL(of: rule))
  }
}
