import Platform
import Testing

@testable import Federation

@Suite("The witness of a finding")
struct AnalysisWitnessTests {
  static let rules =
    RuleCase.all.map { ($0.testDescription, $0.candidate) }
    + (AnalysisCatalogueTests.generalSamples + AnalysisCatalogueTests.conditionSamples
    + AnalysisCatalogueTests.sourceSamples + AnalysisCatalogueTests.identitySamples).map {
      ($0.testDescription, $0.candidate)
    }

  @Test("is accepted by the matcher, and names its issuer", arguments: rules)
  func isAccepted(name: String, candidate: Candidate) {
    for finding in Analyser.findings(of: candidate) {
      guard let witness = finding.witness, let object = witness.object else { continue }
      #expect(Matcher(candidate.match).accepts(Claims(object)), "\(finding.id)")
      #expect(witness["iss"]?.string == candidate.issuerURL)
      #expect(witness["exp"]?.int ?? 0 > witness["iat"]?.int ?? 0)
    }
  }

  @Test("is somebody whose name begins alike, where that is the risk")
  func isNamed() throws {
    let finding = try #require(Analyser.findings(of: Sample(.gitHub, "repo:acme*").candidate).first)
    #expect(finding.id == "GH002")
    #expect(finding.witness?["sub"] == "repo:acme-evil/intern-sandbox:ref:refs/heads/evil")
    #expect(finding.witness?["repository_owner"] == "acme-evil")
  }

  @Test("is found for every finding of scope", arguments: rules)
  func isFound(name: String, candidate: Candidate) {
    let findings = Analyser.findings(of: candidate).filter { $0.severity > .info }
    guard !findings.contains(where: { Inspection.deadly.contains($0.id) }) else { return }
    for finding in findings where Analyser.isShown(finding.id) && finding.id != "GEN002" {
      #expect(finding.witness != nil, "\(finding.id)")
    }
  }
}
