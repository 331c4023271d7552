package import Interface
package import Platform

/// The service accounts of the organization: a table, one opened, one being made.
package enum Accounts {
  package struct State: Equatable, Sendable {
    /// Newest first, as the platform lists them.
    package var accounts: [ServiceAccount] = []
    package var table = Table()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var opened: Detail?
    package var creation: Creation?
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?

    package init() {}

    package var selected: ServiceAccount? {
      accounts.indices.contains(table.selected) ? accounts[table.selected] : nil
    }

    /// Whether keys go into a form rather than being commands.
    package var isTyping: Bool { creation != nil }
  }

  /// One account opened: what it is and where it belongs.
  package struct Detail: Equatable, Sendable {
    package var account: ServiceAccount
    /// Nil until they have come.
    package var memberships: [WorkspaceMembership]?
    /// The live rules that let someone become it; nil until they have come.
    package var rules: [FederationRule]?
    package var failure: Problem?
    package var top = 0
  }

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
      let length = form.value("description").unicodeScalars.count
      let tooLong = length > 2000 ? "at most 2000 characters, this has \(length)" : nil
      form.setProblem("description", tooLong)
      return fault == nil && tooLong == nil
    }
  }
}
