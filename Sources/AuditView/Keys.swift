package import Interface

extension Audit {
  package static let keys = Keymap<State, Message>(
    Binding("j", .down, help: "next", .moved(.lines(1))),
    Binding("k", .up, help: "previous", .moved(.lines(-1))),
    Binding(.enter, help: "open", .openAsked) {
      if let opened = $0.opened { return refusingRule(opened.activity) == nil ? "It is open already." : nil }
      return $0.selected == nil ? "There is no activity to open." : nil
    },
    Binding("/", help: "filter, or search the page", .filterAsked),
    Binding("n", help: "next match", .pageKey("n")) {
      $0.opened == nil ? "Open an activity and search it with / first." : nil
    },
    Binding("N", help: "previous match", .pageKey("N")) {
      $0.opened == nil ? "Open an activity and search it with / first." : nil
    },
    Binding(.tab, .backTab, help: "denials or all", .paneChanged) {
      $0.opened == nil ? nil : "Go back to the list first: esc."
    },
    Binding("p", help: "pivot", .pivotAsked) {
      $0.opened == nil && $0.selected == nil ? "There is no activity to go on from." : nil
    },
    Binding("T", help: "go to a time", .timeAsked),
    Binding(".", help: "what happened around it", .surroundingsAsked) {
      $0.opened == nil && $0.selected == nil ? "There is no activity to look around." : nil
    },
    Binding("f", help: "follow", .followAsked) {
      $0.isFollowing && $0.pane == .tail ? "Following already." : nil
    },
    Binding("r", help: "show reads", .readsAsked),
    Binding("y", help: "copy", .copyAsked) { $0.selected == nil ? "There is nothing to copy." : nil },
    Binding(.escape, help: "back", .backAsked) {
      $0.opened == nil && $0.pane == .tail && $0.search == nil && $0.excerpt == nil
        ? "This is the top. Press q to quit." : nil
    },
    Binding(.pageDown, .control("f"), help: "page down", .moved(.pages(1))),
    Binding(.pageUp, .control("b"), help: "page up", .moved(.pages(-1))),
    Binding(.control("d"), help: "half a page down", .moved(.halves(1))),
    Binding(.control("u"), help: "half a page up", .moved(.halves(-1))),
    Binding("g", .home, help: "oldest", .moved(.start)),
    Binding("G", .end, help: "newest", .moved(.end)),
    Binding(.control("r"), help: "refresh", .refreshAsked)
  )
}
