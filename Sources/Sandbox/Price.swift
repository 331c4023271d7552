import FoundationEssentials
import Platform

/// What tokens cost, in cents for a million; with these units a token's price in millionths of a cent is whole.
struct Price: Sendable {
  let input, cacheRead, cacheWrite, output: Int

  static func of(_ model: String) -> Price {
    if model.contains("opus") { return Price(input: 500, cacheRead: 50, cacheWrite: 625, output: 2500) }
    if model.contains("haiku") { return Price(input: 100, cacheRead: 10, cacheWrite: 125, output: 500) }
    return Price(input: 300, cacheRead: 30, cacheWrite: 375, output: 1500)
  }
}

/// One line of a bill: some tokens of one kind. Money is in millionths of a cent.
struct Charge: Sendable {
  /// As the reports name it; nil for searches.
  let tokenType: String?
  let title: String
  let amount: Int

  static func all(of use: Use) -> [Charge] {
    let price = Price.of(use.model)
    let lines = [
      Charge(
        tokenType: "uncached_input_tokens", title: "Input Tokens", amount: use.tokens.uncachedInput * price.input),
      Charge(tokenType: "cache_read_input_tokens", title: "Cache Read", amount: use.tokens.cacheRead * price.cacheRead),
      Charge(
        tokenType: "cache_creation.ephemeral_5m_input_tokens", title: "5m Cache Write",
        amount: use.tokens.cacheWritten * price.cacheWrite),
      Charge(tokenType: "output_tokens", title: "Output Tokens", amount: use.tokens.output * price.output),
      // One cent a search.
      Charge(tokenType: nil, title: "Web Search", amount: use.searches * 1_000_000),
    ]
    return lines.filter { $0.amount > 0 }
  }

  var costType: String { tokenType == nil ? "web_search" : "tokens" }

  /// Cents as a decimal number in text: `5795.60988`.
  static func text(_ millionths: Int) -> String {
    let (whole, rest) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    guard rest != 0 else { return String(whole) }
    var digits = String(rest)
    digits = String(repeating: "0", count: 6 - digits.utf8.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}

/// The sum of some uses.
struct Total: Sendable {
  var tokens = Tokens()
  var searches = 0
  var requests = 0
  /// Millionths of a cent.
  var amount = 0

  mutating func add(_ use: Use) {
    tokens = tokens + use.tokens
    searches += use.searches
    requests += use.requests
  }

  /// The members that both usage reports share.
  var usage: Document {
    [
      "uncached_input_tokens": JSON(tokens.uncachedInput), "cache_read_input_tokens": JSON(tokens.cacheRead),
      "cache_creation": [
        "ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": JSON(tokens.cacheWritten),
      ],
      "output_tokens": JSON(tokens.output), "server_tool_use": ["web_search_requests": JSON(searches)],
    ]
  }
}

extension World {
  /// What a report can group by, of one use; null where it has none.
  func dimension(_ name: String, of use: Use) -> JSON {
    switch name {
    case "api_key_id": JSON(use.key)
    case "workspace_id": .string(use.workspace)
    case "service_account_id": use.isFederated ? JSON(use.account) : .null
    case "model": .string(use.model)
    case "service_tier", "speed": "standard"
    case "context_window": "0-200k"
    case "inference_geo": "global"
    case "product": "messages_api"
    case "organization_id": organization["id"] ?? .null
    case "actor_type": actor(of: use)["type"] ?? .null
    case "actor": actor(of: use)
    default: .null
    }
  }

  /// The user if there is one, else the account, else the key.
  private func actor(of use: Use) -> JSON {
    if let user = use.user {
      let known = self[.users][user]
      return [
        "type": "user_actor", "user_id": .string(user), "name": known?["name"] ?? .null,
        "email_address": known?["email"] ?? .null, "deleted": .bool(known == nil),
      ]
    }
    if let account = use.account { return ["type": "service_account_actor", "service_account_id": .string(account)] }
    return ["type": "api_actor", "api_key_id": .string(use.key ?? "")]
  }

  /// Whether a use passes a report's filters: each list that is not empty must have its value. An empty entry stands
  /// for uses that have none.
  func passes(_ use: Use, _ filters: [(dimension: String, values: [String])]) -> Bool {
    filters.allSatisfy { filter in
      guard !filter.values.isEmpty else { return true }
      if filter.dimension == "actor_id" {
        let actor = actor(of: use)
        let id = ["user_id", "service_account_id", "api_key_id"].lazy.compactMap { actor[$0]?.string }.first
        return id.map(filter.values.contains) ?? false
      }
      return filter.values.contains(dimension(filter.dimension, of: use).string ?? "")
    }
  }
}

/// Spans of equal length that a report is cut into, in minutes since 1970.
struct Buckets: Sendable {
  let start, end, width: Int
  /// One span, from `start` on.
  var isWhole = false

  static let widths = ["1d": 1440, "1h": 60, "1m": 1]

  /// The beginnings of all spans from `start` up to `end`.
  var beginnings: StrideTo<Int> { stride(from: isWhole ? start : start / width * width, to: end, by: width) }

  /// The running minute counts, or the newest requests would be missing.
  static func end(of now: Date) -> Date { now.addingTimeInterval(60) }

  static func time(_ minute: Int) -> JSON {
    .string(Date(timeIntervalSince1970: Double(minute) * 60).timestampToSecond)
  }
}
