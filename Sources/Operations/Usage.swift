package import FoundationEssentials
package import Platform
package import PlatformClient

extension Operations {
  /// What usage is told by.
  package enum UsageSubject: String, Hashable, Sendable, CaseIterable { case account, key, workspace }

  /// What one account, key or workspace used in a span.
  package struct UsageLine: Hashable, Sendable {
    /// An identifier; for requests without an account, whoever made them: an address or a subject. Nil where the
    /// report names none, as for the default workspace in the classic one.
    package let subject: String?
    /// What that is called; nil where it could not be looked up.
    package var name: String?
    package var startingAt, endingAt: Date
    package var tokens = Tokens()
    /// Nil where the report does not count them.
    package var requests: Int?
    /// Of the tokens, those used with a static key; the rest came by federation. Nil but for accounts.
    package var tokensByKey: Int?
    /// Nil where the platform tells no cost by this subject.
    package var cost: UsageRow.Cost?

    package init(subject: String?, startingAt: Date, endingAt: Date) {
      (self.subject, self.startingAt, self.endingAt) = (subject, startingAt, endingAt)
    }

    package var json: JSON {
      var object: JSON.Object = [
        "subject": JSON(subject), "name": JSON(name), "starting_at": JSON(startingAt), "ending_at": JSON(endingAt),
        "requests": requests.map { JSON($0) } ?? .null, "input_tokens": JSON(tokens.input),
        "output_tokens": JSON(tokens.output), "total_tokens": JSON(tokens.total),
      ]
      if let tokensByKey { object["tokens_by_key"] = JSON(tokensByKey) }
      if let cost {
        object["cost"] = ["amount": .string(Operations.decimal(cents: cost.cents)), "currency": .string(cost.currency)]
      }
      return .object(object)
    }
  }

  /// Usage and cost by account, key or workspace, the costliest first, then the busiest.
  /// - Parameters:
  ///   - end: not in the span itself.
  ///   - bucket: nil for one line each for the whole span.
  package func usage(
    by subject: UsageSubject, from start: Date, to end: Date, bucket: UsageBucketWidth? = nil
  ) async throws(Problem) -> [UsageLine] {
    var ledger = Ledger()
    do throws(Problem) {
      for (start, end) in Operations.spans(from: start, to: end) {
        for row in try await client.usageByIdentity(from: start, to: end, by: subject.groups, bucket: bucket) {
          ledger.add(row, to: subject.name(in: row), split: subject == .account)
        }
        for row in try await client.costByIdentity(from: start, to: end, by: subject.groups, bucket: bucket) {
          ledger.add(row, to: subject.name(in: row), split: false)
        }
      }
    } catch {
      // The reports by identity are new and not everywhere; the classic ones know tokens.
      guard error.status == 403 || error.status == 404 else { throw error }
      ledger = try await classicLedger(subject, start, end, bucket)
    }
    let names = await names(for: subject)
    let lines = ledger.lines.values.map { line in
      var line = line
      line.name = line.subject.flatMap { names[$0] }
      return line
    }
    return lines.sorted {
      ($0.cost?.cents ?? 0, $0.tokens.total, $1.subject ?? "") > (
        $1.cost?.cents ?? 0, $1.tokens.total, $0.subject ?? ""
      )
    }
  }

  /// By identifier. Without a credential that may read them the report goes without names.
  private func names(for subject: UsageSubject) async -> [String: String] {
    var names: [String: String] = [:]
    switch subject {
    case .account:
      for account in (try? await client.accounts(includeArchived: true)) ?? [] {
        names[account.id.description] = account.name
      }
    case .key: for key in (try? await client.keys()) ?? [] { names[key.id.description] = key.name }
    case .workspace:
      for workspace in (try? await client.workspaces(includeArchived: true)) ?? [] {
        names[workspace.id.description] = workspace.name
      }
    }
    return names
  }

  private func classicLedger(
    _ subject: UsageSubject, _ start: Date, _ end: Date, _ bucket: UsageBucketWidth?
  ) async throws(Problem) -> Ledger {
    var ledger = Ledger()
    // Without a bucket asked for, the days add up to the whole span.
    let whole: (Date, Date)? = bucket == nil ? (start, end) : nil
    for report in try await client.usageReport(from: start, to: end, by: [subject.classic], bucket: bucket ?? .day) {
      let (first, last) = whole ?? (report.startingAt, report.endingAt)
      for result in report.results {
        ledger.line(subject.name(in: result), first, last) { $0.tokens = $0.tokens + result.tokens }
      }
    }
    guard subject == .workspace, bucket == nil || bucket == .day else { return ledger }
    for report in try await client.costReport(from: start, to: end, by: [subject.classic]) {
      let (first, last) = whole ?? (report.startingAt, report.endingAt)
      for result in report.results {
        ledger.line(result.workspaceID?.description, first, last) { $0.add(result.cost) }
      }
    }
    return ledger
  }

  /// The span in pieces of at most 31 days, which is what one report covers.
  package static func spans(from start: Date, to end: Date) -> [(Date, Date)] {
    let piece: Double = 31 * 86400
    let count = max(0, Int((end.timeIntervalSince(start) / piece).rounded(.up)))
    return (0..<count).map { index in
      let first = start.addingTimeInterval(Double(index) * piece)
      return (first, min(end, first.addingTimeInterval(piece)))
    }
  }

  /// Units with two digits, `1234.57`, from hundredths.
  package static func decimal(cents: Double) -> String {
    let whole = Int(cents.rounded())
    let fraction = abs(whole % 100)
    return "\(whole < 0 && whole > -100 ? "-" : "")\(whole / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}

/// Lines by who and when, as they add up.
private struct Ledger {
  struct Key: Hashable {
    let subject: String?
    let startingAt: Date
  }

  var lines: [Key: Operations.UsageLine] = [:]

  mutating func line(
    _ subject: String?, _ start: Date, _ end: Date, _ change: (inout Operations.UsageLine) -> Void
  ) {
    let key = Key(subject: subject, startingAt: start)
    var line = lines[key] ?? Operations.UsageLine(subject: subject, startingAt: start, endingAt: end)
    line.endingAt = max(line.endingAt, end)
    change(&line)
    lines[key] = line
  }

  mutating func add(_ row: UsageRow, to subject: String?, split: Bool) {
    line(subject, row.startingAt, row.endingAt) { line in
      if let tokens = row.tokens {
        line.tokens = line.tokens + tokens
        if let requests = row.requests { line.requests = (line.requests ?? 0) + requests }
        if split { line.tokensByKey = (line.tokensByKey ?? 0) + (row.keyID == nil ? 0 : tokens.total) }
      }
      if let cost = row.cost { line.add(cost) }
    }
  }
}

extension Operations.UsageLine {
  fileprivate mutating func add(_ more: UsageRow.Cost) {
    cost = UsageRow.Cost(cents: (cost?.cents ?? 0) + more.cents, currency: more.currency)
  }
}

extension Operations.UsageSubject {
  /// An account's by key too, for that tells its static keys from federation.
  fileprivate var groups: [UsageGroup] {
    switch self {
    case .account: [.actor, .key]
    case .key: [.key]
    case .workspace: [.workspace]
    }
  }

  fileprivate var classic: String {
    switch self {
    case .account: "service_account_id"
    case .key: "api_key_id"
    case .workspace: "workspace_id"
    }
  }

  fileprivate func name(in row: UsageRow) -> String? {
    switch self {
    case .account: row.actor?.name
    case .key: row.keyID?.description
    case .workspace: row.workspaceID?.description
    }
  }

  fileprivate func name(in result: UsageBucket.Result) -> String? {
    switch self {
    case .account: result.accountID?.description
    case .key: result.keyID?.description
    case .workspace: result.workspaceID?.description
    }
  }
}
