import Federation
import FoundationEssentials
import Interface
import Platform

extension Audit {
  /// What happened in words, why an exchange was refused, what changed, and all of it as it was received.
  static func lines(for activity: Activity, rules: [FederationRule]) -> [Pager.Line] {
    var lines = [
      Pager.Line(ActivityCatalogue.label(of: activity.type), role: .heading),
      Pager.Line("\(activity.createdAt.timestamp)  \(activity.id)", role: .dim),
      Pager.Line("by       \(activity.actor)"),
    ]
    if !activity.subjects.isEmpty { lines.append(Pager.Line("on       \(activity.subjects.joined(separator: "  "))")) }
    if let outcome = activity.outcome {
      let reason = activity.reason.map { ", because \($0)" } ?? ""
      lines.append(Pager.Line("outcome  \(outcome)\(reason)", role: activity.isDenied ? .danger : .good))
    }
    if let id = activity.requestID { lines.append(Pager.Line("request  \(id)", role: .dim)) }
    lines += whyLines(activity, rules)
    lines += changeLines(activity)
    lines += ["", Pager.Line("As received", role: .heading)]
    return lines
      + activity.json.pretty.split(separator: "\n", omittingEmptySubsequences: false).map { Pager.Line(String($0)) }
  }

  /// Whether an exchange was refused by a rule that is not known here yet.
  static func needsRules(_ activity: Activity, _ state: State) -> Bool {
    guard activity.isDenied, let id = activity.json.at("event_data.federation_rule_id")?.string else { return false }
    return !state.rules.contains { $0.id.description == id }
  }

  /// The rule as it is now against the claims that the platform noted, by the same matcher as a token test.
  private static func whyLines(_ activity: Activity, _ rules: [FederationRule]) -> [Pager.Line] {
    guard activity.type == Activity.exchangeType, activity.isDenied,
      let id = activity.json.at("event_data.federation_rule_id")?.string,
      let claims = activity.json.at("event_data.oidc_token.claims")?.object
    else { return [] }
    guard let rule = rules.first(where: { $0.id.description == id }) else {
      return ["", Pager.Line("The rule \(id) is not among those that were read.", role: .warning)]
    }
    var lines: [Pager.Line] = ["", Pager.Line("Against the rule \(rule.name) as it is now", role: .heading)]
    for check in Matcher(rule.match).checks(of: Claims(claims)) {
      let mark = check.passed ? "✓" : check.failed ? "✗" : "?"
      lines.append(Pager.Line("  \(mark) \(check.matcher)", role: check.passed ? .good : .danger))
      guard check.failed else { continue }
      lines.append(Pager.Line("      expected  \(check.expected ?? "")"))
      lines.append(Pager.Line("      token     \(check.actual ?? "none")"))
      if let note = check.note { lines += Text.wrapped(note, to: 70).map { Pager.Line("      " + $0, role: .dim) } }
    }
    return lines
  }

  /// `updates` of a change: each member with what it was and what it became (audit log, changed fields).
  private static func changeLines(_ activity: Activity) -> [Pager.Line] {
    guard let updates = activity.json["updates"]?.array, !updates.isEmpty else { return [] }
    func text(_ value: JSON?) -> String { value?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "(none)" }
    return ["", Pager.Line("Changed", role: .heading)]
      + updates.flatMap { update in
        [
          Pager.Line("  " + (update["type"]?.string ?? "something"), role: .accent),
          Pager.Line("    - \(text(update["previous_value"]))", role: .danger),
          Pager.Line("    + \(text(update["current_value"]))", role: .good),
        ]
      }
  }
}
