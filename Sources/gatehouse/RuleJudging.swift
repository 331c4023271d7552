import ArgumentParser
import Federation
import Glibc
import Operations
import Platform

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
