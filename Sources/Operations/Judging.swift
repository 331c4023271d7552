package import FoundationEssentials
package import Federation
package import Platform
internal import Storage

extension Operations {
  /// A token or claims before a rule, with all that is known of its issuer, account and workspaces.
  package func exchange(
    _ presented: Exchange.Presented, rule: FederationRule, workspace: WorkspaceRequest = .omitted
  ) async throws(Problem) -> Exchange {
    let issuer = try await issuer(rule.issuerID.description)
    let account = try await account(rule.accountID.description)
    let memberships = try await memberships(of: account.id)
    var exchange = Exchange(
      presented, rule: rule, issuer: issuer, account: account, workspace: workspace,
      defaultWorkspaceID: try await self.workspace("default").id, memberships: memberships, now: now())
    // Keys that cannot be fetched from here leave the signature unknown, and the rest is still judged.
    if case .token = presented {
      do throws(Problem) { exchange.keys = try await IssuerKeys.keys(of: issuer) } catch {
        exchange.keysFailure = "the issuer's keys are not known here: \(error.cause)"
      }
    }
    return exchange
  }

  /// What a rule makes of a token as people paste one. A text that is none is refused like any other.
  package func verdict(
    on text: Secret, rule: FederationRule, workspace: WorkspaceRequest
  ) async throws(Problem) -> Verdict {
    let token: Token
    do throws(UnreadableToken) { token = try Token(pasted: text) } catch { return Verdict(error) }
    return try await exchange(.token(token), rule: rule, workspace: workspace).verdict()
  }

  /// What was recorded about a rule itself since `date`, exchanges apart: what ``PastRule`` undoes.
  package func history(of rule: ID<FederationRule>, since date: Date) async throws(Problem) -> [Activity] {
    let filter = ActivityFilter.all([
      .field(.rule, FilterValue(rule.description)), .not(.field(.type, FilterValue(Activity.exchangeType))),
    ])
    return try await storage.newest(ActivityQuery(filter, since: date), limit: 1000).map(\.activity)
  }
}
