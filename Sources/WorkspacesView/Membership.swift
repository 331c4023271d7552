package import Interface
package import Platform

extension Workspaces {
  /// An account being added to a workspace, or given another role there: filled in, shown as the request, then sent.
  package struct Adding: Equatable, Sendable {
    package enum Stage: Equatable, Sendable { case form, review, sending }

    package let workspace: Workspace
    /// What is changed; nil for an account that is added.
    package let membership: WorkspaceMembership?
    /// Live accounts by name.
    private let accounts: [String: ID<ServiceAccount>]
    private let members: Set<ID<ServiceAccount>>
    package var stage = Stage.form
    package var form: Form
    package var failure: Problem?

    /// What an account may be in a workspace (Admin API, memberships).
    static let roles = ["workspace_user", "workspace_developer", "workspace_restricted_developer", "workspace_admin"]

    init(to workspace: Workspace, among state: State, changing membership: WorkspaceMembership? = nil) {
      (self.workspace, self.membership) = (workspace, membership)
      let live = state.accounts.values.filter { !$0.isArchived }
      accounts = Dictionary(live.map { ($0.name, $0.id) }) { first, _ in first }
      members = Set((state.contents[workspace.id]?.memberships ?? []).map(\.accountID))
      let role = membership.flatMap { Adding.roles.firstIndex(of: $0.role) } ?? 1
      let roleField = Form.Field.choice(
        "role", label: "Role", options: Adding.roles, selected: role,
        hint: "workspace_developer is enough to call models; ← and → change it")
      form = Form(
        membership.map { [.note("\(state.name(of: $0.accountID)) is \($0.role) now."), roleField] } ?? [
          .text("account", label: "Account", hint: ""), roleField,
        ])
      setHint()
    }

    var accountID: ID<ServiceAccount>? { membership?.accountID ?? accounts[form.value("account")] }
    var role: String { form.value("role") }

    /// The accounts that what was typed may mean.
    private mutating func setHint() {
      guard let index = form.fields.firstIndex(where: { $0.id == "account" }) else { return }
      let text = form.value("account")
      let names = accounts.filter { !members.contains($0.value) && (text.isEmpty || $0.key.contains(text)) }.keys
        .sorted()
      let shown = names.prefix(5).joined(separator: ", ")
      form.fields[index].hint =
        names.isEmpty
        ? "no other account is there" : shown + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }

    /// - Parameter isFinished: whether what is still missing is a fault.
    mutating func check(isFinished: Bool) -> Bool {
      setHint()
      guard membership == nil else { return true }
      let name = form.value("account")
      let fault: String? =
        if let id = accounts[name] {
          members.contains(id) ? "\(name) is there already: open it to change its role" : nil
        } else {
          isFinished ? name.isEmpty ? "an account is needed" : "there is no live account called \(name)" : nil
        }
      form.setProblem("account", fault)
      if isFinished, fault != nil { form.focus(on: "account") }
      return fault == nil && accountID != nil
    }
  }

  /// An account about to be taken out of a workspace.
  package struct Removing: Equatable, Sendable {
    package let membership: WorkspaceMembership
    package var confirmation: Confirmation
    package var isSending = false

    init(_ membership: WorkspaceMembership, _ state: State) {
      self.membership = membership
      let name = state.name(of: membership.accountID)
      let workspace = state.workspaces.first { $0.id == membership.workspaceID }
      let rules = workspace.map(state.rules(of:))?.filter { $0.accountID == membership.accountID } ?? []
      let lines =
        rules.isEmpty
        ? ["No live rule mints for it here."]
        : ["Refused from then on, for a token is only minted for a member:"] + rules.map { "  \($0.name)" }
      confirmation = Confirmation(
        title: "Take \(name) out of \(workspace?.name ?? membership.workspaceID.description)",
        lines: lines + ["It can be added again, with u too.", ""], word: name, severity: .warning)
    }
  }

  static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if state.adding != nil { return typedAdding(key, &state) }
    if var removing = state.removing {
      guard !removing.isSending else { return [] }
      let outcome = removing.confirmation.press(key)
      removing.isSending = outcome == .confirmed
      state.removing = outcome == .cancelled ? nil : removing
      return outcome == .confirmed ? [.remove(removing.membership)] : []
    }
    state.typed(key)
    return []
  }

  private static func typedAdding(_ key: Key, _ state: inout State) -> [Effect] {
    guard var adding = state.adding else { return [] }
    defer { if state.adding != nil { state.adding = adding } }
    switch adding.stage {
    case .sending: return []
    case .review:
      if key == .escape { adding.stage = .form }
      guard key == .enter, let account = adding.accountID else { return [] }
      adding.stage = .sending
      return [.add(account, to: adding.workspace, role: adding.role)]
    case .form:
      switch adding.form.press(key) {
      case .cancelled: state.adding = nil
      case .submitted:
        adding.failure = nil
        if adding.role == adding.membership?.role {
          state.adding = nil
        } else if adding.check(isFinished: true) {
          adding.stage = .review
        }
      case .changed: _ = adding.check(isFinished: false)
      case .moved, .ignored: break
      }
      return []
    }
  }
}
