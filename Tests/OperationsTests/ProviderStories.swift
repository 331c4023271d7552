import Federation
import Foundation
import Operations
import Platform
import Sandbox
import Testing

/// One provider's workload: what is said to connect it, a token exactly as the provider writes it, and others that
/// almost do.
struct ProviderCase: Sendable, CustomTestStringConvertible {
  struct Near: Sendable {
    let who: String
    let change: JSON.Object
    /// As the audit log has it.
    let reason: String
    /// The check that explains it.
    let matcher: String
  }

  let id: String
  let template: ProviderTemplate.ID
  let values: [String: String]
  let header, claims: JSON.Object
  let near: [Near]

  var testDescription: String { id }

  static let all: [ProviderCase] = {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "FederationTests/Fixtures/provider-tokens.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { try? ProviderCase(try JSON(parsing: String($0))) }
  }()

  private init(_ json: JSON) throws {
    id = try #require(json["id"]?.string)
    template = try #require(json["template"]?.string.flatMap(ProviderTemplate.ID.init(rawValue:)))
    values = try #require(json["values"]?.object).reduce(into: [:]) { $0[$1.key] = $1.value.string }
    header = try #require(json["header"]?.object)
    claims = try #require(json["claims"]?.object)
    near = try #require(json["near"]?.array).map { near in
      Near(
        who: try #require(near["who"]?.string), change: try #require(near["change"]?.object),
        reason: try #require(near["reason"]?.string), matcher: try #require(near["matcher"]?.string))
    }
  }

  var issuerURL: String { claims["iss"]?.string ?? "" }

  /// The key that signs for the provider, of the algorithm and name that its header says.
  func key() throws -> SigningKey {
    let algorithm = try #require(header["alg"]?.string.flatMap(Algorithm.init(rawValue:)))
    return try SigningKey(algorithm, id: header["kid"]?.string, seed: "the provider \(algorithm.rawValue)")
  }

  /// The claims with all their times moved so that the token was issued at `now`.
  func claims(_ change: JSON.Object = [:], at now: Date) -> JSON.Object {
    let issued = claims["iat"]?.int ?? 0
    var moved = claims
    for (name, value) in change { moved[name] = value }
    for name in ["iat", "nbf", "exp"] {
      guard let time = moved[name]?.int else {
        if moved[name] == .null { moved[name] = JSON?.none }
        continue
      }
      moved[name] = JSON(time - issued + Int(now.timeIntervalSince1970))
    }
    return moved
  }
}

@Suite("A workload of each provider")
struct ProviderStories {
  @Test func areRead() {
    #expect(ProviderCase.all.count == 19)
    #expect(Set(ProviderCase.all.map(\.template)) == Set(ProviderTemplate.ID.allCases))
    #expect(ProviderCase.all.allSatisfy { $0.near.count == 3 })
  }

  @Test("is connected, exchanges its token, and its neighbours are refused and told why", arguments: ProviderCase.all)
  func connects(provider: ProviderCase) async throws {
    let key = try provider.key()
    // What the provider publishes: the sandbox finds the keys as the platform does.
    let bench = try Workbench(.empty) { address, _ in
      let keys = provider.issuerURL + "/keys"
      let discovery: JSON = ["issuer": .string(provider.issuerURL), "jwks_uri": .string(keys)]
      struct NotFound: Error {}
      switch address {
      case keys: return Array(key.publicKeySet.compact.utf8)
      case provider.issuerURL.trimmed + "/.well-known/openid-configuration": return Array(discovery.compact.utf8)
      default: throw NotFound()
      }
    }
    var values = provider.values
    let isInside = provider.issuerURL.hasPrefix("https://kubernetes.default.svc")
    if isInside { values["jwks"] = key.publicKeySet.compact }
    let workload = try Workload(provider.template, values: values)
    let plan = try await bench.operations.plan(
      .init(workload: workload, account: .new("worker"), scope: Scope.inference))
    #expect(plan.findings.filter { $0.severity > .low }.map(\.id) == [])
    let connection = try await bench.operations.connect(plan)
    #expect(connection.issuer.issuerURL == provider.issuerURL)

    let now = Date()
    let own = provider.claims(at: now)
    let token = try key.sign(header: provider.header, own, by: key.algorithm)
    let answer = try await bench.exchange(token, connection)
    let granted = try JSON(parsing: answer.body)
    #expect(answer.status == 200 && granted["scope"]?.string == Scope.inference, "\(granted.compact)")
    // The same token again: refused where it has a name and the issuer looks at it, which for pods it does not.
    let isOnce = own["jti"] != nil && connection.issuer.checksJTI
    #expect(try await bench.exchange(token, connection).status == (isOnce ? 401 : 200))
    if isOnce { #expect(try await bench.lastDenial().reason == "jti_reused") }

    for near in provider.near {
      let claims = provider.claims(near.change, at: now)
      let token = try key.sign(header: provider.header, claims, by: key.algorithm)
      #expect(try await bench.exchange(token, connection).status == 401, "\(near.who)")
      let denial = try await bench.lastDenial()
      #expect(denial.reason == near.reason, "\(near.who)")
      let recorded = try #require(denial.json.at("event_data.oidc_token.claims")?.object)
      #expect(recorded["sub"] == claims["sub"], "\(near.who)")
      var exchange = try await bench.operations.exchange(.claims(Claims(recorded)), rule: connection.rule)
      (exchange.presented, exchange.keys) = (.token(try Token(token)), try KeySet(json: key.publicKeySet))
      let failed = try #require(exchange.verdict().failed.first, "\(near.who)")
      #expect(failed.matcher == near.matcher && failed.reason?.rawValue == near.reason, "\(near.who)")
      #expect(failed.expected != failed.actual && failed.expected != nil, "\(near.who)")
    }
  }

  @Test("is known by its token alone, and the rule proposed for it is the same", arguments: ProviderCase.all)
  func recognised(provider: ProviderCase) throws {
    let found = try #require(ProviderTemplate.recognise(.object(provider.claims)))
    #expect(found.template.id == provider.template)
    var values = found.values
    if provider.issuerURL.hasPrefix("https://kubernetes.default.svc") {
      values["jwks"] = try provider.key().publicKeySet.compact
    }
    let workload = try Workload(provider.template, values: values)
    let matcher = Matcher(workload.match)
    #expect(matcher.accepts(Claims(provider.claims)), "\(workload.match.json.compact)")
    for near in provider.near where near.matcher.hasPrefix("subject") || near.matcher == "audience" {
      #expect(!matcher.accepts(Claims(provider.claims(near.change, at: Date()))), "\(near.who)")
    }
  }
}

extension String {
  fileprivate var trimmed: String { hasSuffix("/") ? String(dropLast()) : self }
}

extension Workbench {
  fileprivate func exchange(_ token: Secret, _ connection: Connection) async throws -> Response {
    try await sandbox.send(
      Request(
        .post, "/v1/oauth/token",
        json: [
          "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": token.expose { .string($0) },
          "federation_rule_id": JSON(connection.rule.id), "organization_id": .string(connection.organizationID),
          "service_account_id": JSON(connection.account.id), "workspace_id": JSON(connection.workspaceID),
        ]))
  }

  /// The newest refused exchange of the audit log.
  fileprivate func lastDenial() async throws -> Activity {
    let rows = try await operations.tail(after: nil)
    return try #require(rows.map(\.activity).filter(\.isDenied).last)
  }
}
