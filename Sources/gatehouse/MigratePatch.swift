import ArgumentParser
import Migration
import Operations
import Platform

extension MigrateCommand {
  struct PatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "patch", abstract: "The change of files that moves a workload to federation, as a unified diff.",
      discussion: """
        Workflows and composite actions of GitHub (callers and called), pipelines of GitLab, manifests of Kubernetes and \
        Cloud Run, Helm charts, Compose, Dockerfiles, task definitions of ECS, templates of CloudFormation, SAM and \
        Serverless, Cloud Build, Terraform, code, and clients that are too old. Every byte outside the change stays. What \
        files cannot tell is asked on standard error.

        Compose, functions, images and builds have no token of their own: they are changed only when --token-file or \
        --token-from-code says where the workload has one from.

        The patch applies with git apply, and with patch -p1 where no line of it holds a key. A key is never shown: where \
        a line that is changed holds one, the change is there to be read with the key's hint, as a remark, and to be \
        applied as a binary patch of git's, which tells what goes by its place.

        What is not given of the rule's account, workspace and organization is looked up.

        Examples:
          gatehouse migrate patch . --rule fdrl_01J9… | git apply
          gatehouse migrate patch . --rule fdrl_01J9… --key ci-key --write
          gatehouse migrate patch deploy --rule fdrl_01J9… --token-file /run/spiffe/token
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
    @Option(
      help: ArgumentHelp("Where the workload finds an identity token that is kept fresh.", valueName: "path"))
    var tokenFile: String?
    @Flag(help: "The workload's own code asks for its token.") var tokenFromCode = false
    @Flag(help: "Raise pins of clients too, that are too old to federate, in files of requirements.") var raisePins =
      false
    @Option(
      help: ArgumentHelp(
        "The key that the workload uses: digests of the patch are kept beside it, for the report.",
        valueName: "name or id")) var key: String?
    @Flag(help: "Write the change; only where git has every changed file and nothing is uncommitted.") var write = false
    @Option(help: ArgumentHelp("Write the diff to a new file.", valueName: "file")) var output: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard let tokenFile else { return }
      if tokenFromCode { throw ValidationError("--token-file and --token-from-code: it is one or the other.") }
      let isPlain = tokenFile.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'\\#:{}[],$`".utf8.contains($0) }
      if !tokenFile.hasPrefix("/") || tokenFile.hasSuffix("/") || !isPlain {
        throw ValidationError("--token-file takes an absolute path of letters, digits and signs that need no quotes.")
      }
    }

    private var tokenSource: Patch.TokenSource {
      tokenFile.map { .file($0) } ?? (tokenFromCode ? .code : .unknown)
    }

    func run() async throws {
      let folder = try FolderPatch(path, identifiers: try await identifiers())
      let changes = folder.patch.changes
      if write, !options.dryRun, !changes.isEmpty {
        try WorkingTree(folder.root).check(changes.filter { $0.before != nil }.map(\.path))
        for change in changes { try folder.write(change) }
      }
      let diff = changes.filter { !$0.isSecret }.map(\.patch).joined()
      if let output {
        let file = try OutputFile(creating: output)
        try file.write(Array(diff.utf8))
        try file.finish()
      }
      if let key, !options.dryRun {
        let operations = try await Session.open(options, keeping: .changes).operations
        try operations.keepPatch(changes, rule: rule, isWritten: write, of: try await operations.key(key))
      }
      show(changes, folder.patch.questions, diff)
    }

    private func show(_ changes: [Patch.Change], _ questions: [Patch.Question], _ diff: String) {
      if options.json {
        Output.json([
          "changes": .array(
            changes.map {
              [
                "path": .string($0.path), "created": .bool($0.before == nil), "diff": .string($0.diff),
                "patch": $0.isSecret ? .null : .string($0.patch),
              ]
            }), "questions": .array(questions.map(\.json)), "written": .bool(write && !options.dryRun),
        ])
        return
      }
      if output == nil { Output.document(diff) }
      for question in questions { Output.error("\(question.path):\(question.line): \(question.text)") }
      if changes.isEmpty { Output.error("Nothing to change.") }
      guard !write else { return }
      for change in changes where change.isSecret {
        Output.error("\(change.path): a line that stays in part holds a key, so no patch is without it: use --write.")
      }
      if changes.contains(where: { $0.isMasked && !$0.isSecret }) {
        Output.error(
          "A line holds a key, which is not shown: apply this with git apply, not with patch, or use --write.")
      }
    }

    /// As given, and as the platform has them where they were not.
    private func identifiers() async throws -> Patch.Identifiers {
      var identifiers = Patch.Identifiers(
        rule: rule, organization: organization ?? "", account: account ?? "", workspace: workspace,
        googleAccount: googleAccount,
        token: tokenSource, raisesPins: raisePins)
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
