import FoundationXML
import Foundation
import Platform
import Testing

@testable import Federation

@Suite("Reports of findings")
struct AnalysisReportTests {
  let reports = [
    RuleReport(
      id: "fdrl_01A", name: "ci",
      findings: Analyser.findings(of: Sample(.gitHub, "repo:acme/api:*").candidate).filter { $0.severity > .info }),
    RuleReport(id: "fdrl_01B", findings: []),
  ]

  @Test("SARIF names every finding, its documentation and its place")
  func sarif() throws {
    let log = SARIF.log(reports, version: "1.0.0", file: "rules.jsonl")
    #expect(log["version"] == "2.1.0")
    let run = try #require(log["runs"]?.array?.first)
    #expect(run.at("tool.driver.rules.0.id") == "GH005")
    let result = try #require(run["results"]?.array?.first)
    #expect(run["results"]?.array?.count == 1)
    #expect(result["ruleId"] == "GH005")
    #expect(result["level"] == "error")
    #expect(result.at("locations.0.physicalLocation.artifactLocation.uri") == "rules.jsonl")
    #expect(result.at("properties.witness.sub")?.string?.hasPrefix("repo:acme/api:") ?? false)
  }

  @Test("SARIF keeps an accepted finding, with the reason")
  func suppressed() {
    let accepted = RuleReport(id: "a", findings: reports[0].findings, accepted: ["GH005": "sandbox"])
    let log = SARIF.log([accepted], version: "1.0.0")
    #expect(log.at("runs.0.results.0.suppressions.0.justification") == "sandbox")
  }

  @Test("JUnit is well-formed, and counts what fails")
  func jUnit() throws {
    let hostile = RuleReport(id: "<&\"\u{1}", findings: reports[0].findings)
    let text = JUnit.report(reports + [hostile])
    let parser = XMLParser(data: Data(text.utf8))
    #expect(parser.parse())
    #expect(text.contains("tests=\"3\" failures=\"2\""))
    #expect(JUnit.report(reports, failingFrom: .critical).contains("failures=\"0\""))
  }

  @Test("a finding is accepted with a reason, for a time, and until the rule changes")
  func acceptance() throws {
    let now = try #require(Date(timestamp: "2026-10-01T00:00:00Z"))
    let later = now + 86400
    func rule(_ id: String, _ subject: String = "repo:acme/api:*") throws -> FederationRule {
      FederationRule(
        id: try ID(id), name: "ci", description: nil, issuerID: try ID("fdis_1"), match: .init(subjectPrefix: subject),
        accountID: try ID("svac_1"), scope: Scope.inference, tokenLifetime: 600, appliesToAllWorkspaces: false,
        workspaceIDs: [], createdAt: now, createdBy: nil)
    }
    func acceptance(reason: String, until date: Date) throws(Problem) -> AcceptedFinding {
      guard let rule = try? rule("fdrl_01A") else { throw Problem("x", because: "y", try: "z") }
      return try AcceptedFinding(accepting: "gh005", of: rule, reason: reason, until: date, who: "ada", at: now)
    }
    let accepted = [try acceptance(reason: "sandbox", until: later)]
    let findings = reports[0].findings
    let split = accepted.split(findings, of: try rule("fdrl_01A"), at: now)
    #expect(split.open.isEmpty && split.accepted.map(\.acceptance.reason) == ["sandbox"])
    #expect(accepted.split(findings, of: try rule("fdrl_01A"), at: later).accepted.isEmpty)
    #expect(accepted.split(findings, of: try rule("fdrl_01A", "repo:acme/*"), at: now).accepted.isEmpty)
    #expect(accepted.split(findings, of: try rule("fdrl_01B"), at: now).accepted.isEmpty)
    #expect(throws: Problem.self) { try acceptance(reason: " ", until: later) }
    #expect(throws: Problem.self) { try acceptance(reason: "x", until: now) }
    #expect(throws: Problem.self) { try acceptance(reason: "x", until: now + 400 * 86400) }
  }
}
