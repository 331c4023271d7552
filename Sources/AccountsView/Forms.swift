package import Interface
package import Platform

extension Accounts {
  /// An account being made: filled in, then shown as the request it is, then sent.
  package struct Creation: Equatable, Sendable {
    package enum Stage: Equatable, Sendable { case form, review, sending }
    package var stage = Stage.form
    package var form = Form([
      .text("name", label: "Name", hint: "small letters, digits and hyphens: ci-deploy; it can never change"),
      .text("description", label: "Description", hint: "who it is for, for the next administrator"),
    ])
    package var failure: Problem?

    package var draft: AccountDraft {
      let description = form.value("description")
      return AccountDraft(name: form.value("name"), description: description.isEmpty ? nil : description)
    }

    /// What keeps it from being made, beside the field it is about.
    mutating func check(against accounts: [ServiceAccount]) -> Bool {
      let name = form.value("name")
      var fault = Slug.fault(in: name)
      if fault == nil, accounts.contains(where: { $0.name == name }) { fault = "an account of this name exists" }
      form.setProblem("name", fault)
      return form.checkDescription() && fault == nil
    }
  }

  /// An account being changed: filled in, then shown as the difference it makes, then sent.
  package struct Edit: Equatable, Sendable {
    package let account: ServiceAccount
    package var form: Form
    package var isReview = false
    package var isSending = false
    package var failure: Problem?

    init(_ account: ServiceAccount) {
      self.account = account
      form = Form([
        .note("The name \(account.name) can never change."),
        .text("description", label: "Description", value: account.description ?? "", hint: "who it is for"),
        .choice(
          "role", label: "Role", options: Edit.roles.map(\.rawValue),
          selected: Edit.roles.firstIndex(of: account.organizationRole) ?? 0,
          hint: "admin is only needed before a rule may grant org:admin"),
      ])
    }

    private static let roles = [ServiceAccount.Role.developer, .admin]

    package var update: AccountUpdate {
      let (description, role) = (form.value("description"), Edit.roles[form.choice("role")])
      return AccountUpdate(
        description: description == account.description ?? "" ? nil : description,
        role: role == account.organizationRole ? nil : role)
    }

    /// Each changed member with what it was and what it becomes.
    var changes: [(field: String, before: String, after: String)] {
      var changes: [(field: String, before: String, after: String)] = []
      if let description = update.description {
        changes.append(("description", account.description ?? "", description))
      }
      if let role = update.role {
        changes.append(("organization_role", account.organizationRole.rawValue, role.rawValue))
      }
      return changes
    }
  }
}

extension Form {
  /// At most 2000 characters (Admin API, service accounts).
  fileprivate mutating func checkDescription() -> Bool {
    let length = value("description").unicodeScalars.count
    setProblem("description", length > 2000 ? "at most 2000 characters, this has \(length)" : nil)
    return length <= 2000
  }
}

extension Accounts {
  static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if state.closing != nil { return typedClosing(key, &state) }
    if state.edit != nil { return typedEdit(key, &state) }
    if state.creation != nil { return typedCreation(key, &state) }
    state.typed(key)
    return []
  }

  private static func typedCreation(_ key: Key, _ state: inout State) -> [Effect] {
    guard var creation = state.creation else { return [] }
    defer { if state.creation != nil { state.creation = creation } }
    switch creation.stage {
    case .sending:
      return []
    case .review:
      if key == .escape { creation.stage = .form }
      guard key == .enter else { return [] }
      creation.stage = .sending
      return [.create(creation.draft)]
    case .form:
      switch creation.form.press(key) {
      case .cancelled: state.creation = nil
      case .submitted:
        creation.failure = nil
        if creation.check(against: state.accounts) { creation.stage = .review }
      case .changed: _ = creation.check(against: state.accounts)
      case .moved, .ignored: break
      }
      return []
    }
  }

  private static func typedEdit(_ key: Key, _ state: inout State) -> [Effect] {
    guard var edit = state.edit, !edit.isSending else { return [] }
    defer { if state.edit != nil { state.edit = edit } }
    if edit.isReview {
      if key == .escape { edit.isReview = false }
      guard key == .enter else { return [] }
      edit.isSending = true
      return [.update(edit.account, edit.update)]
    }
    switch edit.form.press(key) {
    case .cancelled: state.edit = nil
    case .submitted:
      guard edit.form.checkDescription() else { return [] }
      edit.failure = nil
      // Nothing changed means that there is nothing to send.
      if edit.changes.isEmpty { state.edit = nil } else { edit.isReview = true }
    case .changed: _ = edit.form.checkDescription()
    case .moved, .ignored: break
    }
    return []
  }
}
