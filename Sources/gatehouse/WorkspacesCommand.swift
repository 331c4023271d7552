import ArgumentParser
import Operations
import Platform

struct WorkspacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workspaces", abstract: "Workspaces: where calls count and are limited.",
    subcommands: [List.self, Show.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the workspaces, the default one too.")
    @Flag(help: "Archived ones too.") var archived = false
    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await options.showList(
        list, Workspace.self, liveOnly: !archived, nothing: "There is no workspace."
      ) {
        var table = TextTable("NAME", "STATE", "CREATED", "ID")
        for workspace in $0 {
          table.add(
            workspace.name, workspace.isArchived ? "archived" : "live", workspace.createdAt.columnText,
            workspace.id.description)
        }
        return table
      } read: {
        try await $0.workspaces(includeArchived: archived)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a workspace with its service accounts, rules, keys and limits.")
    @Argument(help: "Its name or identifier, or default.") var workspace: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let operations = try await Session.open(options).operations
      let detail = try await operations.detail(of: try await operations.workspace(workspace))
      var lines = [("Name", detail.workspace.name), ("Identifier", detail.workspace.id.description)]
      lines += detail.memberships.map { ("Account", "\($0.accountID) as \($0.role)") }
      lines += detail.rules.map { ("Rule", "\($0.name) (\($0.id))") }
      lines += (detail.keys ?? []).map { ("Key", "\($0.name), \($0.status.rawValue)") }
      for limit in detail.limits ?? [] {
        let limiters = limit.limiters.map { limiter in
          "\(limiter.value.map { "\($0)" } ?? "no") \(limiter.type)\(limiter.isOwn ? " (its own)" : "")"
        }
        lines.append(("Limit", "\(limit.name): \(limiters.joined(separator: ", "))"))
      }
      if detail.keys == nil { lines.append(("Keys", "not read: that takes an Admin API key")) }
      options.show(detail.json, lines: lines.map { (label: $0.0, value: $0.1) })
    }
  }
}
