package import Federation
package import FoundationEssentials
package import Interface
package import Platform

/// What needs a person now, each line leading to its place.
package enum Overview {
  /// Where a line leads.
  package enum Place: Equatable, Sendable {
    case accounts, federation, audit, keys
    case issuer(ID<Issuer>)
  }

  /// What was found out. A part is nil while it has not come, or when its reading failed.
  package struct Facts: Equatable, Sendable {
    package var rules: [FederationRule]?
    package var issuers: [Issuer]?
    /// The worst severity of what is open of each live rule that has a finding: what was accepted is left out.
    package var worst: [ID<FederationRule>: Severity]?
    /// How many live rules nobody has used for long.
    package var unusedRules: Int?
    package var accounts: [ServiceAccount]?
    package var keys: [APIKey]?
    /// Keys and accounts that did anything in the last seven days.
    package var usedKeys: Set<ID<APIKey>>?
    package var usedAccounts: Set<ID<ServiceAccount>>?
    /// Refused exchanges of the last day: how many of each reason, most first.
    package var denials: [Denial]?
    /// When the audit log was read last.
    package var polledAt: Date?
    /// Of the lists that the platform did not give, and the store did, when the oldest was read.
    package var asOf: Date?
    /// When all this was looked at.
    package var at: Date?
    /// Each reading that failed.
    package var problems: [Problem] = []
    package init() {}
  }

  package struct Denial: Equatable, Sendable {
    package let reason: String
    package let count: Int
    package init(reason: String, count: Int) { (self.reason, self.count) = (reason, count) }
  }

  package struct Line: Equatable, Sendable {
    package let text: String
    package let role: Role
    /// Nil for one that leads nowhere.
    package let place: Place?
    /// What the list there is filtered by.
    package let filter: String

    init(_ text: String, role: Role, to place: Place? = nil, filter: String = "") {
      (self.text, self.role, self.place, self.filter) = (text, role, place, filter)
    }
  }

  package struct State: Equatable, Sendable {
    package private(set) var facts: Facts?
    package private(set) var lines: [Line] = []
    package var table = Table()
    package var isLoading = false
    /// Whether some of the facts are still to come.
    var isPartial = false
    package init() {}

    mutating func show(_ facts: Facts) {
      self.facts = facts
      lines = Overview.lines(facts)
      table.clamp(count: lines.count)
    }

    package var selected: Line? { lines.indices.contains(table.selected) ? lines[table.selected] : nil }
    /// Rows of the screen that the view has; a page is as long.
    package var rows = 20
  }
}
