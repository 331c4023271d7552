import FoundationEssentials
package import Interface
import Migration
import Platform

extension Migrating {
  package static let keys = Keymap<State, Message>(
    Binding(.enter, help: "open", .openAsked) {
      $0.report != nil || $0.opened != nil
        ? "It is open already." : $0.current == nil ? "There is no key to open." : nil
    },
    Binding("u", help: "roll back", .stepAsked(.rollback)) { fault($0, .rollback) },
    Binding("v", help: "verify", .stepAsked(.verify)) { fault($0, .verify) },
    Binding("d", help: "disable", .stepAsked(.disable)) { fault($0, .disable) },
    Binding("x", help: "archive", .stepAsked(.archive)) { fault($0, .archive) },
    Binding("y", help: "copy", .copyAsked) {
      $0.report == nil && $0.current == nil ? "There is nothing to copy." : nil
    },
    Binding("r", help: "report", .reportAsked) {
      $0.report != nil ? "It is open already." : $0.isReporting ? "It is being written." : nil
    },
    Binding(.escape, help: "back", .backAsked) { $0.backFault },
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  ).then(.list(Message.list)).then(.motions(Message.moved))

  /// Why a step cannot be taken now. What a person may set aside is asked about instead.
  private static func fault(_ state: State, _ step: Course.Step) -> String? {
    if state.report != nil { return "Close the report first: esc." }
    if state.asking != nil { return "A step is being taken." }
    guard let line = state.current else { return "There is no key here." }
    let (key, now) = (line.key, state.board.at)
    if step == .verify {
      if let problem = state.board.rulesFailure { return problem.line }
      return state.board.rules.isEmpty ? "There is no rule that it could federate by: 3, then a, connects it." : nil
    }
    if let reason = state.readOnlyReason { return reason }
    if step == .rollback, hasWayBack(line, at: now) { return nil }
    switch (step, key.status) {
    case (.archive, .inactive), (.disable, .active): break
    case (.rollback, .active): return line.course.steps.isEmpty ? "No step was taken for it yet." : "It is rolled back."
    case (.archive, .active): return "It is archived only after it was disabled and watched."
    default: return "\(key.name) is \(key.status.rawValue)."
    }
    return line.refusals(at: now).first { !$0.isWaivable }?.text
  }

  /// Whether a step was taken that can be gone back on.
  static func hasWayBack(_ line: Line, at now: Date) -> Bool {
    switch line.key.status {
    case .inactive: true
    case .active: !line.course.steps.isEmpty && line.course.state(at: now) != .rolledBack
    default: false
    }
  }
}
