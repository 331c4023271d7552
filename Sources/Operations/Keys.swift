package import Platform

extension Operations {
  package func keys(
    status: APIKey.Status? = nil, workspace: ID<Workspace>? = nil
  ) async throws(Problem) -> [APIKey] {
    let keys = try await client.keys(status: status, workspace: workspace)
    return status == nil && workspace == nil ? seen(keys) : keys
  }

  /// - Parameter reference: an identifier, or a name that only one key has.
  package func key(_ reference: String) async throws(Problem) -> APIKey {
    if let id = try? ID<APIKey>(reference) { return try await client.key(id) }
    return try Operations.one(
      "key", reference, among: try await client.keys(), id: \.id.description, name: \.name,
      isArchived: { $0.status == .archived }, list: "gatehouse keys list")
  }

  package func renameKey(_ key: APIKey, to name: String) async throws(Problem) -> APIKey {
    guard (1...500).contains(name.count) else {
      throw Problem(
        "The key was not renamed", because: "a key's name has 1 to 500 characters", try: "Give another.", kind: .usage)
    }
    return try await update(key, KeyUpdate(name: name), "keys.rename")
  }

  /// At once; ``enableKey(_:)`` turns it on again.
  package func disableKey(_ key: APIKey) async throws(Problem) -> APIKey {
    try await set(key, .inactive, "keys.disable")
  }

  package func enableKey(_ key: APIKey) async throws(Problem) -> APIKey { try await set(key, .active, "keys.enable") }

  /// For good.
  package func archiveKey(_ key: APIKey) async throws(Problem) -> APIKey {
    try await set(key, .archived, "keys.archive")
  }

  private func set(_ key: APIKey, _ status: APIKey.Status, _ action: String) async throws(Problem) -> APIKey {
    // Asked for what is so already, nothing is sent: a repeated command is no error.
    if key.status == status { return key }
    guard key.status != .archived, key.status != .expired else {
      throw Problem(
        "The key was not changed", because: "\(key.name.debugDescription) is \(key.status.rawValue), for good",
        try: "Make a new key in the Console, or better, connect the workload: gatehouse connect.", code: "key_is_over")
    }
    return try await update(key, KeyUpdate(status: status), action)
  }

  private func update(_ key: APIKey, _ update: KeyUpdate, _ action: String) async throws(Problem) -> APIKey {
    try await journaled(
      action, target: key.id.description, before: key.json, after: update.json,
      outcome: { ($0.id.description, $0.json) }
    ) { () async throws(Problem) in try await client.updateKey(key.id, update) }
  }
}
