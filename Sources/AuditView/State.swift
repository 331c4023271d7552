package import Interface
package import Platform

/// The activity feed: its live tail, what a filter finds in the store, the refused exchanges, one activity opened.
package enum Audit {
  /// One activity and its place in the order of arrival.
  package struct Arrival: Equatable, Sendable {
    /// Counts up in the order in which activities reached our store.
    package let row: Int64
    package let activity: Activity
    package init(row: Int64, activity: Activity) { (self.row, self.activity) = (row, activity) }
  }

  package enum Pane: Equatable, Sendable { case tail, denials }

  package struct State: Equatable, Sendable {
    package var pane = Pane.tail
    /// In the order they arrived, which is not quite the order they happened in.
    package var arrivals: [Arrival] = []
    package var table = Table()
    package var isFollowing = true
    /// Arrived below while the person looked at older ones.
    package var unseen = 0
    /// Denied exchanges that came while another view was open.
    package var newDenials = 0
    /// Whether this view is the one open.
    package var isOpen = false
    package var hasLoaded = false
    package var failure: Problem?
    package var search: Search?
    package var jump: Jump?
    /// What is shown in place of the tail and of what a filter finds, after a jump.
    package var excerpt: Excerpt?
    /// Nil until they have been asked for.
    package var denials: [Denial]?
    package var denialTable = Table()
    package var pivot: Pivot?
    /// The activity opened, on a page that can be searched.
    package var opened: Opened?
    /// Reading the feed is itself recorded in it; those rows are hidden unless asked for.
    package var showsReads = false
    /// What says why an exchange was refused; empty until the rules have come.
    package var rules: [FederationRule] = []
    /// Rows of the screen that the view has; a page is as long.
    package var rows = 20

    package init() {}

    package struct Opened: Equatable, Sendable {
      package var activity: Activity
      package var page: Pager
      /// What was recorded since about the rule that refused; nil until it has come.
      package var history: [Activity]?
    }

    /// Whether keys are text now: into the filter, a time, the list of pivots, or the search of a page.
    package var isTyping: Bool {
      search?.isTyping == true || jump != nil || pivot != nil || opened?.page.isTyping == true
    }

    /// What reading leaves behind in the feed (Admin API, audit log).
    static let reads = [
      "compliance_api_accessed", "platform_cost_report_viewed", "platform_usage_report_messages_viewed",
    ]

    /// With the reads of the log.
    var listed: [Arrival] { excerpt?.arrivals ?? search?.results ?? arrivals }

    package var shown: [Arrival] {
      let all = listed
      return showsReads ? all : all.filter { !State.reads.contains($0.activity.type) }
    }

    package var selected: Activity? {
      if pane == .denials {
        return denials.flatMap { $0.indices.contains(denialTable.selected) ? $0[denialTable.selected].latest : nil }
      }
      let shown = shown
      return shown.indices.contains(table.selected) ? shown[table.selected].activity : nil
    }
  }

  /// A filter, and what the store has that passes it.
  package struct Search: Equatable, Sendable {
    var editor = LineEditor()
    package var isTyping = true
    /// Nil while the text is none, or what it once was before it broke.
    package var filter: ActivityFilter?
    /// Oldest first; nil until they have come.
    package var results: [Arrival]?
    /// Whether the store has none older that pass.
    package var isWhole = false
    package var fault: String?
    package var text: String { editor.text }

    init(_ text: String = "", isTyping: Bool = true) { (editor, self.isTyping) = (LineEditor(text), isTyping) }

    /// How many are read at once; the next ones when the selection comes to the oldest.
    package static let limit = 5000
  }

  /// Refused exchanges of the same rule, reason and subject.
  package struct Denial: Equatable, Sendable {
    package let rule, reason, subject: String?
    package let count: Int
    package let latest: Activity
    package init(rule: String?, reason: String?, subject: String?, count: Int, latest: Activity) {
      (self.rule, self.reason, self.subject, self.count, self.latest) = (rule, reason, subject, count, latest)
    }
  }

  /// The values of one activity that one can go on from, and how many activities have each.
  package struct Pivot: Equatable, Sendable {
    package struct Choice: Equatable, Sendable {
      package let field: ActivityField
      package let value: String
      /// Nil until it was counted.
      package let count: Int?
      package init(field: ActivityField, value: String, count: Int?) {
        (self.field, self.value, self.count) = (field, value, count)
      }
    }
    package var choices: [Choice]
    package var table = Table()
  }
}
