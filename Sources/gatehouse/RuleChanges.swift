import ArgumentParser
import Federation
import Operations
import Platform

extension RulesCommand {
  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Change a rule. What is not named stays; of the match too.")
    @Argument(help: "Its name or identifier.") var rule: String
    @Option(help: "A new name.") var name: String?
    @Option(help: "A new description; an empty one clears it.") var description: String?
    @OptionGroup var match: MatchOptions
    @Option(help: "Another service account, by name or identifier.") var account: String?
    @Option(help: "workspace:developer or workspace:inference.") var scope: String?
    @Option(help: ArgumentHelp("Seconds a minted token lives, 60 to 86400.", valueName: "seconds")) var lifetime: Int?
    @Flag(inversion: .prefixedNo, help: "In every workspace, later ones too.") var allWorkspaces: Bool?
    @Option(help: ArgumentHelp("Accept this finding; repeat for each.", valueName: "code")) var accept: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let before = try await session.operations.rule(rule)
      let changed = try match.applied(to: before.match)
      let update = RuleUpdate(
        name: name, description: description, match: changed == before.match ? nil : changed,
        accountID: try await targetID(session.operations), scope: scope, tokenLifetime: lifetime,
        appliesToAllWorkspaces: allWorkspaces)
      let after = Operations.applying(update, to: before)
      let issuer = try await session.operations.issuer(before.issuerID.description)
      // A finding that the rule has already is no reason to refuse mending another part of it.
      let change = RuleChange(from: before, to: after, issuerURL: issuer.issuerURL)
      let gate = FindingGate(options: options, accepted: accept, what: "The rule was not changed")
      try gate.pass(change.objections, tellingAll: true)
      let differences = Operations.changes(of: before, by: update)
      guard !differences.isEmpty else {
        return options.show(before.json, lines: [("Unchanged", "\(before.name) is like that already")])
      }
      if !options.json {
        for line in changes(from: before.json, to: after.json) { Output.error("  \(line.label): \(line.value)") }
      }
      try session.confirm(
        "Change the rule \(before.name)",
        requests: [Request(.post, "/v1/organizations/federation_rules/\(before.id)", json: update.json)])
      try await session.change {
        try await $0.updateRule(before.id, update)
      } show: { rule in
        options.show(rule.json, lines: [("Changed", rule.name)] + changes(from: before.json, to: rule.json))
      }
    }

    private func targetID(_ operations: Operations) async throws(Problem) -> ID<ServiceAccount>? {
      guard let account else { return nil }
      return try await operations.account(account).id
    }

  }

  struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Archive a rule, for good: no token gets in through it any more.")
    @Argument(help: "Its name or identifier.") var rule: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let rule = try await session.operations.rule(rule)
      Output.error("  tokens given out before live on for up to \(rule.tokenLifetime) s; nothing revokes them")
      try session.confirm("Archive the rule \(rule.name) for good", typing: rule.name)
      try await session.change {
        try await $0.archiveRule(rule.id)
      } show: { rule in
        options.show(rule.json, lines: [("Archived", rule.name)])
      }
    }
  }

  struct AddWorkspace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add-workspace", abstract: "Enable a rule in a workspace.")
    @Argument(help: "The rule's name or identifier.") var rule: String
    @Argument(help: "The workspace's name or identifier.") var workspace: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let rule = try await session.operations.rule(rule)
      let workspace = try await session.operations.workspace(workspace)
      try session.confirm("Enable \(rule.name) in \(workspace.name)")
      try await session.change {
        try await $0.addWorkspace(workspace.id, to: rule.id)
      } show: { _ in
        options.show(
          ["federation_rule_id": JSON(rule.id), "workspace_id": JSON(workspace.id)],
          lines: [("Enabled", "\(rule.name) in \(workspace.name)")])
      }
    }
  }

  struct RemoveWorkspace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove-workspace", abstract: "Take a rule out of a workspace.")
    @Argument(help: "The rule's name or identifier.") var rule: String
    @Argument(help: "The workspace's name or identifier.") var workspace: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let rule = try await session.operations.rule(rule)
      let workspace = try await session.operations.workspace(workspace)
      try session.confirm("Take \(rule.name) out of \(workspace.name)")
      try await session.change {
        try await $0.removeWorkspace(workspace.id, from: rule.id)
      } show: { _ in
        options.show(
          ["federation_rule_id": JSON(rule.id), "workspace_id": JSON(workspace.id)],
          lines: [("Removed", "\(rule.name) from \(workspace.name)")])
      }
    }
  }
}

/// The parts of a rule's match as options.
struct MatchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The subject: exact, or a prefix when it ends in *.", valueName: "text")) var subject:
    String?
  @Option(help: ArgumentHelp("The audience a token must be for.", valueName: "text")) var audience: String?
  @Option(
    help: ArgumentHelp(
      "A claim that must be this string; repeat for more. An empty value takes it out.", valueName: "name=value"))
  var claim: [String] = []
  @Option(help: ArgumentHelp("CEL over claims.", valueName: "text")) var condition: String?

  /// - Throws: `ValidationError` when one is empty. For a new rule that is a variable of the shell that is not set, and
  ///   to pass over it would let more tokens in.
  func refuseEmpty() throws {
    let parts = [("subject", subject), ("audience", audience), ("condition", condition)]
    if let (name, _) = parts.first(where: { $0.1?.isEmpty == true }) {
      throw ValidationError("--\(name) is empty. Leave it out where it is not wanted.")
    }
    if let claim = claim.first(where: { $0.hasSuffix("=") && $0.firstIndex(of: "=") == $0.indices.last }) {
      throw ValidationError("--claim \(claim) has no value. Leave it out where it is not wanted.")
    }
  }

  /// `match` with these parts in place of its own; an empty one takes the part out.
  func applied(to match: FederationRule.Match = FederationRule.Match()) throws -> FederationRule.Match {
    func part(_ new: String?, _ old: String?) -> String? { new.map { $0.isEmpty ? nil : $0 } ?? old }
    var claims = match.claims
    for text in claim {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("A claim is written name=value, not '\(text)'.")
      }
      let value = String(text[text.index(after: equals)...])
      claims[String(text[..<equals])] = value.isEmpty ? nil : value
    }
    return FederationRule.Match(
      subjectPrefix: part(subject, match.subjectPrefix), audience: part(audience, match.audience), claims: claims,
      condition: part(condition, match.condition))
  }
}

/// Lets a change pass when what it lets in was accepted by name.
struct FindingGate {
  let options: GlobalOptions
  /// Codes of findings.
  let accepted: [String]
  /// What did not happen.
  let what: String

  /// - Parameter tellingAll: says what else is a warning, too.
  /// - Throws: `ExitCode` 1 after saying what was found, when a finding of severity high or above is not accepted.
  func pass(_ findings: [Finding], tellingAll: Bool = false) throws {
    if tellingAll, !options.json {
      for finding in findings where finding.severity > .info && finding.severity < .high { Output.error(finding.lines) }
    }
    let open = findings.filter { $0.severity >= .high && !accepted.contains($0.id) }
    if open.isEmpty || options.dryRun { return }
    if options.json {
      Output.json(["findings": .array(open.map(\.json))])
    } else {
      Output.error(open.map(\.lines).joined(separator: "\n\n"))
      let flags = open.map { "--accept \($0.id)" }.joined(separator: " ")
      Output.error("\n\(what). Narrow it, or accept what it lets in: \(flags)")
    }
    throw ExitCode(1)
  }
}
