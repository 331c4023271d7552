import ArgumentParser
import Operations
import Platform

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check terminal, configuration, credentials, platform and store.",
    discussion: """
      Each line is fine or says what to do. Exit status 1 when something is wrong.
      With --bundle it also writes what a supporter needs to know into a file: versions, terminal, configuration, \
      checks, figures of the store and the end of the log. Secrets are masked; names and paths are not, so read it \
      before you send it.
      Example:  gatehouse doctor --bundle support.json
      """)
  @Option(
    help: ArgumentHelp("Write a bundle for support into this new file; - for standard output.", valueName: "file"))
  var bundle: String?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let examination = Examination(options: options, environment: .current)
    let findings = await examination.findings()
    if let bundle { try await write(SupportBundle(examination).document(findings), to: bundle) }
    if bundle == "-" {
      // The findings are in the bundle, which has standard output for itself.
    } else if options.json {
      for finding in findings { Output.json(finding.json) }
    } else {
      for finding in findings { Output.line(finding.text) }
    }
    if findings.contains(where: { $0.outcome == .wrong }) { throw ExitCode(1) }
  }

  private func write(_ document: JSON, to path: String) throws(Problem) {
    let bytes = Array((document.pretty + "\n").utf8)
    if path == "-" { return Output.verbatim(bytes) }
    let file = try OutputFile(creating: path)
    try file.write(bytes)
    try file.finish()
    Output.error("\(path) is for support. Secrets are masked; it names your organization and paths: read it first.")
  }
}

/// What the doctor looked at, and what came of it.
struct Examined {
  enum Outcome: String { case fine, missing, wrong }
  let what: String
  let outcome: Outcome
  let detail: String
  var remedy: String?

  var text: String {
    let mark = outcome == .fine ? "✓" : outcome == .missing ? "–" : "✗"
    return "\(mark) \(what): \(detail)" + (remedy.map { "\n    \($0)" } ?? "")
  }

  var json: JSON {
    [
      "check": .string(what), "outcome": .string(outcome.rawValue), "detail": .string(detail), "remedy": JSON(remedy),
    ]
  }
}
