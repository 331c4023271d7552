import Foundation
import Operations
import Platform
import PlatformClient
import Sandbox
import Storage
import Synchronization

/// Operations on a sandbox in process and a store in memory, with every request counted.
struct Workbench {
  let sandbox: Sandbox
  let operations: Operations
  let requests = Requests()

  /// - Parameter fetch: what is found at the addresses of issuers' keys.
  init(_ scenario: Scenario, withoutKeys: Bool = false, fetch: KeySource.Fetch? = nil) throws {
    sandbox = try Sandbox(scenario: scenario, seed: 7, fetch: fetch)
    let keys = sandbox.credentials
    let adminKey = FixedCredential(.apiKey(keys.adminKey))
    let client = PlatformClient(
      transport: CountingTransport(inner: sandbox, requests: requests),
      credentials: Credentials(
        token: FixedCredential(.bearer(keys.oauthToken)), adminKey: withoutKeys ? nil : adminKey),
      policy: RetryPolicy(attempts: 2), clock: PatientClock())
    operations = Operations(client: client, storage: try Storage.inMemory())
  }

  /// A small organization: three accounts, two issuers, and four rules, of which two lead to the first account.
  static func small(withoutKeys: Bool = false) async throws -> Workbench {
    let bench = try Workbench(.empty, withoutKeys: withoutKeys)
    let operations = bench.operations
    let workspace = try await operations.workspace("default").id
    var accounts: [ServiceAccount] = []
    for name in ["ci", "docs", "batch"] {
      accounts.append(try await operations.createAccount(AccountDraft(name: name)))
    }
    var issuers: [Issuer] = []
    for name in ["idp", "cluster"] {
      let url = "https://\(name).example"
      issuers.append(
        try await operations.createIssuer(
          IssuerDraft(name: name, issuerURL: url, keys: .explicitURL("\(url)/keys", certificate: nil))))
    }
    for (number, (account, issuer)) in [(0, 0), (0, 1), (1, 0), (2, 0)].enumerated() {
      _ = try await operations.createRule(
        RuleDraft(
          name: "rule-\(number)", issuerID: issuers[issuer].id,
          match: FederationRule.Match(subjectPrefix: "job:\(number)"), accountID: accounts[account].id,
          scope: Scope.developer, tokenLifetime: 600 + number, workspaceID: workspace))
    }
    bench.requests.forget()
    return bench
  }

  /// Appends an activity that is `age` seconds old, as if it had been late.
  func addActivity(age: Double) async throws {
    let event: JSON = [
      "type": "platform_api_key_created", "created_at": JSON(Date().addingTimeInterval(-age)),
    ]
    let request = Request(.post, "/_sandbox/activities", json: ["activities": [event]])
    _ = try await sandbox.send(request)
  }
}

/// What was asked for.
final class Requests: Sendable {
  private let kept = Mutex<[Request]>([])
  var all: [Request] { kept.withLock { $0 } }
  var changes: [String] { all.filter { $0.method != .get }.map { "\($0.method.rawValue) \($0.path)" } }
  func add(_ request: Request) { kept.withLock { $0.append(request) } }
  func forget() { kept.withLock { $0 = [] } }
}

struct CountingTransport: Transport {
  let inner: any Transport
  let requests: Requests
  func send(_ request: Request) async throws(TransportFailure) -> Response {
    requests.add(request)
    return try await inner.send(request)
  }
}

/// A clock on which nothing takes time.
struct PatientClock: Clock {
  typealias Instant = ContinuousClock.Instant
  var now: Instant { .now }
  var minimumResolution: Duration { .zero }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}
