import ArgumentParser
import Operations
import Platform

extension AccountsCommand {
  struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Change a service account's description or role. Its name never changes.")
    @Argument(help: "Its name or identifier.") var account: String
    @Option(help: "The new description; an empty one clears it.") var description: String?
    @Option(help: "developer or admin.") var role: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard description != nil || role != nil else { throw ValidationError("Give --description or --role.") }
    }

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let before = try await session.operations.account(account)
      let update = AccountUpdate(description: description, role: role.map(ServiceAccount.Role.init(rawValue:)))
      try session.confirm(
        "Change the service account \(before.name)",
        requests: [Request(.post, "/v1/organizations/service_accounts/\(before.id)", json: update.json)])
      try await session.change {
        try await $0.updateAccount(before.id, update)
      } show: { account in
        options.show(account.json, lines: [("Changed", account.name)] + changes(from: before.json, to: account.json))
      }
    }
  }

  struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Archive a service account, for good. Rules that lead to it are archived first: see --with-rules.")
    @Argument(help: "Its name or identifier.") var account: String
    @Flag(help: "Archive the rules that lead to it as well, and nothing else.") var withRules = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let account = try await session.operations.account(account)
      let dependants = try await session.operations.dependants(of: account.id)
      for rule in dependants.rules { Output.error("  the rule \(rule.name) leads to it") }
      for key in dependants.keys ?? [] { Output.error("  the key \(key.name) acts as it and stops working") }
      if dependants.keys == nil {
        Output.error("  whether keys act as it could not be read: that takes an Admin API key")
      }
      try session.confirm("Archive the service account \(account.name) for good", typing: account.name)
      try await session.change { operations in
        if withRules { for rule in dependants.rules { _ = try await operations.archiveRule(rule.id) } }
        return try await operations.archiveAccount(account)
      } show: { account in
        options.show(account.json, lines: [("Archived", account.name)])
      }
    }
  }

  struct ShutOff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "shut-off",
      abstract: "Archive exactly the rules that lead to one account, so that nobody can become it any more.")
    @Argument(help: "Its name or identifier.") var account: String
    @Flag(help: "Disable the static keys that act as it as well.") var keys = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let plan = try await session.operations.shutOff(try await session.operations.account(account))
      if !options.json { describe(plan) }
      try session.confirm("Shut off \(plan.account.name)", typing: plan.account.name)
      try await session.change { operations in
        let isQuiet = options.json || options.dryRun
        return await operations.carryOut(plan, disablingKeys: keys) { if !isQuiet { Output.error("  \($0)…") } }
      } show: { outcome in
        show(outcome)
        if !outcome.left.isEmpty { throw ExitCode(1) }
      }
    }

    private func describe(_ plan: Operations.ShutOff) {
      for rule in plan.rules { Output.error("  archives the rule \(rule.name)") }
      for rule in plan.unmanageable { Output.error("  leaves the rule \(rule.name): only the Console may archive it") }
      for key in plan.keys ?? [] { Output.error("  \(keys ? "disables" : "leaves") the key \(key.name)") }
      if plan.keys == nil { Output.error("  whether keys act as it could not be read: that takes an Admin API key") }
      if plan.longestTokenLife > 0 {
        Output.error("  tokens given out before live on for up to \(plan.longestTokenLife) s; nothing revokes them")
      }
    }

    private func show(_ outcome: Operations.ShutOffOutcome) {
      let document: JSON = [
        "archived_rules": .array(outcome.archived.map(\.json)),
        "disabled_keys": .array(outcome.disabledKeys.map(\.json)),
        "left": .array(outcome.left.map { ["name": .string($0.name), "problem": $0.problem.json["error"] ?? .null] }),
      ]
      var lines = outcome.archived.map { (label: "Archived", value: "the rule \($0.name)") }
      lines += outcome.disabledKeys.map { ("Disabled", "the key \($0.name)") }
      lines += outcome.left.map { ("Left", "\($0.name): \($0.problem.line)") }
      options.show(document, lines: lines)
    }
  }

  struct AddWorkspace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add-workspace", abstract: "Make an account a member of a workspace, or change what it is there.")
    @Argument(help: "The account's name or identifier.") var account: String
    @Argument(help: "The workspace's name or identifier.") var workspace: String
    @Option(help: "workspace_user, workspace_developer, workspace_restricted_developer or workspace_admin.")
    var role = "workspace_developer"
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let account = try await session.operations.account(account)
      let workspace = try await session.operations.workspace(workspace)
      try session.confirm("Make \(account.name) \(role) of \(workspace.name)")
      try await session.change {
        try await $0.addWorkspace(workspace.id, to: account.id, role: role)
      } show: { membership in
        options.show(membership.json, lines: [("Member", "\(account.name) is \(membership.role) of \(workspace.name)")])
      }
    }
  }

  struct RemoveWorkspace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove-workspace", abstract: "Take an account out of a workspace.")
    @Argument(help: "The account's name or identifier.") var account: String
    @Argument(help: "The workspace's name or identifier.") var workspace: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let account = try await session.operations.account(account)
      let workspace = try await session.operations.workspace(workspace)
      try session.confirm("Take \(account.name) out of \(workspace.name)")
      try await session.change {
        try await $0.removeWorkspace(workspace.id, from: account.id)
      } show: { _ in
        options.show(
          ["service_account_id": JSON(account.id), "workspace_id": JSON(workspace.id)],
          lines: [("Removed", "\(account.name) from \(workspace.name)")])
      }
    }
  }
}

/// What changed, a line for each field.
func changes(from before: JSON, to after: JSON) -> [(label: String, value: String)] {
  FieldChange.list(from: before, to: after)
    .filter { !$0.field.hasPrefix("updated_") }
    .map { ($0.field, "\($0.before?.compact ?? "nothing") → \($0.after?.compact ?? "nothing")") }
}
