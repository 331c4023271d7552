import ArgumentParser
import FoundationEssentials
import Glibc
import Operations
import Platform
import PlatformClient
import Storage

extension AuditCommand {
  struct Forward: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forward activities to syslog, Elasticsearch, Loki, Splunk or an OpenTelemetry collector.",
      discussion: """
        Each activity is sent at least once: how far a receiver has come is kept in the store, and moves only after its \
        answer. The first time all that is there is sent, or with --from-now only what comes.

        Receivers are syslog+tls://HOST[:6514], syslog+tcp://HOST[:601], syslog+udp://HOST[:514], \
        elasticsearch+https://HOST:9200[/INDEX], loki+https://HOST, splunk+https://HOST:8088 and otlp+https://HOST:4318. \
        Without the part behind the + it is TLS. http is for this machine only.

        Example:  gatehouse audit forward --to loki+https://logs.acme.example --secret-file ~/loki.token --follow
        """)
    @Option(help: ArgumentHelp("The receiver.", valueName: "url")) var to: String
    @Option(help: ArgumentHelp("Keep the position under this name instead of the receiver's.", valueName: "name"))
    var name: String?
    @Option(
      help: ArgumentHelp("Environment variable with its token, API key or password.", valueName: "variable"))
    var secretEnv: String?
    @Option(help: ArgumentHelp("File with the same, which nobody else may read.", valueName: "file"))
    var secretFile: String?
    @Option(help: ArgumentHelp("The secret is this person's password.", valueName: "name")) var user: String?
    @Option(help: ArgumentHelp("PEM file of authorities to trust in place of the system's.", valueName: "file"))
    var ca: String?
    @Option(help: ArgumentHelp("Only those that pass, as in audit query.", valueName: "text")) var filter: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Only those from this time on.", valueName: "time"))
    var since: String?
    @Flag(help: "Begin behind what is there already.") var fromNow = false
    @Flag(help: "Go on behind an activity that the receiver refuses for good, and say which.") var skipRefused = false
    @Flag(name: .shortAndLong, help: "Go on until interrupted, and read the feed meanwhile.") var follow = false
    @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds")) var interval = 5.0
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if interval < 1 { throw ValidationError("--interval takes 1 or more.") }
      if secretEnv != nil, secretFile != nil { throw ValidationError("Give --secret-env or --secret-file, not both.") }
      if user != nil, secretEnv == nil, secretFile == nil {
        throw ValidationError("--user needs the password from --secret-env or --secret-file.")
      }
    }

    func run() async throws {
      let target = try ForwardTarget(to)
      let query = try AuditCommand.query(filter: filter, since: since)
      let secret = try await origin?.secret(Environment.current.values)
      let receiver = target.receiver(
        credential: secret.map { target.credential($0, user: user) },
        certificates: ca ?? Environment.current["SSL_CERT_FILE"], host: Self.hostName)
      let reading = follow && !options.dryRun ? try await Session.open(options, keeping: .activities).operations : nil
      let storage = try reading?.storage ?? Session.storage(options, access: .reading)
      let forwarder = Forwarder(
        storage, to: receiver, named: name ?? target.text, only: query, passesOverRefused: skipRefused)
      if options.dryRun { return try show(storage.position(of: name ?? target.text), of: storage) }
      if fromNow { try forwarder.beginNow() }
      guard let reading else {
        let counts = try await forwarder.forward(remark: remark)
        options.show(
          counts.json,
          lines: [
            ("Forwarded", String(counts.forwarded)), ("Left out", counts.left == 0 ? "" : String(counts.left)),
            ("Refused", counts.refused == 0 ? "" : String(counts.refused)),
          ])
        if counts.refused > 0 { throw ExitCode(1) }
        return
      }
      try await follow(forwarder, reading)
    }

    private func follow(_ forwarder: Forwarder, _ operations: Operations) async throws {
      while true {
        do throws(Problem) {
          // Another gatehouse that has the store open reads the feed in our place.
          if operations.storage.isWriter { _ = try await operations.tail(after: .max) }
        } catch {
          guard error.isPassing else { throw error }
          Output.error("gatehouse: the feed was not read: \(error.line)")
        }
        do throws(Problem) {
          let counts = try await forwarder.forward(remark: remark)
          if options.json, counts.forwarded > 0 { Output.json(counts.json) }
        } catch {
          guard error.isPassing else { throw error }
          Output.error("gatehouse: the receiver is behind: \(error.line)")
        }
        try await Task.sleep(for: .seconds(interval))
      }
    }

    private func remark(_ text: String) { Output.error("gatehouse: \(to): \(text)") }

    private var origin: CredentialOrigin? {
      secretEnv.map(CredentialOrigin.environment) ?? secretFile.map(CredentialOrigin.file)
    }

    private func show(_ position: ForwardPosition?, of storage: Storage) throws {
      let kept = try storage.statistics().activities
      let waiting = try storage.countArrivals(outside: position)
      options.show(
        ["waiting": JSON(waiting), "kept": JSON(kept)],
        lines: [("Would be looked at", String(waiting)), ("In the store", String(kept))])
    }

    private static var hostName: String {
      var name = [CChar](repeating: 0, count: 256)
      gethostname(&name, name.count - 1)
      return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}

extension Problem {
  /// Whether the next look may succeed where this one did not: nothing has moved, so nothing is missed.
  var isPassing: Bool { kind == .unavailable || code == "invalid_answer" }
}
