import ArgumentParser
import Federation
import Operations
import Platform

struct IssuersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issuers", abstract: "Federation issuers: whose tokens are trusted.",
    subcommands: [List.self, Show.self, Create.self, Update.self, Archive.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the issuers.")
    @Flag(help: "Archived ones too.") var archived = false
    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await options.showList(
        list, Issuer.self, liveOnly: !archived,
        nothing: "No issuer is registered yet. gatehouse connect registers one when it needs it."
      ) {
        var table = TextTable("NAME", "ISSUER", "KEYS", "STATE", "ID")
        for issuer in $0 {
          table.add(
            issuer.name, issuer.issuerURL, issuer.keys.words, issuer.isArchived ? "archived" : "live",
            issuer.id.description)
        }
        return table
      } read: {
        try await $0.issuers(includeArchived: archived)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show one issuer and the rules that trust it.")
    @Argument(help: "Its name or identifier.") var issuer: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let operations = try await Session.open(options).operations
      let issuer = try await operations.issuer(issuer)
      let rules = try await operations.rules().filter { $0.issuerID == issuer.id }
      var document = issuer.json.object ?? [:]
      document["rules"] = .array(rules.map(\.json))
      var lines = [
        ("Name", issuer.name), ("Identifier", issuer.id.description), ("Issuer", issuer.issuerURL),
        ("Keys", issuer.keys.words), ("Replay check", issuer.checksJTI ? "on: a jti is accepted once" : "off"),
        ("Token life", "at most \(issuer.maxTokenLifetime) s"),
        ("State", issuer.archivedAt.map { "archived \($0.columnText)" } ?? "live"),
      ]
      lines += rules.map { ("Rule", "\($0.name) (\($0.id))") }
      options.show(.object(document), lines: lines.map { (label: $0.0, value: $0.1) })
    }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register an issuer.",
      discussion: """
        Keys come from discovery unless said otherwise.
        Example:  gatehouse issuers create github-actions --url https://token.actions.githubusercontent.com
        """)
    @Argument(help: "Its name: small letters, digits and hyphens.") var name: String
    @Option(help: "Compared with a token's iss byte for byte, a slash at the end included.") var url: String
    @Option(
      help: ArgumentHelp(
        "A file with the JWK set, for keys that are not fetched; - for standard input.", valueName: "file"))
    var jwks: String?
    @Option(help: ArgumentHelp("Where the JWK set is fetched, instead of discovery.", valueName: "url"))
    var jwksURL: String?
    @Option(help: ArgumentHelp("Where discovery starts, when not at the issuer itself.", valueName: "url"))
    var discoveryBase: String?
    @Option(help: ArgumentHelp("The longest a token may live, 1 to 176400.", valueName: "seconds"))
    var maxLifetime: Int?
    @Flag(inversion: .prefixedNo, help: "Accept each jti once.") var checkJti: Bool?
    @Option(help: ArgumentHelp("Accept this finding; repeat for each.", valueName: "code")) var accept: [String] = []
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if [jwks, jwksURL, discoveryBase].compactMap({ $0 }).count > 1 {
        throw ValidationError("Only one of --jwks, --jwks-url and --discovery-base may be given.")
      }
    }

    func run() async throws {
      let draft = IssuerDraft(
        name: name, issuerURL: url, keys: try keys(), checksJTI: checkJti, maxTokenLifetime: maxLifetime)
      let findings = Analyser.findings(ofIssuer: url, checksJTI: checkJti, maxTokenLifetime: maxLifetime)
      let gate = FindingGate(options: options, accepted: accept, what: "The issuer was not registered")
      try gate.pass(findings, tellingAll: true)
      let session = try await Session.open(options, keeping: .changes)
      try session.confirm(
        "Register the issuer \(name)",
        requests: [Request(.post, "/v1/organizations/federation_issuers", json: draft.json)])
      try await session.change {
        try await $0.createIssuer(draft)
      } show: { issuer in
        options.show(issuer.json, lines: [("Registered", issuer.name), ("Identifier", issuer.id.description)])
      }
    }

    private func keys() throws -> Issuer.Keys {
      if let jwks { return .inline(try InputFile.keys(jwks)) }
      if let jwksURL { return .explicitURL(jwksURL, certificate: nil) }
      return .discovery(base: discoveryBase, certificate: nil)
    }
  }
}

extension Issuer.Keys {
  /// Where the keys come from, in a few words.
  var words: String {
    switch self {
    case .discovery(let base, _): base.map { "discovery at \($0)" } ?? "discovery"
    case .explicitURL(let url, _): url
    case .inline(let keys): keys.count == 1 ? "1 key given" : "\(keys.count) keys given"
    case .unknown: "a kind this version does not know"
    }
  }
}
