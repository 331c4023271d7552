package import FoundationEssentials
package import Federation
package import Platform
internal import Storage

/// A connection as the journal has it: what was asked for, and what of that was made.
package struct ConnectionRecord: Hashable, Sendable {
  /// As the journal names it.
  package static let action = "connect"

  package let number: Int64
  package let at: Date
  package let provider: ProviderTemplate.ID
  package let ruleName: String
  package let accountName: String
  let values: [String: String]
  /// Those that were there before; nil for one that had to be made.
  let issuerID: ID<Issuer>?
  let accountID: ID<ServiceAccount>?
  /// Of an issuer that had to be made.
  let issuerName: String
  let workspaceID: ID<Workspace>
  let membershipRole: String?
  let scope: String
  let tokenLifetime: Int
  /// Identifiers by step, as far as they are known. A step whose answer never came is not among them.
  package internal(set) var made: [ConnectionPlan.Step: String] = [:]

  init(_ plan: ConnectionPlan, number: Int64, at date: Date) {
    (self.number, at) = (number, date)
    (provider, values) = (plan.workload.provider, plan.workload.values)
    (ruleName, accountName, workspaceID) = (plan.ruleName, plan.account.name, plan.workspaceID)
    (membershipRole, scope, tokenLifetime) = (plan.membershipRole, plan.scope, plan.tokenLifetime)
    switch plan.issuer {
    case .existing(let issuer): (issuerID, issuerName) = (issuer.id, issuer.name)
    case .new(let draft): (issuerID, issuerName) = (nil, draft.name)
    }
    switch plan.account {
    case .existing(let account): accountID = account.id
    case .new: accountID = nil
    }
  }

  /// Nil when it is no connection, or cannot be read.
  init?(_ entry: JournalEntry) {
    guard entry.change.action == ConnectionRecord.action, let json = entry.change.after,
      let provider = json["provider"]?.string.flatMap(ProviderTemplate.ID.init(rawValue:)),
      let values = json["values"]?.object, let ruleName = json["name"]?.string,
      let accountName = json.at("service_account.name")?.string, let issuerName = json.at("issuer.name")?.string,
      let workspace = json["workspace_id"]?.string, let workspaceID = try? ID<Workspace>(workspace),
      let scope = json["oauth_scope"]?.string, let tokenLifetime = json["token_lifetime_seconds"]?.int
    else { return nil }
    (number, at) = (entry.number, entry.change.at)
    (self.provider, self.ruleName, self.accountName, self.issuerName) = (provider, ruleName, accountName, issuerName)
    self.values = values.reduce(into: [:]) { $0[$1.key] = $1.value.string }
    issuerID = json.at("issuer.id")?.string.flatMap { try? ID($0) }
    accountID = json.at("service_account.id")?.string.flatMap { try? ID($0) }
    membershipRole = json["workspace_role"]?.string
    (self.workspaceID, self.scope, self.tokenLifetime) = (workspaceID, scope, tokenLifetime)
    for step in ConnectionPlan.Step.allCases { made[step] = json.at("made.\(step.rawValue)")?.string }
  }

  /// What the journal keeps of it.
  var document: JSON {
    var (values, made) = (JSON.Object(), JSON.Object())
    for (name, value) in self.values.sorted(by: { $0.key < $1.key }) { values[name] = .string(value) }
    for step in ConnectionPlan.Step.allCases { if let id = self.made[step] { made[step.rawValue] = .string(id) } }
    return [
      "provider": .string(provider.rawValue), "values": .object(values), "name": .string(ruleName),
      "issuer": ["id": JSON(issuerID), "name": .string(issuerName)],
      "service_account": ["id": JSON(accountID), "name": .string(accountName)],
      "workspace_id": JSON(workspaceID), "workspace_role": JSON(membershipRole), "oauth_scope": .string(scope),
      "token_lifetime_seconds": JSON(tokenLifetime), "made": .object(made),
    ]
  }

  /// Whether carrying `plan` out would do this again.
  /// - Parameter name: of the rule, where it was asked for; one made up for it may differ by now.
  func isBeginning(of plan: ConnectionPlan, named name: String?) -> Bool {
    let isSameAccount =
      switch plan.account {
      case .existing(let account): account.id == accountID
      case .new(let draft): accountID == nil && draft.name == accountName
      }
    return isSameAccount && provider == plan.workload.provider && values == plan.workload.values
      && workspaceID == plan.workspaceID && scope == plan.scope && tokenLifetime == plan.tokenLifetime
      && (name == nil || name == ruleName)
  }

  /// `gha-acme-api-main, begun 2026-11-24 09:00:00: made the issuer and the service account`
  package var line: String {
    let done = ConnectionPlan.Step.allCases.filter { made[$0] != nil }.map(\.thing)
    let said = done.isEmpty ? "nothing is known to be made" : "made " + done.joined(separator: ", ")
    return "\(ruleName), begun \(at.columnText): \(said)"
  }

  package var json: JSON {
    var object = document.object ?? [:]
    object["number"] = JSON(Int(number))
    object["begun_at"] = JSON(at)
    return .object(object)
  }
}

extension ConnectionPlan.Step {
  package var thing: String {
    switch self {
    case .issuer: "the issuer"
    case .account: "the service account"
    case .membership: "its membership"
    case .rule: "the rule"
    }
  }
}

extension Operations {
  /// Connections that stopped half way and were neither gone on with nor taken back, the newest first.
  package func unfinishedConnections() throws(Problem) -> [ConnectionRecord] {
    try storage.openChanges().reversed().compactMap(ConnectionRecord.init)
  }

  /// The one that a person means.
  /// - Parameter number: nil where there is one only.
  package func unfinishedConnection(_ number: Int64?) throws(Problem) -> ConnectionRecord {
    let all = try unfinishedConnections()
    let found = number.map { number in all.filter { $0.number == number } } ?? all
    if let only = found.first, found.count == 1 { return only }
    guard !found.isEmpty else {
      throw Problem(
        "No connection was chosen",
        because: number.map { "no unfinished one has the number \($0)" } ?? "none stopped half way",
        try: all.isEmpty ? "There is nothing to go on with or to take back." : "One of: \(Operations.numbers(all)).",
        code: "not_found_error")
    }
    throw Problem(
      "No connection was chosen", because: "\(found.count) stopped half way",
      try: "Give the number of one: \(Operations.numbers(found)).", kind: .usage, code: "ambiguous")
  }

  private static func numbers(_ records: [ConnectionRecord]) -> String {
    records.map { "\($0.number) \($0.ruleName)" }.joined(separator: ", ")
  }

  /// Writes a plan down before its first request; of one that was begun before, what is written already.
  func begin(_ plan: ConnectionPlan) throws(Problem) -> ConnectionRecord {
    if let number = plan.journalNumber,
      let begun = try unfinishedConnections().first(where: { $0.number == number })
    {
      return begun
    }
    let date = now()
    let draft = ConnectionRecord(plan, number: 0, at: date)
    let number = try storage.record(
      Change(at: date, who: who, action: ConnectionRecord.action, after: draft.document))
    return ConnectionRecord(plan, number: number, at: date)
  }

  /// What is left of a connection that stopped: what was made, as it is now, and the rest. Whether more was made than
  /// is known is looked for while it is carried out.
  package func plan(restOf record: ConnectionRecord) async throws(Problem) -> ConnectionPlan {
    let workload = try workload(of: record)
    var draft = workload.trust.issuer
    draft.name = record.issuerName
    var plan = ConnectionPlan(
      workload: workload, issuer: .new(draft), account: .new(AccountDraft(name: record.accountName)),
      workspaceID: record.workspaceID, membershipRole: record.made[.membership] == nil ? record.membershipRole : nil,
      ruleName: record.ruleName, scope: record.scope, tokenLifetime: record.tokenLifetime)
    if let id = record.issuerID?.description ?? record.made[.issuer] {
      let issuer = try await issuer(id)
      try checkLive(issuer.name, isArchived: issuer.isArchived)
      plan.issuer = .existing(issuer)
    }
    if let id = record.accountID?.description ?? record.made[.account] {
      let account = try await account(id)
      try checkLive(account.name, isArchived: account.isArchived)
      plan.account = .existing(account)
    }
    (plan.isRetry, plan.journalNumber) = (true, record.number)
    return plan
  }

  func workload(of record: ConnectionRecord) throws(Problem) -> Workload {
    do throws(WorkloadFaults) { return try Workload(record.provider, values: record.values) } catch {
      throw error.problem
    }
  }

  private func checkLive(_ name: String, isArchived: Bool) throws(Problem) {
    guard isArchived else { return }
    throw Problem(
      "The connection was not gone on with", because: "\(name), which it needs, was archived since",
      try: "Take back what is left of it with gatehouse connect undo, and connect anew.", code: "archived")
  }
}
