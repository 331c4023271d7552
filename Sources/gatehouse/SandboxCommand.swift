import ArgumentParser
import Federation
import FoundationEssentials
import Glibc
import Platform
import PlatformClient
import Sandbox

struct SandboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox", abstract: "A local emulation of the platform, for trying and for tests.",
    subcommands: [Serve.self, Mint.self])

  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve a sandbox over HTTP on loopback until interrupted.",
      discussion: """
        Prints one JSON line with its address, credentials and test issuer once it accepts connections. The line holds \
        secrets, of this sandbox only.
        Example:  gatehouse sandbox serve --scenario empty --seed 1 --fault status=429,retry-after=1,rate=0.2
        """)
    @Option(help: ArgumentHelp("A loopback address and a port; port 0 is any that is free.", valueName: "address:port"))
    var listen = "127.0.0.1:0"
    @Option(help: "empty, or demo: an example organization with 30 days behind it.") var scenario = "empty"
    @Option(
      help: ArgumentHelp("About this many of each resource, and a hundred times as many activities.", valueName: "n"))
    var size: Int?
    @Option(help: ArgumentHelp("The same one gives the same identifiers, keys and credentials.", valueName: "n"))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Keep everything in this file, and go on from it.", valueName: "file"))
    var state: String?
    @Option(
      help: ArgumentHelp(
        "Fail on purpose: status=529,rate=0.5 or delay=2s and the like; repeat for more.", valueName: "spec"))
    var fault: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let sandbox = try Sandbox(
        scenario: try chosenScenario, seed: seed, fetch: KeyFetch.fetch, state: state)
      try await sandbox.setFaults(fault.map { text throws(Problem) in try Fault(text) })
      let (address, port) = try place
      let server = try SandboxServer(sandbox, address: address, port: port)
      let key = try sandbox.issuer.key
      let interruption = Interruption()
      try await server.run { url in Output.json(sandbox.handover(baseURL: url, key: key)) }
      withExtendedLifetime(interruption) {}
    }

    private var chosenScenario: Scenario {
      get throws {
        if let size {
          guard size > 0 else { throw ValidationError("--size takes a number above 0.") }
          return .size(size)
        }
        switch scenario {
        case "empty": return .empty
        case "demo": return .demo
        default: throw ValidationError("--scenario takes empty or demo, not '\(scenario)'.")
        }
      }
    }

    private var place: (String, UInt16) {
      get throws {
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
          throw ValidationError("--listen takes ADDRESS:PORT, such as 127.0.0.1:0, not '\(listen)'.")
        }
        return (String(listen[..<colon]), port)
      }
    }
  }

  struct Mint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sign a token for tests.",
      discussion: """
        iat, exp and jti are filled in unless given. Without --key it is signed by the test issuer of the sandbox with \
        the same seed.
        Example:  gatehouse sandbox mint --claims '{"iss":"https://issuer.sandbox.example","sub":"me","aud":"https://api.anthropic.com"}'
        """)
    @Option(
      help: ArgumentHelp("A file with the claims, - for standard input, or the JSON itself.", valueName: "file|json"))
    var claims: String
    @Option(help: ArgumentHelp("A file with the private key (PEM).", valueName: "file")) var key: String?
    @Option(help: ArgumentHelp("The key's identifier in the header.", valueName: "kid")) var kid: String?
    @Option(help: "RS256 and the like.") var alg: String?
    @Option(help: ArgumentHelp("The seed of the sandbox whose test issuer signs.", valueName: "n")) var seed: UInt64 = 1
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      guard let claims = try InputFile.json(claims).object else {
        throw Problem(
          "No token was made", because: "the claims are not a JSON object", try: "Give {\"sub\":…}.", kind: .usage)
      }
      let algorithm = try alg.map { name in
        guard let algorithm = Algorithm(rawValue: name) else {
          let known = Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("--alg takes \(known), not '\(name)'.")
        }
        return algorithm
      }
      let token = try token(filled(claims), algorithm)
      token.expose { text in
        if options.json { Output.json(["token": .string(text)]) } else { Output.verbatim(text + "\n") }
      }
    }

    private func token(_ claims: JSON.Object, _ algorithm: Algorithm?) throws(Problem) -> Secret {
      let pem = try key.map { path throws(Problem) in Secret(try InputFile.text(path)) }
      let ours = try TestIssuer(seed: seed).key
      do throws(UnusableKey) {
        guard let pem else { return try ours.sign(claims, algorithm: algorithm, id: kid) }
        return try SigningKey(pem: pem, algorithm: algorithm, id: kid).sign(claims)
      } catch {
        throw error.problem
      }
    }

    /// With the times of a token made now for five minutes, and a `jti` of its own, where they are left out.
    private func filled(_ claims: JSON.Object) -> JSON.Object {
      let now = Int(Date().timeIntervalSince1970)
      var claims = claims
      claims["iat"] = claims["iat"] ?? JSON(now)
      claims["exp"] = claims["exp"] ?? JSON((claims["iat"]?.int ?? now) + 300)
      claims["jti"] = claims["jti"] ?? .string(UUID().uuidString.lowercased())
      return claims
    }
  }
}
