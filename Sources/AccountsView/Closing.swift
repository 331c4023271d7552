import Federation
package import Interface
package import Platform

extension Accounts {
  /// An account about to be archived, or shut off: what hangs on it is read first, then its name is asked for.
  package struct Closing: Equatable, Sendable {
    package enum Kind: Equatable, Sendable { case archive, shutOff }
    package enum Stage: Equatable, Sendable { case reading, asking, sending }

    package let account: ServiceAccount
    package let kind: Kind
    package var stage = Stage.reading
    package var dependants: Dependants?
    package var confirmation: Confirmation?
    package var failure: Problem?

    init(_ account: ServiceAccount, _ kind: Kind) { (self.account, self.kind) = (account, kind) }
  }

  /// What stops working with an account.
  package struct Dependants: Equatable, Sendable {
    /// The live rules that lead to it and to nothing else.
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
    let name = closing.account.name
    var lines: [String] = []
    switch closing.kind {
    case .archive where !(dependants.rules + dependants.unmanageable).isEmpty:
      let rules = dependants.rules + dependants.unmanageable
      closing.stage = .reading
      closing.failure = Problem(
        "\(name) was not archived", because: "live rules lead to it: \(rules.map(\.name).joined(separator: ", "))",
        try: "Shut it off first with X, which archives exactly those.", kind: .usage)
      return
    case .archive:
      lines = ["It cannot be brought back, and its name stays taken.", "No live rule leads to it."]
      lines.append("It leaves \(dependants.workspaces) workspace\(dependants.workspaces == 1 ? "" : "s").")
    case .shutOff:
      lines = ["Nothing can become \(name) any more. Archived, as nothing else uses them:"]
      lines += dependants.rules.map { "  \($0.name): \(words(for: $0, state))" }
      if dependants.rules.isEmpty { lines.append("  no rule: none that can be archived leads to it") }
      lines += dependants.unmanageable.map { "  ! \($0.name) stays open: its scope \($0.scope) is for the web Console" }
      lines.append("Tokens minted before live on, at most \(dependants.longestTokenLife) s.")
    }
    let keys = dependants.keys ?? []
    if dependants.keys == nil {
      lines.append("! Static keys could not be read: those that act as it go on working.")
    } else if !keys.isEmpty {
      let verb = closing.kind == .shutOff ? "Disabled with it" : "! These static keys go on working"
      lines.append("\(verb): \(keys.map(\.name).joined(separator: ", ")).")
    }
    let title = closing.kind == .archive ? "Archive \(name)" : "Shut off \(name)"
    closing.confirmation = Confirmation(title: title, lines: lines + [""], word: name)
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
      return [closing.kind == .archive ? .archive(closing.account) : .shutOff(closing.account)]
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
