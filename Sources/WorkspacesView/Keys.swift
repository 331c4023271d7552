package import Interface
import Platform

extension Workspaces {
  package static let keys = Keymap<State, Message>(
    Binding(.enter, help: "open", .openAsked) {
      if $0.opened != nil { return $0.target == nil ? "This leads nowhere." : nil }
      return $0.selected == nil ? "There is no workspace to open." : nil
    },
    Binding(.tab, help: "next page", .pageChanged(by: 1)) {
      $0.opened == nil ? "Open a workspace first: enter." : nil
    },
    Binding("a", help: "add an account", .addAsked) { addFault($0) },
    Binding("e", help: "change its role", .editAsked) { changeFault($0) },
    Binding("x", help: "take it out", .removeAsked) { changeFault($0) },
    Binding("y", help: "copy id", .copyAsked) { $0.subject == nil ? "There is nothing to copy." : nil },
    Binding(.escape, help: "back", .backAsked) { $0.backFault },
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil },
    Binding(.backTab, help: "previous page", .pageChanged(by: -1)) {
      $0.opened == nil ? "Open a workspace first: enter." : nil
    }
  ).then(.list(Message.list)).then(.motions(Message.moved))

  private static func addFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    guard let workspace = state.subject else { return "There is no workspace here." }
    if workspace.isArchived { return "\(workspace.name) is archived: nobody can be added." }
    return state.isDefault(workspace) ? "Every account is in the default workspace." : nil
  }

  private static func changeFault(_ state: State) -> String? {
    if let reason = state.readOnlyReason { return reason }
    guard state.opened != nil else { return "Open the workspace first: enter." }
    return state.selectedMembership == nil ? "Choose an account that was added to it." : nil
  }
}
