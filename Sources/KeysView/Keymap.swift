package import Interface
import Platform

extension Keys {
  package static let keys = Keymap<State, Message>(
    Binding("j", .down, help: "next", .moved(.lines(1))),
    Binding("k", .up, help: "previous", .moved(.lines(-1))),
    Binding(.enter, help: "open", .openAsked) {
      $0.isOpened ? "It is open already." : $0.selected == nil ? "There is no key to open." : nil
    },
    Binding("d", help: "disable", .changeAsked(.disable)) { fault($0, from: [.active]) },
    Binding("e", help: "enable", .changeAsked(.enable)) { fault($0, from: [.inactive]) },
    Binding("x", help: "archive", .changeAsked(.archive)) { fault($0, from: [.active, .inactive]) },
    Binding("/", help: "filter", .filterAsked) { $0.isOpened ? "Go back to the list first: esc." : nil },
    Binding("y", help: "copy id", .copyAsked) { $0.selected == nil ? "There is nothing to copy." : nil },
    Binding(.escape, help: "back", .backAsked) {
      $0.isOpened || $0.filter.isActive ? nil : "This is the top. Press q to quit."
    },
    Binding(.pageDown, .control("f"), help: "page down", .moved(.pages(1))),
    Binding(.pageUp, .control("b"), help: "page up", .moved(.pages(-1))),
    Binding(.control("d"), help: "half a page down", .moved(.halves(1))),
    Binding(.control("u"), help: "half a page up", .moved(.halves(-1))),
    Binding("g", .home, help: "first", .moved(.start)),
    Binding("G", .end, help: "last", .moved(.end)),
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  )

  private static func fault(_ state: State, from statuses: [APIKey.Status]) -> String? {
    if let reason = state.readOnlyReason { return reason }
    if state.pending != nil { return "A change is on its way." }
    guard let key = state.selected else { return "There is no key here." }
    return statuses.contains(key.status) ? nil : "\(key.name) is \(key.status.rawValue)."
  }
}
