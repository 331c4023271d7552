package import Platform

/// What connecting a workload comes to: whose tokens are trusted, and which of them.
package struct Trust: Hashable, Sendable {
  /// The issuer as it is registered when none is there yet.
  package var issuer: IssuerDraft
  package var match: FederationRule.Match
  /// A slug that says what the rule is for.
  package var ruleName: String
  /// A token that the workload would bring.
  package var sample: SampleToken
  /// Tokens of others, the likeliest to be let in by mistake first. Most rules refuse them all.
  package var others: [SampleToken]

  init(
    issuer: IssuerDraft, match: FederationRule.Match, ruleName: String, sample: SampleToken, others: [SampleToken]
  ) {
    (self.issuer, self.match, self.ruleName, self.sample, self.others) = (issuer, match, ruleName, sample, others)
  }
}

/// The claims of a token that someone could bring, and who that is.
package struct SampleToken: Hashable, Sendable {
  /// `a job on branch main-evil of acme/api`
  package let who: String
  /// Times and `jti` left out.
  package let claims: JSON
  package init(_ who: String, claims: JSON) { (self.who, self.claims) = (who, claims) }
}

/// A workload as data: a provider and its fields, checked, and what they come to.
package struct Workload: Hashable, Sendable {
  package let provider: ProviderTemplate.ID
  /// By field; what was left out is not there.
  package let values: [String: String]
  package let trust: Trust

  /// - Throws: ``WorkloadFaults`` with everything that is wrong.
  package init(_ provider: ProviderTemplate.ID, values: [String: String]) throws(WorkloadFaults) {
    let template = ProviderTemplate.of(provider)
    let faults = template.faults(in: values)
    guard faults.isEmpty else { throw WorkloadFaults(faults: faults) }
    let normal = template.normal(values)
    (self.provider, self.values, trust) = (provider, normal.texts, template.trust(normal))
  }

  package var template: ProviderTemplate { ProviderTemplate.of(provider) }
  package var issuerURL: String { trust.issuer.issuerURL }
  package var match: FederationRule.Match { trust.match }

  /// Who the rule lets in: `any job on branch main of acme/api, and nothing else`.
  package var words: String { MatchWords.sentence(for: match, issuerURL: issuerURL) }

  /// What the workload needs, with the real identifiers in it.
  package func files(_ identifiers: HandoverIdentifiers) -> [HandoverFile] {
    template.files(ProviderTemplate.Values(texts: values), identifiers)
  }
}

/// Why a workload is none, field by field.
package struct WorkloadFaults: Error, Hashable, Sendable {
  package let faults: [FieldFault]
  init(faults: [FieldFault]) { self.faults = faults }

  package var problem: Problem {
    let cause = faults.map { "\($0.field): \($0.text)" }.joined(separator: "; ")
    return Problem(
      "Nothing was connected", because: cause, try: "Correct that and try again; nothing was changed.", kind: .usage)
  }
}

/// What a workload must be told, all of it public.
package struct HandoverIdentifiers: Hashable, Sendable {
  package let ruleID, organizationID, accountID, workspaceID: String
  package init(ruleID: String, organizationID: String, accountID: String, workspaceID: String) {
    (self.ruleID, self.organizationID, self.accountID, self.workspaceID) = (
      ruleID, organizationID, accountID, workspaceID
    )
  }

  /// Of a rule that is there. A workspace has to be named where the rule leaves the choice.
  package init(rule: FederationRule, organizationID: String) {
    self.init(
      ruleID: rule.id.description, organizationID: organizationID, accountID: rule.accountID.description,
      workspaceID: rule.workspaceIDs.first?.description ?? "default")
  }

  /// By the names under which the official clients read them.
  package var environment: [(name: String, value: String)] {
    [
      ("ANTHROPIC_FEDERATION_RULE_ID", ruleID), ("ANTHROPIC_ORGANIZATION_ID", organizationID),
      ("ANTHROPIC_SERVICE_ACCOUNT_ID", accountID), ("ANTHROPIC_WORKSPACE_ID", workspaceID),
    ]
  }

  /// `NAME: value` lines of YAML, which every provider's file holds somewhere.
  func yaml(indent: Int) -> String {
    environment.map { String(repeating: " ", count: indent) + "\($0.name): \($0.value)" }.joined(separator: "\n")
  }
}

/// A file, or a part of one, for the workload's side.
package struct HandoverFile: Hashable, Sendable {
  /// Where it belongs, relative to what the provider's users call the top.
  package let path: String
  package let text: String
  package init(path: String, text: String) { (self.path, self.text) = (path, text) }
}
