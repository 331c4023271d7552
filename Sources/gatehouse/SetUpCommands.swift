import ArgumentParser
import Operations
import Platform

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print the whole federation set-up as one document, for review and version control.",
    discussion: "Example:  gatehouse export > federation.json")
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let document = try await Session.open(options).operations.setUp().json
    if options.json { Output.json(document) } else { Output.verbatim(document.pretty + "\n") }
  }
}

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare the live set-up with a document that export wrote.",
    discussion: "Exit status 1 when they differ.\nExample, in CI:  gatehouse diff federation.json")
  @Argument(help: "The document; - for standard input.") var file: String
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let document = try SetUp(json: try InputFile.json(file))
    let differences = document.differences(to: try await Session.open(options).operations.setUp())
    if options.json {
      for difference in differences { Output.json(difference.json) }
    } else if differences.isEmpty {
      Output.line("The live set-up is as the document has it.")
    } else {
      for difference in differences {
        Output.line("\(difference.kind.rawValue) the \(difference.section.word) \(difference.name) (\(difference.id))")
        for change in difference.changes {
          Output.line(
            "  \(change.field): \(change.before?.compact ?? "nothing") → \(change.after?.compact ?? "nothing")")
        }
      }
    }
    if !differences.isEmpty { throw ExitCode(1) }
  }
}
