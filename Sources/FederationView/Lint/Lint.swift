package import Federation
package import Interface
package import Platform

extension Rules {
  /// One rule's findings and what would mend them: a list, and below it what is selected in full.
  package struct Lint: Equatable, Sendable {
    package enum Mending: Equatable, Sendable {
      /// The owner's tokens, which a mend must keep, are being looked for.
      case reading
      /// No change of the match closes what there is.
      case impossible
      case found(Mend)
    }

    package let ruleID: ID<FederationRule>
    package var table = Table()
    /// Lines of what is selected that are scrolled away.
    package var top = 0
    /// Claims of the tokens that got in during the last 30 days, each set once; nil until they have come.
    package var tokens: [Claims]?
    package var mending = Mending.reading
    package var accepting: Accepting?
    package var applying: Applying?
    package var failure: Problem?

    init(_ ruleID: ID<FederationRule>, tokens: [Claims]? = nil) { (self.ruleID, self.tokens) = (ruleID, tokens) }

    var isTyping: Bool { accepting != nil || applying != nil }
  }

  /// A row of the list.
  enum LintEntry: Equatable {
    case finding(Finding)
    case known(Known)
    case note(Lint.Note)
    case mend(Lint.Mending)
  }
}

extension Rules.Lint {
  /// Something between this rule and others that is no finding.
  struct Note: Equatable {
    let title: String
    let lines: [String]
  }

  /// A finding about to be accepted.
  package struct Accepting: Equatable, Sendable {
    package let code: String
    package var form: Form

    init(_ finding: Finding, until date: String) {
      code = finding.id
      form = Form([
        .text("reason", label: "Reason", hint: "why it is fine for now; everyone who looks at the rule reads it"),
        .text(
          "until", label: "Until", value: date, hint: "a day within a year, as 2026-12-31; a changed rule ends it too"),
      ])
    }
  }

  /// The mend about to be sent.
  package struct Applying: Equatable, Sendable {
    package let mend: Mend
    package var confirmation: Confirmation
    package var isSending = false
  }
}

extension Rules.State {
  /// The rule whose findings are shown.
  var linted: FederationRule? { lint.flatMap { lint in rules.first { $0.id == lint.ruleID } } }

  /// What the list of the findings' page has: open ones, accepted ones, and the mend where there is more than advice.
  var lintEntries: [Rules.LintEntry] {
    guard let lint else { return [] }
    let (open, known) = (findings[lint.ruleID] ?? [], accepted[lint.ruleID] ?? [])
    let needsMend = (open + known.map(\.finding)).contains { $0.severity > .info }
    return open.map { .finding($0) } + known.map { .known($0) } + notes.map { .note($0) }
      + (needsMend ? [.mend(lint.mending)] : [])
  }

  /// What stands between the rule and others.
  private var notes: [Rules.Lint.Note] {
    guard let rule = linted, let survey else { return [] }
    var notes: [Rules.Lint.Note] = []
    if let others = survey.overlaps[rule.id], !others.isEmpty {
      let names = others.map { "\($0.name), as \($0.accountName ?? $0.accountID.description)" }
      notes.append(
        Rules.Lint.Note(
          title: "its tokens may fit \(others.count == 1 ? others[0].name : "\(others.count) other rules") as well",
          lines: ["Whoever holds such a token chooses which rule to name, and so whom to be:"] + names.map { "  " + $0 }
            + ["Where that is not meant, narrow one of them."]))
    }
    if survey.unusedAccounts.contains(rule.accountID) {
      notes.append(
        Rules.Lint.Note(
          title: "the account is not used",
          lines: [
            "No rule has let anybody become \(rule.accountName ?? rule.accountID.description) for 90 days, as far as "
              + "the audit log is kept here. Archive the rules and the account, or see why."
          ]))
    }
    return notes
  }

  var lintSelection: Rules.LintEntry? {
    let entries = lintEntries
    guard let selected = lint?.table.selected, entries.indices.contains(selected) else { return nil }
    return entries[selected]
  }

  /// Works the mend out, once the tokens that it must keep are known.
  mutating func mend() {
    guard let rule = linted, let tokens = lint?.tokens else { return }
    let mend = Mend.of(candidate(for: rule), keeping: tokens)
    lint?.mending = mend.map { .found($0) } ?? .impossible
    let count = lintEntries.count
    lint?.table.clamp(count: count)
  }
}
