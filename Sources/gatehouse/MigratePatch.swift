import ArgumentParser
import Migration
import Operations
import Platform

extension MigrateCommand {
  struct PatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "patch", abstract: "The change of files that moves a workload to federation, as a unified diff.",
      discussion: """
        Workflows of GitHub, pipelines of GitLab, manifests of Kubernetes and Cloud Run, task definitions of ECS, and \
        code. Every byte outside the change stays. What files cannot tell is asked on standard error. A line that goes \
        and holds a key is shown with the key's hint, so such a diff cannot be applied: --write can.

        What is not given of the rule's account, workspace and organization is looked up.

        Example:  gatehouse migrate patch . --rule fdrl_01J9… --write
        """)

    @Argument(help: "A folder or a file.") var path: String
    @Option(help: ArgumentHelp("The rule that the workload federates by.", valueName: "id")) var rule: String
    @Option(help: ArgumentHelp("The organization's identifier.", valueName: "id")) var organization: String?
    @Option(
      name: [.customLong("account"), .customLong("service-account")],
      help: ArgumentHelp("The service account's identifier.", valueName: "id")) var account: String?
    @Option(help: ArgumentHelp("The workspace's identifier.", valueName: "id")) var workspace: String?
    @Option(help: ArgumentHelp("The service account of Google's that Cloud Run is to use.", valueName: "email"))
    var googleAccount: String?
    @Flag(help: "Write the change; only where git has every changed file and nothing is uncommitted.") var write = false
    @Option(help: ArgumentHelp("Write the diff to a new file.", valueName: "file")) var output: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      MigrateCommand.forbidCoreDumps()
      let folder = try FolderPatch(path, identifiers: try await identifiers())
      let changes = folder.patch.changes
      if write, !options.dryRun, !changes.isEmpty {
        try WorkingTree(folder.root).check(changes.filter { $0.before != nil }.map(\.path))
        for change in changes { try folder.write(change) }
      }
      let diff = changes.map(\.diff).joined()
      if let output {
        let file = try OutputFile(creating: output)
        try file.write(Array(diff.utf8))
        try file.finish()
      }
      show(changes, folder.patch.questions, diff)
    }

    private func show(_ changes: [Patch.Change], _ questions: [Patch.Question], _ diff: String) {
      if options.json {
        Output.json([
          "changes": .array(
            changes.map {
              ["path": .string($0.path), "created": .bool($0.before == nil), "diff": .string($0.diff)]
            }), "questions": .array(questions.map(\.json)), "written": .bool(write && !options.dryRun),
        ])
        return
      }
      if output == nil { Output.verbatim(diff) }
      for question in questions { Output.error("\(question.path):\(question.line): \(question.text)") }
      if changes.isEmpty { Output.error("Nothing to change.") }
      if !write, changes.contains(where: \.isMasked) {
        Output.error("A line that goes holds a key, which is not shown: apply this with --write.")
      }
    }

    /// As given, and as the platform has them where they were not.
    private func identifiers() async throws -> Patch.Identifiers {
      var identifiers = Patch.Identifiers(
        rule: rule, organization: organization ?? "", account: account ?? "", workspace: workspace,
        googleAccount: googleAccount)
      guard organization == nil || account == nil else { return identifiers }
      let operations = try await Session.open(options).operations
      let found = try await operations.rule(rule)
      identifiers.rule = found.id.description
      if account == nil { identifiers.account = found.accountID.description }
      if organization == nil { identifiers.organization = try await operations.organization().id }
      if workspace == nil, found.workspaceIDs.count == 1 { identifiers.workspace = found.workspaceIDs[0].description }
      if googleAccount == nil { identifiers.googleAccount = found.match.claims["email"] }
      return identifiers
    }
  }
}
