import ArgumentParser
import FoundationEssentials
import Migration
import Operations
import Platform

extension MigrateCommand {
  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say how far each key is on its way out, and what comes next.",
      discussion: "With a key its steps too; without one, every key that a step was taken for.")
    @Argument(help: "A key's name or identifier.") var key: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let operations = try await Session.open(options, keeping: .changes).operations
      let one = try await key.asyncMap { try await operations.key($0) }
      let courses = try await operations.courses(of: one)
      let now = Date()
      if key != nil, !options.json, let course = courses.first {
        Output.line("\(course.key.name): \(course.state(at: now).rawValue). Next: \(course.next(at: now))")
        for step in course.steps {
          Output.line("\(step.at.columnText)  \(step.step.rawValue)  \(step.outcome.rawValue)  \(step.who)")
        }
        return
      }
      options.show(courses, json: { $0.json(at: now) }, nothing: "No step was taken for any key.") {
        var table = TextTable("NAME", "STATE", "STATUS", "STEPS", "NEXT")
        for course in $0 {
          table.add(
            course.key.name, course.state(at: now).rawValue, course.key.status.rawValue, String(course.steps.count),
            course.next(at: now))
        }
        return table
      }
    }
  }

  struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "report", abstract: "What auditors get: each key, each step, its evidence, who and when.",
      discussion: """
        Markdown, or with --json one JSON object: places that migrate plan found, files that migrate patch --key changed, \
        evidence, who took each step and who the platform's own log says it was, and week by week the share of tokens that \
        static keys carry. The steps are those of the journal, under one digest.
        """)
    @Argument(help: "A key's name or identifier; all keys when left out.") var key: String?
    @Option(help: ArgumentHelp("Write it to a new file.", valueName: "file")) var output: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let operations = try await Session.open(options, keeping: .activities).operations
      let report = try await operations.migrationReport(of: try await key.asyncMap { try await operations.key($0) })
      let text = options.json ? report.json.compact + "\n" : report.markdown
      guard let output else { return Output.document(text) }
      let file = try OutputFile(creating: output)
      try file.write(Array(text.utf8))
      try file.finish()
    }
  }
}
