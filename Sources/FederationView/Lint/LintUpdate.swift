package import Federation
package import FoundationEssentials
import Interface
package import Platform

extension Rules.Lint {
  package enum Message: Equatable, Sendable {
    /// The claims of the tokens that the rule has let in.
    case seen(ID<FederationRule>, [Claims])
    case readFailed(Problem)
    /// Everything that is accepted now.
    case accepted([AcceptedFinding])
    case acceptFailed(Problem)
  }

  package enum Effect: Equatable, Sendable {
    case read(ID<FederationRule>)
    case accept(String, of: FederationRule, reason: String, until: Date)
    case withdraw(String, of: ID<FederationRule>)
  }
}

extension Rules {
  static func askForLint(_ state: inout State) -> [Effect] {
    guard let rule = state.ruleAtHand else { return [] }
    state.lint = Lint(rule.id)
    return [.lint(.read(rule.id))]
  }

  static func lint(_ message: Lint.Message, _ state: inout State) -> [Effect] {
    switch message {
    case .seen(let id, let claims):
      guard state.lint?.ruleID == id else { return [] }
      state.lint?.tokens = claims
      state.mend()
    case .readFailed(let problem):
      // Without the owner's tokens a mend is made from what the rule names.
      state.lint?.tokens = []
      state.lint?.failure = problem
      state.mend()
    case .accepted(let accepted):
      let new = accepted.first { state.survey?.accepted.contains($0) == false }
      state.lint?.accepting = nil
      state.survey?.accepted = accepted
      state.judge()
      return [
        .say(
          new.map { "\($0.code) is accepted until \($0.expiresAt.columnText.prefix(10))." }
            ?? "The finding counts again.")
      ]
    case .acceptFailed(let problem):
      state.lint?.accepting?.form.setProblem("reason", problem.cause)
      if state.lint?.accepting == nil { state.lint?.failure = problem }
    }
    return []
  }

  static func moveInLint(_ motion: Motion, _ state: inout State) {
    let height = max(1, state.rows - lintTop(state) - 1)
    switch motion {
    case .lines, .start, .end:
      let count = state.lintEntries.count
      state.lint?.table.move(motion, count: count, height: state.rows)
      state.lint?.top = 0
    case .pages, .halves:
      let count = max(1, lintPage(state).count - height + 1)
      let top = state.lint?.top ?? 0
      state.lint?.top = motion.applied(to: top, count: count, height: height)
    }
  }

  // MARK: The mend

  /// Why `enter` does not apply the mend, or nil.
  static func mendFault(_ state: State) -> String? {
    guard case .mend(let mending) = state.lintSelection else { return "The mend stands last: G goes there." }
    switch mending {
    case .reading: return "The owner's tokens are still being looked for."
    case .impossible: return "There is no mend to apply."
    case .found:
      if let reason = state.readOnlyReason { return reason }
      guard let rule = state.linted, !Scope.isManageable(rule.scope) else { return nil }
      return "A rule with the scope \(rule.scope) is managed in the web Console."
    }
  }

  /// Shows the request, and asks for the rule's name.
  static func askToMend(_ state: inout State) {
    guard let rule = state.linted, case .mend(.found(let mend)) = state.lintSelection else { return }
    let request = "POST /v1/organizations/federation_rules/\(rule.id)"
    let body = RuleUpdate(match: mend.match).json.pretty.split(separator: "\n").map(String.init)
    let lines = ["This request will be sent:", request] + body + [keptWords(mend, state), ""]
    state.lint?.failure = nil
    state.lint?.applying = Lint.Applying(
      mend: mend,
      confirmation: Confirmation(
        title: "Change the rule \(rule.name)", lines: lines, word: rule.name, severity: .warning))
  }

  static func typedInLint(_ key: Key, _ state: inout State) -> [Effect] {
    if state.lint?.accepting != nil { return typedAcceptance(key, &state) }
    guard let rule = state.linted, var applying = state.lint?.applying, !applying.isSending else { return [] }
    let outcome = applying.confirmation.press(key)
    applying.isSending = outcome == .confirmed
    state.lint?.applying = outcome == .cancelled ? nil : applying
    return outcome == .confirmed ? [.update(rule, RuleUpdate(match: applying.mend.match))] : []
  }

  // MARK: Accepting

  /// Why `A` does nothing, or nil.
  static func acceptFault(_ state: State) -> String? {
    guard state.lint != nil else { return "Findings are accepted on their page: l." }
    guard state.survey != nil else { return "The rest of the organization is still being read." }
    switch state.lintSelection {
    case .finding, .known: return nil
    case .note, .mend, nil: return "Select a finding first."
    }
  }

  /// Asks why and until when; an accepted one is taken back at once, which only makes things stricter.
  static func askToAccept(_ state: inout State) -> [Effect] {
    guard let rule = state.linted, let now = state.survey?.inventory.now else { return [] }
    switch state.lintSelection {
    case .finding(let finding):
      let inAQuarter = now.addingTimeInterval(90 * 86400)
      state.lint?.accepting = Lint.Accepting(finding, until: String(inAQuarter.columnText.prefix(10)))
    case .known(let known): return [.lint(.withdraw(known.finding.id, of: rule.id))]
    case .note, .mend, nil: break
    }
    return []
  }

  private static func typedAcceptance(_ key: Key, _ state: inout State) -> [Effect] {
    guard let rule = state.linted, let now = state.survey?.inventory.now, var accepting = state.lint?.accepting else {
      return []
    }
    let outcome = accepting.form.press(key)
    var effects: [Effect] = []
    if outcome == .submitted {
      let reason = accepting.form.value("reason")
      accepting.form.setProblem("reason", reason.contains { !$0.isWhitespace } ? nil : "say why it is fine for now")
      let date = Date(moment: accepting.form.value("until"), now: now)
      let isNear = date.map { $0 > now && $0.timeIntervalSince(now) <= 366 * 86400 } ?? false
      accepting.form.setProblem("until", isNear ? nil : "a day within a year from now, as 2026-12-31")
      accepting.form.focusOnProblem()
      if let date, !accepting.form.hasProblem {
        effects = [.lint(.accept(accepting.code, of: rule, reason: reason, until: date))]
      }
    }
    state.lint?.accepting = outcome == .cancelled ? nil : accepting
    return effects
  }
}
