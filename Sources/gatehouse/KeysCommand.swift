import ArgumentParser
import Operations
import Platform

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Static API keys: what federation replaces.",
    subcommands: [List.self, Show.self, Rename.self, Disable.self, Enable.self, Archive.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the keys. The keys themselves are never shown.")
    @Option(help: "active, inactive, archived or expired.") var status: String?
    @Option(help: "Only those of this workspace.") var workspace: String?
    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let status = status.map(APIKey.Status.init(rawValue:))
      try await options.showList(
        list, APIKey.self,
        part: { operations, keys in
          let known = (try? operations.lastSeen(Workspace.self, liveOnly: true))?.items ?? []
          let id = known.first { $0.name == workspace }?.id.description ?? workspace
          return keys.filter {
            (status == nil || $0.status == status) && (id == nil || $0.workspaceID?.description == id)
          }
        },
        nothing: "There is no such key."
      ) {
        var table = TextTable("NAME", "STATUS", "ACTS AS", "CREATED", "HINT", "ID")
        for key in $0 {
          table.add(
            key.name, key.status.rawValue, key.principal?.words ?? "the workspace", key.createdAt.columnText,
            key.hint ?? "", key.id.description)
        }
        return table
      } read: {
        let operations = $0
        let workspaceID = try await workspace.asyncMap { try await operations.workspace($0).id }
        return try await operations.keys(status: status, workspace: workspaceID)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show one key.")
    @Argument(help: "Its name or identifier.") var key: String
    @OptionGroup var options: GlobalOptions

    func run() async throws { options.show(try await Session.open(options).operations.key(key)) }
  }

  struct Rename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give a key another name.")
    @Argument(help: "Its name or identifier.") var key: String
    @Argument(help: "The new name.") var name: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await KeysCommand.change(key, options, "Rename") { try await $0.renameKey($1, to: name) }
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn a key off, at once. keys enable turns it on again.")
    @Argument(help: "Its name or identifier.") var key: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await KeysCommand.change(key, options, "Disable") { try await $0.disableKey($1) }
    }
  }

  struct Enable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Turn a disabled key on again.")
    @Argument(help: "Its name or identifier.") var key: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await KeysCommand.change(key, options, "Enable") { try await $0.enableKey($1) }
    }
  }

  struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Archive a key, for good.")
    @Argument(help: "Its name or identifier.") var key: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      try await KeysCommand.change(key, options, "Archive", isFinal: true) { try await $0.archiveKey($1) }
    }
  }

  private static func change(
    _ reference: String, _ options: GlobalOptions, _ verb: String, isFinal: Bool = false,
    _ body: (Operations, APIKey) async throws -> APIKey
  ) async throws {
    let session = try await Session.open(options, keeping: .changes)
    let key = try await session.operations.key(reference)
    try session.confirm(
      "\(verb) the key \(key.name)\(isFinal ? " for good" : "")", typing: isFinal ? key.name : nil)
    try await session.change {
      try await body($0, key)
    } show: {
      options.show($0)
    }
  }
}

extension GlobalOptions {
  fileprivate func show(_ key: APIKey) {
    show(
      key.json,
      lines: [
        ("Name", key.name), ("Identifier", key.id.description), ("Status", key.status.rawValue),
        ("Acts as", key.principal?.words ?? "the workspace"), ("Created", key.createdAt.columnText),
        ("Expires", key.expiresAt?.columnText ?? "never"), ("Hint", key.hint ?? ""),
      ])
  }
}

extension APIKey.Principal {
  fileprivate var words: String {
    switch self {
    case .account(let id): id.description
    case .user(let id): id.description
    case .unknown: "something this version does not know"
    }
  }
}

extension Optional {
  func asyncMap<Result>(_ body: (Wrapped) async throws -> Result) async rethrows -> Result? {
    if let self { try await body(self) } else { nil }
  }
}
