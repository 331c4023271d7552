import Federation
package import Interface
package import Platform

extension Accounts {
  /// Accounts about to be archived, or one shut off: what hangs on them is read first, then the name, or how many they
  /// are, is asked for.
  package struct Closing: Equatable, Sendable {
    package enum Kind: Equatable, Sendable { case archive, shutOff }
    package enum Stage: Equatable, Sendable { case reading, asking, sending }

    package let accounts: [ServiceAccount]
    package let kind: Kind
    package var stage = Stage.reading
    package var dependants: Dependants?
    package var confirmation: Confirmation?
    package var failure: Problem?

    init(_ accounts: [ServiceAccount], _ kind: Kind) { (self.accounts, self.kind) = (accounts, kind) }

    /// `ci-deploy`, `3 accounts`.
    var subject: String { accounts.count == 1 ? accounts[0].name : "\(accounts.count) accounts" }
  }

  /// What stops working with the accounts.
  package struct Dependants: Equatable, Sendable {
    /// The live rules that lead to them and to nothing else.
    package var rules: [FederationRule]
    /// Of them those that only the web Console may archive.
    package var unmanageable: [FederationRule]
    /// Nil when no credential may read keys.
    package var keys: [APIKey]?
    package var workspaces: Int
    /// Seconds that tokens minted before may still be used.
    package var longestTokenLife: Int

    package init(
      rules: [FederationRule], unmanageable: [FederationRule], keys: [APIKey]?, workspaces: Int, longestTokenLife: Int
    ) {
      (self.rules, self.unmanageable, self.keys) = (rules, unmanageable, keys)
      (self.workspaces, self.longestTokenLife) = (workspaces, longestTokenLife)
    }
  }

  static func ask(_ closing: inout Closing, _ dependants: Dependants, _ state: State) {
    closing.dependants = dependants
    closing.stage = .asking
    let name = closing.subject
    let isOne = closing.accounts.count == 1
    var lines: [String] = []
    switch closing.kind {
    case .archive where !(dependants.rules + dependants.unmanageable).isEmpty:
      let rules = dependants.rules + dependants.unmanageable
      closing.stage = .reading
      closing.failure = blocked(closing, by: rules)
      return
    case .archive:
      let places = "\(dependants.workspaces) workspace\(dependants.workspaces == 1 ? "" : "s")"
      lines =
        isOne
        ? ["It cannot be brought back, and its name stays taken.", "No live rule leads to it.", "It leaves \(places)."]
        : ["They cannot be brought back, and their names stay taken.", "No live rule leads to any of them."]
          + ["They leave \(places) in all."]
    case .shutOff:
      lines = ["Nothing can become \(name) any more. Archived, as nothing else uses them:"]
      lines += dependants.rules.map { "  \($0.name): \(words(for: $0, state))" }
      if dependants.rules.isEmpty { lines.append("  no rule: none that can be archived leads to it") }
      lines += dependants.unmanageable.map { "  ! \($0.name) stays open: its scope \($0.scope) is for the web Console" }
      lines.append("Tokens minted before live on, at most \(dependants.longestTokenLife) s.")
    }
    let keys = dependants.keys ?? []
    if dependants.keys == nil {
      lines.append("! Static keys could not be read: those that act as \(isOne ? "it" : "them") go on working.")
    } else if !keys.isEmpty {
      let verb = closing.kind == .shutOff ? "Disabled with it" : "! These static keys go on working"
      lines.append("\(verb): \(keys.map(\.name).joined(separator: ", ")).")
    }
    if !isOne { lines += closing.accounts.map { "  \($0.name)" } }
    let title = closing.kind == .archive ? "Archive \(name)" : "Shut off \(name)"
    closing.confirmation = Confirmation(
      title: title, lines: lines + [""], word: isOne ? name : "\(closing.accounts.count)")
  }

  private static func blocked(_ closing: Closing, by rules: [FederationRule]) -> Problem {
    if closing.accounts.count == 1 {
      return Problem(
        "\(closing.subject) was not archived",
        because: "live rules lead to it: \(rules.map(\.name).joined(separator: ", "))",
        try: "Shut it off first with X, which archives exactly those.", kind: .usage)
    }
    let led = closing.accounts.filter { account in rules.contains { $0.accountID == account.id } }
    return Problem(
      "None of the \(closing.subject) was archived",
      because: "live rules lead to \(led.map(\.name).joined(separator: ", "))",
      try:
        "Take the mark from \(led.count == 1 ? "it" : "these"), or shut \(led.count == 1 ? "it" : "each") off first with X.",
      kind: .usage)
  }

  static func typedClosing(_ key: Key, _ state: inout State) -> [Effect] {
    guard var closing = state.closing, closing.stage != .sending else { return [] }
    guard closing.stage == .asking else {
      if key == .escape { state.closing = nil }
      return []
    }
    switch closing.confirmation?.press(key) {
    case .cancelled:
      state.closing = nil
      return []
    case .confirmed:
      closing.stage = .sending
      closing.failure = nil
      state.closing = closing
      return closing.kind == .archive ? [.archive(closing.accounts)] : closing.accounts.map { .shutOff($0) }
    default:
      state.closing = closing
      return []
    }
  }

  static func words(for rule: FederationRule, _ state: State) -> String {
    MatchWords.sentence(
      for: rule.match, issuerURL: state.issuer(of: rule)?.issuerURL ?? rule.issuerName ?? rule.issuerID.description)
  }
}
