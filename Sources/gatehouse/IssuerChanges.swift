import ArgumentParser
import Federation
import Operations
import Platform

extension IssuersCommand {
  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Change an issuer.")
    @Argument(help: "Its name or identifier.") var issuer: String
    @Option(help: "A new name.") var name: String?
    @Option(help: "Another address, compared with a token's iss byte for byte.") var url: String?
    @Option(
      help: ArgumentHelp(
        "A file with the JWK set that takes the place of the keys; - for standard input.", valueName: "file"))
    var jwks: String?
    @Option(help: ArgumentHelp("Where the JWK set is fetched.", valueName: "url")) var jwksURL: String?
    @Option(help: ArgumentHelp("The longest a token may live.", valueName: "seconds")) var maxLifetime: Int?
    @Flag(inversion: .prefixedNo, help: "Accept each jti once.") var checkJti: Bool?
    @Flag(help: "Fetch keys again after fetching was paused by failures.") var resumePolling = false
    @Option(help: ArgumentHelp("Accept this finding; repeat for each.", valueName: "code")) var accept: [String] = []
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      let isNothing = [name, url, jwks, jwksURL].allSatisfy { $0 == nil } && maxLifetime == nil && checkJti == nil
      if isNothing && !resumePolling { throw ValidationError("Say what to change.") }
      if jwks != nil && jwksURL != nil { throw ValidationError("Only one of --jwks and --jwks-url may be given.") }
    }

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let before = try await session.operations.issuer(issuer)
      let update = IssuerUpdate(
        name: name, issuerURL: url, keys: try keys(), checksJTI: checkJti, maxTokenLifetime: maxLifetime,
        resumesPolling: resumePolling)
      let after = session.operations.applying(update, to: before)
      let objections = try await session.operations.inventory().objections(to: after)
      let own = Analyser.findings(
        ofIssuer: after.issuerURL, checksJTI: checkJti, maxTokenLifetime: maxLifetime
      ).filter { finding in url != nil && !objections.contains { $0.id == finding.id } }
      let gate = FindingGate(options: options, accepted: accept, what: "The issuer was not changed")
      try gate.pass(objections + own, tellingAll: true)
      try session.confirm(
        "Change the issuer \(before.name)",
        requests: [Request(.post, "/v1/organizations/federation_issuers/\(before.id)", json: update.json)])
      try await session.change {
        try await $0.updateIssuer(before.id, update)
      } show: { issuer in
        options.show(issuer.json, lines: [("Changed", issuer.name)] + changes(from: before.json, to: issuer.json))
      }
    }

    private func keys() throws(Problem) -> Issuer.Keys? {
      if let jwks { return .inline(try InputFile.keys(jwks)) }
      return jwksURL.map { .explicitURL($0, certificate: nil) }
    }
  }

  struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Archive an issuer, for good. Its rules have to be archived first.")
    @Argument(help: "Its name or identifier.") var issuer: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let issuer = try await session.operations.issuer(issuer)
      try session.confirm("Archive the issuer \(issuer.name) for good", typing: issuer.name)
      try await session.change {
        try await $0.archiveIssuer(issuer)
      } show: { issuer in
        options.show(issuer.json, lines: [("Archived", issuer.name)])
      }
    }
  }
}
