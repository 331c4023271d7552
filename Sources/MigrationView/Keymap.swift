package import Interface
import Migration
import Platform

extension Migrating {
  package static let keys = Keymap<State, Message>(
    Binding("j", .down, help: "next", .moved(.lines(1))),
    Binding("k", .up, help: "previous", .moved(.lines(-1))),
    Binding(.enter, help: "open", .openAsked) {
      $0.report != nil || $0.opened != nil
        ? "It is open already." : $0.selected == nil ? "There is no key to open." : nil
    },
    Binding("u", help: "roll back", .stepAsked(.rollback)) { fault($0, .rollback) },
    Binding("v", help: "verify", .stepAsked(.verify)) { fault($0, .verify) },
    Binding("d", help: "disable", .stepAsked(.disable)) { fault($0, .disable) },
    Binding("x", help: "archive", .stepAsked(.archive)) { fault($0, .archive) },
    Binding("y", help: "copy", .copyAsked) {
      $0.report == nil && $0.selected == nil ? "There is nothing to copy." : nil
    },
    Binding("r", help: "report", .reportAsked) {
      $0.report != nil ? "It is open already." : $0.isReporting ? "It is being written." : nil
    },
    Binding("/", help: "filter", .filterAsked) {
      $0.opened != nil || $0.report != nil ? "Go back to the list first: esc." : nil
    },
    Binding(.escape, help: "back", .backAsked) {
      $0.opened != nil || $0.report != nil || $0.filter.isActive ? nil : "This is the top. Press q to quit."
    },
    Binding(.pageDown, .control("f"), help: "page down", .moved(.pages(1))),
    Binding(.pageUp, .control("b"), help: "page up", .moved(.pages(-1))),
    Binding(.control("d"), help: "half a page down", .moved(.halves(1))),
    Binding(.control("u"), help: "half a page up", .moved(.halves(-1))),
    Binding("g", .home, help: "first", .moved(.start)),
    Binding("G", .end, help: "last", .moved(.end)),
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  )

  /// Why a step cannot be taken now. What a person may set aside is asked about instead.
  private static func fault(_ state: State, _ step: Course.Step) -> String? {
    if state.report != nil { return "Close the report first: esc." }
    if state.asking != nil { return "A step is being taken." }
    guard let line = state.selected else { return "There is no key here." }
    let (key, now) = (line.key, state.board.at)
    if step == .verify {
      if let problem = state.board.rulesFailure { return problem.line }
      return state.board.rules.isEmpty ? "There is no rule that it could federate by: 3, then a, connects it." : nil
    }
    if let reason = state.readOnlyReason { return reason }
    switch (step, key.status) {
    case (.rollback, .inactive), (.archive, .inactive), (.disable, .active): break
    case (.rollback, .active):
      if line.course.steps.isEmpty { return "No step was taken for it yet." }
      return line.course.state(at: now) == .rolledBack ? "It is rolled back." : nil
    case (.archive, .active): return "It is archived only after it was disabled and watched."
    default: return "\(key.name) is \(key.status.rawValue)."
    }
    return step == .rollback ? nil : line.refusals(at: now).first { !$0.isWaivable }?.text
  }
}
