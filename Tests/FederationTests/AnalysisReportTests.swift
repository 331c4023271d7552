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
    let match = FederationRule.Match(subjectPrefix: "repo:acme/api:*")
    let acceptance = try Acceptance(
      findingID: "GH005", ruleID: "fdrl_01A", match: match, reason: "sandbox", until: later, at: now)
    #expect(try Acceptance(json: acceptance.json) == acceptance)
    #expect(acceptance.state(for: match, at: now) == .holds)
    #expect(acceptance.state(for: match, at: later) == .expired)
    #expect(acceptance.state(for: .init(subjectPrefix: "repo:acme/*"), at: now) == .changed)
    let split = [acceptance].split(reports[0].findings, ruleID: "fdrl_01A", match: match, at: now)
    #expect(split.open.isEmpty && split.accepted.map(\.acceptance.reason) == ["sandbox"])
    #expect([acceptance].split(reports[0].findings, ruleID: "fdrl_01B", match: match, at: now).accepted.isEmpty)
    #expect(throws: Problem.self) {
      try Acceptance(findingID: "GH005", ruleID: "a", match: match, reason: " ", until: later, at: now)
    }
    #expect(throws: Problem.self) {
      try Acceptance(findingID: "GH005", ruleID: "a", match: match, reason: "x", until: now, at: now)
    }
  }
}
