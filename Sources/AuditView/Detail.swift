import Federation
import FoundationEssentials
import Interface
import Platform

extension Audit {
  /// What happened in words, why an exchange was refused, and what changed.
  ///
  /// - Parameters:
  ///   - history: what was recorded about the exchange's rule since; nil while that is not known.
  ///   - note: what a person wrote about it.
  static func lines(
    for activity: Activity, rules: [FederationRule], history: [Activity]? = nil, note: String? = nil
  ) -> [Pager.Line] {
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
    if let ip = activity.json.at("actor.ip_address")?.string {
      let program = activity.json.at("actor.user_agent")?.string
      lines.append(Pager.Line("from     \(ip)\(program.map { "  \($0)" } ?? "")"))
    }
    if let note { lines.append(Pager.Line("★ note   \(note)", role: .accent)) }
    if let id = activity.requestID { lines.append(Pager.Line("request  \(id)", role: .dim)) }
    lines += whyLines(activity, rules, history)
    lines += changeLines(activity)
    return lines + ["", Pager.Line("tab shows it as it was received", role: .dim)]
  }

  /// Whether an exchange was refused by a rule that is not known here yet.
  static func needsRules(_ activity: Activity, _ state: State) -> Bool {
    guard let id = refusingRule(activity) else { return false }
    return !state.rules.contains { $0.id == id }
  }

  /// The rule that refused an exchange, where one did.
  static func refusingRule(_ activity: Activity) -> ID<FederationRule>? {
    guard activity.type == Activity.exchangeType, activity.isDenied else { return nil }
    return activity.json.at("event_data.federation_rule_id")?.string.flatMap { try? ID($0) }
  }

  /// The rule as it is now against the claims that the platform noted, and as it was then where that differs, by the
  /// same matcher as a token test.
  private static func whyLines(
    _ activity: Activity, _ rules: [FederationRule], _ history: [Activity]?
  ) -> [Pager.Line] {
    guard let id = refusingRule(activity), let claims = activity.json.at("event_data.oidc_token.claims")?.object else {
      return []
    }
    guard let rule = rules.first(where: { $0.id == id }) else {
      return ["", Pager.Line("The rule \(id) is not among those that were read.", role: .warning)]
    }
    let why = Retrospect(rule, Claims(claims), at: activity.createdAt, history: history)
    return why.paragraphs.flatMap { paragraph in
      ["", Pager.Line(paragraph.title, role: .heading)]
        + paragraph.checks.flatMap(\.lines).flatMap { line in
          indented(line.text, by: line.indent + 2, role: role(of: line.kind))
        } + paragraph.remarks.flatMap { indented($0, by: 2, role: .text) }
    } + ["", Pager.Line("enter opens the rule: l there shows what is wrong with it, e edits it", role: .dim)]
  }

  private static func indented(_ text: String, by indent: Int, role: Role) -> [Pager.Line] {
    Text.wrapped(text, to: 76 - indent).map { Pager.Line(String(repeating: " ", count: indent) + $0, role: role) }
  }

  private static func role(of kind: Check.Line.Kind) -> Role {
    switch kind {
    case .passed: .good
    case .failed: .danger
    case .unknown: .warning
    case .value: .text
    case .note: .dim
    }
  }

  /// `updates` of a change: each member with what it was and what it became (audit log, changed fields).
  private static func changeLines(_ activity: Activity) -> [Pager.Line] {
    guard let updates = activity.json["updates"]?.array, !updates.isEmpty else { return [] }
    // Organization settings have values of any kind; an empty text stands for nothing.
    func text(_ value: JSON?) -> String {
      guard let value, value != .null, value != "" else { return "(none)" }
      return value.string ?? value.compact
    }
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
