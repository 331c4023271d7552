import FoundationEssentials
import Glibc
import Operations
import Platform
import PlatformClient
import Sandbox
import Storage

/// One command's connection: what it asks, what it keeps, and where changes go.
struct Session: Sendable {
  let operations: Operations
  private let dryRun: DryRunTransport?

  /// Where what was read is kept.
  enum Keeping { case nothing, store }

  /// - Throws: ``Problem`` when the address may not be used or the store cannot be opened.
  static func open(_ options: GlobalOptions, keeping: Keeping = .nothing) async throws(Problem) -> Session {
    if options.sandbox { return try Session(sandbox: try Sandbox(scenario: .empty), options) }
    let storage = keeping == .store ? try storage(options, access: .writing) : try .inMemory()
    let environment = Environment.current.values
    let signIn = SignIn.standard(environment)
    let base = options.baseURL == nil ? try signIn.base(environment) : try options.base()
    let transport = CurlTransport(base: base, certificates: environment["SSL_CERT_FILE"])
    return try Session(
      transport, credentials: signIn.credentials(environment, transport), storage: storage, options)
  }

  /// The profile's store alone, for what needs no platform.
  static func storage(_ options: GlobalOptions, access: Storage.Access) throws(Problem) -> Storage {
    try Storage(path: Environment.current.storePath(options.profile), access: access)
  }

  /// On a sandbox in this process; nothing is kept.
  init(sandbox: Sandbox, _ options: GlobalOptions) throws(Problem) {
    try self.init(sandbox, credentials: Credentials(of: sandbox), storage: .inMemory(), options)
  }

  private init(
    _ transport: any Transport, credentials: Credentials, storage: Storage, _ options: GlobalOptions
  ) throws(Problem) {
    var transport = transport
    if options.verbose { transport = LoggedTransport(transport, log: try LogFile.open()) }
    if options.readOnly { transport = ReadOnlyTransport(transport) }
    dryRun = options.dryRun ? DryRunTransport(transport) : nil
    if let dryRun { transport = dryRun }
    operations = Operations(
      client: PlatformClient(transport: transport, credentials: credentials), storage: storage)
  }

  /// Makes a change and shows what came of it; with `--dry-run` shows the requests instead.
  func change<Result>(
    _ options: GlobalOptions, _ body: (Operations) async throws -> Result, show: (Result) throws -> Void
  ) async throws {
    let result = try await body(operations)
    guard let dryRun else { return try show(result) }
    for request in dryRun.requests {
      if options.json { Output.json(request.json) } else { Output.line(request.summary) }
    }
  }
}

extension GlobalOptions {
  func base() throws(Problem) -> BaseURL {
    guard let baseURL else { return .platform }
    do throws(TransportFailure) { return try BaseURL(baseURL) } catch {
      throw Problem(
        "Nothing was sent", because: "\(baseURL) is not an address that may be used",
        try: "Use https, or http on loopback.", kind: .usage)
    }
  }
}

extension Credentials {
  /// What signs in to a sandbox.
  init(of sandbox: Sandbox) {
    let given = sandbox.credentials
    self.init(
      token: FixedCredential(.bearer(given.oauthToken)), adminKey: FixedCredential(.apiKey(given.adminKey)),
      complianceKey: FixedCredential(.apiKey(given.complianceKey)))
  }
}
