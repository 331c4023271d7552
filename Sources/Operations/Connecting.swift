package import Federation
package import Platform

extension Operations {
  /// What a person or a command line says of a workload, before anything was looked up.
  package struct ConnectionWish: Hashable, Sendable {
    package enum Account: Hashable, Sendable {
      /// An identifier or a name.
      case existing(String)
      case new(String)
    }

    package var workload: Workload
    package var account: Account
    /// An identifier, a name, or `default`.
    package var workspace: String
    package var scope: String
    /// Seconds a minted token lives.
    package var lifetime: Int
    /// An issuer's identifier or name, or nil for the one registered under the workload's address.
    package var issuer: String?
    /// Nil for one made of what the workload is.
    package var ruleName: String?

    package init(
      workload: Workload, account: Account, workspace: String = "default", scope: String = Scope.developer,
      lifetime: Int? = nil, issuer: String? = nil, ruleName: String? = nil
    ) {
      (self.workload, self.account, self.workspace) = (workload, account, workspace)
      (self.scope, self.issuer, self.ruleName) = (scope, issuer, ruleName)
      self.lifetime = lifetime ?? workload.template.tokenLifetime
    }
  }

  /// Looks up what there is and says what is missing. Changes nothing.
  package func plan(_ wish: ConnectionWish) async throws(Problem) -> ConnectionPlan {
    guard Scope.isManageable(wish.scope) else {
      throw refusedWish(
        "the scope \(wish.scope.debugDescription) can only be granted in the web Console",
        try: "Use \(Scope.manageable.joined(separator: " or ")).")
    }
    guard (60...86400).contains(wish.lifetime) else {
      throw refusedWish("a token lives 60 to 86400 seconds, not \(wish.lifetime)", try: "600 is a good start.")
    }
    let workspace = try await workspace(wish.workspace)
    let issuer = try await issuerChoice(wish)
    let rules = try await rules(includeArchived: true)
    var membershipRole: String? = "workspace_developer"
    let account: ConnectionPlan.AccountChoice
    switch wish.account {
    case .existing(let reference):
      let found = try await self.account(reference)
      guard !found.isArchived else {
        throw refusedWish("\(found.name) is archived", try: "Name a live account, or make one with --new-account.")
      }
      account = .existing(found)
      let memberships = try await memberships(of: found.id)
      if memberships.contains(where: { $0.workspaceID == workspace.id && !$0.isImplicit }) { membershipRole = nil }
    case .new(let name):
      if let fault = Slug.fault(in: name) {
        throw refusedWish(
          "\(name.debugDescription) cannot be an account's name: \(fault)", try: "Try \(Slug.from(name)).")
      }
      account = .new(AccountDraft(name: name))
    }
    // Every account is a workspace_user of the default workspace without being added.
    if workspace.name == "Default" { membershipRole = nil }
    let plan = ConnectionPlan(
      workload: wish.workload, issuer: issuer, account: account, workspaceID: workspace.id,
      membershipRole: membershipRole, ruleName: try ruleName(wish, among: rules), scope: wish.scope,
      tokenLifetime: wish.lifetime)
    // The same asked for again goes on where it stopped.
    guard let begun = try unfinishedConnections().first(where: { $0.isBeginning(of: plan, named: wish.ruleName) })
    else { return plan }
    return try await self.plan(restOf: begun)
  }

  private func issuerChoice(_ wish: ConnectionWish) async throws(Problem) -> ConnectionPlan.IssuerChoice {
    let issuers = try await issuers(includeArchived: true)
    guard let reference = wish.issuer else {
      return ConnectionPlan.issuer(for: wish.workload, among: issuers)
    }
    guard let issuer = issuers.first(where: { $0.id.description == reference || $0.name == reference }) else {
      throw refusedWish("no issuer is called \(reference.debugDescription)", try: "See gatehouse issuers list.")
    }
    guard !issuer.isArchived else { throw refusedWish("the issuer \(issuer.name) is archived", try: "Name another.") }
    guard issuer.issuerURL == wish.workload.issuerURL else {
      throw refusedWish(
        "\(issuer.name) trusts \(issuer.issuerURL), and the workload's tokens come from \(wish.workload.issuerURL)",
        try: "Leave --issuer out, and the right one is used or registered.")
    }
    return .existing(issuer)
  }

  private func ruleName(_ wish: ConnectionWish, among rules: [FederationRule]) throws(Problem) -> String {
    guard let name = wish.ruleName else {
      return ConnectionPlan.unused(wish.workload.trust.ruleName, among: rules.map(\.name))
    }
    if let fault = Slug.fault(in: name) {
      throw refusedWish("\(name.debugDescription) cannot be a rule's name: \(fault)", try: "Try \(Slug.from(name)).")
    }
    return name
  }

  private func refusedWish(_ cause: String, try remedy: String) -> Problem {
    Problem("Nothing was connected", because: cause, try: remedy, kind: .usage)
  }

  /// That connecting stopped, and what is left to do: what was made stands in `remaining` as existing, so that
  /// carrying that out makes nothing twice.
  package struct Interruption: Error, Hashable, Sendable {
    package let problem: Problem
    package let remaining: ConnectionPlan

    /// Whether something was made, or may have been: it can be gone on with, or taken back.
    package var isHalfMade: Bool { remaining.journalNumber != nil }
  }

  /// Carries a plan out, in the order of its steps. The journal has the plan before the first of them and what was
  /// made after each, so that it can be gone on with or taken back even when this program ends half way.
  /// - Parameter progress: called before each step.
  package func connect(
    _ plan: ConnectionPlan, progress: @Sendable (ConnectionPlan.Step) async -> Void = { _ in }
  ) async throws(Interruption) -> Connection {
    var remaining = plan
    var record: ConnectionRecord?
    do {
      let organization = try await client.organization()
      var kept = try begin(plan)
      remaining.journalNumber = kept.number
      record = kept
      func keep(_ step: ConnectionPlan.Step, _ id: String) throws(Problem) {
        kept.made[step] = id
        record = kept
        try storage.settle(kept.number, .open, after: kept.document)
      }
      let issuer: Issuer
      switch remaining.issuer {
      case .existing(let known): issuer = known
      case .new(let draft):
        await progress(.issuer)
        let known = try await made(draft, ifRetrying: plan)
        issuer = if let known { known } else { try await createIssuer(draft) }
        remaining.issuer = .existing(issuer)
        try keep(.issuer, issuer.id.description)
      }
      let account: ServiceAccount
      switch remaining.account {
      case .existing(let known): account = known
      case .new(let draft):
        await progress(.account)
        let known = try await made(draft, ifRetrying: plan)
        account = if let known { known } else { try await createAccount(draft) }
        remaining.account = .existing(account)
        try keep(.account, account.id.description)
      }
      if let role = remaining.membershipRole {
        await progress(.membership)
        _ = try await addWorkspace(plan.workspaceID, to: account.id, role: role)
        remaining.membershipRole = nil
        try keep(.membership, account.id.description)
      }
      await progress(.rule)
      let draft = RuleDraft(
        name: plan.ruleName, issuerID: issuer.id, match: plan.match, accountID: account.id, scope: plan.scope,
        tokenLifetime: plan.tokenLifetime, workspaceID: plan.workspaceID)
      let known = try await made(draft, ifRetrying: plan)
      let rule = if let known { known } else { try await createRule(draft) }
      kept.made[.rule] = rule.id.description
      try storage.settle(kept.number, .done, target: rule.id.description, after: kept.document)
      return Connection(
        issuer: issuer, account: account, rule: rule, organizationID: organization.id,
        workspaceID: plan.workspaceID, findings: plan.findings, workload: plan.workload)
    } catch {
      if let record, record.made.isEmpty, !error.isUncertain, !plan.isRetry {
        // Nothing was made, so there is nothing to go on with or to take back.
        try? storage.settle(record.number, .failed(error.line))
        remaining.journalNumber = nil
      } else if record != nil {
        remaining.isRetry = true
      }
      throw Interruption(problem: error, remaining: remaining)
    }
  }

  // What an earlier try made although its answer was lost. What differs in anything is another's.

  private func made(_ draft: IssuerDraft, ifRetrying plan: ConnectionPlan) async throws(Problem) -> Issuer? {
    plan.isRetry ? try await issuers().first { $0.isMade(of: draft) } : nil
  }

  private func made(_ draft: AccountDraft, ifRetrying plan: ConnectionPlan) async throws(Problem) -> ServiceAccount? {
    plan.isRetry ? try await accounts().first { $0.isMade(of: draft) } : nil
  }

  private func made(_ draft: RuleDraft, ifRetrying plan: ConnectionPlan) async throws(Problem) -> FederationRule? {
    plan.isRetry ? try await rules().first { $0.isMade(of: draft) } : nil
  }
}

extension Issuer {
  func isMade(of draft: IssuerDraft) -> Bool {
    name == draft.name && issuerURL == draft.issuerURL && keys == draft.keys && !isArchived
  }
}

extension ServiceAccount {
  func isMade(of draft: AccountDraft) -> Bool {
    name == draft.name && organizationRole == draft.role && !isArchived
  }
}

extension FederationRule {
  func isMade(of draft: RuleDraft) -> Bool {
    name == draft.name && issuerID == draft.issuerID && match == draft.match && accountID == draft.accountID
      && scope == draft.scope && tokenLifetime == draft.tokenLifetime && !isArchived
      && workspaceIDs == [draft.workspaceID].compactMap(\.self)
  }
}
