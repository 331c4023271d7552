package import FoundationEssentials
package import Interface
package import Platform

extension Audit {
  /// Refused exchanges of the same rule, reason and subject.
  package struct Denial: Equatable, Sendable {
    package let rule, reason, subject: String?
    package let count: Int
    package let first: Date
    package let latest: Activity
    package init(rule: String?, reason: String?, subject: String?, count: Int, first: Date, latest: Activity) {
      (self.rule, self.reason, self.subject) = (rule, reason, subject)
      (self.count, self.first, self.latest) = (count, first, latest)
    }

    /// The filter that finds them all, and no others where each of the three is known.
    var filter: String {
      let terms = [
        rule.map { ActivityField.rule.term($0) }, reason.map { ActivityField.reason.term($0) },
        subject.map { ActivityField.sub.term($0) },
      ]
      return (["type:\(Activity.exchangeType)"] + terms.compactMap(\.self)).joined(separator: " ")
    }
  }

  /// The list of them.
  package struct Denials: Equatable, Listing {
    package private(set) var groups: [Denial] = []
    package private(set) var hasLoaded = false
    /// Names of rules, by their identifiers.
    fileprivate var names: [String: String] = [:]
    package var list = List()
    package var rows = 20
    package var width = 80
    package init() {}

    package var all: [Denial] { groups }
    package var isCovered: Bool { false }
    package func identifier(of denial: Denial) -> String { denial.filter }
    package static let fields = ["reason", "rule", "subject"]

    package func values(of denial: Denial) -> [Query.Value] {
      [
        Query.Value("reason", denial.reason ?? ""), Query.Value("rule", name(of: denial)),
        Query.Value("subject", denial.subject ?? ""),
      ]
    }

    fileprivate func name(of denial: Denial) -> String {
      denial.rule.map { names[$0] ?? $0 } ?? "none recognised"
    }

    package static let columns = [
      Table.Column("COUNT", .fixed(6), alignment: .trailing),
      Table.Column("LAST (UTC)", .fixed(11)),
      Table.Column("REASON", .fixed(22)),
      Table.Column("RULE", .flexible(minimum: 14)),
      Table.Column("SUBJECT", .flexible(minimum: 16)),
      Table.Column("FIRST (UTC)", .fixed(16)),
    ]

    package func entries(for denial: Denial) -> [Table.Entry] {
      [
        Table.Entry("\(denial.count)", role: .danger),
        Table.Entry(
          String(denial.latest.createdAt.columnText.dropFirst(5).prefix(11)), role: .dim,
          rank: denial.latest.createdAt.timestamp),
        Table.Entry("✗ \(denial.reason ?? "no reason given")", role: .danger), Table.Entry(name(of: denial)),
        Table.Entry(denial.subject ?? "none verified", role: .dim),
        Table.Entry(String(denial.first.columnText.prefix(16)), role: .dim),
      ]
    }

    mutating func replace(_ groups: [Denial], rules: [FederationRule]) {
      hasLoaded = true
      rearrange {
        $0.groups = groups
        $0.name(rules)
      }
    }

    mutating func name(_ rules: [FederationRule]) {
      for rule in rules { names[rule.id.description] = rule.name }
    }
  }
}
