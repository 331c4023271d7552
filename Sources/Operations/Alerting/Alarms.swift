package import FoundationEssentials
internal import Federation
package import Platform
package import Storage

/// An alert that was raised, and by what.
package struct RaisedAlert: Hashable, Sendable {
  package let alert: Alert
  package let activity: Activity
  /// What happened, in words; text from outside may be in it.
  package let text: String
  /// How often it was not raised in the quiet time before.
  package let suppressed: Int

  /// For a person: `rule-first-used: rule fdrl_… let somebody in for the first time`.
  package var line: String {
    "\(alert.name): \(text)" + (suppressed == 0 ? "" : " (and \(suppressed) more since it was last told)")
  }

  package var json: JSON {
    [
      "alert": .string(alert.name), "text": .string(text), "suppressed": JSON(suppressed),
      "activity_id": JSON(activity.id),
    ]
  }
}

/// Watches over what arrives: which alerts it raises, which are in their quiet time, and the programs they run.
///
/// What is the first of its kind is asked of the store, so that starting again makes nothing new.
package actor Alarms {
  private struct Thing: Hashable {
    let alert: Int
    /// What it is about: a rule, a key. Empty where all is one.
    let subject: String
  }

  private struct Quiet {
    var until: Date
    var suppressed = 0
  }

  private let alerts: [Alert]
  private let storage: Storage
  private let now: @Sendable () -> Date
  private let programs = AlertPrograms()
  private var quiet: [Thing: Quiet] = [:]
  /// What is not new any more, so that the store is asked once for each.
  private var known: Set<Thing> = []

  package init(_ alerts: [Alert], storage: Storage, now: @escaping @Sendable () -> Date = { Date() }) {
    (self.alerts, self.storage, self.now) = (alerts, storage, now)
  }

  /// The alerts that these raise, in order; their programs are started.
  /// - Parameters:
  ///   - arrivals: in the order of arrival, each with its number in it; they are in the store already.
  ///   - failed: told of a program that could not be run, or did not end well.
  package func judge(
    _ arrivals: [(row: Int64, activity: Activity)], failed: @escaping @Sendable (Problem) -> Void
  ) async throws(Problem) -> [RaisedAlert] {
    var raised: [RaisedAlert] = []
    for (row, activity) in arrivals {
      for (number, alert) in alerts.enumerated() {
        raised += try judge(activity, row, by: alert, number)
      }
    }
    for alert in raised where !alert.alert.command.isEmpty { await programs.start(alert, failed) }
    return raised
  }

  private func judge(
    _ activity: Activity, _ row: Int64, by alert: Alert, _ number: Int
  ) throws(Problem) -> [RaisedAlert] {
    switch alert.condition {
    case .filter(let filter):
      guard filter.accepts(activity) else { return [] }
      let text = [activity.type, activity.outcome, activity.actor].compactMap(\.self).joined(separator: " ")
      return raise(alert, Thing(alert: number, subject: ""), activity, text)
    case .denials(let count, let within):
      let thing = Thing(alert: number, subject: "")
      guard activity.isDenied else { return [] }
      if isQuiet(thing) { return raise(alert, thing, activity, "") }
      let query = ActivityQuery(
        .denials, since: activity.createdAt.addingTimeInterval(-within.wholeSeconds),
        until: activity.createdAt.addingTimeInterval(0.000_001))
      let found = try storage.count(query, upTo: 10_000)
      guard found >= count else { return [] }
      return raise(alert, thing, activity, "\(found) exchanges were refused within \(Int(within.wholeSeconds)) s")
    case .ready(let ready):
      var raised: [RaisedAlert] = []
      for event in ready.events(in: activity) {
        let thing = Thing(alert: number, subject: event.subject)
        if let kind = event.firstOf {
          guard !known.contains(thing) else { continue }
          let isKnown = try storage.hasEarlier(kind, than: row)
          known.insert(thing)
          if isKnown { continue }
        }
        raised += raise(alert, thing, activity, event.text)
      }
      return raised
    }
  }

  private func isQuiet(_ thing: Thing) -> Bool { quiet[thing].map { now() < $0.until } ?? false }

  private func raise(_ alert: Alert, _ thing: Thing, _ activity: Activity, _ text: String) -> [RaisedAlert] {
    if isQuiet(thing) {
      quiet[thing]?.suppressed += 1
      return []
    }
    let suppressed = quiet[thing]?.suppressed ?? 0
    // Those that are over and swallowed nothing have nothing more to say.
    if quiet.count > 1000 { quiet = quiet.filter { now() < $0.value.until || $0.value.suppressed > 0 } }
    quiet[thing] = Quiet(until: now().addingTimeInterval(alert.quiet.wholeSeconds))
    return [RaisedAlert(alert: alert, activity: activity, text: text, suppressed: suppressed)]
  }
}

extension Duration {
  fileprivate var wholeSeconds: Double { Double(components.seconds) }
}

extension Alert.Ready {
  fileprivate struct Event {
    let subject: String
    let text: String
    /// What it must be the first of.
    var firstOf: ActivityFilter?
  }

  /// What of this kind an activity tells.
  fileprivate func events(in activity: Activity) -> [Event] {
    let json = activity.json
    let exchange = ActivityFilter.all([.field(.type, FilterValue(Activity.exchangeType)), .not(.denials)])
    let isAdmitted = activity.type == Activity.exchangeType && !activity.isDenied
    switch self {
    case .ruleFirstUsed:
      guard isAdmitted, let rule = json.at("event_data.federation_rule_id")?.string else { return [] }
      return [
        Event(
          subject: rule, text: "rule \(rule) let somebody in for the first time",
          firstOf: exchange.and(.field(.rule, FilterValue(rule))))
      ]
    case .repositoryFirstSeen:
      guard isAdmitted else { return [] }
      return ActivityText(activity).values(of: .repo).sorted().map {
        Event(
          subject: $0, text: "a workload of \($0) was let in for the first time",
          firstOf: exchange.and(.field(.repo, FilterValue($0))))
      }
    case .ruleWidened:
      let reasons = Widening.reasons(activity)
      guard !reasons.isEmpty else { return [] }
      let rule = json["federation_rule_id"]?.string ?? ""
      return [Event(subject: rule, text: "rule \(rule) was widened: \(reasons.joined(separator: "; "))")]
    case .adminMade: return Alert.Ready.administrator(activity).map { [$0] } ?? []
    case .keyEnabled:
      guard let change = Alert.Ready.change(of: ["status", "activation_state"], in: json) else { return [] }
      let key = (json["api_key_id"] ?? json["admin_api_key_id"])?.string ?? ""
      guard activity.type.contains("api_key"), change.new == "active", change.old != "active" else { return [] }
      return [
        Event(subject: key, text: "key \(key) was \(change.old.isEmpty ? "off" : change.old) and is active again")
      ]
    }
  }

  private static func administrator(_ activity: Activity) -> Event? {
    let json = activity.json
    let (subject, words): (String?, String)
    switch activity.type {
    case "platform_service_account_created" where json["organization_role"]?.string == "admin":
      (subject, words) = (json["service_account_id"]?.string, "was made with the role admin")
    case "platform_service_account_updated" where change(of: ["organization_role"], in: json)?.new == "admin":
      (subject, words) = (json["service_account_id"]?.string, "was given the role admin")
    case "admin_api_key_created":
      (subject, words) = (json["admin_api_key_id"]?.string, "was made, an Admin API key")
    case "claude_user_role_updated"
    where ["admin", "owner", "primary_owner"].contains(json["current_role"]?.string ?? ""):
      (subject, words) = (json["user_id"]?.string, "was given the role \(json["current_role"]?.string ?? "")")
    default: return nil
    }
    return Event(subject: subject ?? "", text: "\(subject ?? "somebody") \(words)")
  }

  private static func change(of names: [String], in json: JSON) -> (old: String, new: String)? {
    let change = json["updates"]?.array?.first { $0["type"]?.string.map(names.contains) == true }
    return change.map { ($0["previous_value"]?.string ?? "", $0["current_value"]?.string ?? "") }
  }
}
