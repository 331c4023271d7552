package import Federation
package import Interface
package import Platform

extension Rules {
  /// The connect wizard: from a workload to a rule that lets it in, and nothing else.
  package struct Connect: Equatable, Sendable {
    package enum Step: Int, CaseIterable, Comparable, Sendable {
      case provider, workload, account, place, review, apply, handover
      package static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
    }

    package var step = Step.provider
    package var providers = Table()
    package var workload = WorkloadForm(.github)
    /// Where a real token is asked for, while it is.
    var token: Form?
    package var facts: TokenFacts?
    package var account = Form([])
    package var place = Form([])
    /// The name that a new account was given by us.
    var proposedName = ""
    /// What there is to choose from; nil until it has come.
    package var grounds: Grounds?
    /// Whether they are being read: true from the start.
    var isPreparing = true
    /// Nil until the platform was asked what is missing.
    package var plan: ConnectionPlan?
    package var isPlanning = false
    package var page = Pager([String]())
    package var confirmation: Confirmation?
    package var progress = Progress()
    /// What became of a connection that was taken back, for the last page.
    package var aftermath: [String] = []
    package var connection: Connection?
    /// Which of the hand-over's files is shown.
    package var file = 0
    package var failure: Problem?
    package var isClosed = false
    /// Rows of the screen that the wizard has.
    package var rows = 20

    package init() {}

    /// The live accounts and the workspaces.
    package struct Grounds: Equatable, Sendable {
      package var accounts: [ServiceAccount]
      package var workspaces: [Workspace]
      package init(accounts: [ServiceAccount], workspaces: [Workspace]) {
        self.accounts = accounts.filter { !$0.isArchived }
        self.workspaces = workspaces.filter { $0.archivedAt == nil }
      }
    }

    /// How far the making has come.
    package struct Progress: Equatable, Sendable {
      package var current: ConnectionPlan.Step?
      package var done: [ConnectionPlan.Step] = []
      package var isRunning = false
      /// Whether what was made is being taken back.
      package var isTakingBack = false
    }

    /// What the person has said so far, for the platform to be asked what is missing.
    package struct Wish: Equatable, Sendable {
      package enum Account: Equatable, Sendable { case existing(ServiceAccount), new(String) }
      package let workload: Workload
      package let account: Account
      package let workspace: Workspace
      package let scope: String
      /// Seconds.
      package let lifetime: Int
    }

    package var isNewAccount: Bool { grounds?.accounts.isEmpty == true || account.choice("kind") == 1 }

    package var chosenAccount: ServiceAccount? {
      guard !isNewAccount, let accounts = grounds?.accounts else { return nil }
      let index = account.choice("existing")
      return accounts.indices.contains(index) ? accounts[index] : nil
    }

    package var wish: Wish? {
      guard let workload = workload.workload, let workspaces = grounds?.workspaces,
        workspaces.indices.contains(place.choice("workspace")), let lifetime = Int(place.value("lifetime"))
      else { return nil }
      let account: Wish.Account
      if isNewAccount {
        account = .new(self.account.value("name"))
      } else if let chosen = chosenAccount {
        account = .existing(chosen)
      } else {
        return nil
      }
      return Wish(
        workload: workload, account: account, workspace: workspaces[place.choice("workspace")],
        scope: Scope.manageable[place.choice("scope")], lifetime: lifetime)
    }
  }
}

extension Rules.Connect {
  /// The account's form. The choice comes first, and only the field it needs is shown.
  static func accountForm(_ grounds: Grounds, name: String, isNew: Bool, chosen: Int = 0) -> Form {
    var fields: [Form.Field] = []
    if !grounds.accounts.isEmpty {
      fields.append(
        .choice(
          "kind", label: "Act as", options: ["a service account there is", "a new service account"],
          selected: isNew ? 1 : 0, hint: "an account of its own for each workload keeps blame and access apart"))
    } else {
      fields.append(.note("Act as a new service account: there is none yet."))
    }
    if isNew {
      fields.append(
        .text("name", label: "Name", value: name, hint: "small letters, digits and hyphens; it can never change"))
    } else {
      fields.append(
        .choice(
          "existing", label: "Account", options: grounds.accounts.map(\.name), selected: chosen,
          hint: "← and → change it; what else leads to it stands below"))
    }
    return Form(fields)
  }

  static func placeForm(_ grounds: Grounds, template: ProviderTemplate) -> Form {
    let workspaces = grounds.workspaces.map { "\($0.name)  \($0.id)" }
    let first = grounds.workspaces.firstIndex { $0.name == "Default" } ?? 0
    return Form([
      .choice(
        "workspace", label: "Workspace", options: workspaces, selected: first,
        hint: "where its calls count and are limited; the account becomes a member when it is none"),
      .choice(
        "scope", label: "May do", options: Scope.manageable.map(Rules.words(forScope:)), selected: 0,
        hint: "inference alone is enough to call models; org:admin can only be granted in the web Console"),
      .number(
        "lifetime", label: "Token lives", value: template.tokenLifetime, units: Array(Unit.ofTime.prefix(3)),
        range: 60...86400, hint: template.lifetimeReason),
    ])
  }

  /// What keeps the account's step from being left.
  mutating func checkAccount() -> Bool {
    guard isNewAccount else { return chosenAccount != nil }
    let name = account.value("name")
    var fault = Slug.fault(in: name)
    if fault == nil, grounds?.accounts.contains(where: { $0.name == name }) == true {
      fault = "an account of this name exists: choose it above, or take another name"
    }
    account.setProblem("name", fault)
    return fault == nil
  }
}

extension Rules {
  static func words(forScope scope: String) -> String {
    switch scope {
    case Scope.inference: "call models (\(scope))"
    case Scope.developer: "everything a workspace's API key may (\(scope))"
    default: scope
    }
  }
}
