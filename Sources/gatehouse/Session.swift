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
  let options: GlobalOptions
  let profile: String
  /// Whether the profile's name is to be typed before every change.
  let isProduction: Bool
  private let dryRun: DryRunTransport?

  /// What a command needs of the profile's store.
  enum Keeping {
    case nothing
    /// The lists that it reads, where that can be; without a store they are shown all the same.
    case lists
    /// The journal of changes.
    case changes
    /// The activities that it reads.
    case activities
  }

  /// - Throws: ``Problem`` when the address may not be used or the store cannot be opened.
  static func open(_ options: GlobalOptions, keeping: Keeping = .nothing) async throws(Problem) -> Session {
    if options.sandbox { return try Session(sandbox: try Sandbox(scenario: .empty), options) }
    let environment = Environment.current
    return try open(try ConnectionProfile.chosen(options, environment), options, environment, keeping)
  }

  /// On a profile that was chosen before.
  static func open(
    _ profile: ConnectionProfile, _ options: GlobalOptions, _ environment: Environment, _ keeping: Keeping
  ) throws(Problem) -> Session {
    func kept(_ access: Storage.Access) throws(Problem) -> Storage {
      try StorePlace.open(profile, options, environment, access: access, isAsking: true)
    }
    let storage: Storage =
      switch keeping {
      case _ where options.dryRun: try .inMemory()
      case .nothing: try .inMemory()
      case .lists: if let kept = try? kept(.reading) { kept } else { try .inMemory() }
      case .changes: try kept(.reading)
      case .activities: try kept(.writing)
      }
    let transport = CurlTransport(base: profile.base, certificates: environment["SSL_CERT_FILE"])
    return try Session(
      transport, credentials: profile.signIn.credentials(environment.values, transport), storage: storage, options,
      isReadOnly: profile.isReadOnly, isProduction: profile.isProduction, profile: profile.name,
      address: profile.base.description)
  }

  /// The profile's store alone, for what needs no platform. Of a sandbox nothing is kept, and nothing goes with it
  /// into what is.
  static func storage(_ options: GlobalOptions, access: Storage.Access) throws(Problem) -> Storage {
    if options.sandbox { return try .inMemory() }
    let environment = Environment.current
    let profile = try ConnectionProfile.chosen(options, environment)
    return try StorePlace.open(profile, options, environment, access: access, isAsking: false)
  }

  /// On a sandbox in this process; nothing is kept.
  init(sandbox: Sandbox, _ options: GlobalOptions) throws(Problem) {
    try self.init(
      sandbox, credentials: Credentials(of: sandbox), storage: .inMemory(), options, isReadOnly: options.readOnly,
      isProduction: false, profile: "sandbox")
  }

  /// The same, on one that is still being made.
  init(starting sandbox: StartingSandbox, _ options: GlobalOptions) throws(Problem) {
    try self.init(
      sandbox, credentials: sandbox.credentials, storage: .inMemory(), options, isReadOnly: options.readOnly,
      isProduction: false, profile: "sandbox")
  }

  private init(
    _ transport: any Transport, credentials: Credentials, storage: Storage, _ options: GlobalOptions,
    isReadOnly: Bool, isProduction: Bool, profile: String, address: String = ""
  ) throws(Problem) {
    (self.options, self.profile, self.isProduction) = (options, profile, isProduction)
    var transport = transport
    if options.verbose { transport = LoggedTransport(transport, log: try LogFile.open()) }
    if isReadOnly { transport = ReadOnlyTransport(transport) }
    dryRun = options.dryRun ? DryRunTransport(transport) : nil
    if let dryRun { transport = dryRun }
    operations = Operations(
      client: PlatformClient(transport: transport, credentials: credentials), storage: storage,
      who: address.isEmpty ? profile : Person.name(with: profile),
      address: address)
  }

  /// Makes a change and shows what came of it; with `--dry-run` shows the requests instead.
  func change<Result>(
    _ body: (Operations) async throws -> Result, show: (Result) throws -> Void
  ) async throws {
    let result = try await body(operations)
    guard let dryRun else { return try show(result) }
    for request in dryRun.requests {
      if options.json { Output.json(request.json) } else { Output.line(request.summary) }
    }
  }
}

extension GlobalOptions {
  /// The address that was asked for, if any.
  func base() throws(Problem) -> BaseURL? {
    guard let baseURL else { return nil }
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
