package import FoundationEssentials
internal import Federation
package import Platform

/// What auditors get: each key with its places, steps and evidence, from the journal alone, and the share of tokens that
/// static keys still carry, which is the number that should reach zero. As Markdown and as JSON.
package struct Report: Sendable {
  /// Tokens of seven days by how the calls signed in.
  package struct Week: Hashable, Sendable {
    package let start: Date
    /// With a static key, by federation, and by neither: the Console's own use.
    package var byKey = 0, federated = 0, other = 0

    /// Of all that a workload used; nil when none did.
    package var share: Double? { byKey + federated > 0 ? Double(byKey) / Double(byKey + federated) : nil }
  }

  /// What 31 days cost, in hundredths of the currency's unit.
  package struct Spend: Hashable, Sendable {
    package let byKey, federated: Double
    package let currency: String
    package init(byKey: Double, federated: Double, currency: String) {
      (self.byKey, self.federated, self.currency) = (byKey, federated, currency)
    }
  }

  /// What the platform's own log says of a step: who it was for the platform, and when.
  package struct Confirmation: Hashable, Sendable {
    package let actor: String
    package let at: Date
    package init(actor: String, at: Date) { (self.actor, self.at) = (actor, at) }
  }

  package let at: Date
  package let organization: String
  package let courses: [Course]
  /// Keys that are on, and those of them that nothing used in the history; nil when the list was not read.
  package var active: Int?, idle: Int?
  /// Oldest first; empty when usage was not read.
  package var weeks: [Week] = []
  /// Nil where the platform tells no cost by who caused it.
  package var spend: Spend?
  /// By request id.
  package var confirmations: [String: Confirmation] = [:]
  /// What rules match now, by identifier.
  package var rules: [ID<FederationRule>: JSON] = [:]

  package init(at: Date, organization: String, courses: [Course]) {
    (self.at, self.organization, self.courses) = (at, organization, courses)
  }

  /// - Parameter buckets: days by key and account.
  package static func weeks(_ buckets: [UsageBucket], until end: Date) -> [Week] {
    var weeks: [Int: Week] = [:]
    for bucket in buckets {
      let back = Int((end.timeIntervalSince(bucket.startingAt) / (7 * 86400)).rounded(.down))
      for result in bucket.results where result.tokens.total > 0 {
        let start = end.addingTimeInterval(-Double(back + 1) * 7 * 86400)
        var week = weeks[back] ?? Week(start: start)
        if result.keyID != nil {
          week.byKey += result.tokens.total
        } else if result.accountID != nil {
          week.federated += result.tokens.total
        } else {
          week.other += result.tokens.total
        }
        weeks[back] = week
      }
    }
    return weeks.sorted { $0.key > $1.key }.map(\.value)
  }

  /// SHA-256 over all steps in order, each behind the digest of those before it: a report with one left out or changed
  /// has another.
  private var digest: String {
    courses.flatMap(\.steps).reduce([UInt8]()) { Digest.sha256($0 + Array($1.json.compact.utf8)) }.hexadecimal
  }

  // MARK: For programs

  package var json: JSON {
    [
      "at": JSON(at), "organization": .string(organization), "totals": totals,
      "active_keys": active.map { JSON($0) } ?? .null, "idle_keys": idle.map { JSON($0) } ?? .null,
      "weeks": .array(weeks.map(\.json)), "spend_31_days": spend?.json ?? .null,
      "keys": .array(courses.map(json)), "not_visible": .array(Evidence.unseen.map(JSON.string)),
      "digest": .string(digest),
    ]
  }

  private func json(_ course: Course) -> JSON {
    guard case .object(var object) = course.json(at: at) else { return course.json(at: at) }
    object["places"] = .array(course.places.map(\.json))
    object["patches"] = .array(course.patches)
    var confirmed = JSON.Object()
    for id in course.steps.compactMap(\.requestID) {
      guard let confirmation = confirmations[id] else { continue }
      confirmed[id] = ["actor": .string(confirmation.actor), "at": JSON(confirmation.at)]
    }
    object["confirmed"] = .object(confirmed)
    return .object(object)
  }

  private var totals: JSON {
    var object = JSON.Object()
    for state in Course.State.allCases {
      let count = courses.count { $0.state(at: at) == state }
      if count > 0 { object[state.rawValue] = JSON(count) }
    }
    return .object(object)
  }

  // MARK: For people

  package var markdown: String {
    var lines = ["# Migration off static keys", "", "Organization \(cell(organization)), \(at.timestampToSecond).", ""]
    lines += summary + shareTable
    lines += ["| Key | Hint | State | Created | Expires |", "|---|---|---|---|---|"]
    for course in courses {
      let key = course.key
      lines.append(
        "| \(cell(key.name)) | \(cell(key.hint ?? "")) | \(course.state(at: at).rawValue) | "
          + "\(key.createdAt.columnText.prefix(10)) | "
          + "\(key.expiresAt.map { String($0.columnText.prefix(10)) } ?? "never") |")
    }
    for course in courses { lines += section(course) }
    lines += ["", "## What could not be known", ""] + Evidence.unseen.map { "- \($0)" }
    return (lines + ["", "Digest of all steps: `\(digest)`"]).joined(separator: "\n") + "\n"
  }

  private var summary: [String] {
    var lines: [String] = []
    if let active, let idle {
      let retired = courses.count { $0.state(at: at) == .retired }
      lines.append(
        "\(active) keys are on, \(idle) of them unused in the history; \(retired) were migrated and are over.")
    }
    if let share = weeks.last?.share {
      lines.append("Static keys carried \(percent(share)) of the tokens of the last seven days.")
    }
    if let spend, spend.byKey + spend.federated > 0 {
      let total = spend.byKey + spend.federated
      lines.append(
        "Of the last 31 days' spend, \(percent(spend.byKey / total)) (\(amount(spend.byKey, spend.currency))) was with "
          + "static keys and \(percent(spend.federated / total)) (\(amount(spend.federated, spend.currency))) by federation."
      )
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  private var shareTable: [String] {
    guard !weeks.isEmpty else { return [] }
    return ["| Seven days from | Static keys | Federated | Other | Share of static keys |", "|---|---|---|---|---|"]
      + weeks.map { week in
        "| \(week.start.columnText.prefix(10)) | \(week.byKey) | \(week.federated) | \(week.other) | "
          + "\(week.share.map(percent) ?? "") |"
      } + [""]
  }

  private func percent(_ part: Double) -> String { "\(Int((part * 100).rounded())) %" }

  private func amount(_ cents: Double, _ currency: String) -> String {
    let whole = Int(cents.rounded())
    return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100) \(cell(currency))"
  }

  private func section(_ course: Course) -> [String] {
    let key = course.key
    let owner = key.owner([:])
    var lines = ["", "## \(cell(key.name)) (`\(key.id)`)", ""]
    lines.append(
      "Acts as \(cell(owner)), in \(key.workspaceID.map { "`\($0)`" } ?? "every workspace"); created "
        + "\(key.createdAt.columnText.prefix(10)) by \(cell(key.createdBy ?? "unknown")).")
    lines += places(course) + patches(course)
    lines += ["", "### Steps", ""]
    guard !course.steps.isEmpty else { return lines + ["No step was taken."] }
    return lines + course.steps.flatMap(lines(of:))
  }

  private func places(_ course: Course) -> [String] {
    guard !course.places.isEmpty else { return [] }
    return ["", "### Places found", "", "| Place | Kind | Class | Name | SHA-256 |", "|---|---|---|---|---|"]
      + course.places.map { place in
        let digest = place.digest.map { "`\(cell($0.prefix(12)))`" } ?? ""
        return "| \(cell(place.place)) | \(cell(place.kind)) | \(cell(place.class)) | \(cell(place.name)) | \(digest) |"
      }
  }

  private func patches(_ course: Course) -> [String] {
    guard !course.patches.isEmpty else { return [] }
    func short(_ json: JSON?) -> String { json?.string.map { "`\(cell($0.prefix(12)))`" } ?? "" }
    return ["", "### Files changed", "", "| File | SHA-256 before | After | Of the diff |", "|---|---|---|---|"]
      + course.patches.map { patch in
        "| \(cell(patch["path"]?.string ?? "")) | \(short(patch["before_sha256"])) | \(short(patch["after_sha256"])) | "
          + "\(short(patch["diff_sha256"])) |"
      }
  }

  private func lines(of step: Course.Taken) -> [String] {
    let id = step.requestID.map { ", request `\(cell($0))`" } ?? ""
    var lines = [
      "- \(step.at.timestampToSecond) \(step.step.rawValue), \(step.outcome.rawValue), by \(cell(step.who))\(id)"
    ]
    if let confirmation = step.requestID.flatMap({ confirmations[$0] }) {
      lines.append(
        "  - the platform's log: \(cell(confirmation.actor)), \(confirmation.at.timestampToSecond)")
    }
    if let waiver = step.record?["waiver"]?.string { lines.append("  - set aside because: \(cell(waiver))") }
    if let until = step.record?["until"]?.string { lines.append("  - until \(cell(until))") }
    if step.record?["settled_after_stop"]?.bool == true {
      lines.append("  - the program was stopped in this step; its outcome was read from the key afterwards")
    }
    if step.step == .verify, let seen = step.record.flatMap(Evidence.init) {
      lines += seen.lines.dropLast(Evidence.unseen.count).map { "  - \(cell($0))" }
      if !seen.requestIDs.isEmpty {
        lines.append("  - exchanges: \(seen.requestIDs.map { "`\(cell($0))`" }.joined(separator: ", "))")
      }
      lines += rule(of: seen)
    }
    if let consumers = step.record?["consumers"]?.array?.compactMap(\.string), !consumers.isEmpty {
      lines.append("  - consumers: \(consumers.map(cell).joined(separator: ", "))")
    }
    return lines
  }

  /// What the rule matched then, and whether it does still.
  private func rule(of seen: Evidence) -> [String] {
    guard let id = seen.ruleID, let then = seen.ruleMatch else { return [] }
    let now = rules[id].map { $0 == then ? "; it is the same now" : "; now `\(cell($0.compact))`" } ?? ""
    return ["  - rule `\(id)`: `\(cell(then.compact))`\(now)"]
  }

  /// Text that cannot end a cell, a line or a code span.
  private func cell(_ text: some StringProtocol) -> String {
    String(text.map { $0 == "|" || $0 == "`" || $0.isNewline ? " " : $0 })
  }
}

extension Report.Week {
  package var json: JSON {
    [
      "starting_at": JSON(start), "tokens_by_key": JSON(byKey), "tokens_federated": JSON(federated),
      "tokens_other": JSON(other),
      "share_of_keys": share.map { .number(String(($0 * 1000).rounded() / 1000)) } ?? .null,
    ]
  }
}

extension Report.Spend {
  package var json: JSON {
    [
      "by_key_cents": .number(String(byKey.rounded())), "federated_cents": .number(String(federated.rounded())),
      "currency": .string(currency),
    ]
  }
}

extension Course {
  /// A place that a plan found, as it was kept.
  package struct Place: Hashable, Sendable {
    /// `path:line`.
    package let place: String
    package let kind, `class`, name: String
    package let digest: String?
    package let json: JSON
  }

  /// Those of the last plan.
  package var places: [Place] {
    let plan = steps.last { $0.step == .plan && $0.outcome == .done }
    return (plan?.record?["places"]?.array ?? []).map { json in
      Place(
        place: "\(json["file"]?.string ?? ""):\(json["line"]?.int ?? 0)", kind: json["kind"]?.string ?? "",
        class: json["class"]?.string ?? "", name: json["name"]?.string ?? json["where"]?.string ?? "",
        digest: json["sha256"]?.string, json: json)
    }
  }

  /// Files that patches changed, with their digests, the oldest first.
  package var patches: [JSON] { steps.filter { $0.step == .patch }.flatMap { $0.record?["changes"]?.array ?? [] } }

  package func json(at now: Date) -> JSON {
    [
      "key": key.json, "state": .string(state(at: now).rawValue), "next": .string(next(at: now)),
      "soak_days": JSON(soak.silence), "watch_days": JSON(soak.watch), "steps": .array(steps.map(\.json)),
    ]
  }
}

extension Course.Taken {
  package var json: JSON {
    var object: JSON.Object = [
      "step": .string(step.rawValue), "at": JSON(at), "who": .string(who), "outcome": .string(outcome.rawValue),
    ]
    if let record { object["record"] = record }
    if let requestID { object["request_id"] = .string(requestID) }
    return .object(object)
  }
}
