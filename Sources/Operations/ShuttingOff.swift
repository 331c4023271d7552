package import Platform

extension Operations {
  /// All that lets anyone act as one account, as it stands before it is shut off.
  package struct ShutOff: Hashable, Sendable {
    package let account: ServiceAccount
    /// The live rules that lead to the account and can be archived. Each leads to it alone, so no other account
    /// loses anything.
    package let rules: [FederationRule]
    /// Those that only the web Console may archive, for what they grant.
    package let unmanageable: [FederationRule]
    /// The active static keys that act as it, which go on working; nil when they could not be read.
    package let keys: [APIKey]?
    /// Issuers that no live rule will trust afterwards.
    package let idleIssuers: [ID<Issuer>]

    /// Seconds for which tokens minted up to now may still be used. No call revokes them.
    package var longestTokenLife: Int { (rules + unmanageable).map(\.tokenLifetime).max() ?? 0 }

    package var json: JSON {
      [
        "service_account": account.json, "rules": .array(rules.map(\.json)),
        "console_only_rules": .array(unmanageable.map(\.json)),
        "api_keys": keys.map { .array($0.map(\.json)) } ?? .null,
        "idle_issuers": .array(idleIssuers.map { JSON($0) }), "longest_token_life_seconds": JSON(longestTokenLife),
      ]
    }
  }

  /// What shutting the account off would do. Changes nothing.
  package func shutOff(_ account: ServiceAccount) async throws(Problem) -> ShutOff {
    let live = try await client.rules().filter { !$0.isArchived }
    let leading = live.filter { $0.accountID == account.id }
    let (rules, unmanageable) = (
      leading.filter { Scope.isManageable($0.scope) }, leading.filter { !Scope.isManageable($0.scope) }
    )
    let archived = Set(rules.map(\.id))
    let stillTrusted = Set(live.filter { !archived.contains($0.id) }.map(\.issuerID))
    var idle: [ID<Issuer>] = []
    for rule in rules where !stillTrusted.contains(rule.issuerID) && !idle.contains(rule.issuerID) {
      idle.append(rule.issuerID)
    }
    return ShutOff(
      account: account, rules: rules, unmanageable: unmanageable, keys: try await keys(actingAs: account.id),
      idleIssuers: idle)
  }

  /// What became of a shut-off.
  package struct ShutOffOutcome: Hashable, Sendable {
    /// As they were before, so that ``restore(_:)`` can make them again.
    package var archived: [FederationRule] = []
    package var disabledKeys: [APIKey] = []
    /// What still lets someone in: a rule's or a key's name, and why it could not be taken away.
    package var left: [Left] = []
    package struct Left: Hashable, Sendable {
      package let name: String
      package let problem: Problem
    }
    package init() {}
  }

  /// Archives the rules, and where asked disables the keys. One that fails does not stop the rest: the more is
  /// closed the better.
  package func carryOut(
    _ plan: ShutOff, disablingKeys: Bool, progress: @Sendable (String) async -> Void = { _ in }
  ) async -> ShutOffOutcome {
    var outcome = ShutOffOutcome()
    for rule in plan.rules {
      await progress("Archiving the rule \(rule.name)")
      do throws(Problem) {
        _ = try await archive(rule)
        outcome.archived.append(rule)
      } catch {
        outcome.left.append(.init(name: rule.name, problem: error))
      }
    }
    for key in disablingKeys ? plan.keys ?? [] : [] {
      await progress("Disabling the key \(key.name)")
      do throws(Problem) { outcome.disabledKeys.append(try await disableKey(key)) } catch {
        outcome.left.append(.init(name: key.name, problem: error))
      }
    }
    return outcome
  }
}
