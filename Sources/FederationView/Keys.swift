package import Interface

extension Rules {
  package static let keys = Keymap<State, Message>(
    Binding(.enter, help: "open", .openAsked) { state in
      if state.trial != nil { return "esc goes back." }
      if state.lint != nil { return mendFault(state) }
      if case .issuer = state.opened?.subject { return "It is open already." }
      return state.subjectAtHand == nil ? "There is nothing to open." : nil
    },
    Binding("a", help: "connect a workload", .connectAsked) {
      $0.readOnlyReason ?? ($0.isAtIssuers ? "Workloads are connected from the rules: tab." : nil)
    },
    // The same key adds what the open list has.
    Binding("a", help: "register an issuer", .issuerAsked) {
      $0.readOnlyReason ?? ($0.isAtIssuers ? nil : "Issuers are registered from their list: tab.")
    },
    Binding("l", help: "findings and mend", .lintAsked) { state in
      if state.lint != nil { return state.trial == nil ? "They are open already." : "Go back first: esc." }
      guard let rule = state.ruleAtHand else { return "Only rules have findings: choose one." }
      return rule.isArchived ? "It is archived: nothing gets in." : nil
    },
    Binding("e", help: "edit", .editAsked) { editFault($0) },
    Binding("x", help: "archive", .archiveAsked) { archiveFault($0) },
    Binding(.tab, .backTab, help: "rules or issuers", .paneChanged) {
      $0.isPageOpen ? "Go back to the lists first: esc." : nil
    },
    Binding("t", help: "test a token", .trialAsked) {
      $0.ruleAtHand == nil ? "A token is tested on a rule: choose one." : nil
    },
    Binding("A", help: "accept a finding", .acceptAsked) { acceptFault($0) },
    Binding("y", help: "copy as JSON", .copyAsked) {
      $0.subjectAtHand == nil ? "There is nothing to copy." : nil
    },
    Binding("w", help: "write to a file", .saveAsked) { saveFault($0) },
    Binding(.escape, help: "back", .backAsked) {
      $0.isPageOpen ? nil : $0.pane == .rules ? $0.ruleList.backFault : $0.issuerList.backFault
    },
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  ).then(.list(Message.list) { $0.situation }).then(.motions(Message.moved))

  private static func saveFault(_ state: State) -> String? {
    switch state.subjectAtHand {
    case .rule: state.organizationID == nil ? "The organization is not known yet." : nil
    case .issuer: nil
    case nil: "There is nothing to write."
    }
  }
}
