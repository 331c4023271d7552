package import Interface

extension Audit {
  package static let keys = Keymap<State, Message>(
    Binding(.enter, help: "open", .openAsked) {
      if let opened = $0.opened {
        return opened.page == .json || refusingRule(opened.activity) != nil ? nil : "It is open already."
      }
      return $0.subject == nil ? "There is no activity to open." : nil
    },
    Binding("/", help: "filter", .filterAsked),
    Binding(.tab, help: "denials or all", .paneChanged(by: 1)),
    Binding(.backTab, help: "the page before", .paneChanged(by: -1)),
    Binding("p", help: "pivot", .pivotAsked) { $0.subject == nil ? "There is no activity to go on from." : nil },
    Binding("F", help: "filters", .filtersAsked) { aside($0) },
    Binding("f", help: "follow", .followAsked) {
      $0.isFollowing && $0.pane == .log && $0.opened == nil ? "Following already." : nil
    },
    Binding("T", help: "go to a time", .timeAsked),
    Binding(".", help: "what happened around it", .surroundingsAsked) {
      $0.subject == nil ? "There is no activity to look around." : nil
    },
    Binding("h", help: "histogram", .stripAsked) {
      aside($0) ?? ($0.strip.spread == nil ? "It is being counted." : nil)
    },
    Binding(.right, help: "later in the histogram", .sideways(1)) { sidewaysFault($0) },
    Binding(.left, help: "earlier in the histogram", .sideways(-1)) { sidewaysFault($0) },
    Binding("+", help: "zoom in", .zoomAsked(isIn: true)) {
      aside($0) ?? ($0.strip.spread == nil ? "It is being counted." : nil)
    },
    Binding("-", help: "zoom out", .zoomAsked(isIn: false)) {
      aside($0) ?? ($0.strip.spread == nil ? "It is being counted." : nil)
    },
    Binding("*", help: "highlight", .highlightAsked) { aside($0) },
    Binding("n", help: "next match", .matchAsked(by: 1)) { unsought($0) },
    Binding("N", help: "previous match", .matchAsked(by: -1)) { unsought($0) },
    Binding("t", help: "story of the account", .timelineAsked) {
      $0.pane == .timeline && $0.opened == nil
        ? "It is open." : identity(in: $0.subject) == nil ? "No account is named here: p finds repositories too." : nil
    },
    Binding("J", help: "next activity", .neighbourAsked(by: 1)) {
      $0.opened == nil ? "Open an activity first: enter." : nil
    },
    Binding("K", help: "previous activity", .neighbourAsked(by: -1)) {
      $0.opened == nil ? "Open an activity first: enter." : nil
    },
    Binding("m", help: "bookmark", .bookmarkAsked) { $0.subject == nil ? "There is no activity to mark." : nil },
    Binding("M", help: "bookmarks", .bookmarksAsked),
    Binding("r", help: "show reads", .readsAsked) { aside($0) },
    Binding("y", help: "copy", .copyAsked) { $0.subject == nil ? "There is nothing to copy." : nil },
    Binding("Y", help: "copy the path", .pathAsked) {
      $0.opened?.page == .json ? nil : "Open an activity's JSON first: enter, then tab."
    },
    Binding(.escape, help: "back", .backAsked) { topFault($0) },
    Binding(.control("r"), help: "refresh", .refreshAsked)
  ).then(
    .arranging(Message.list) { state in
      List.Situation(
        isCovered: state.opened.map { $0.page != .json } ?? (state.pane == .timeline),
        hasSelection: state.subject != nil, isSought: state.highlight != nil, unsorted: state.unsorted)
    }
  ).then(.motions(first: "oldest", last: "newest", Message.moved))

  /// What is done to the log can be done only there.
  private static func aside(_ state: State) -> String? {
    state.isCovered ? "Go back to the log first: esc." : nil
  }

  /// Beside the histogram, arrows are for folds of JSON and for the columns of the denials.
  private static func sidewaysFault(_ state: State) -> String? {
    if let opened = state.opened { return opened.page == .json ? nil : "Go back to the list first: esc." }
    return state.pane == .log && state.strip.spread == nil ? "It is being counted." : nil
  }

  private static func unsought(_ state: State) -> String? {
    if state.opened != nil { return nil }
    return aside(state) ?? (state.highlight == nil ? "Say what to highlight first: *." : nil)
  }

  private static func topFault(_ state: State) -> String? {
    let isTop =
      state.opened == nil && state.pane == .log && !state.strip.hasKeys && state.homes.isEmpty && !state.hasMarks
      && state.filters.stack.isEmpty && state.highlight == nil
    return isTop ? "This is the top. Press q to quit." : nil
  }
}
