package import Interface
import Platform

extension Accounts {
  package static let keys = Keymap<State, Message>(
    Binding(.enter, help: "open", .openAsked) {
      if let opened = $0.opened { return target(in: opened, $0) == nil ? "This leads nowhere." : nil }
      return $0.selected == nil ? "There is no account to open." : nil
    },
    Binding(.tab, help: "next page", .pageChanged(by: 1)) { $0.opened == nil ? "Open an account first: enter." : nil },
    Binding("a", help: "add", .addAsked) {
      $0.readOnlyReason ?? ($0.opened == nil ? nil : "Accounts are added from the list: esc.")
    },
    Binding("e", help: "edit", .editAsked) { changeFault($0) },
    Binding("X", help: "shut off", .shutOffAsked) {
      $0.hasMarks ? "Accounts are shut off one at a time: esc takes the marks away." : changeFault($0)
    },
    Binding("x", help: "archive", .archiveAsked) { archiveFault($0) },
    Binding("u", help: "undo the shutting off", .undoAsked) {
      $0.readOnlyReason ?? ($0.undo == nil ? "Nothing was shut off here that could be undone." : nil)
    },
    // On the tree of who becomes an account; in the list they go from column to column.
    Binding(.right, "l", help: "unfold", .foldAsked(.right)) { foldFault($0) },
    Binding(.left, "h", help: "fold", .foldAsked(.left)) { foldFault($0) },
    Binding("w", help: "write to a file", .saveAsked) { saveFault($0) },
    Binding("t", help: "its story", .storyAsked) { $0.subject == nil ? "There is no account here." : nil },
    Binding("y", help: "copy id", .copyAsked) { $0.subject == nil ? "There is nothing to copy." : nil },
    Binding(.escape, help: "back", .backAsked) { $0.backFault },
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil },
    Binding(.backTab, help: "previous page", .pageChanged(by: -1)) {
      $0.opened == nil ? "Open an account first: enter." : nil
    }
  ).then(.list(Message.list)).then(.motions(Message.moved))

  private static func foldFault(_ state: State) -> String? {
    state.opened?.page == .rules ? nil : "Nothing is folded here."
  }

  private static func saveFault(_ state: State) -> String? {
    if state.organizationID == nil { return "The organization is not known yet." }
    guard let account = state.subject else { return "There is no account here." }
    return state.rules(leadingTo: account).isEmpty ? "No live rule leads to \(account.name): connect a workload." : nil
  }

  private static func archiveFault(_ state: State) -> String? {
    guard state.hasMarks else { return changeFault(state) }
    return state.readOnlyReason
      ?? (state.chosen.allSatisfy(\.isArchived) ? "All marked accounts are archived already." : nil)
  }

  private static func changeFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    guard let account = state.subject else { return "There is no account here." }
    return account.isArchived ? "\(account.name) is archived: nothing about it can change." : nil
  }
}
