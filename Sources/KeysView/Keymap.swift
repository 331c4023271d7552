package import Interface
import Platform

extension Keys {
  package static let keys = Keymap<State, Message>(
    Binding(.enter, help: "open", .openAsked) {
      $0.isOpened ? "It is open already." : $0.selected == nil ? "There is no key to open." : nil
    },
    Binding("d", help: "disable", .changeAsked(.disable)) { fault($0, .disable) },
    Binding("e", help: "enable", .changeAsked(.enable)) { fault($0, .enable) },
    Binding("x", help: "archive", .changeAsked(.archive)) { fault($0, .archive) },
    Binding("y", help: "copy id", .copyAsked) { $0.selected == nil ? "There is nothing to copy." : nil },
    Binding(.escape, help: "back", .backAsked) { $0.backFault },
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  ).then(.list(Message.list)).then(.motions(Message.moved))

  private static func fault(_ state: State, _ change: Change) -> String? {
    if let reason = state.readOnlyReason { return reason }
    if state.pending != nil { return "A change is on its way." }
    guard let key = state.chosen.first else { return "There is no key here." }
    if state.chosen.contains(where: { change.sources.contains($0.status) }) { return nil }
    return state.hasMarks
      ? "None of the marked keys is \(change.sourceWords)." : "\(key.name) is \(key.status.rawValue)."
  }
}
