import ArgumentParser
import Glibc
import Migration
import Platform

struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Move automations from static keys to federation, one at a time.",
    subcommands: [
      Scan.self, Inventory.self, PlanCommand.self, PatchCommand.self, Verify.self, Disable.self, Rollback.self,
      Archive.self, Status.self, ReportCommand.self,
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
      MigrateCommand.forbidCoreDumps()
      var (finds, unreadable) = ([Find](), 0)
      var summary = FolderScan.Result()
      for path in paths {
        let result = try FolderScan(path).run()
        finds += result.finds
        summary.files += result.files
        summary.bytes += result.bytes
        summary.skipped.merge(result.skipped, uniquingKeysWith: +)
        for (file, cause) in result.unreadable { Output.error("\(file) was not read: \(cause)") }
        unreadable += result.unreadable.count
      }
      options.show(finds, json: \.json, nothing: "No key was found, and no place that reads one.") {
        var table = TextTable("PLACE", "KIND", "CLASS", "NAME", "HINT")
        for find in $0 {
          table.add(
            "\(find.file):\(find.line):\(find.column)", find.kind.rawValue, find.class.rawValue,
            find.name ?? find.place ?? "", find.hint ?? "")
        }
        return table
      }
      Output.error(MigrateCommand.words(summary, finds: finds, unreadable: unreadable))
      if finds.contains(where: { $0.class == .real }) { throw ExitCode(1) }
    }
  }

  /// Keys are in memory while files are read, and a core dump would write them to disk.
  static func forbidCoreDumps() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }

  private static func words(_ result: FolderScan.Result, finds: [Find], unreadable: Int) -> String {
    let keys = Set(finds.compactMap(\.digest)).count
    let places = finds.filter { $0.class == .real }.count
    var text = "\(result.files) files read. Keys: \(keys), in \(places) places."
    if !result.skipped.isEmpty {
      let parts = result.skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      text += " Passed over: \(parts.joined(separator: ", "))."
    }
    if unreadable > 0 { text += " Not readable: \(unreadable)." }
    return text
  }
}
