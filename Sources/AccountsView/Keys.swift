package import Interface
import Platform

extension Accounts {
  package static let keys = Keymap<State, Message>(
    Binding("j", .down, help: "next", .moved(.lines(1))),
    Binding("k", .up, help: "previous", .moved(.lines(-1))),
    Binding(.enter, help: "open", .openAsked) {
      if $0.opened != nil { return "It is open already." }
      return $0.selected == nil ? "There is no account to open." : nil
    },
    Binding(.tab, help: "next page", .pageChanged(by: 1)) { $0.opened == nil ? "Open an account first: enter." : nil },
    Binding(.backTab, help: "previous page", .pageChanged(by: -1)) {
      $0.opened == nil ? "Open an account first: enter." : nil
    },
    Binding("a", help: "add", .addAsked) { $0.readOnlyReason },
    Binding("e", help: "edit", .editAsked) { changeFault($0) },
    Binding("X", help: "shut off", .shutOffAsked) { changeFault($0) },
    Binding("x", help: "archive", .archiveAsked) { changeFault($0) },
    Binding("u", help: "undo the shutting off", .undoAsked) {
      $0.readOnlyReason ?? ($0.undo == nil ? "Nothing was shut off here that could be undone." : nil)
    },
    Binding("/", help: "filter", .filterAsked) { $0.opened == nil ? nil : "Go back to the list first: esc." },
    Binding("y", help: "copy id", .copyAsked) { $0.subject == nil ? "There is nothing to copy." : nil },
    Binding(.escape, help: "back", .backAsked) {
      $0.opened == nil && !$0.filter.isActive ? "This is the top. Press q to quit." : nil
    },
    Binding(.pageDown, .control("f"), help: "page down", .moved(.pages(1))),
    Binding(.pageUp, .control("b"), help: "page up", .moved(.pages(-1))),
    Binding(.control("d"), help: "half a page down", .moved(.halves(1))),
    Binding(.control("u"), help: "half a page up", .moved(.halves(-1))),
    Binding("g", .home, help: "first", .moved(.start)),
    Binding("G", .end, help: "last", .moved(.end)),
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  )

  private static func changeFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    guard let account = state.subject else { return "There is no account here." }
    return account.isArchived ? "\(account.name) is archived: nothing about it can change." : nil
  }
}
