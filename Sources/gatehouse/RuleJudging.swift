import ArgumentParser
import Federation
import FoundationEssentials
import Glibc
import Interface
import Operations
import Platform

extension RulesCommand {
  struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which rules let in more than their owner meant.",
      discussion: """
        Judges the live rules, or with --input rules as JSON Lines: {"id","rule":{"match","issuer_url",…}}. What the \
        store knows of the audit log counts too: audit sync first. Of live rules it also says which may take one token for \
        different accounts, and which accounts nobody becomes any more.
        Example, in CI:  gatehouse rules lint --fail-on high --format sarif > gatehouse.sarif
        """)
    @Option(help: ArgumentHelp("Rules as JSON Lines; - for standard input.", valueName: "file")) var input: String?
    @Option(help: "Exit with 1 when a finding is this severe or worse: low, medium, high or critical.")
    var failOn: Severity?
    @Option(help: "text, json (as --json does), sarif or junit.") var format: ReportFormat?
    @Flag(help: "Propose for each rule a match without what was found.") var mend = false
    @Option(help: ArgumentHelp("Say what a finding means, instead; all for every one, as Markdown.", valueName: "code"))
    var explain: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      if let explain { return try explainRisk(explain) }
      let (judged, unused) = try await judged()
      switch format ?? (options.json ? .json : .text) {
      case .json:
        for rule in judged { Output.json(rule.json) }
        for account in unused { Output.json(account.unusedJSON) }
      case .text:
        for rule in judged where !rule.report.findings.isEmpty || !rule.overlaps.isEmpty { Output.line(rule.text) }
        for account in unused { Output.line("\(Text.harmless(account.name))\n  the account is used by no live rule") }
        if judged.allSatisfy(\.open.isEmpty) { Output.line("Nothing open was found in \(judged.count) rules.") }
      case .sarif:
        Output.json(SARIF.log(judged.map(\.report), version: gatehouseVersion, file: input == "-" ? nil : input))
      case .junit:
        Output.verbatim(JUnit.report(judged.map(\.report), failingFrom: failOn ?? .low))
      }
      let worst = judged.flatMap(\.open).map(\.severity).max()
      if let failOn, let worst, worst >= failOn { throw ExitCode(1) }
    }

    /// The rules judged, and of the live ones the accounts that nobody becomes any more.
    private func judged() async throws -> (rules: [JudgedRule], unused: [ServiceAccount]) {
      if let input { return (try InputFile.jsonLines(input).map(judged), []) }
      let operations = try await Session.open(options, keeping: .changes).operations
      let inventory = try await operations.inventory()
      let acceptances = try operations.acceptedFindings()
      let overlaps = inventory.overlaps().byRule
      var judged: [JudgedRule] = []
      for (rule, findings) in inventory.findings() {
        let tokens = mend ? try await operations.acceptedClaims(of: rule.id) : []
        judged.append(
          JudgedRule(
            id: JSON(rule.id), rule: rule, findings: findings,
            accepted: acceptances.split(findings, of: rule, at: inventory.now).accepted.map(\.acceptance),
            mend: mend ? .of(inventory.candidate(for: rule), keeping: tokens) : nil,
            overlaps: overlaps[rule.id] ?? []))
      }
      return (judged, inventory.unusedAccounts())
    }

    private func judged(_ line: JSON) throws(Problem) -> JudgedRule {
      do throws(Undecodable) {
        let candidate = try Candidate(json: line)
        let name = line["id"]?.string ?? line["id"]?.compact ?? "rule"
        return JudgedRule(
          id: line["id"] ?? .null, report: RuleReport(id: name, findings: Analyser.findings(of: candidate)),
          mend: mend ? .of(candidate) : nil)
      } catch {
        throw Problem(
          "The rules were not judged",
          because: "\(error.member) is not \(error.expected) in \(line.compact.prefix(80))",
          try: "Give {\"id\",\"rule\":{\"match\",\"issuer_url\"}} a line.", kind: .usage)
      }
    }

    /// - Parameter code: of one finding, or `all`.
    private func explainRisk(_ code: String) throws {
      if code == "all" {
        guard options.json else { return Output.verbatim(Catalogue.markdown) }
        for risk in Catalogue.risks { Output.json(risk.json) }
        return
      }
      guard let risk = Catalogue.risk(code) else {
        throw Problem(
          "Nothing was explained", because: "no finding has the code \(code.debugDescription)",
          try: "Codes look like GH005; rules lint prints them.", kind: .usage)
      }
      options.show(
        risk.json,
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

extension Risk {
  fileprivate var json: JSON {
    [
      "id": .string(id), "severity": .string(severity.rawValue), "title": .string(title), "meaning": .string(meaning),
      "example": .string(example), "remedy": .string(remedy),
    ]
  }
}

extension ServiceAccount {
  /// A line of `rules lint --json` for an account that nobody becomes: no rule, so nothing is found in one.
  fileprivate var unusedJSON: JSON {
    ["id": JSON(id), "findings": [], "unused_account": ["name": .string(name), "created_at": JSON(createdAt)]]
  }
}

/// How findings are written.
enum ReportFormat: String, ExpressibleByArgument { case text, json, sarif, junit }

/// A rule with what was found, and what would mend it where that was asked for.
private struct JudgedRule {
  /// As it was given.
  let id: JSON
  let report: RuleReport
  /// What somebody has decided to live with.
  var accepted: [AcceptedFinding] = []
  let mend: Mend?
  /// Rules for other accounts that one token may fit as well.
  var overlaps: [FederationRule] = []

  init(id: JSON, report: RuleReport, mend: Mend?) { (self.id, self.report, self.mend) = (id, report, mend) }

  init(
    id: JSON, rule: FederationRule, findings: [Finding], accepted: [AcceptedFinding], mend: Mend?,
    overlaps: [FederationRule]
  ) {
    self.overlaps = overlaps
    let reasons = Dictionary(accepted.map { ($0.code, $0.reason) }) { first, _ in first }
    report = RuleReport(id: rule.id.description, name: rule.name, findings: findings, accepted: reasons)
    (self.id, self.accepted, self.mend) = (id, accepted, mend)
  }

  /// The findings that nobody has accepted.
  var open: [Finding] { report.findings.filter { report.accepted[$0.id] == nil } }

  var json: JSON {
    var object: JSON.Object = ["id": id, "findings": .array(open.map(\.json))]
    if !accepted.isEmpty { object["accepted"] = .array(accepted.map(\.json)) }
    if let mend { object["mend"] = mend.json }
    if !overlaps.isEmpty {
      object["overlaps"] = .array(
        overlaps.map {
          ["id": JSON($0.id), "name": .string($0.name), "service_account_id": JSON($0.accountID)]
        })
    }
    return .object(object)
  }

  var text: String {
    var lines = [Text.harmless(report.name ?? report.id)]
    lines += open.map { "  " + $0.lines.replacing("\n", with: "\n  ") }
    lines += accepted.map {
      "  \($0.code) accepted by \($0.who) until \($0.expiresAt.columnText.prefix(10)): \(Text.harmless($0.reason))"
    }
    lines += overlaps.map {
      "  a token may fit \(Text.harmless($0.name)) as well, and become \(Text.harmless($0.accountName ?? $0.accountID.description))"
    }
    if let mend {
      lines.append("  mended: \(mend.match.requestJSON.compact)")
      lines += mend.reasons.map { "    \(Text.harmless($0))" }
      lines += mend.assumptions.map { "    taken for granted: \(Text.harmless($0))" }
      lines.append("    lets in \(mend.keptTokens) of the tokens seen in the last 30 days")
    }
    return lines.joined(separator: "\n")
  }
}

extension RulesCommand {
  struct Radius: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "blast-radius",
      abstract: "Say what somebody who controls one thing can reach, or who can become an account.",
      discussion: "Example:  gatehouse rules blast-radius --repository acme/api")
    @Option(help: ArgumentHelp("An issuer, by name or identifier.", valueName: "issuer")) var issuer: String?
    @Option(help: ArgumentHelp("A service account, by name or identifier.", valueName: "account")) var account: String?
    @Option(help: ArgumentHelp("A repository on GitHub.", valueName: "owner/name")) var repository: String?
    @Option(help: ArgumentHelp("A project on GitLab.", valueName: "path")) var project: String?
    @Option(
      help: ArgumentHelp("A whole subject: a role's ARN, system:serviceaccount:NAMESPACE:NAME.", valueName: "text"))
    var subject: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard [issuer, account, repository, project, subject].compactMap(\.self).count == 1 else {
        throw ValidationError("Give one of --issuer, --account, --repository, --project and --subject.")
      }
    }

    func run() async throws {
      let operations = try await Session.open(options, keeping: .changes).operations
      let radius = BlastRadius(of: try await origin(operations), in: try await operations.inventory())
      if options.json { return Output.json(radius.json) }
      guard !radius.paths.isEmpty else { return Output.line("No live rule leads from there.") }
      var table = TextTable("WHO", "RULE", "ACCOUNT", "SCOPE", "WORKSPACES", "")
      for path in radius.paths {
        table.add(
          path.bearers, path.rule.name, path.account?.name ?? path.rule.accountID.description, path.rule.scope,
          path.workspaceIDs.map { $0.map(\.description).joined(separator: " ") } ?? "all",
          path.isCertain ? "" : "unless its condition refuses")
      }
      Output.line(table.text)
    }

    private func origin(_ operations: Operations) async throws -> BlastRadius.Origin {
      if let issuer { return .issuer(try await operations.issuer(issuer).id) }
      if let account { return .account(try await operations.account(account).id) }
      if let repository { return .repository(repository) }
      if let project { return .project(project) }
      return .subject(subject ?? "")
    }
  }
}

extension Severity: ExpressibleByArgument {}
