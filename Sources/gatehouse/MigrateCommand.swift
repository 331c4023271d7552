import ArgumentParser
import Migration
import Platform

struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Move automations from static keys to federation, one at a time.",
    subcommands: [
      Scan.self, Inventory.self, PlanCommand.self, PatchCommand.self, Verify.self, BrownOut.self, Disable.self,
      Rollback.self, Archive.self, Status.self, ReportCommand.self,
    ])

  struct Scan: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find static keys in files, and the places that read or pass one on.",
      discussion: """
        Dot files are read and ignore files are not honoured: what a repository ignores is where keys are. Archives, \
        files that are no text, symbolic links, installed packages and version control's own data are passed over \
        and counted. No key is shown, kept or sent: a key found is told by its hint and its digest.

        Exit status: 0 when no key was found, 1 when one was (class real), 6 when a path could not be read.

        Example:  gatehouse migrate scan . ~/.claude --json
        """)

    @Argument(help: "Folders and files.") var paths: [String]
    @OptionGroup var options: GlobalOptions

    func run() throws {
      var finds: [(root: String, find: Find)] = []
      var total = FolderScan.Result()
      for path in paths {
        let result = try FolderScan(path).run()
        finds += result.finds.map { (path, $0) }
        total.files += result.files
        total.bytes += result.bytes
        total.skipped.merge(result.skipped, uniquingKeysWith: +)
        total.unreadable += result.unreadable
      }
      options.show(finds, json: json, nothing: "No key was found, and no place that reads one.") {
        var table = TextTable("PLACE", "KIND", "CLASS", "NAME", "HINT")
        for (root, find) in $0 {
          table.add(
            "\(prefix(root))\(find.file):\(find.line):\(find.column)", find.kind.rawValue, find.class.rawValue,
            find.name ?? find.place ?? "", find.hint ?? "")
        }
        return table
      }
      let summary = Summary(total, finds.map(\.find))
      Output.error(options.json ? summary.json.compact : summary.text)
      if finds.contains(where: { $0.find.class == .real }) { throw ExitCode(1) }
    }

    /// Files are named relative to the path they were found under; with several paths that is said too.
    private func json(_ root: String, _ find: Find) -> JSON {
      guard paths.count > 1, case .object(var object) = find.json else { return find.json }
      object["path"] = .string(root)
      return .object(object)
    }

    private func prefix(_ root: String) -> String { paths.count > 1 ? root + ": " : "" }
  }

  /// What was looked at and what was not: silence is no coverage.
  private struct Summary {
    private let result: FolderScan.Result
    private let keys, places: Int

    init(_ result: FolderScan.Result, _ finds: [Find]) {
      self.result = result
      keys = Set(finds.compactMap(\.digest)).count
      places = finds.count { $0.class == .real }
    }

    var text: String {
      var text = result.unreadable.map { "\($0.file) was not read: \($0.cause)\n" }.joined()
      text += "\(result.files) files read. Keys: \(keys), in \(places) places."
      if !result.skipped.isEmpty {
        let parts = result.skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        text += " Passed over: \(parts.joined(separator: ", "))."
      }
      return text
    }

    var json: JSON {
      var skipped = JSON.Object()
      for (reason, count) in result.skipped.sorted(by: { $0.key < $1.key }) { skipped[reason] = JSON(count) }
      return [
        "summary": [
          "files": JSON(result.files), "bytes": JSON(result.bytes), "keys": JSON(keys), "places": JSON(places),
          "skipped": .object(skipped),
          "unreadable": .array(result.unreadable.map { ["file": .string($0.file), "cause": .string($0.cause)] }),
        ]
      ]
    }
  }
}
