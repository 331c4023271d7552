import Console
import Federation
import Foundation
import Interface
import Operations
import Platform
import Testing

@Suite("Stories of rules that let in too much", .timeLimit(.minutes(2)))
struct LintStories {
  @Test("a rule that lets in a whole organization is mended, and its own workload still gets in")
  func mends() async throws {
    let story = try await Story(size: Size(columns: 80, rows: 24), scenario: .demo)
    _ = try await story.operations.sync()
    story.press("3")
    try await story.see("gha-staging-review")
    story.press("/gha-whole<enter>l")
    let page = try await story.see("closes GH003")
    #expect(page.contains("! high") && page.contains("This token gets in, for one"))
    story.press("G")
    let mend = try await story.see("Gets in then")
    #expect(mend.contains("in 30 days") && mend.contains("+ acme/web"))
    story.press("<enter>gha-whole-organization<enter>")
    try await story.see("The rule gha-whole-organization was changed.")
    let clean = await story.screen.wait { $0.contains("i info") && !$0.contains("GH003") }
    #expect(clean != nil)

    let rule = try await story.operations.rule("gha-whole-organization")
    let seen = try await story.operations.acceptedClaims(of: rule.id)
    #expect(!seen.isEmpty && seen.allSatisfy(Matcher(rule.match).accepts))
    let journal = try story.operations.journal()
    #expect(journal.map(\.change.action) == ["rules.update"])
    _ = await story.quit()
  }

  @Test("a finding that somebody lives with counts no more, here and in the overview")
  func accepts() async throws {
    let story = try await Story(size: Size(columns: 80, rows: 24), scenario: .demo)
    _ = try await story.operations.sync()
    try await story.see("1 rule lets strangers in")
    story.press("3")
    try await story.see("gha-staging-review")
    story.press("/gha-old<enter>l")
    // That it is not used is known once the rest of the organization has been read.
    let code = try #require(try await story.see("OPS001").firstMatch(of: /critical +([A-Z0-9]+)/)?.output.1)
    story.press("Amoves next week<enter><enter>")
    try await story.see("\(code) is accepted until")
    #expect(try story.operations.acceptedFindings().map(\.code) == [String(code)])
    story.press("<esc>1")
    let overview = await story.screen.wait { $0.contains("What needs you now") && !$0.contains("lets strangers in") }
    #expect(overview != nil)
    _ = await story.quit()
  }

  @Test("a token is tested before anybody exchanges it, and nothing of it stays")
  func tries() async throws {
    let story = try await Story()
    _ = try await story.connectOwnIssuer()
    let now = Int(Date().timeIntervalSince1970)
    func token(_ subject: String) throws -> Secret {
      try story.sandbox.issuer.key.sign([
        "iss": .string(story.sandbox.issuer.url), "sub": .string(subject), "aud": .string(serviceAudience),
        "iat": JSON(now), "exp": JSON(now + 300), "jti": "one",
      ])
    }
    story.press("3")
    try await story.see("deploy")
    story.press("t")
    try await story.see("Test a token")
    try token("svc/other").expose { story.press($0 + "<enter>") }
    let refused = try await story.see("✗ Refused: match_subject_prefix")
    #expect(refused.contains("✓ signature") && refused.contains("actual    svc/other"))
    story.press("t")
    try await story.see("paste one")
    let good = try token("svc/deploy")
    good.expose { story.press($0 + "<enter>") }
    try await story.see("Accepted")
    story.press("G")
    let grant = try await story.see("all of the API but administration")
    #expect(grant.contains("The minted token") && grant.contains("deployer"))
    story.press("<esc>")
    try await story.see("Rules 1")
    let state = await story.quit()
    #expect(state.rules.trial == nil)
    let journal = try story.operations.journal()
    good.expose { text in #expect(journal.allSatisfy { !"\($0)".contains(text) }) }
  }

  @Test("a refused exchange leads to its rule")
  func why() async throws {
    let story = try await Story()
    let (rule, account) = try await story.connectOwnIssuer()
    try await story.exchange(rule, account, subject: "svc/other")
    var update = RuleUpdate()
    update.match = rule.match
    update.match?.subjectPrefix = "svc/*"
    _ = try await story.operations.updateRule(rule.id, update)
    story.press("4")
    story.clock.tick()
    try await story.see("✗ match_subject_prefix")
    story.press("/outcome:denied<enter>")
    try await story.see("1 found")
    story.press("G<enter>")
    let page = try await story.see("Against the rule as it was then")
    #expect(page.contains("✓ subject_prefix  svc/other") && page.contains("expected  svc/deploy"))
    story.press("<enter>")
    try await story.see("Rules › deploy")
    _ = await story.quit()
  }
}
