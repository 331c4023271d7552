internal import Platform

/// Privileges, issuer and operations: reported whatever the rule matches.
extension Inspection {
  mutating func judgeCircumstances() {
    judgePrivileges()
    judgeIssuer()
    judgeUse()
    judgeSiblings()
  }

  private var facts: Circumstances { candidate.circumstances }

  private mutating func judgePrivileges() {
    let scopes = candidate.scopes
    if scopes.contains(Scope.admin) { report("PRV001", in: "oauth_scope") }
    if scopes.contains(where: { $0.hasSuffix(":manage_tunnels") }) { report("PRV007", in: "oauth_scope") }
    // What is known to be used is not larger than its use needs.
    if scopes.contains(Scope.developer), facts.use?.otherActivities.isEmpty ?? true {
      report(
        "PRV005", in: "oauth_scope",
        detail: facts.use.map { _ in
          "In the last 30 days its account did nothing but call models, as far as the audit log tells."
        })
    }
    if candidate.lifetime > 3600 { report("PRV002", in: "token_lifetime_seconds", detail: lifetimeInUse) }
    if facts.appliesToAllWorkspaces {
      let used = facts.use.flatMap { $0.workspaces.count == 1 ? $0.workspaces.first : nil }
      report(
        "PRV003", in: "applies_to_all_workspaces",
        detail: used.map { "In the last 30 days it was used in \($0) alone." })
    }
    if facts.accountRole == ServiceAccount.Role.admin.rawValue, !scopes.contains(Scope.admin) {
      report("PRV004", in: "service_account.organization_role")
    }
    if facts.accountIssuerURLs.union([candidate.issuerURL]).count > 1 { report("PRV006", in: "service_account") }
  }

  /// A minted token lives at most twice as long as the presented one still does, whatever the rule says.
  private var lifetimeInUse: String? {
    guard let seen = facts.use?.longestToken, 2 * seen < candidate.lifetime else { return nil }
    return "The tokens it took in the last 30 days lived up to \(seen) s, so what it gave lived up to \(2 * seen) s."
  }

  private mutating func judgeIssuer() {
    if let age = facts.inlineKeysAge, age > (provider == .spiffe ? 2 : 90) {
      report("ISS001", in: "issuer.jwks", detail: "They were set \(age) days ago.")
    }
    if facts.checksJTI == false { report("ISS002", in: "issuer.check_jti") }
    // Entra caches tokens for a day, and Terraform's live as long as a phase may take.
    let usual = provider == .entra || provider == .terraform ? 86400 : 3600
    if let lifetime = facts.maxTokenLifetime, lifetime > usual {
      report("ISS003", in: "issuer.max_jwt_lifetime_seconds")
    }
    if facts.sharesIssuerKey { report("ISS004", in: "issuer") }
    if facts.isPollingDisabled { report("ISS005", in: "issuer.jwks_polling_disabled_at") }
    if facts.hasMixedIssuer { report("ISS006", in: "issuer") }
  }

  private mutating func judgeUse() {
    switch facts.lastExchange {
    case .daysAgo(let days) where days > 90:
      report("OPS001", in: "rule", detail: "The last exchange was \(days) days ago.")
    case .never where facts.age ?? 0 > 30: report("OPS001", in: "rule", detail: "It was never used.")
    default: break
    }
    let archived = [
      ("service_account", facts.isAccountArchived), ("issuer", facts.isIssuerArchived),
      ("workspace_id", facts.hasArchivedWorkspace),
    ].filter(\.1).map(\.0)
    if let first = archived.first { report("OPS002", in: first) }
    if let name = facts.ruleName, let other = otherEnvironment(than: name) {
      report("OPS005", in: "name", detail: "The match says \(other).")
    }
  }

  private mutating func judgeSiblings() {
    let siblings = facts.siblings.filter { $0.hasSameTarget && $0.issuerURL == candidate.issuerURL }
    if siblings.contains(where: { $0.match == match }) { report("OPS003", in: "rule") }
    if siblings.contains(where: { $0.match.coversMore(than: match) }) { report("OPS004", in: "rule") }
  }

  /// Words for an environment, the same ones together.
  private static let environments = [
    ["production", "prod", "live"], ["staging", "stage"], ["development", "dev"], ["test", "testing", "qa"],
  ]

  /// An environment that the match names, when the rule's name says a different one.
  private func otherEnvironment(than name: String) -> String? {
    func words(_ text: String) -> Set<String> {
      Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    }
    func environments(_ text: String) -> [[String]] {
      let words = words(text)
      return Inspection.environments.filter { !words.isDisjoint(with: $0) }
    }
    let said = environments(name)
    let matched = environments(
      ([match.subjectPrefix, match.condition].compactMap(\.self) + match.claims.values).joined(separator: " "))
    guard said.count == 1, matched.count == 1, said != matched else { return nil }
    return matched[0][0]
  }
}

extension FederationRule.Match {
  /// Whether everything `other` accepts is accepted here too, and more: decided on the static matchers alone.
  func coversMore(than other: FederationRule.Match) -> Bool { covers(other) && self != other }

  func covers(_ other: FederationRule.Match) -> Bool {
    guard audience == nil || audience == other.audience else { return false }
    guard claims.allSatisfy({ other.claims[$0.key] == $0.value }) else { return false }
    guard condition == nil || condition == other.condition else { return false }
    guard let subject = subjectPrefix, subject != other.subjectPrefix else { return true }
    guard subject.hasSuffix("*"), let theirs = other.subjectPrefix else { return false }
    return theirs.hasPrefix(subject.dropLast())
  }
}
