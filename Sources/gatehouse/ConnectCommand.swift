import ArgumentParser
import Federation
import Interface
import Operations
import Platform

/// The connect wizard as one command for each provider; its flags are the fields of the provider's template.
struct ConnectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect", abstract: "Connect a workload: issuer, service account, membership and rule in one go.",
    discussion: """
      Shows everything before it sends anything. A rule that lets in more than its owner is likely to mean is refused \
      unless each finding is accepted by name. One that stopped half way is gone on with when it is asked for again; \
      connect resume and connect undo do so without asking for it again.
      """,
    subcommands: ProviderTemplate.ID.allCases.map(command) + [Resume.self, Undo.self])

  private static func command(for provider: ProviderTemplate.ID) -> any ParsableCommand.Type {
    switch provider {
    case .github: ConnectProvider<Providers.GitHub>.self
    case .gitlab: ConnectProvider<Providers.GitLab>.self
    case .aws: ConnectProvider<Providers.AWS>.self
    case .gcp: ConnectProvider<Providers.GoogleCloud>.self
    case .azure: ConnectProvider<Providers.Entra>.self
    case .kubernetes: ConnectProvider<Providers.Kubernetes>.self
    case .spiffe: ConnectProvider<Providers.SPIFFE>.self
    case .okta: ConnectProvider<Providers.Okta>.self
    case .buildkite: ConnectProvider<Providers.Buildkite>.self
    case .terraform: ConnectProvider<Providers.Terraform>.self
    case .circleci: ConnectProvider<Providers.CircleCI>.self
    case .oidc: ConnectProvider<Providers.OIDC>.self
    }
  }
}

/// A provider as a type, because a command is configured by its type.
protocol ConnectableProvider {
  static var id: ProviderTemplate.ID { get }
}

enum Providers {
  enum GitHub: ConnectableProvider { static let id = ProviderTemplate.ID.github }
  enum GitLab: ConnectableProvider { static let id = ProviderTemplate.ID.gitlab }
  enum AWS: ConnectableProvider { static let id = ProviderTemplate.ID.aws }
  enum GoogleCloud: ConnectableProvider { static let id = ProviderTemplate.ID.gcp }
  enum Entra: ConnectableProvider { static let id = ProviderTemplate.ID.azure }
  enum Kubernetes: ConnectableProvider { static let id = ProviderTemplate.ID.kubernetes }
  enum SPIFFE: ConnectableProvider { static let id = ProviderTemplate.ID.spiffe }
  enum Okta: ConnectableProvider { static let id = ProviderTemplate.ID.okta }
  enum Buildkite: ConnectableProvider { static let id = ProviderTemplate.ID.buildkite }
  enum Terraform: ConnectableProvider { static let id = ProviderTemplate.ID.terraform }
  enum CircleCI: ConnectableProvider { static let id = ProviderTemplate.ID.circleci }
  enum OIDC: ConnectableProvider { static let id = ProviderTemplate.ID.oidc }
}

struct ConnectProvider<Provider: ConnectableProvider>: AsyncParsableCommand {
  static var template: ProviderTemplate { .of(Provider.id) }

  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Provider.id.rawValue, abstract: template.title,
      usage: "gatehouse connect \(Provider.id.rawValue) \(usage) [options]",
      discussion: "\(template.summary)\n\n\(fieldHelp)")
  }

  @Option(help: ArgumentHelp("An existing service account, by name or identifier.", valueName: "name"))
  var account: String?
  @Option(help: ArgumentHelp("A service account to create for it.", valueName: "name"))
  var newAccount: String?
  @Option(help: "Where its calls count: a workspace's name or identifier.")
  var workspace = "default"
  @Option(help: "What its tokens may do: workspace:developer or workspace:inference.")
  var scope = Scope.developer
  @Option(
    help: ArgumentHelp("Seconds a minted token lives; the provider's proposal when left out.", valueName: "seconds"))
  var lifetime: Int?
  @Option(
    help: ArgumentHelp(
      "The issuer to use, by name or identifier, instead of the one with the right address.", valueName: "issuer"))
  var issuer: String?
  @Option(help: ArgumentHelp("The rule's name, instead of one made from the workload.", valueName: "name"))
  var ruleName: String?
  @Option(
    help: ArgumentHelp(
      "A file with a token of the workload, - for standard input; what it says fills in the fields that were left out.",
      valueName: "file"))
  var fromToken: String?
  @Option(help: ArgumentHelp("Accept this finding; repeat for each.", valueName: "code"))
  var accept: [String] = []
  @Argument(parsing: .allUnrecognized, help: .hidden)
  var fields: [String] = []
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let workload = try workload()
    let session = try await Session.open(options, keeping: .changes)
    let plan = try await session.operations.plan(
      Operations.ConnectionWish(
        workload: workload, account: try accountChoice(for: workload), workspace: workspace, scope: scope,
        lifetime: lifetime, issuer: issuer, ruleName: ruleName))
    try FindingGate(options: options, accepted: accept, what: "Nothing was connected").pass(plan.findings)
    if plan.isRetry, !options.json { Output.error("Goes on with what was begun before.") }
    if !options.json { describe(plan) }
    try session.confirm(
      "Connect it", requests: plan.requests, typing: plan.blockingFindings.isEmpty ? nil : plan.account.name)
    try await session.connect(plan)
  }

  // MARK: what was asked for

  /// The fields given as flags, over what a token says.
  private func workload() throws -> Workload {
    var values = try fromToken.map(suggestions) ?? [:]
    for (id, value) in try flags() {
      let isDocument = Self.template.fields.contains { $0.id == id && $0.kind == .document }
      values[id] = isDocument ? try InputFile.text(value) : value
    }
    do throws(WorkloadFaults) {
      return try Workload(Provider.id, values: values)
    } catch {
      throw error.problem
    }
  }

  /// `--field value` and `--field=value`, in the order they came.
  private func flags() throws -> [(id: String, value: String)] {
    var rest = fields[...]
    var flags: [(String, String)] = []
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else { throw ValidationError("Unexpected argument '\(word)'") }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let id = String(parts[0])
      guard Self.template.fields.contains(where: { $0.id == id }) else {
        throw ValidationError("Unknown option '--\(id)'")
      }
      if parts.count == 2 {
        flags.append((id, String(parts[1])))
      } else if let value = rest.popFirst() {
        flags.append((id, value))
      } else {
        throw ValidationError("Missing value for '--\(id)'")
      }
    }
    return flags
  }

  private func suggestions(from path: String) throws -> [String: String] {
    let token = try InputFile.token(path)
    guard let values = Self.template.recognise(token.claims.json) else {
      throw Problem(
        "Nothing was connected", because: "the token is not one of \(Self.template.title)",
        try: "See what it says with gatehouse token decode, and connect its own provider.", kind: .usage)
    }
    return values
  }

  private func accountChoice(for workload: Workload) throws -> Operations.ConnectionWish.Account {
    switch (account, newAccount) {
    case (let account?, nil): .existing(account)
    case (nil, let name?): .new(name)
    case (nil, nil): throw ValidationError("One of --account and --new-account is needed.")
    default: throw ValidationError("Only one of --account and --new-account may be given.")
    }
  }

  // MARK: what is said

  private func describe(_ plan: ConnectionPlan) {
    Output.error("Lets in \(Text.harmless(plan.workload.words)).")
    Output.error("As \(plan.account.name), with \(plan.scope), for \(plan.tokenLifetime) s at a time.")
    for finding in plan.findings { Output.error(finding.lines) }
  }

  private static var usage: String {
    template.fields.filter(\.isRequired).map { "--\($0.id) \($0.example.isEmpty ? "…" : $0.example)" }.first ?? ""
  }

  private static var fieldHelp: String {
    template.fields.map { field in
      var text = "  --\(field.id): \(field.hint.isEmpty ? field.label : field.hint)"
      if case .choice(let choices) = field.kind {
        text += " (\(choices.map(\.value).joined(separator: ", ")))"
      }
      if !field.example.isEmpty { text += ". Example: \(field.example)" }
      return text
    }.joined(separator: "\n")
  }
}

extension Finding {
  /// For a person at a shell: what it is, who would get in, what to do.
  var lines: String {
    let example = witness.map { "\n  would get in: \($0.compact)" } ?? ""
    return "\(severity) \(id): \(Text.harmless(message))\(example)\n  \(Text.harmless(remedy))"
  }
}
