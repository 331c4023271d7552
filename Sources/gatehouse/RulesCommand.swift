import ArgumentParser
import Federation
import Operations
import Platform

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Federation rules: which tokens may act as which account.",
    subcommands: [
      List.self, Show.self, Create.self, Update.self, Archive.self, AddWorkspace.self, RemoveWorkspace.self, Lint.self,
      Accept.self, Explain.self, Radius.self,
    ])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the rules.")
    @Flag(help: "Archived ones too.") var archived = false
    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await options.showList(
        list, FederationRule.self, liveOnly: !archived,
        nothing: "There is no rule yet: no workload can sign in. gatehouse connect makes one."
      ) {
        var table = TextTable("NAME", "ISSUER", "ACCOUNT", "SCOPE", "STATE", "ID", "MATCH")
        for rule in $0 {
          table.add(
            rule.name, rule.issuerName ?? rule.issuerID.description, rule.accountName ?? rule.accountID.description,
            rule.scope, rule.isArchived ? "archived" : "live", rule.id.description, rule.match.requestJSON.compact)
        }
        return table
      } read: {
        try await $0.rules(includeArchived: archived)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show one rule, in words and as JSON.")
    @Argument(help: "Its name or identifier.") var rule: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let operations = try await Session.open(options).operations
      let rule = try await operations.rule(rule)
      if options.json { return Output.json(rule.json) }
      let issuer = try await operations.issuer(rule.issuerID.description)
      options.show(
        rule.json,
        lines: [
          ("Name", rule.name), ("Identifier", rule.id.description),
          ("Lets in", MatchWords.sentence(for: rule.match, issuerURL: issuer.issuerURL)),
          ("From", "\(issuer.name): \(issuer.issuerURL)"),
          ("As", rule.accountName ?? rule.accountID.description),
          ("With", "\(rule.scope), \(rule.tokenLifetime) s at a time"),
          (
            "Where",
            rule.appliesToAllWorkspaces
              ? "in every workspace" : rule.workspaceIDs.map(\.description).joined(separator: ", ")
          ),
          ("State", rule.archivedAt.map { "archived \($0.columnText)" } ?? "live"),
          ("Match", rule.match.requestJSON.compact),
        ])
    }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Create a rule from its parts.",
      discussion: """
        gatehouse connect makes a rule from what a workload is, and is the safer way.
        Example:  gatehouse rules create gha-site --issuer github-actions --account ci-deploy \\
                    --subject repo:acme/site:ref:refs/heads/main --claim repository_owner=acme
        """)
    @Argument(help: "Its name: small letters, digits and hyphens.") var name: String
    @Option(help: "The issuer, by name or identifier.") var issuer: String
    @Option(help: "The service account it leads to, by name or identifier.") var account: String
    @OptionGroup var match: MatchOptions
    @Option(help: "A workspace's name or identifier.") var workspace = "default"
    @Flag(help: "In every workspace, later ones too.") var allWorkspaces = false
    @Option(help: "workspace:developer or workspace:inference.") var scope = Scope.developer
    @Option(help: ArgumentHelp("Seconds a minted token lives, 60 to 86400.", valueName: "seconds")) var lifetime = 600
    @Option(help: "What it is for.") var description: String?
    @Option(help: ArgumentHelp("Accept this finding; repeat for each.", valueName: "code")) var accept: [String] = []
    @OptionGroup var options: GlobalOptions

    func validate() throws { try match.refuseEmpty() }

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let issuer = try await session.operations.issuer(issuer)
      let account = try await session.operations.account(account)
      let workspace = allWorkspaces ? nil : try await session.operations.workspace(workspace)
      let draft = RuleDraft(
        name: name, description: description, issuerID: issuer.id,
        match: try match.applied(),
        accountID: account.id, scope: scope, tokenLifetime: lifetime, workspaceID: workspace?.id,
        appliesToAllWorkspaces: allWorkspaces)
      var facts = Circumstances()
      (facts.ruleName, facts.appliesToAllWorkspaces) = (name, allWorkspaces)
      facts.accountRole = account.organizationRole.rawValue
      let findings = Analyser.findings(
        of: Candidate(
          match: draft.match, issuerURL: issuer.issuerURL, scope: scope, lifetime: lifetime, circumstances: facts))
      let gate = FindingGate(options: options, accepted: accept, what: "The rule was not created")
      try gate.pass(findings, tellingAll: true)
      try session.confirm(
        "Create the rule \(name)",
        requests: [Request(.post, "/v1/organizations/federation_rules", json: draft.json)])
      try await session.change {
        try await $0.createRule(draft)
      } show: { rule in
        options.show(rule.json, lines: [("Created", rule.name), ("Identifier", rule.id.description)])
      }
    }
  }
}
