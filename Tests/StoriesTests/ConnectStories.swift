import Console
import Federation
import Foundation
import Interface
import Operations
import Platform
import Testing

@Suite("Stories", .timeLimit(.minutes(2)))
struct ConnectStories {
  @Test("a person creates an account, connects a repository, and sees it all in the audit log")
  func connects() async throws {
    let story = try await Story()
    try await story.see("What needs you now")
    story.press("2")
    try await story.see("There is no service account yet")
    story.press("a")
    try await story.see("New service account")
    story.press("ci-deploy<enter>for the release pipeline<enter>")
    try await story.see("This request will be sent:")
    story.press("<enter>")
    try await story.see("The service account ci-deploy was created.")

    try await story.openWizard(.github)
    story.press("acme/api<enter><enter>main")
    try await story.see("Gets in: any job on branch main of acme/api, and nothing else")
    story.press("<ctrl-s>")
    try await story.see("Act as")
    story.press("<ctrl-s>")
    try await story.see("May do")
    story.press("<ctrl-s>")
    let review = try await story.see("Gets in")
    #expect(review.contains("any job on branch main of acme/api, and nothing else"))
    #expect(review.contains("✓ in   a job on branch main of acme/api"))
    story.press("<enter>")
    try await story.see("is live")
    let handover = await story.screen.text
    #expect(handover.contains("ANTHROPIC_FEDERATION_RULE_ID=fdrl_"))
    story.press("y")
    try await story.see("Copied .github/workflows/claude.yml.")
    let copied = await story.screen.copied
    #expect(copied.first?.contains("ANTHROPIC_SERVICE_ACCOUNT_ID: svac_") == true)
    story.press("<esc>")
    try await story.see("▸ gha-acme-api-main")

    story.press("4")
    story.clock.tick()
    let audit = try await story.see("Federation rule created")
    #expect(audit.contains("Service account created") && audit.contains("Federation issuer created"))
    #expect(await story.quit().isQuitting)
  }

  @Test("a pasted token says whose it is, and what to trust")
  func fromToken() async throws {
    let story = try await Story()
    try await story.openWizard()
    story.press("t")
    try await story.see("A token of the workload")
    story.press("nonsense<enter>")
    try await story.see("it has 1 part where a token has three")
    let claims: JSON.Object = [
      "iss": "https://gitlab.com", "sub": "project_path:acme/api:ref_type:branch:ref:main", "project_path": "acme/api",
      "project_id": "77", "ref": "main", "ref_type": "branch", "ref_protected": "true",
      "aud": "https://gitlab.com", "iat": 1, "exp": 2,
    ]
    let token = try story.sandbox.issuer.key.sign(claims)
    token.expose { story.press($0 + "<enter>") }
    let screen = try await story.see("GitLab CI")
    #expect(screen.contains("✗ The token would not get in: audience"))
    #expect(screen.contains("project_id is \"77\""))
    _ = await story.quit()
  }

  @Test("a wildcard is explained, with an example, and waits for the account's name")
  func wildcard() async throws {
    let story = try await Story()
    try await story.openWizard(.github)
    story.press("acme/api<enter><right><right><enter>repo:acme/api:*")
    try await story.see("every branch, tag, environment and pull request")
    story.press("<ctrl-s>")
    try await story.see("Act as")
    story.press("<ctrl-s>")
    try await story.see("May do")
    story.press("<ctrl-s>")
    let review = try await story.see("GH005")
    #expect(review.contains("! in   a job of a pull request of acme/api"))
    story.press("<enter>")
    try await story.see("More than this workload gets in")
    story.press("<enter>")
    #expect(try await story.operations.rules().isEmpty)
    story.press("gha-repo-acme-api<enter>")
    try await story.see("is live")
    #expect(try await story.operations.rules().first?.match.subjectPrefix == "repo:acme/api:*")
    _ = await story.quit()
  }

  @Test(
    "what breaks is said with what to do, and going on makes nothing twice",
    arguments: ["status=500", "status=429", "status=403", "drop=before", "drop=after", "garbage"],
    ["federation_issuers", "service_accounts", "federation_rules"])
  func broken(fault: String, path: String) async throws {
    let story = try await Story()
    try await story.walkToReview("acme/api<enter><enter>main<ctrl-s>")
    try await story.setFaults("\(fault),path=/v1/organizations/\(path)")
    story.press("<enter>")
    let screen = try await story.see("esc leave")
    #expect(screen.contains("✗ The ") || screen.contains("✗ It is not known"), "\(screen)")
    let isNothing = path == "federation_issuers" && ["status=429", "status=403"].contains(fault)
    #expect(screen.contains("Nothing was made.") == isNothing, "\(screen)")
    try await story.setFaults()
    story.press("r")
    try await story.see("is live")
    #expect(try await story.operations.rules().count == 1)
    #expect(try await story.operations.issuers().count == 1)
    #expect(try await story.operations.accounts().count == 1)
    _ = await story.quit()
  }

  @Test("what was made half is taken back with one key, once the account's name is typed")
  func takenBack() async throws {
    let story = try await Story()
    try await story.walkToReview("acme/api<enter><enter>main<ctrl-s>")
    try await story.setFaults("drop=after,path=/v1/organizations/federation_rules")
    story.press("<enter>")
    try await story.see("u takes it back")
    story.press("u")
    try await story.see("archived, for good")
    try await story.setFaults()
    story.press("gha-acme-api-main<enter>")
    let screen = try await story.see("took back the rule gha-acme-api-main")
    #expect(screen.contains("took back the service account gha-acme-api-main"))
    #expect(screen.contains("took back the issuer github-actions"))
    #expect(try await story.operations.rules().isEmpty)
    #expect(try await story.operations.issuers().isEmpty)
    #expect(try await story.operations.accounts().isEmpty)
    story.press("<esc>")
    try await story.see("Act as")
    story.press("<ctrl-s>")
    try await story.see("May do")
    story.press("<ctrl-s>")
    try await story.see("Tried with tokens")
    story.press("<enter>")
    try await story.see("is live")
    #expect(try await story.operations.accounts().map(\.name) == ["gha-acme-api-main-2"])
    _ = await story.quit()
  }
}
