import ArgumentParser
import Federation
import FoundationEssentials
import Operations
import Platform

extension RulesCommand {
  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Live with a finding of a rule, for a reason and for a time.",
      discussion: """
        The finding then counts neither in rules lint nor in the console, until the date, or until the rule's match \
        changes. Kept in the profile's own store.
        Example:  gatehouse rules accept gha-api GH005 --reason 'moves in March' --until 2027-03-31
        """)
    @Argument(help: "The rule's name or identifier.") var rule: String
    @Argument(help: "The finding's code, as rules lint prints it.") var code: String
    @Option(help: "Why it is fine for now.") var reason: String?
    @Option(help: ArgumentHelp("The day it ends, within a year: 2027-03-31.", valueName: "date")) var until: String?
    @Flag(help: "Take the acceptance back, instead.") var withdraw = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      guard withdraw ? reason == nil && until == nil : reason != nil && until != nil else {
        throw ValidationError("Give --reason and --until, or --withdraw alone.")
      }
    }

    func run() async throws {
      let operations = try await Session.open(options, keeping: .changes).operations
      let rule = try await operations.rule(rule)
      let code = Catalogue.risk(code)?.id ?? code
      if withdraw {
        guard try operations.acceptedFindings().contains(where: { $0.ruleID == rule.id && $0.code == code }) else {
          throw Problem(
            "Nothing was taken back", because: "\(code) of \(rule.name) is not accepted",
            try: "See what is with gatehouse rules lint.", code: "not_found_error")
        }
        try operations.withdrawAcceptance(of: code, on: rule.id)
        return options.show(
          ["finding_id": .string(code), "rule_id": JSON(rule.id), "accepted": false],
          lines: [("Taken back", "\(code) of \(rule.name) counts again")])
      }
      let date = try moment(until ?? "", now: Date())
      let found = try await operations.inventory()
      // A rule that has no such finding may get it later: that would be accepted unseen.
      guard Analyser.findings(of: found.candidate(for: rule), showing: false).contains(where: { $0.id == code }) else {
        throw Problem(
          "\(code) was not accepted", because: "\(rule.name) has no such finding",
          try: "See what it has with gatehouse rules lint.", kind: .usage)
      }
      let accepted = try operations.accept(code, of: rule, reason: reason ?? "", until: date)
      options.show(
        accepted.json,
        lines: [
          ("Accepted", "\(code) of \(rule.name)"), ("Until", String(accepted.expiresAt.columnText.prefix(10))),
          ("Because", accepted.reason),
        ])
    }
  }
}
