import Interface
package import Platform

extension Audit {
  /// What is marked in the list without hiding the rest.
  package struct Highlight: Equatable, Sendable {
    package let text: String
    let filter: ActivityFilter
    /// In small letters.
    let words: [String]

    package init(_ text: String, _ filter: ActivityFilter) {
      (self.text, self.filter, words) = (text, filter, Highlight.words(of: filter))
    }

    /// The texts that an activity is found by; nothing that was excluded.
    private static func words(of filter: ActivityFilter) -> [String] {
      switch filter {
      case .all(let filters), .any(let filters): filters.flatMap(words)
      case .field(_, let value), .words(let value), .id(let value): value.text.isEmpty ? [] : [value.text.lowercased()]
      case .fragment(let fragment): [fragment.text.lowercased()]
      case .not, .group, .path, .created: []
      }
    }
  }

  /// The next one that is highlighted, from the window where it has one, else from the store.
  static func goToMatch(_ step: Int, _ state: inout State) -> [Effect] {
    guard let highlight = state.highlight, let here = state.selected else { return [] }
    let arrivals = state.window.arrivals
    let places =
      step > 0
      ? Array(arrivals.indices.dropFirst(state.table.selected + 1))
      : arrivals.indices.prefix(state.table.selected).reversed()
    if let place = places.first(where: { highlight.filter.accepts(arrivals[$0].activity) }) {
      state.table.selected = place
      state.table.scroll(height: state.height, count: arrivals.count)
      settle(&state)
      return readOn(&state)
    }
    let isAtEnd = step > 0 ? state.window.isNewest : state.window.isOldest
    if isAtEnd { return [.say("Nothing \(step > 0 ? "newer" : "older") is highlighted.")] }
    return [.seek(state.window.filter.and(highlight.filter), from: here.place, forward: step > 0)]
  }

  /// What the store found for that.
  static func sought(_ id: ID<Activity>?, _ forward: Bool, _ state: inout State) -> [Effect] {
    guard let id else { return [.say("Nothing \(forward ? "newer" : "older") is highlighted.")] }
    state.isFollowing = false
    return read(.around(id), &state)
  }
}
