internal import Federation
package import Platform
internal import Storage

extension Operations {
  /// What became of a connection that was taken back.
  package struct TakenBack: Hashable, Sendable {
    /// What was archived or removed, in order, such as `the rule gha-acme-api-main`.
    package internal(set) var removed: [String] = []
    /// What it made and others use now, each with the reason why it stays.
    package internal(set) var kept: [String] = []

    package var lines: [String] {
      if removed.isEmpty && kept.isEmpty { return ["Nothing of it was made."] }
      return removed.map { "took back \($0)" } + kept
    }

    package var json: JSON {
      ["removed": .array(removed.map(JSON.string)), "kept": .array(kept.map(JSON.string))]
    }
  }

  /// What is the connection's own on the platform: what it is known to have made, and what it may have made although
  /// the answer never came, found by being exactly what was asked for and younger than the asking.
  private struct Traces {
    var rule: FederationRule?
    var account: ServiceAccount?
    var issuer: Issuer?
    /// Whether the account, there before, was made a member.
    var isMember = false
  }

  /// Takes back all that a connection made, the last thing first. What others use by now stays, and is said. Interrupted
  /// itself it can be called again: what is gone already is passed over.
  package func takeBack(_ record: ConnectionRecord) async throws(Problem) -> TakenBack {
    let traces = try await traces(of: record)
    var result = TakenBack()
    if let rule = traces.rule {
      _ = try await archive(rule)
      result.removed.append("the rule \(rule.name)")
    }
    if traces.isMember, let id = record.accountID,
      try await memberships(of: id).contains(where: { $0.workspaceID == record.workspaceID && !$0.isImplicit })
    {
      try await removeWorkspace(record.workspaceID, from: id)
      result.removed.append("the membership of \(record.accountName)")
    }
    if let account = traces.account {
      let isGone = try await unlessUsed("the service account \(account.name)", &result) { () async throws(Problem) in
        _ = try await archiveAccount(account)
      }
      if isGone { result.removed.append("the service account \(account.name)") }
    }
    if let issuer = traces.issuer {
      let isGone = try await unlessUsed("the issuer \(issuer.name)", &result) { () async throws(Problem) in
        _ = try await archiveIssuer(issuer)
      }
      if isGone { result.removed.append("the issuer \(issuer.name)") }
    }
    try storage.settle(record.number, .failed("taken back"))
    return result
  }

  private func unlessUsed(
    _ what: String, _ result: inout TakenBack, _ archive: () async throws(Problem) -> Void
  ) async throws(Problem) -> Bool {
    do throws(Problem) { try await archive() } catch {
      guard error.code == "has_dependants" else { throw error }
      result.kept.append("\(what) stays: \(error.cause)")
      return false
    }
    return true
  }

  private func traces(of record: ConnectionRecord) async throws(Problem) -> Traces {
    var traces = Traces()
    let workload = try workload(of: record)
    // Clocks differ by some seconds; whatever was there a minute before was somebody else's.
    let earliest = record.at.addingTimeInterval(-60)
    var draft = workload.trust.issuer
    draft.name = record.issuerName
    let issuers = try await client.issuers()
    let accounts = try await client.accounts()
    if record.issuerID == nil {
      let known = record.made[.issuer]
      traces.issuer = issuers.first { issuer in
        known.map { issuer.id.description == $0 } ?? (issuer.isMade(of: draft) && issuer.createdAt >= earliest)
      }
    }
    if record.accountID == nil {
      let known = record.made[.account]
      let draft = AccountDraft(name: record.accountName)
      traces.account = accounts.first { account in
        known.map { account.id.description == $0 } ?? (account.isMade(of: draft) && account.createdAt >= earliest)
      }
    } else {
      traces.isMember = try madeMember(record)
    }
    guard let issuerID = record.issuerID ?? traces.issuer?.id, let accountID = record.accountID ?? traces.account?.id
    else { return traces }
    let wanted = RuleDraft(
      name: record.ruleName, issuerID: issuerID, match: workload.match, accountID: accountID, scope: record.scope,
      tokenLifetime: record.tokenLifetime, workspaceID: record.workspaceID)
    let known = record.made[.rule]
    traces.rule = try await client.rules(issuer: issuerID).first { rule in
      known.map { rule.id.description == $0 && !rule.isArchived }
        ?? (rule.isMade(of: wanted) && rule.createdAt >= earliest)
    }
    return traces
  }

  /// Whether it was the connection that made an account, there before, a member of the workspace; or may have been,
  /// for the journal has it sent and not answered.
  private func madeMember(_ record: ConnectionRecord) throws(Problem) -> Bool {
    if record.made[.membership] != nil { return true }
    guard record.membershipRole != nil, let id = record.accountID else { return false }
    return try storage.journal(target: id.description, limit: 100).contains { entry in
      let change = entry.change
      let isHere = change.outcome == .open || change.after?["workspace_id"]?.string == record.workspaceID.description
      return entry.number > record.number && change.action == "accounts.add-workspace" && change.before == nil && isHere
    }
  }
}
