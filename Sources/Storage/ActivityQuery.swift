package import FoundationEssentials
package import Platform

/// Which activities are asked for.
package struct ActivityQuery: Hashable, Sendable {
  package var filter: ActivityFilter
  /// From then on.
  package var since: Date?
  /// Before then.
  package var until: Date?

  package init(_ filter: ActivityFilter = .everything, since: Date? = nil, until: Date? = nil) {
    (self.filter, self.since, self.until) = (filter, since, until)
  }

  package func accepts(_ activity: Activity) -> Bool { whole.accepts(activity) }

  /// Everything that it asks for, as one filter.
  var whole: ActivityFilter {
    var whole = filter
    if let since { whole = whole.and(.created(.atLeast, since)) }
    if let until { whole = whole.and(.created(.below, until)) }
    return whole
  }
}
