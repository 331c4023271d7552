package import Interface
package import Platform

/// The activity feed: a window on what the store has, live at its end; the refused exchanges; one activity opened.
package enum Audit {
  /// One activity and its places in the orders of arrival and of time.
  package struct Arrival: Equatable, Sendable {
    /// Counts up in the order in which activities reached our store.
    package let row: Int64
    /// Grows with the time of activities, and names this one alone.
    package let place: Int64
    package let activity: Activity
    package init(row: Int64, place: Int64, activity: Activity) {
      (self.row, self.place, self.activity) = (row, place, activity)
    }
  }

  package enum Pane: Equatable, Sendable { case log, denials, timeline }

  package struct State: Equatable, Listing {
    package var pane = Pane.log
    package var window = Window()
    package var list = List()
    /// What the store is being asked for.
    package var reading: Ask?
    /// How often it was.
    var asked = 0
    /// What arrived since.
    var meanwhile: [Arrival] = []
    /// Lines that motions went beyond the window; they are gone when its neighbours have come.
    var owed = 0
    /// The newest arrival that was told of; nil before the first.
    package var lastRow: Int64?
    package var isFollowing = true
    /// Arrived below while the person looked at older ones.
    package var unseen = 0
    /// Denied exchanges that came while another view was open.
    package var newDenials = 0
    /// Whether this view is the one open.
    package var isOpen = false
    package var hasLoaded = false
    package var failure: Problem?

    package var filters = Filters()
    /// Whether filters are set aside, to see what happened around a row.
    package var isUnfiltered = false
    /// Reading the feed is itself recorded in it; those rows are hidden unless asked for.
    package var showsReads = false
    /// What passes the filters; nil while they are counted.
    package var measure: Measure?
    package var highlight: Highlight?
    package var strip = Strip()
    /// Where one was before a jump, the last one last.
    package var homes: [Home] = []

    package var prompt: Prompt?
    package var overlay: Overlay?
    package var bookmarks: [Bookmark] = []
    package var denials = Denials()
    package var timeline: Chronicle?
    /// The activity opened, over the list.
    package var opened: Opened?
    /// What says why an exchange was refused; empty until the rules have come.
    package var rules: [FederationRule] = []
    /// The view's extent on the screen.
    package var rows = 20 { didSet { denials.rows = rows } }
    package var width = 80 {
      didSet { (denials.width, strip.span.bars) = (width, width) }
    }

    package init() {}

    package var all: [Arrival] { window.arrivals }
    package var isCovered: Bool { opened != nil || pane != .log }
    package func identifier(of arrival: Arrival) -> String { arrival.activity.id.description }
    /// The list is filtered by the store, not here.
    package func values(of arrival: Arrival) -> [Query.Value] { [] }
    package static let fields: [String] = []
    package var unsorted: String? {
      pane == .denials ? nil : "The log keeps the order of time: T goes to a time, / filters."
    }
    package static let isWindow = true
    package var words: [String] { highlight?.words ?? [] }

    /// A title, the filters, the strip.
    package var head: Int { 1 + (filters.stack.isEmpty ? 0 : 1) + strip.height(in: rows) }
    package var foot: Int { (prompt == nil ? 0 : 1) + (failure == nil ? 0 : 2) }

    /// Whether keys are text now, or go into a box that lies over the view.
    package var isTyping: Bool {
      prompt != nil || overlay != nil || list.chooser != nil || opened?.isTyping == true
        || (pane == .denials && opened == nil && denials.isListTyping)
    }

    /// What keys are about: the activity opened, else the one selected.
    package var subject: Activity? {
      if let opened { return opened.activity }
      switch pane {
      case .log: return selected?.activity
      case .denials: return denials.selected?.latest
      case .timeline: return timeline?.selected
      }
    }

    package var lens: Lens { Lens(texts: isUnfiltered ? [] : filters.texts(with: prompt), showsReads: showsReads) }
  }

  /// What the log is looked at through.
  package struct Lens: Equatable, Sendable {
    /// Filters as they are typed; all of them must hold.
    package var texts: [String]
    /// Whether readings of the feed and of reports are shown too.
    package var showsReads: Bool
    package init(texts: [String] = [], showsReads: Bool = false) {
      (self.texts, self.showsReads) = (texts, showsReads)
    }

    /// What reading leaves behind in the feed (Admin API, audit log).
    package static let readTypes = [
      "compliance_api_accessed", "platform_cost_report_viewed", "platform_usage_report_messages_viewed",
    ]
    package static let reads = ActivityFilter.any(readTypes.map { .field(.type, FilterValue($0)) })
  }

  /// How many activities a lens lets pass.
  package struct Measure: Equatable, Sendable {
    package var passing: Int
    /// That would pass but for being readings of the log.
    package var hiddenReads: Int
    package init(passing: Int, hiddenReads: Int) { (self.passing, self.hiddenReads) = (passing, hiddenReads) }
  }

  /// A place in the log to go back to.
  package struct Home: Equatable, Sendable {
    var id: ID<Activity>?
    var isFollowing: Bool
    var isUnfiltered: Bool
  }

  package enum Overlay: Equatable, Sendable {
    case pivot(Pivot)
    case filters(FilterBox)
    case bookmarks(BookmarkBox)
  }
}
