package import FoundationEssentials
package import Platform

/// What was seen of a workload's federation and of its key's silence at one time.
package struct Evidence: Hashable, Sendable {
  package let at: Date
  package let keyID: ID<APIKey>
  package let ruleID: ID<FederationRule>?
  package let accountID: ID<ServiceAccount>
  /// E1: exchanges that the rule let in since the change, and those that were refused.
  package var exchanges = 0, denials = 0
  package var firstExchange, lastExchange: Date?
  /// The request ids of the last few.
  package var requestIDs: [String] = []
  /// E2: tokens billed to the account since the change, without a key of its own.
  package var accountTokens = 0
  /// E3: the key's last use in the history; nil when there was none.
  package var keyUse: KeyUse?
  /// From when on usage was read.
  package let readFrom: Date

  package init(
    at: Date, keyID: ID<APIKey>, ruleID: ID<FederationRule>?, accountID: ID<ServiceAccount>, readFrom: Date
  ) {
    (self.at, self.keyID, self.ruleID, self.accountID) = (at, keyID, ruleID, accountID)
    self.readFrom = readFrom
  }

  /// Whether the workload federates: an exchange alone could be a rehearsal, tokens alone another caller.
  package var isCutOver: Bool { exchanges > 0 && accountTokens > 0 }

  /// Days since the key was last used, or since usage was read from.
  package var silentDays: Int {
    Int(at.timeIntervalSince(max(keyUse?.lastEnd ?? readFrom, readFrom)) / 86400)
  }

  /// What no report tells, so that silence is not taken for more than it is.
  package static let unseen = [
    "Calls that failed, and calls with a disabled key: no report has them.",
    "Whether two automations share the key, but for rhythm, addresses and finds.",
    "Jobs that run more rarely than the history is long.",
  ]

  /// In sentences, the answer first.
  package var lines: [String] {
    var lines = [
      isCutOver
        ? "The workload federates: \(exchanges) exchanges, \(accountTokens) tokens billed to the account."
        : exchanges == 0
          ? "No exchange was seen: the workload does not federate yet, or the feed was not read far enough."
          : "\(exchanges) exchanges were seen, but no tokens were billed to the account: usage trails by minutes."
    ]
    if let lastExchange { lines.append("Last exchange: \(lastExchange.columnText) UTC.") }
    if denials > 0 { lines.append("\(denials) exchanges were refused: gatehouse audit denials tells why.") }
    lines.append(
      keyUse.map { "The key was last used \($0.lastText)." }
        ?? "The key was not used since \(readFrom.columnText.prefix(10)).")
    return lines + Evidence.unseen.map { "Not visible: \($0)" }
  }

  /// From ``json``, as the journal has it.
  package init?(json: JSON) {
    guard let at = json.optionalTime("at"), let readFrom = json.optionalTime("usage_read_from"),
      let key = json["key"]?.string.flatMap({ try? ID<APIKey>($0) }),
      let account = json["account"]?.string.flatMap({ try? ID<ServiceAccount>($0) })
    else { return nil }
    self.init(
      at: at, keyID: key, ruleID: json["rule"]?.string.flatMap { try? ID($0) }, accountID: account, readFrom: readFrom)
    (exchanges, denials) = (json["exchanges"]?.int ?? 0, json["denials"]?.int ?? 0)
    (firstExchange, lastExchange) = (json.optionalTime("first_exchange_at"), json.optionalTime("last_exchange_at"))
    requestIDs = json["request_ids"]?.array?.compactMap(\.string) ?? []
    accountTokens = json["account_tokens"]?.int ?? 0
    keyUse = json["key_use"].flatMap(KeyUse.init)
  }

  package var json: JSON {
    [
      "at": JSON(at), "key": JSON(keyID), "rule": JSON(ruleID), "account": JSON(accountID),
      "cut_over": .bool(isCutOver), "exchanges": JSON(exchanges), "denials": JSON(denials),
      "first_exchange_at": JSON(firstExchange), "last_exchange_at": JSON(lastExchange),
      "request_ids": .array(requestIDs.map(JSON.string)), "account_tokens": JSON(accountTokens),
      "key_use": keyUse?.json ?? .null, "usage_read_from": JSON(readFrom), "silent_days": JSON(silentDays),
      "not_visible": .array(Evidence.unseen.map(JSON.string)),
    ]
  }
}
