import ArgumentParser
import Federation
import FoundationEssentials
import Operations
import Platform

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Identity tokens: read one, verify it, say why a rule refuses it.",
    discussion: "The token is read from a file or standard input, never from the command line, and is kept nowhere.",
    subcommands: [Decode.self, Verify.self, Explain.self])

  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what a token says, without judging it.",
      discussion: "The signature is left out, so that what is printed cannot be used as the token.")
    @Argument(help: "A file, - for standard input.") var file = "-"
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let token = try InputFile.token(file)
      let document: JSON = ["header": .object(token.header), "claims": token.claims.json]
      if options.json { return Output.json(document) }
      Output.line(document.pretty)
      for name in ["iat", "nbf", "exp"] {
        if let seconds = token.claims.seconds(name) {
          Output.line("\(name)  \(Date(timeIntervalSince1970: seconds).timestampToSecond)")
        }
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a token's signature, issuer and times.",
      discussion: "Example:  gatehouse token verify token.jwt --jwks keys.json --issuer-url https://issuer.example")
    @Argument(help: "A file, - for standard input.") var file = "-"
    @Option(help: ArgumentHelp("A file with the JWK set, or its https address.", valueName: "file|url")) var jwks:
      String?
    @Option(help: ArgumentHelp("What iss must be.", valueName: "url")) var issuerURL: String?
    @Option(help: ArgumentHelp("A registered issuer, by name or identifier, instead of both.", valueName: "issuer"))
    var issuer: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard (jwks == nil) != (issuer == nil) else { throw ValidationError("Give one of --jwks and --issuer.") }
    }

    func run() async throws {
      let token = try InputFile.token(file)
      if let reference = issuer {
        let issuer = try await Session.open(options).operations.issuer(reference)
        let keys = try await IssuerKeys.keys(of: issuer)
        return try show(
          token.verdict(
            keys: keys, issuerURL: issuer.issuerURL, lifetimeLimit: issuer.maxTokenLifetime, now: Date()), options)
      }
      let keys = try await IssuerKeys.keys(at: jwks ?? "-")
      try show(token.verdict(keys: keys, issuerURL: issuerURL, now: Date()), options)
    }
  }

  struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whether a rule accepts a token, and every reason why not.",
      discussion: "Example:  gatehouse token explain token.jwt --rule gha-site")
    @Argument(help: "A file, - for standard input.") var file = "-"
    @Option(help: "The rule, by name or identifier.") var rule: String
    @Option(
      help: ArgumentHelp("The workspace that the request names: an identifier, or default.", valueName: "workspace"))
    var workspace: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let token = try InputFile.token(file)
      let operations = try await Session.open(options).operations
      let exchange = try await operations.exchange(.token(token), rule: rule, workspace: workspace)
      try show(exchange.verdict(), options)
    }
  }
}

extension Operations {
  /// A token or claims before a live rule, with all that is known of its issuer, account and workspaces.
  /// - Parameter workspace: as a request names it; nil when it names none.
  func exchange(
    _ presented: Exchange.Presented, rule reference: String, workspace: String? = nil
  ) async throws(Problem) -> Exchange {
    let rule = try await rule(reference)
    let issuer = try await issuer(rule.issuerID.description)
    let account = try await account(rule.accountID.description)
    guard let request = WorkspaceRequest(workspace) else {
      throw Problem(
        "The token was not judged", because: "\(workspace?.debugDescription ?? "") is no workspace",
        try: "Give an identifier that begins wrkspc_, or default.", kind: .usage)
    }
    let memberships = try await memberships(of: account.id)
    // Keys that cannot be fetched from here leave the signature unknown, and the rest is still judged.
    let keys = try? await IssuerKeys.keys(of: issuer)
    return Exchange(
      presented, rule: rule, issuer: issuer, keys: keys, account: account, workspace: request,
      defaultWorkspaceID: try await self.workspace("default").id, memberships: memberships, now: Date())
  }
}

/// A verdict for a person or a program; exit status 1 when it is a refusal.
func show(_ verdict: Verdict, _ options: GlobalOptions, id: String? = nil) throws {
  if options.json {
    Output.json(verdict.json(id: id))
  } else {
    for check in verdict.checks { Output.line(check.lines) }
    if let grant = verdict.grant {
      let reserve = verdict.unknown.isEmpty ? "" : ", as far as it is known"
      let abilities = grant.abilities.joined(separator: "; ")
      Output.line("Accepted\(reserve): \(grant.lifetime) s of \(grant.scope): \(abilities).")
    } else {
      Output.line(
        verdict.isAccepted
          ? "Accepted, as far as it is known." : "Refused: \(verdict.reasons.map(\.rawValue).joined(separator: ", ")).")
    }
  }
  if !verdict.isAccepted { throw ExitCode(1) }
}

extension Check {
  /// `✓ audience`, or `✗ …` with what was due, what there was, and why.
  fileprivate var lines: String {
    let mark = passed ? "✓" : failed ? "✗" : "?"
    var lines = ["\(mark) \(matcher)"]
    if !passed {
      if let expected { lines.append("    expected  \(expected)") }
      if let actual { lines.append("    actual    \(actual)") }
    }
    if let note { lines.append("    \(note)") }
    return lines.joined(separator: "\n")
  }
}

/// The keys an issuer signs with.
enum IssuerKeys {
  /// - Throws: ``Problem`` when they cannot be fetched or are none.
  static func keys(of issuer: Issuer) async throws(Problem) -> KeySet {
    switch issuer.keys {
    case .inline(let keys): try keySet { () throws(UnreadableKeySet) in try KeySet(json: .array(keys)) }
    case .explicitURL(let url, let certificate): try await fetched(url, certificate)
    case .discovery(let base, let certificate):
      try await discovered(base ?? issuer.issuerURL, certificate)
    case .unknown:
      throw Problem(
        "The keys were not read", because: "this version does not know where they come from",
        try: "Give them with --jwks.")
    }
  }

  /// - Parameter source: a file, `-`, or an address.
  static func keys(at source: String) async throws(Problem) -> KeySet {
    if source.hasPrefix("https://") || source.hasPrefix("http://") { return try await fetched(source, nil) }
    let bytes = try InputFile.bytes(source)
    return try keySet { () throws(UnreadableKeySet) in try KeySet(parsing: bytes) }
  }

  private static func discovered(_ base: String, _ certificate: String?) async throws(Problem) -> KeySet {
    // OpenID Connect Discovery 1.0 §4: a slash at the end is taken away before the path is added.
    let address = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/.well-known/openid-configuration"
    let document = try await document(address, certificate)
    guard let url = (try? JSON(parsing: document, duplicates: .lastWins))?["jwks_uri"]?.string else {
      throw Problem("The keys were not read", because: "\(address) names no jwks_uri", try: "Give them with --jwks.")
    }
    return try await fetched(url, certificate)
  }

  private static func fetched(_ url: String, _ certificate: String?) async throws(Problem) -> KeySet {
    let bytes = try await document(url, certificate)
    return try keySet { () throws(UnreadableKeySet) in try KeySet(parsing: bytes) }
  }

  private static func document(_ url: String, _ certificate: String?) async throws(Problem) -> [UInt8] {
    do { return try await KeyFetch.fetch(url, certificate) } catch let problem as Problem { throw problem } catch {
      throw Problem(
        "The keys were not fetched", because: "\(url) gave no answer: \(error)", try: "Give them with --jwks.",
        kind: .unavailable)
    }
  }

  private static func keySet(_ read: () throws(UnreadableKeySet) -> KeySet) throws(Problem) -> KeySet {
    do throws(UnreadableKeySet) { return try read() } catch { throw error.problem }
  }
}
