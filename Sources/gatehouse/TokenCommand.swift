import ArgumentParser
import Federation
import FoundationEssentials
import Interface
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
  /// A token or claims before a live rule.
  /// - Parameter workspace: as a request names it; nil when it names none.
  func exchange(
    _ presented: Exchange.Presented, rule reference: String, workspace: String? = nil
  ) async throws(Problem) -> Exchange {
    guard let request = WorkspaceRequest(workspace) else {
      throw Problem(
        "The token was not judged", because: "\(workspace?.debugDescription ?? "") is no workspace",
        try: "Give an identifier that begins wrkspc_, or default.", kind: .usage)
    }
    return try await exchange(presented, rule: try await rule(reference), workspace: request)
  }
}

/// A verdict for a person or a program; exit status 1 when it is a refusal, and 5 when nothing speaks against the token
/// but its issuer's keys were not to be had: a check that was not made is not a yes.
func show(_ verdict: Verdict, _ options: GlobalOptions, id: String? = nil) throws {
  if options.json {
    Output.json(verdict.json(id: id))
  } else {
    for check in verdict.checks { Output.line(text(of: check)) }
    if verdict.isAccepted, verdict.isUnverified {
      Output.line(
        "Not known: nothing speaks against it, but the issuer's keys were not to be had to check who signed it.")
    } else if let grant = verdict.grant {
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
  if verdict.isUnverified { throw ExitCode(5) }
}

/// What a check found, one line each. A claim with a line end in it must not pass for another check.
func text(of check: Check) -> String {
  check.lines.map { String(repeating: " ", count: $0.indent) + Text.harmless($0.text) }.joined(separator: "\n")
}

extension IssuerKeys {
  /// - Parameter source: a file, `-`, or an address.
  static func keys(at source: String) async throws(Problem) -> KeySet {
    if source.hasPrefix("https://") || source.hasPrefix("http://") { return try await keys(atAddress: source) }
    let bytes = try InputFile.bytes(source)
    do throws(UnreadableKeySet) { return try KeySet(parsing: bytes) } catch { throw error.problem }
  }
}
