import ArgumentParser
import Federation
import Glibc
import Operations
import Platform

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Federation rules: which tokens may act as which account.",
    subcommands: [List.self, Show.self, Create.self, Lint.self, Explain.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the rules.")
    @Flag(help: "Archived ones too.") var archived = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let rules = try await Session.open(options).operations.rules(includeArchived: archived)
      options.show(
        rules, json: \.json, nothing: "There is no rule yet: no workload can sign in. gatehouse connect makes one."
      ) {
        var table = TextTable("NAME", "ISSUER", "ACCOUNT", "SCOPE", "STATE", "ID", "MATCH")
        for rule in $0 {
          table.add(
            rule.name, rule.issuerName ?? rule.issuerID.description, rule.accountName ?? rule.accountID.description,
            rule.scope, rule.isArchived ? "archived" : "live", rule.id.description, rule.match.requestJSON.compact)
        }
        return table
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
    @Option(help: ArgumentHelp("Exact, or a prefix when it ends in *.", valueName: "text")) var subject: String?
    @Option(help: ArgumentHelp("The audience a token must be for.", valueName: "text")) var audience: String?
    @Option(help: ArgumentHelp("A claim that must be this string; repeat for more.", valueName: "name=value"))
    var claim: [String] = []
    @Option(help: ArgumentHelp("CEL over claims.", valueName: "text")) var condition: String?
    @Option(help: "A workspace's name or identifier.") var workspace = "default"
    @Flag(help: "In every workspace, later ones too.") var allWorkspaces = false
    @Option(help: "workspace:developer or workspace:inference.") var scope = Scope.developer
    @Option(help: ArgumentHelp("Seconds a minted token lives, 60 to 86400.", valueName: "seconds")) var lifetime = 600
    @Option(help: "What it is for.") var description: String?
    @Option(help: ArgumentHelp("Accept this finding; repeat for each.", valueName: "code")) var accept: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let issuer = try await session.operations.issuer(issuer)
      let account = try await session.operations.account(account)
      let workspace = allWorkspaces ? nil : try await session.operations.workspace(workspace)
      let draft = RuleDraft(
        name: name, description: description, issuerID: issuer.id,
        match: FederationRule.Match(
          subjectPrefix: subject, audience: audience, claims: try claims(), condition: condition),
        accountID: account.id, scope: scope, tokenLifetime: lifetime, workspaceID: workspace?.id,
        appliesToAllWorkspaces: allWorkspaces)
      let findings = Analyser.findings(
        match: draft.match, scope: scope, lifetime: lifetime, issuerURL: issuer.issuerURL)
      try refuse(findings.filter { $0.severity >= .high && !accept.contains($0.id) })
      try options.confirm(
        "Create the rule \(name)",
        requests: [Request(.post, "/v1/organizations/federation_rules", json: draft.json)])
      try await session.change(options) {
        try await $0.createRule(draft)
      } show: { rule in
        options.show(rule.json, lines: [("Created", rule.name), ("Identifier", rule.id.description)])
      }
    }

    private func claims() throws -> [String: String] {
      try claim.reduce(into: [:]) { claims, text in
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
          throw ValidationError("A claim is written name=value, not '\(text)'.")
        }
        claims[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
    }

    private func refuse(_ findings: [Finding]) throws {
      if findings.isEmpty || options.dryRun { return }
      if options.json {
        Output.json(["findings": .array(findings.map(\.json))])
      } else {
        Output.error(findings.map(\.lines).joined(separator: "\n\n"))
        let flags = findings.map { "--accept \($0.id)" }.joined(separator: " ")
        Output.error("\nThe rule was not created. Narrow it, or accept what it lets in: \(flags)")
      }
      throw ExitCode(1)
    }
  }
}

extension RulesCommand {
  struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which rules let in more than their owner meant.",
      discussion: """
        Judges the live rules, or with --input rules as JSON Lines: {"id","rule":{"match","issuer_url",…}}.
        Example, in CI:  gatehouse rules lint --fail-on high
        """)
    @Option(help: ArgumentHelp("Rules as JSON Lines; - for standard input.", valueName: "file")) var input: String?
    @Option(help: "Exit with 1 when a finding is this severe or worse: low, medium, high or critical.")
    var failOn: Severity?
    @Option(help: ArgumentHelp("Say what a finding means, instead.", valueName: "code")) var explain: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      if let explain { return try explainRisk(explain) }
      let judged = try await judged()
      for rule in judged { show(rule) }
      let worst = judged.flatMap(\.findings).map(\.severity).max()
      if !options.json, worst == nil { Output.line("Nothing was found in \(judged.count) rules.") }
      if let failOn, let worst, worst >= failOn { throw ExitCode(1) }
    }

    private typealias Judged = (id: JSON, name: String, findings: [Finding])

    private func judged() async throws -> [Judged] {
      if let input {
        return try InputFile.jsonLines(input).map { line in
          do throws(Undecodable) {
            let name = line["id"]?.string ?? line["id"]?.compact ?? "rule"
            return (line["id"] ?? .null, name, Analyser.findings(of: try Candidate(json: line)))
          } catch {
            throw Problem(
              "The rules were not judged",
              because: "\(error.member) is not \(error.expected) in \(line.compact.prefix(80))",
              try: "Give {\"id\",\"rule\":{\"match\",\"issuer_url\"}} a line.", kind: .usage)
          }
        }
      }
      let operations = try await Session.open(options).operations
      let issuers = try await operations.issuers(includeArchived: true)
      return try await operations.rules().map { rule in
        let url = issuers.first { $0.id == rule.issuerID }?.issuerURL ?? ""
        let findings = Analyser.findings(
          match: rule.match, scope: rule.scope, lifetime: rule.tokenLifetime, issuerURL: url)
        return (JSON(rule.id), rule.name, findings)
      }
    }

    private func show(_ rule: Judged) {
      if options.json {
        Output.json(["id": rule.id, "findings": .array(rule.findings.map(\.json))])
      } else if !rule.findings.isEmpty {
        Output.line(
          rule.name + "\n" + rule.findings.map { "  " + $0.lines.replacing("\n", with: "\n  ") }.joined(separator: "\n")
        )
      }
    }

    private func explainRisk(_ id: String) throws {
      guard let risk = Catalogue.risk(id) else {
        throw Problem(
          "Nothing was explained", because: "no finding has the code \(id.debugDescription)",
          try: "Codes look like GH005; rules lint prints them.", kind: .usage)
      }
      let document: JSON = [
        "id": .string(risk.id), "severity": .string(risk.severity.rawValue), "title": .string(risk.title),
        "meaning": .string(risk.meaning), "example": .string(risk.example), "remedy": .string(risk.remedy),
      ]
      options.show(
        document,
        lines: [
          ("Finding", "\(risk.id), \(risk.severity.rawValue): \(risk.title)"), ("Lets in", risk.meaning),
          ("Example", risk.example), ("Mend", risk.remedy),
        ])
    }
  }

  struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whether a rule accepts claims or a token, check by check.",
      discussion: """
        Example:  gatehouse rules explain --rule gha-site --claims '{"sub":"repo:acme/site:ref:refs/heads/dev"}'
        """)
    @Option(
      help: ArgumentHelp(
        "A live rule's name or identifier, or a file with {\"match\",\"issuer_url\"}.", valueName: "rule"))
    var rule: String?
    @Option(help: ArgumentHelp("The claims, as a file or JSON.", valueName: "file|json")) var claims: String?
    @Option(help: ArgumentHelp("A file with the token; - for standard input.", valueName: "file")) var token: String?
    @Option(
      help: ArgumentHelp("Cases as JSON Lines: {\"id\",\"rule\",\"claims\"}; - for standard input.", valueName: "file"))
    var batch: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      let isSingle = rule != nil && (claims == nil) != (token == nil)
      guard batch == nil ? isSingle : rule == nil && claims == nil && token == nil else {
        throw ValidationError("Give --rule with one of --claims and --token, or --batch alone.")
      }
    }

    func run() async throws {
      if let batch {
        for line in try InputFile.jsonLines(batch) { Output.json(try Self.matchCase(line).json) }
        return
      }
      guard let rule else { return }
      if rule.first == "{" || rule.hasSuffix(".json") || access(rule, R_OK) == 0 {
        let claims = try presented.claims
        return try gatehouse.show(
          Self.matchCase(["rule": try InputFile.json(rule), "claims": claims.json]).verdict, options)
      }
      let exchange = try await Session.open(options).operations.exchange(try presented, rule: rule)
      try gatehouse.show(exchange.verdict(), options, id: exchange.rule.id.description)
    }

    private var presented: Exchange.Presented {
      get throws(Problem) {
        if let token { return .token(try InputFile.token(token)) }
        guard let members = try InputFile.json(claims ?? "{}").object else {
          throw Problem(
            "Nothing was judged", because: "the claims are not an object", try: "Give {\"sub\":…}.", kind: .usage)
        }
        return .claims(Claims(members))
      }
    }

    private static func matchCase(_ json: JSON) throws(Problem) -> MatchCase {
      do throws(Undecodable) { return try MatchCase(json: json) } catch {
        throw Problem(
          "The rule was not judged", because: "\(error.member) is not \(error.expected)",
          try: "Give {\"rule\":{\"match\":{…},\"issuer_url\":…},\"claims\":{…}}.", kind: .usage)
      }
    }
  }
}

extension Severity: ExpressibleByArgument {}
