import Federation
import FoundationEssentials
import Interface
import Platform

extension Overview {
  /// The worst first; what is well is said too, in one line each, so that silence never means "not looked".
  static func lines(_ facts: Facts) -> [Line] {
    let all =
      findingLines(facts) + denialLines(facts) + issuerLines(facts) + keyLines(facts) + accountLines(facts)
      + staleLines(facts)
    let rank: [Role] = [.danger, .warning, .accent, .dim, .good]
    func place(_ line: Line) -> Int { rank.firstIndex(of: line.role) ?? rank.count }
    let sorted = all.enumerated().sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }
    return sorted.map(\.element) + facts.problems.map { Line("✗ Not looked at: \($0.line)", role: .warning) }
  }

  private static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many ?? one + "s")"
  }

  private static func findingLines(_ facts: Facts) -> [Line] {
    guard let rules = facts.rules, let found = facts.worst else { return [] }
    var worst: [Severity: Int] = [:]
    for severity in found.values { worst[severity, default: 0] += 1 }
    let lines = [
      (Severity.critical, "let strangers in", Role.danger), (.high, "let in far more than one workload", .danger),
      (.medium, "are wider than they need be", .warning), (.low, "have small things to mend", .accent),
    ].compactMap { severity, words, role -> Line? in
      guard let count = worst[severity] else { return nil }
      let words =
        count == 1
        ? words.replacing("let ", with: "lets ").replacing("are ", with: "is ").replacing("they need", with: "it need")
          .replacing("have ", with: "has ")
        : words
      return Line(
        "\(severity == .low ? "·" : "!") \(counted(count, "rule")) \(words) (\(severity.rawValue))", role: role,
        to: .federation,
        filter: "worst:\(severity.rawValue)")
    }
    let live = rules.count { !$0.isArchived }
    return lines.isEmpty
      ? [Line("✓ \(counted(live, "live rule")), none wider than it should be", role: .good, to: .federation)] : lines
  }

  private static func denialLines(_ facts: Facts) -> [Line] {
    guard let denials = facts.denials else { return [] }
    // A log that was not read has no refusals in it, and says nothing.
    if denials.isEmpty, facts.polledAt == nil {
      return [Line("· Refused exchanges: not known before the audit log is read", role: .dim, to: .audit)]
    }
    if denials.isEmpty { return [Line("✓ No exchange was refused in the last day", role: .good, to: .audit)] }
    let since = facts.at.map { " created_at>\($0.addingTimeInterval(-86_400).timestampToSecond)" } ?? ""
    return denials.map {
      Line(
        "✗ \(counted($0.count, "exchange")) refused in the last day: \($0.reason)", role: .warning, to: .audit,
        filter: "type:\(Activity.exchangeType) " + ActivityField.reason.term($0.reason) + since)
    }
  }

  private static func issuerLines(_ facts: Facts) -> [Line] {
    guard let issuers = facts.issuers else { return [] }
    let stuck = issuers.filter { !$0.isArchived && $0.pollingDisabledAt != nil }
    return stuck.map {
      Line("! The keys of the issuer \($0.name) are not fetched any more", role: .danger, to: .issuer($0.id))
    }
  }

  private static func keyLines(_ facts: Facts) -> [Line] {
    guard let keys = facts.keys else { return [] }
    let active = keys.filter { $0.status == .active }
    if active.isEmpty { return [Line("✓ No static key is active", role: .good, to: .keys)] }
    guard let used = facts.usedKeys else {
      return [
        Line("· \(counted(active.count, "static key")) active", role: .accent, to: .keys, filter: "status:active")
      ]
    }
    let count = active.count { used.contains($0.id) }
    var lines: [Line] = []
    if count > 0 {
      lines.append(
        Line(
          "▲ \(counted(count, "static key")) still in use: each can be replaced by a rule", role: .warning, to: .keys,
          filter: "status:active used:yes"))
    }
    if active.count > count {
      lines.append(
        Line(
          "▲ \(counted(active.count - count, "active key")) unused for seven days: disable what nobody misses",
          role: .warning, to: .keys, filter: "status:active used:no"))
    }
    return lines
  }

  private static func accountLines(_ facts: Facts) -> [Line] {
    guard let accounts = facts.accounts?.filter({ !$0.isArchived }), let rules = facts.rules else { return [] }
    let led = Set(rules.filter { !$0.isArchived }.map(\.accountID))
    var lines: [Line] = []
    let orphans = accounts.count { !led.contains($0.id) }
    if orphans > 0 {
      lines.append(
        Line(
          "· \(counted(orphans, "account")) that nothing can become: no live rule leads there", role: .accent,
          to: .accounts, filter: "rules:0 state:live"))
    }
    if let used = facts.usedAccounts {
      let idle = accounts.count { led.contains($0.id) && !used.contains($0.id) }
      if idle > 0 {
        lines.append(
          Line(
            "· \(counted(idle, "account")) with rules but no request for seven days", role: .accent, to: .accounts,
            filter: "state:live used:no -rules:0"))
      }
    }
    return lines
  }

  private static func staleLines(_ facts: Facts) -> [Line] {
    var lines: [Line] = []
    if let count = facts.unusedRules, count > 0 {
      lines.append(
        Line(
          "· \(counted(count, "rule")) that nobody has used for long: archive what is not missed", role: .accent,
          to: .federation, filter: "finding:ops001 state:live"))
    }
    if let polledAt = facts.polledAt, let hours = facts.at.map({ Int($0.timeIntervalSince(polledAt) / 3600) }),
      hours > 0
    {
      let age = hours < 48 ? counted(hours, "hour") : "\(hours / 24) days"
      lines.append(
        Line("· The audit log was read \(age) ago: refusals since are not counted", role: .warning, to: .audit))
    }
    return lines
  }
}
