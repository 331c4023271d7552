import ArgumentParser
import Operations
import Platform

struct AccountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accounts", abstract: "Service accounts: who a workload acts as.",
    subcommands: [
      List.self, Show.self, Create.self, Update.self, Archive.self, ShutOff.self, AddWorkspace.self,
      RemoveWorkspace.self,
    ])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the service accounts, newest first.",
      discussion: "Example:  gatehouse accounts list --archived --json | jq -r .name")
    @Flag(help: "Archived ones too.") var archived = false
    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await options.showList(
        list, ServiceAccount.self, liveOnly: !archived,
        nothing: "There is no service account yet. Make one: gatehouse accounts create NAME"
      ) {
        var table = TextTable("NAME", "ROLE", "STATE", "CREATED", "ID")
        for account in $0 {
          table.add(
            account.name, account.organizationRole.rawValue, account.isArchived ? "archived" : "live",
            account.createdAt.columnText, account.id.description)
        }
        return table
      } read: {
        try await $0.accounts(includeArchived: archived)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one service account, its workspaces and the rules that lead to it.",
      discussion: "Example:  gatehouse accounts show ci-deploy")
    @Argument(help: "Its name or identifier.") var account: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let operations = try await Session.open(options).operations
      let account = try await operations.account(account)
      let memberships = try await operations.memberships(of: account.id)
      let rules = try await operations.rules().filter { $0.accountID == account.id }
      var document = account.json.object ?? [:]
      document["workspaces"] = .array(memberships.map(\.json))
      document["rules"] = .array(rules.map(\.json))
      var lines = [
        ("Name", account.name), ("Identifier", account.id.description), ("Role", account.organizationRole.rawValue),
        ("State", account.archivedAt.map { "archived \($0.columnText)" } ?? "live"),
        ("Description", account.description ?? ""),
        ("Created", "\(account.createdAt.columnText) by \(account.createdBy ?? "unknown")"),
      ]
      lines += memberships.map {
        ("Workspace", "\($0.workspaceID) as \($0.role)\($0.isImplicit ? " (built in)" : "")")
      }
      lines += rules.map { ("Rule", "\($0.name) (\($0.id)): \($0.match.requestJSON.compact)") }
      if rules.isEmpty { lines.append(("Rule", "none: nobody can become it")) }
      options.show(.object(document), lines: lines.map { (label: $0.0, value: $0.1) })
    }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Create a service account.",
      discussion: "Example:  gatehouse accounts create ci-deploy --description 'Deploys the site' --yes")
    @Argument(help: "Its name: small letters, digits and hyphens. It can never change.") var name: String
    @Option(help: "Who it is for, up to 2000 characters.") var description: String?
    @Option(help: "developer, or admin for rules that grant org:admin.") var role = "developer"
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, keeping: .changes)
      let draft = AccountDraft(name: name, description: description, role: ServiceAccount.Role(rawValue: role))
      try session.confirm(
        "Create the service account \(name)",
        requests: [Request(.post, "/v1/organizations/service_accounts", json: draft.json)])
      try await session.change {
        try await $0.createAccount(draft)
      } show: { account in
        options.show(account.json, lines: [("Created", account.name), ("Identifier", account.id.description)])
      }
    }
  }
}
