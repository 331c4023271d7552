package import Interface
package import Platform

/// The live tail of the activity feed.
package enum Audit {
  /// One activity and its place in the order of arrival.
  package struct Arrival: Equatable, Sendable {
    /// Counts up in the order in which activities reached our store.
    package let row: Int64
    package let activity: Activity
    package init(row: Int64, activity: Activity) { (self.row, self.activity) = (row, activity) }
  }

  package struct State: Equatable, Sendable {
    /// In the order they arrived, which is not quite the order they happened in.
    package var arrivals: [Arrival] = []
    package var table = Table()
    package var isFollowing = true
    package var hasLoaded = false
    package var failure: Problem?
    /// The activity opened, and how far it is scrolled.
    package var opened: Opened?
    /// Reading the feed is itself recorded in it; those rows are hidden unless asked for.
    package var showsReads = false

    package init() {}

    package struct Opened: Equatable, Sendable {
      package var activity: Activity
      package var top = 0
    }

    /// What reading leaves behind in the feed (Admin API, audit log).
    static let reads = [
      "compliance_api_accessed", "platform_cost_report_viewed", "platform_usage_report_messages_viewed",
    ]

    package var shown: [Arrival] {
      showsReads ? arrivals : arrivals.filter { !State.reads.contains($0.activity.type) }
    }

    package var selected: Activity? {
      let shown = self.shown
      return shown.indices.contains(table.selected) ? shown[table.selected].activity : nil
    }
  }
}
