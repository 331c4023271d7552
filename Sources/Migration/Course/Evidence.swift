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
  package var firstExchange, lastExchange, lastDenial: Date?
  /// Who was let in, as the tokens name them; the first few.
  package var subjects: [String] = []
  /// Why exchanges were refused, and how often each.
  package var denialReasons: [String: Int] = [:]
  /// The request ids of the last few.
  package var requestIDs: [String] = []
  /// E2: tokens billed to the account since the change, without a key of its own.
  package var accountTokens = 0
  /// E3: the key's last use in the history; nil when there was none.
  package var keyUse: KeyUse?
  /// E4: what moved; nil when it was not read.
  package var volume: Volume?
  /// What came after the key was turned off; nil while it is on.
  package var aftermath: Aftermath?
  /// What the rule matched then.
  package var ruleMatch: JSON?
  /// E5: which source won inside the workload, as a person saw it there.
  package var source: String?
  /// E6: the workspaces that the account's calls were billed to, and the key's own; nil where that was not read.
  package var workspaces: [String] = []
  package var keyWorkspace: String?
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

  /// Whether it federates still, as far as can be seen.
  package var isProven: Bool { isCutOver && !isFailing }

  /// Whether what is refused is the latest that was seen: the workload federated and does no more.
  package var isFailing: Bool { lastDenial.map { $0 > lastExchange ?? .distantPast } ?? false }

  /// Whether calls count elsewhere than the key's did, where its files, batches and limits are not.
  package var isElsewhere: Bool {
    guard let keyWorkspace, !workspaces.isEmpty else { return false }
    return workspaces != [keyWorkspace]
  }

  /// Days since the key was last used, or since usage was read from.
  package var silentDays: Int {
    Int(at.timeIntervalSince(max(keyUse?.lastEnd ?? readFrom, readFrom)) / 86400)
  }

  /// What no report tells, so that silence is not taken for more than it is.
  package static let unseen = [
    "Calls that failed, and calls with a disabled key: no report has them.",
    "Whether two automations share the key, but for rhythm, addresses and finds.",
    "Jobs that run more rarely than the history is long.",
    "Which rule tokens came by: usage names the account alone, so give each automation its own.",
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
    if let lastExchange {
      let who = subjects.isEmpty ? "" : ", as \(subjects.joined(separator: ", "))"
      lines.append("Last exchange: \(lastExchange.columnText) UTC\(who).")
    }
    if denials > 0 {
      let reasons = denialReasons.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { "\($0.key) \($0.value)" }
      lines.append(
        "\(denials) exchanges were refused (\(reasons.joined(separator: ", ")))\(isFailing ? ", the last one too" : ""): "
          + "gatehouse audit denials tells more.")
    }
    lines.append(
      keyUse.map { "The key was last used \($0.lastText)." }
        ?? "The key was not used since \(readFrom.columnText.prefix(10)).")
    lines += volume?.lines ?? []
    if let aftermath { lines.append(aftermath.line) }
    if isElsewhere {
      lines.append(
        "Billed to \(workspaces.joined(separator: ", ")), and the key belongs to \(keyWorkspace ?? ""): its files, batches and "
          + "limits are not there.")
    }
    if let source { lines.append("Seen inside the workload: \(source)") }
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
    lastDenial = json.optionalTime("last_denial_at")
    subjects = json["subjects"]?.array?.compactMap(\.string) ?? []
    denialReasons = (json["denial_reasons"]?.object?.members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.int ?? 0 }
    volume = json["volume"].flatMap(Volume.init)
    aftermath = json["aftermath"].flatMap(Aftermath.init)
    source = json["source"]?.string
    ruleMatch = json["rule_match"].flatMap { $0.isNull ? nil : $0 }
    workspaces = json["workspaces"]?.array?.compactMap(\.string) ?? []
    keyWorkspace = json["key_workspace"]?.string
  }

  package var json: JSON {
    var reasons = JSON.Object()
    for (reason, count) in denialReasons.sorted(by: { $0.key < $1.key }) { reasons[reason] = JSON(count) }
    return [
      "at": JSON(at), "key": JSON(keyID), "rule": JSON(ruleID), "account": JSON(accountID),
      "cut_over": .bool(isCutOver), "proven": .bool(isProven), "exchanges": JSON(exchanges), "denials": JSON(denials),
      "first_exchange_at": JSON(firstExchange), "last_exchange_at": JSON(lastExchange),
      "last_denial_at": JSON(lastDenial), "denial_reasons": .object(reasons),
      "subjects": .array(subjects.map(JSON.string)),
      "request_ids": .array(requestIDs.map(JSON.string)), "account_tokens": JSON(accountTokens),
      "key_use": keyUse?.json ?? .null, "usage_read_from": JSON(readFrom), "silent_days": JSON(silentDays),
      "volume": volume?.json ?? .null, "aftermath": aftermath?.json ?? .null, "source": JSON(source),
      "rule_match": ruleMatch ?? .null,
      "workspaces": .array(workspaces.map(JSON.string)), "key_workspace": JSON(keyWorkspace),
      "not_visible": .array(Evidence.unseen.map(JSON.string)),
    ]
  }
}
