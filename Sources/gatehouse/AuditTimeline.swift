import ArgumentParser
import Federation
import FoundationEssentials
import Interface
import Operations
import Platform

extension AuditCommand {
  struct Timeline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell what an account or a repository did, in sessions: each exchange, and what followed from it.",
      discussion: """
        Example:  gatehouse audit timeline --repository acme/api --since -1d

        No event names the token it was done with. What is inferred says so: probably where one token fits, possibly
        where several do. An account may be used with a static key too; what no token can have done stands by itself.
        """)
    @Option(help: ArgumentHelp("A service account, by identifier.", valueName: "id")) var account: String?
    @Option(help: ArgumentHelp("A repository, as its tokens name it.", valueName: "owner/name"))
    var repository: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("From this time on.", valueName: "time")) var since = "-7d"
    @Option(parsing: .unconditional, help: ArgumentHelp("Before this time.", valueName: "time")) var until = "now"
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard (account == nil) != (repository == nil) else {
        throw ValidationError("Say whose story: either --account or --repository.")
      }
    }

    func run() async throws {
      let now = Date()
      let (start, end) = (try moment(since, now: now), try moment(until, now: now))
      guard start < end else { throw ValidationError("--since is not before --until.") }
      let identity: Operations.Identity
      if let account {
        guard let id = try? ID<ServiceAccount>(account) else {
          throw ValidationError("'\(account)' is no service account's identifier: those begin svac_.")
        }
        identity = .account(id)
      } else {
        identity = .repository(repository ?? "")
      }
      let operations = try await Session.open(options, keeping: .changes).operations
      let story = try await operations.story(of: identity, from: start, to: end)
      for gap in story.gaps { Output.error("gatehouse: \(gap)") }
      if options.json {
        for session in story.timeline.sessions { Output.json(session.json) }
      } else if story.timeline.sessions.isEmpty {
        Output.line("Nothing is kept of it in that time. audit sync reads what is new.")
      } else {
        for session in story.timeline.sessions { Self.show(session) }
      }
    }

    private static func show(_ session: Federation.Timeline.Session) {
      Output.line(Text.harmless(session.title))
      for step in session.steps {
        let words = ActivityLines.line(step.activity)
        Output.line("  \(words)")
        if step.tie != .known { Output.line("      \(step.tie.word): \(step.because)") }
      }
      for (use, tie) in session.uses { Output.line("  \(use.words(tie))") }
    }
  }
}
