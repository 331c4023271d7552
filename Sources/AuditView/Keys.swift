package import Interface

extension Audit {
  package static let keys = Keymap<State, Message>(
    Binding("j", .down, help: "next", .moved(by: 1)),
    Binding("k", .up, help: "previous", .moved(by: -1)),
    Binding(.pageDown, .control("d"), help: "page down", .moved(by: 15)),
    Binding(.pageUp, .control("u"), help: "page up", .moved(by: -15)),
    Binding("g", .home, help: "oldest", .movedToStart),
    Binding("f", "G", .end, help: "follow", .followAsked) { $0.isFollowing ? "Following already." : nil },
    Binding(.enter, help: "open", .openAsked) {
      if $0.opened != nil { return "It is open already." }
      return $0.selected == nil ? "There is no activity to open." : nil
    },
    Binding(.escape, help: "back", .backAsked) { $0.opened == nil ? "This is the top. Press q to quit." : nil },
    Binding("r", help: "show reads", .readsAsked),
    Binding("y", help: "copy", .copyAsked) { $0.selected == nil ? "There is nothing to copy." : nil },
    Binding(.control("r"), help: "refresh", .refreshAsked)
  )
}
