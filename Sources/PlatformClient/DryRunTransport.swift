package import FoundationEssentials
package import Platform
internal import Synchronization

/// Sends what only reads, and keeps what would change anything. A change is answered as the platform would if it
/// took it, with identifiers such as `svac_new1`, so that the steps that build on it can be shown too.
package final class DryRunTransport: Transport {
  private let inner: any Transport
  private let now: @Sendable () -> Date
  private let kept = Mutex<Kept>(Kept())

  private struct Kept {
    var requests: [Request] = []
    /// What was made here, by path.
    var invented: [String: JSON] = [:]
  }

  package init(_ inner: any Transport, now: @escaping @Sendable () -> Date = { Date() }) {
    (self.inner, self.now) = (inner, now)
  }

  /// What would have been sent, in order, without credentials.
  package var requests: [Request] { kept.withLock { $0.requests } }

  package func send(_ request: Request) async throws(TransportFailure) -> Response {
    if request.method == .get { return try await read(request, request.path) }
    kept.withLock {
      var plain = request
      plain.credential = nil
      plain.headers = []
      $0.requests.append(plain)
    }
    let body = request.body.flatMap { try? JSON(parsing: $0) }?.object ?? JSON.Object()
    let steps = request.path.split(separator: "/").map(String.init)
    guard request.method == .post else { return DryRunTransport.answer(["type": "deleted"]) }
    if steps.count == 3, let prefix = DryRunTransport.prefixes[steps[2]] { return made(body, at: request.path, prefix) }
    if steps.count == 5, ["workspaces", "service_accounts"].contains(steps[4]) { return joined(body, steps) }
    let isArchiving = steps.last == "archive"
    let path = isArchiving ? "/" + steps.dropLast().joined(separator: "/") : request.path
    let before = try await read(request, path)
    guard before.status == 200, var item = (try? JSON(parsing: before.body, duplicates: .lastWins))?.object else {
      return before
    }
    for (key, value) in body { item[key] = value }
    if isArchiving { item["archived_at"] = JSON(now()) }
    return DryRunTransport.answer(.object(item))
  }

  private static let prefixes = [
    "service_accounts": ServiceAccount.idPrefix, "federation_issuers": Issuer.idPrefix,
    "federation_rules": FederationRule.idPrefix,
  ]

  /// The thing at `path`, asked for with the credential of `request`.
  private func read(_ request: Request, _ path: String) async throws(TransportFailure) -> Response {
    let invented = kept.withLock { $0.invented }
    if let made = invented[path] { return DryRunTransport.answer(made) }
    // Nothing belongs yet to what was only made here, and the platform has not heard of it.
    if invented.keys.contains(where: { path.hasPrefix($0 + "/") }) {
      return DryRunTransport.answer(["data": [], "next_page": .null])
    }
    var reading = request
    (reading.method, reading.path, reading.body) = (.get, path, nil)
    reading.headers.removeAll { $0.name == "content-type" }
    return try await inner.send(reading)
  }

  private func made(_ body: JSON.Object, at path: String, _ prefix: String) -> Response {
    var item = body
    item["created_at"] = JSON(now())
    return kept.withLock { kept in
      let id = "\(prefix)_new\(kept.invented.count + 1)"
      item["id"] = .string(id)
      kept.invented["\(path)/\(id)"] = .object(item)
      return DryRunTransport.answer(.object(item))
    }
  }

  /// A membership, or a rule's workspace: the two that it joins are in the path and in the body.
  private func joined(_ body: JSON.Object, _ steps: [String]) -> Response {
    var item = body
    let owners = [
      "service_accounts": "service_account_id", "federation_rules": "federation_rule_id", "workspaces": "workspace_id",
    ]
    if let owner = owners[steps[steps.count - 3]] { item[owner] = .string(steps[steps.count - 2]) }
    item["created_at"] = JSON(now())
    return DryRunTransport.answer(.object(item))
  }

  private static func answer(_ json: JSON) -> Response { Response(status: 200, body: Array(json.compact.utf8)) }
}
