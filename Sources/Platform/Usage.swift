package import FoundationEssentials

/// One row of usage or cost by identity (Admin API, `analytics/usage` and `analytics/cost`).
package struct UsageRow: WireObject, Hashable {
  /// Who made the requests. A key that acts as a service account counts as the account here, and as the key under
  /// `keyID`; so requests by federation are those of an account without a key.
  package enum Actor: Hashable, Sendable {
    case user(String, email: String?)
    case account(ID<ServiceAccount>)
    case key(ID<APIKey>)
    case federated(subject: String)
    /// A kind this program does not know, as it was received.
    case unknown(JSON)
  }

  package let startingAt, endingAt: Date
  /// Nil unless grouped by.
  package let actor: Actor?
  package let keyID: ID<APIKey>?
  package let workspaceID: ID<Workspace>?
  package let model: String?
  package let cost: Cost?
  package let tokens: Tokens?
  package let requests: Int?

  package struct Cost: Hashable, Sendable {
    /// Hundredths of the currency's unit, with fractions, after discount; `123456.78` is $1,234.57.
    package let cents: Double
    package let currency: String
    package init(cents: Double, currency: String) { (self.cents, self.currency) = (cents, currency) }
  }

  package init(json: JSON) throws(Undecodable) {
    startingAt = try json.time("starting_at")
    endingAt = try json.time("ending_at")
    let group = json["group"]
    actor = group?["actor"].flatMap { $0.isNull ? nil : Actor(json: $0) }
    keyID = group?["api_key_id"]?.string.flatMap { try? ID($0) }
    workspaceID = group?["workspace_id"]?.string.flatMap { try? ID($0) }
    model = group?["model"]?.string
    if let cost = json["cost"], cost.object != nil {
      self.cost = Cost(cents: try cost.decimal("amount"), currency: cost["currency"]?.string ?? "USD")
    } else {
      cost = nil
    }
    tokens = json["usage"].flatMap { $0.object == nil ? nil : Tokens(json: $0) }
    requests = (json.at("cost.requests") ?? json.at("usage.requests"))?.int
  }
}

extension UsageRow.Actor {
  package init(json: JSON) {
    if let id = json["service_account_id"]?.string.flatMap({ try? ID<ServiceAccount>($0) }) {
      self = .account(id)
    } else if let id = json["user_id"]?.string {
      self = .user(id, email: json["email_address"]?.string)
    } else if let id = json["api_key_id"]?.string.flatMap({ try? ID<APIKey>($0) }) {
      self = .key(id)
    } else if let subject = json["subject"]?.string {
      self = .federated(subject: subject)
    } else {
      self = .unknown(json)
    }
  }

  /// The identifier, subject or address that names it, or its type where nothing does.
  package var name: String {
    switch self {
    case .user(let id, let email): email ?? id
    case .account(let id): id.description
    case .key(let id): id.description
    case .federated(let subject): subject
    case .unknown(let json): json["type"]?.string ?? "unknown"
    }
  }
}

/// Tokens counted by kind, as both usage reports write them.
package struct Tokens: Hashable, Sendable {
  package var uncachedInput, cacheRead, cacheWritten, output: Int
  package init(uncachedInput: Int = 0, cacheRead: Int = 0, cacheWritten: Int = 0, output: Int = 0) {
    (self.uncachedInput, self.cacheRead) = (uncachedInput, cacheRead)
    (self.cacheWritten, self.output) = (cacheWritten, output)
  }

  /// What is absent counts nothing.
  package init(json: JSON) {
    uncachedInput = json["uncached_input_tokens"]?.int ?? 0
    cacheRead = json["cache_read_input_tokens"]?.int ?? 0
    cacheWritten =
      (json.at("cache_creation.ephemeral_1h_input_tokens")?.int ?? 0)
      + (json.at("cache_creation.ephemeral_5m_input_tokens")?.int ?? 0)
    output = json["output_tokens"]?.int ?? 0
  }

  package var input: Int { uncachedInput + cacheRead + cacheWritten }
  package var total: Int { input + output }

  package static func + (left: Tokens, right: Tokens) -> Tokens {
    Tokens(
      uncachedInput: left.uncachedInput + right.uncachedInput, cacheRead: left.cacheRead + right.cacheRead,
      cacheWritten: left.cacheWritten + right.cacheWritten, output: left.output + right.output)
  }
}

/// One span of the classic usage report (`usage_report/messages`): tokens, not money.
package struct UsageBucket: WireObject, Hashable {
  package struct Result: Hashable, Sendable {
    package let tokens: Tokens
    /// Nil unless grouped by; the workspace also for the default one, the account also for requests without federation.
    package let keyID: ID<APIKey>?
    package let workspaceID: ID<Workspace>?
    package let accountID: ID<ServiceAccount>?
    package let model: String?
  }

  package let startingAt, endingAt: Date
  package let results: [Result]

  package init(json: JSON) throws(Undecodable) {
    startingAt = try json.time("starting_at")
    endingAt = try json.time("ending_at")
    results = try json.required("results", "an array", \.array).map { row in
      Result(
        tokens: Tokens(json: row), keyID: row["api_key_id"]?.string.flatMap { try? ID($0) },
        workspaceID: row["workspace_id"]?.string.flatMap { try? ID($0) },
        accountID: row["service_account_id"]?.string.flatMap { try? ID($0) }, model: row["model"]?.string)
    }
  }
}

/// One day of the classic cost report (`cost_report`).
package struct CostBucket: WireObject, Hashable {
  package struct Result: Hashable, Sendable {
    package let cost: UsageRow.Cost
    /// Nil for the default workspace, and unless grouped by.
    package let workspaceID: ID<Workspace>?
    package let description: String?
  }

  package let startingAt, endingAt: Date
  package let results: [Result]

  package init(json: JSON) throws(Undecodable) {
    startingAt = try json.time("starting_at")
    endingAt = try json.time("ending_at")
    var results: [Result] = []
    for row in try json.required("results", "an array", \.array) {
      results.append(
        Result(
          cost: UsageRow.Cost(cents: try row.decimal("amount"), currency: row["currency"]?.string ?? "USD"),
          workspaceID: row["workspace_id"]?.string.flatMap { try? ID($0) }, description: row["description"]?.string))
    }
    self.results = results
  }
}

extension JSON {
  /// A decimal number written as a string, `"5795.60988"`.
  fileprivate func decimal(_ key: String) throws(Undecodable) -> Double {
    try required(key, "a decimal number in a string") { $0.string.flatMap(Double.init) ?? $0.double }
  }
}
