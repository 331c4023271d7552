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
    return ConnectionPlan(
      workload: wish.workload, issuer: issuer, account: account, workspaceID: workspace.id,
      membershipRole: membershipRole, ruleName: try ruleName(wish, among: rules), scope: wish.scope,
      tokenLifetime: wish.lifetime)
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
  }

  /// Carries a plan out, in the order of its steps.
  /// - Parameter progress: called before each step.
  package func connect(
    _ plan: ConnectionPlan, progress: @Sendable (ConnectionPlan.Step) async -> Void = { _ in }
  ) async throws(Interruption) -> Connection {
    var remaining = plan
    do {
      let organization = try await client.organization()
      let issuer = try await makeIssuer(&remaining, progress)
      let account = try await makeAccount(&remaining, progress)
      if let role = remaining.membershipRole {
        await progress(.membership)
        _ = try await addWorkspace(plan.workspaceID, to: account.id, role: role)
        remaining.membershipRole = nil
      }
      await progress(.rule)
      let draft = RuleDraft(
        name: plan.ruleName, issuerID: issuer.id, match: plan.match, accountID: account.id, scope: plan.scope,
        tokenLifetime: plan.tokenLifetime, workspaceID: plan.workspaceID)
      let known = try await made(draft, ifRetrying: plan)
      let rule = if let known { known } else { try await createRule(draft) }
      return Connection(
        issuer: issuer, account: account, rule: rule, organizationID: organization.id,
        workspaceID: plan.workspaceID, findings: plan.findings, workload: plan.workload)
    } catch {
      remaining.isRetry = true
      throw Interruption(problem: error, remaining: remaining)
    }
  }

  /// The rule that an earlier try made although its answer was lost. What differs in anything is another's.
  private func made(_ draft: RuleDraft, ifRetrying plan: ConnectionPlan) async throws(Problem) -> FederationRule? {
    guard plan.isRetry else { return nil }
    return try await rules().first {
      $0.name == draft.name && $0.issuerID == draft.issuerID && $0.match == draft.match
        && $0.accountID == draft.accountID && $0.scope == draft.scope && $0.tokenLifetime == draft.tokenLifetime
        && $0.workspaceIDs == [plan.workspaceID] && !$0.isArchived
    }
  }

  private func makeIssuer(
    _ plan: inout ConnectionPlan, _ progress: @Sendable (ConnectionPlan.Step) async -> Void
  ) async throws(Problem) -> Issuer {
    switch plan.issuer {
    case .existing(let known): return known
    case .new(let draft):
      await progress(.issuer)
      // Only ever more than nothing after a try whose answer was lost.
      let known = try await (plan.isRetry ? issuers() : []).first {
        $0.name == draft.name && $0.issuerURL == draft.issuerURL && $0.keys == draft.keys
      }
      let issuer = if let known { known } else { try await createIssuer(draft) }
      plan.issuer = .existing(issuer)
      return issuer
    }
  }

  private func makeAccount(
    _ plan: inout ConnectionPlan, _ progress: @Sendable (ConnectionPlan.Step) async -> Void
  ) async throws(Problem) -> ServiceAccount {
    switch plan.account {
    case .existing(let known): return known
    case .new(let draft):
      await progress(.account)
      let known = try await (plan.isRetry ? accounts() : []).first {
        $0.name == draft.name && $0.organizationRole == draft.role
      }
      let account = if let known { known } else { try await createAccount(draft) }
      plan.account = .existing(account)
      return account
    }
  }
}
