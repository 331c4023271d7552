package import Interface

extension Accounts {
  package static let keys = Keymap<State, Message>(
    Binding("j", .down, help: "next", .moved(by: 1)),
    Binding("k", .up, help: "previous", .moved(by: -1)),
    Binding(.pageDown, .control("d"), help: "page down", .moved(by: 15)),
    Binding(.pageUp, .control("u"), help: "page up", .moved(by: -15)),
    Binding("g", .home, help: "first", .movedToStart),
    Binding("G", .end, help: "last", .movedToEnd),
    Binding(.enter, help: "open", .openAsked) {
      if $0.opened != nil { return "It is open already." }
      return $0.selected == nil ? "There is no account to open." : nil
    },
    Binding(.escape, help: "back", .backAsked) { $0.opened == nil ? "This is the top. Press q to quit." : nil },
    Binding("a", help: "add", .addAsked) { $0.readOnlyReason },
    Binding("y", help: "copy id", .copyAsked) { $0.selected == nil ? "There is nothing to copy." : nil },
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  )
}
