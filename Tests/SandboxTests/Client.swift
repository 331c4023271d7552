import Foundation
import Platform
import Sandbox
import Testing

/// A sandbox with a clock that stands still, and the shortest way to ask it something.
struct Client {
  static let now = Date(timestamp: "2026-11-24T09:00:00Z")!
  let sandbox: Sandbox
  var version = "2026-10-21"

  init(_ scenario: Scenario = .empty, seed: UInt64 = 7) throws {
    sandbox = try Sandbox(scenario: scenario, seed: seed, now: { Client.now })
  }

  init(_ sandbox: Sandbox) { self.sandbox = sandbox }

  enum Who { case person, adminKey, complianceKey, nobody, token(Secret), key(Secret) }

  struct Reply {
    let status: Int
    let headers: [Request.Item]
    let json: JSON
    static let none = Reply(status: 0, headers: [], json: .null)
    var message: String { json.at("error.message")?.string ?? "" }
    var type: String { json.at("error.type")?.string ?? "" }
    var id: String { json["id"]?.string ?? "" }
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    var rows: [JSON] { json["data"]?.array ?? [] }
  }

  func ask(
    _ method: Platform.Method, _ target: String, _ body: JSON? = nil, as who: Who = .person,
    headers: [(String, String)] = []
  ) async throws -> Reply {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    var request = Request(method, parts[0].hasPrefix("/") ? parts[0] : "/v1/organizations/" + parts[0])
    for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
      let item = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      request.query.append(Request.Item(item[0], item[1]))
    }
    request.headers = [Request.Item("anthropic-version", version)] + headers.map { Request.Item($0.0, $0.1) }
    request.body = body.map { Array($0.compact.utf8) }
    let credentials = sandbox.credentials
    switch who {
    case .person: request.credential = .bearer(credentials.oauthToken)
    case .adminKey: request.credential = .apiKey(credentials.adminKey)
    case .complianceKey: request.credential = .apiKey(credentials.complianceKey)
    case .token(let secret): request.credential = .bearer(secret)
    case .key(let secret): request.credential = .apiKey(secret)
    case .nobody: break
    }
    let response = try await sandbox.send(request)
    return Reply(status: response.status, headers: response.headers, json: try JSON(parsing: response.body))
  }

  /// Makes something that must be made.
  func make(_ path: String, _ body: JSON, as who: Who = .person) async throws -> JSON {
    let reply = try await ask(.post, path, body, as: who)
    try #require(reply.status == 200, "\(reply.json.compact)")
    return reply.json
  }

  var workspace: String { sandbox.credentials.defaultWorkspaceID }

  func account(_ name: String = "ci") async throws -> String {
    try await make("service_accounts", ["name": .string(name)])["id"]?.string ?? ""
  }

  /// An issuer with the sandbox's own key.
  func issuer(_ name: String = "idp", _ more: JSON.Object = [:]) async throws -> String {
    var body: JSON.Object = [
      "name": .string(name), "issuer_url": .string(sandbox.issuer.url),
      "jwks": ["type": "inline", "keys": [try sandbox.issuer.key.publicJWK]],
    ]
    for (key, value) in more { body[key] = value }
    return try await make("federation_issuers", .object(body))["id"]?.string ?? ""
  }

  /// The feed, newest first, without the rows about reading it.
  func feed(_ type: String? = nil) async throws -> [JSON] {
    let filter = type.map { "activity_types[]=\($0)" } ?? "exclude_activity_types[]=compliance_api_accessed"
    return try await ask(.get, "/v1/compliance/activities?\(filter)&limit=1000", as: .adminKey).rows
  }
}
