import Foundation
import Platform
import Synchronization
import Testing

@testable import Federation
@testable import Sandbox

/// A token as one provider writes it: header and claims, whole.
struct ProviderToken: Sendable, CustomTestStringConvertible {
  let id: String
  let provider: Provider
  let template: ProviderTemplate.ID
  let values: [String: String]
  let header, claims: JSON.Object

  var testDescription: String { id }

  static let all: [ProviderToken] = ((try? Fixture.lines("provider-tokens.jsonl")) ?? []).compactMap { line in
    guard let provider = line["provider"]?.string.flatMap(Provider.init(rawValue:)),
      let template = line["template"]?.string.flatMap(ProviderTemplate.ID.init(rawValue:)),
      let header = line["header"]?.object, let claims = line["claims"]?.object
    else { return nil }
    return ProviderToken(
      id: line["id"]?.string ?? "", provider: provider, template: template,
      values: (line["values"]?.object ?? [:]).reduce(into: [:]) { $0[$1.key] = $1.value.string },
      header: header, claims: claims)
  }

  /// How this provider's tokens begin.
  static func header(of provider: Provider) -> JSON.Object { all.first { $0.provider == provider }?.header ?? [:] }
}

/// A key of the kind that a header names, and the public half as the provider publishes it.
enum ProviderKey {
  /// Making an RSA key takes a tenth of a second, so one of each kind serves all.
  private static let made = Mutex<[Algorithm: SigningKey]>([:])

  static func of(_ header: JSON.Object) throws -> SigningKey {
    let algorithm = try #require(header["alg"]?.string.flatMap(Algorithm.init(rawValue:)))
    let key = try made.withLock { made in
      let key = try made[algorithm] ?? SigningKey(algorithm, seed: "a provider under test")
      made[algorithm] = key
      return key
    }
    return try SigningKey(pem: key.privatePEM, algorithm: algorithm, id: header["kid"]?.string)
  }
}

extension Sandbox {
  fileprivate func ask(_ path: String, _ body: JSON) async throws -> (status: Int, json: JSON) {
    var request = Request(.post, path, json: body)
    request.headers.append(Request.Item("anthropic-version", "2026-10-21"))
    if path.hasPrefix("/v1/organizations") { request.credential = .bearer(credentials.oauthToken) }
    let response = try await send(request)
    return (response.status, try JSON(parsing: response.body))
  }

  fileprivate func make(_ path: String, _ body: JSON) async throws -> String {
    let answer = try await ask("/v1/organizations/" + path, body)
    try #require(answer.status == 200, "\(answer.json.compact)")
    return answer.json["id"]?.string ?? ""
  }

  /// Makes a stored rule one that the platform took once, and would not take from anybody now.
  fileprivate func keep(_ match: FederationRule.Match, issuer: String, in rule: String) {
    world[.rules][rule]?["match"] = match.json
    world[.rules][rule]?["issuer_id"] = .string(issuer)
  }

  /// What the feed was told of the last exchange.
  fileprivate func lastReason() async throws -> String {
    var request = Request(.get, "/v1/compliance/activities")
    request.query = [Request.Item("activity_types[]", Activity.exchangeType)]
    request.credential = .apiKey(credentials.adminKey)
    let answer = try JSON(parsing: try await send(request).body)
    return answer["data"]?.array?.first?.at("status.detail")?.string ?? "no exchange was recorded"
  }
}

/// An account, an issuer of the candidate's provider and its rule, all made through the admin API of a sandbox.
private struct Trusting {
  let sandbox: Sandbox
  let account, rule: String
  let key: SigningKey
  let header: JSON.Object
  /// Why the platform takes no such rule any more; then the sandbox has it from before.
  let refusal: String?

  init(_ candidate: Candidate) async throws {
    let sandbox = try Sandbox(now: { Date(timeIntervalSince1970: Double(TokenWriter.issuedAt) + 60) })
    let header = ProviderToken.header(of: candidate.provider)
    let key = try ProviderKey.of(header)
    let account = try await sandbox.make("service_accounts", ["name": "ci"])
    let isLongLived = candidate.provider == .terraform || candidate.provider == .entra
    func issuer(_ name: String, _ url: String) -> JSON {
      [
        "name": .string(name), "issuer_url": .string(url), "jwks": ["type": "inline", "keys": [key.publicJWK]],
        "max_jwt_lifetime_seconds": isLongLived ? 86400 : 3600,
      ]
    }
    let issuerID = try await sandbox.make("federation_issuers", issuer("idp", candidate.issuerURL))
    // What a finding says of who gets in does not depend on what the token may do then.
    let scope = Scope.isManageable(candidate.scope) ? candidate.scope : Scope.inference
    func draft(_ match: FederationRule.Match, _ issuer: String) -> JSON {
      RuleDraft.json(
        name: "rule", description: nil, issuerID: issuer, match: match, accountID: account, scope: scope,
        tokenLifetime: candidate.lifetime, workspaceID: sandbox.credentials.defaultWorkspaceID)
    }
    let answer = try await sandbox.ask("/v1/organizations/federation_rules", draft(candidate.match, issuerID))
    (self.sandbox, self.header, self.key, self.account) = (sandbox, header, key, account)
    if answer.status == 200 {
      (rule, refusal) = (answer.json["id"]?.string ?? "", nil)
    } else {
      let other = try await sandbox.make("federation_issuers", issuer("other", "https://other.example"))
      let stored = try await sandbox.make("federation_rules", draft(.init(subjectPrefix: "nobody"), other))
      await sandbox.keep(candidate.match, issuer: issuerID, in: stored)
      (rule, refusal) = (stored, answer.json.at("error.message")?.string ?? "refused")
    }
  }

  /// The real exchange, of these claims under the provider's header, signed.
  func exchange(_ claims: JSON.Object) async throws -> Int {
    let token = try key.sign(header: header, claims, by: key.algorithm)
    return try await sandbox.ask(
      "/v1/oauth/token",
      [
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": token.expose { .string($0) },
        "federation_rule_id": .string(rule), "organization_id": .string(sandbox.credentials.organizationID),
        "service_account_id": .string(account),
      ]
    ).status
  }
}

@Suite("A witness before the sandbox's exchange")
struct WitnessExchangeTests {
  @Test("is let in, signed by an issuer of its provider's form", arguments: AnalysisWitnessTests.rules)
  func isLetIn(name: String, candidate: Candidate) async throws {
    var shown: Set<JSON> = []
    for finding in Analyser.findings(of: candidate) {
      guard let witness = finding.witness, let claims = witness.object, shown.insert(witness).inserted else { continue }
      let trusting = try await Trusting(candidate)
      let status = try await trusting.exchange(claims)
      let reason = status == 200 ? "" : try await trusting.sandbox.lastReason()
      #expect(status == 200, "\(finding.id): \(reason) \(witness.compact)")
      if let refusal = trusting.refusal {
        #expect(Self.noLongerTaken.contains { refusal.contains($0) }, "\(finding.id): \(refusal)")
      }
    }
  }

  /// Why the platform would not take some of these rules today. Rules from before may still say so.
  private static let noLongerTaken = ["signs tokens for everyone", "At least one of", "true for every token"]

  /// The findings that no token shows, with the reason. All others have a witness that was let in.
  private static let unshown: [(reason: String, ids: Set<String>)] = [
    (
      "the rule lets nobody in",
      [
        "GEN005", "GEN006", "GEN007", "GEN008", "GEN012", "GEN013", "GH017", "AWS006", "AZ006", "BK007", "CEL010",
        "CEL012", "OK002",
      ]
    ),
    ("it is about what the token may do", ["PRV001", "PRV002", "PRV003", "PRV004", "PRV005", "PRV006", "PRV007"]),
    ("it is about the issuer's record", ["ISS001", "ISS002", "ISS003", "ISS004", "ISS005", "ISS006", "K8S006"]),
    ("it is about the rule's use", ["OPS001", "OPS002", "OPS003", "OPS004", "OPS005"]),
    ("no token has such an issuer", ["AZ001", "GEN010"]),
    ("what the platform takes for the audience then is not known for sure", ["GEN003"]),
    ("it is advice on how the rule is written, and lets nobody in", ["CEL011", "CEL014", "GH022", "GL013"]),
  ]

  @Test("shows every risk that somebody gets in by")
  func isComplete() {
    var shown = Set<String>()
    for (_, candidate) in AnalysisWitnessTests.rules {
      shown.formUnion(Analyser.findings(of: candidate).filter { $0.witness != nil }.map(\.id))
    }
    let silent = Set(Self.unshown.flatMap(\.ids))
    #expect(shown.isDisjoint(with: silent))
    #expect(shown.union(silent) == Set(Catalogue.risks.map(\.id)))
    #expect((shown.count, silent.count) == (99, 39))
  }
}
