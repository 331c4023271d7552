package import FoundationEssentials
package import Platform

/// What is worth being told of at once, and how: one `[[alerts]]` of the configuration.
package struct Alert: Hashable, Sendable {
  package enum Condition: Hashable, Sendable {
    case filter(ActivityFilter)
    case ready(Ready)
    /// So many refused exchanges within so long.
    case denials(count: Int, within: Duration)
  }

  /// Those that need no more than their name.
  package enum Ready: String, CaseIterable, Sendable {
    case ruleFirstUsed = "rule-first-used"
    case repositoryFirstSeen = "repository-first-seen"
    case ruleWidened = "rule-widened"
    case adminMade = "admin-made"
    case keyEnabled = "key-enabled"
  }

  package let name: String
  package let condition: Condition
  /// The condition as it was written.
  package let text: String
  package let rings: Bool
  package let badges: Bool
  /// A program and its arguments; empty for none.
  package let command: [String]
  /// After it was raised it is not raised again for the same thing for so long.
  package let quiet: Duration
  /// After which the program is ended.
  package let timeout: Duration

  package static let burst = "denials-burst"
  /// What `when` may say.
  package static let known = Ready.allCases.map(\.rawValue) + [burst]
}

/// Why a table is no alert, and which of its members says so.
package struct AlertFault: Error, Hashable, Sendable {
  package let key: String?
  package let cause: String
}

extension Alert {
  private static let keys = ["name", "when", "filter", "ring", "badge", "run", "quiet", "timeout", "count", "within"]

  /// - Parameter table: of the configuration, `when = "rule-first-used"` or `filter = "outcome:denied"`, and what to do.
  package init(_ table: JSON, now: Date) throws(AlertFault) {
    guard let members = table.object else { throw AlertFault(key: nil, cause: "an alert is a table") }
    if let other = members.keys.first(where: { !Alert.keys.contains($0) }) {
      throw AlertFault(key: other, cause: "\(other) is not known here; there is \(Alert.keys.joined(separator: ", "))")
    }
    condition = try Alert.condition(table, now: now)
    let (when, filter) = (try Alert.text("when", table), try Alert.text("filter", table))
    text = when ?? filter ?? ""
    name = try Alert.text("name", table) ?? text
    guard !name.isEmpty else { throw AlertFault(key: "name", cause: "the name is empty") }
    command = try Alert.words("run", table) ?? []
    rings = try Alert.flag("ring", table) ?? false
    // One that does nothing else would not be noticed.
    badges = try Alert.flag("badge", table) ?? (!rings && command.isEmpty)
    guard rings || badges || !command.isEmpty else {
      throw AlertFault(key: "badge", cause: "this alert neither rings nor badges nor runs anything")
    }
    quiet = try Alert.duration("quiet", table) ?? (when != nil ? .seconds(300) : .seconds(60))
    timeout = try Alert.duration("timeout", table) ?? .seconds(30)
    guard timeout > .zero else { throw AlertFault(key: "timeout", cause: "a program needs some time") }
  }

  private static func condition(_ table: JSON, now: Date) throws(AlertFault) -> Condition {
    let (when, filter) = (try text("when", table), try text("filter", table))
    switch (when, filter) {
    case (burst?, nil):
      let count = table["count"]?.int ?? 10
      guard count > 1, table["count"]?.int != nil || table["count"] == nil else {
        throw AlertFault(key: "count", cause: "count is no whole number above 1")
      }
      let within = try duration("within", table) ?? .seconds(300)
      guard within > .zero else { throw AlertFault(key: "within", cause: "within is no time") }
      return .denials(count: count, within: within)
    case (_, _) where table["count"] != nil || table["within"] != nil:
      throw AlertFault(key: table["count"] != nil ? "count" : "within", cause: "only \(burst) counts")
    case (let word?, nil):
      guard let ready = Ready(rawValue: word) else {
        throw AlertFault(
          key: "when", cause: "when = \(word.debugDescription) is not known; there is \(known.joined(separator: ", "))")
      }
      return .ready(ready)
    case (nil, let text?):
      do throws(InvalidFilter) { return .filter(try ActivityFilter(text, now: now)) } catch {
        throw AlertFault(key: "filter", cause: "the filter, column \(error.column): \(error.mistake)")
      }
    case (nil, nil): throw AlertFault(key: nil, cause: "an alert has either when or filter")
    case (_?, _?): throw AlertFault(key: "filter", cause: "an alert has either when or filter, not both")
    }
  }

  private static func text(_ key: String, _ table: JSON) throws(AlertFault) -> String? {
    guard let value = table[key] else { return nil }
    guard let text = value.string else { throw AlertFault(key: key, cause: "\(key) is no text") }
    return text
  }

  private static func flag(_ key: String, _ table: JSON) throws(AlertFault) -> Bool? {
    guard let value = table[key] else { return nil }
    guard let flag = value.bool else { throw AlertFault(key: key, cause: "\(key) is neither true nor false") }
    return flag
  }

  private static func words(_ key: String, _ table: JSON) throws(AlertFault) -> [String]? {
    guard let value = table[key] else { return nil }
    guard let words = value.array?.compactMap(\.string), words.count == value.array?.count,
      words.first?.isEmpty == false
    else { throw AlertFault(key: key, cause: "\(key) is no list of a program and its arguments") }
    return words
  }

  /// `90s`, `10m`, `2h` or `1d`.
  private static func duration(_ key: String, _ table: JSON) throws(AlertFault) -> Duration? {
    guard let value = try text(key, table) else { return nil }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    guard let unit = value.last.flatMap({ units[$0] }), let number = Int(value.dropLast()),
      (0...100_000).contains(number)
    else { throw AlertFault(key: key, cause: "\(key) is no span of time like 90s, 10m, 2h or 1d") }
    return .seconds(number * unit)
  }
}
