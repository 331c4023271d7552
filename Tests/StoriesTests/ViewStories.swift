import Console
import Foundation
import Interface
import Operations
import Platform
import Testing

@Suite("Stories of the views", .timeLimit(.minutes(2)))
struct ViewStories {
  @Test("an issuer is registered, edited, and its edit undone from the list of changes")
  func issuer() async throws {
    let story = try await Story()
    story.press("3<tab>")
    try await story.see("No issuer is trusted yet")
    story.press("acluster<down>https://idp.acme.example<ctrl-s>")
    try await story.see("POST /v1/organizations/federation_issuers")
    story.press("<enter>")
    try await story.see("The issuer cluster was registered.")
    #expect(try await story.operations.issuer("cluster").issuerURL == "https://idp.acme.example")
    story.press("e<down><ctrl-u>https://idp.acme.example/<ctrl-s>")
    try await story.see("+ https://idp.acme.example/")
    story.press("<enter>")
    try await story.see("Type cluster to go on")
    story.press("cluster<enter>")
    try await story.see("The issuer cluster was changed.")
    #expect(try await story.operations.issuer("cluster").issuerURL == "https://idp.acme.example/")
    story.press("u")
    try await story.see("set cluster back")
    story.press("<enter>")
    try await story.see("enter again: set cluster back")
    story.press("<enter>")
    try await story.see("Undone: issuers.update.")
    #expect(try await story.operations.issuer("cluster").issuerURL == "https://idp.acme.example")
    _ = await story.quit()
  }

  @Test("a rule is led to another account, and the change refused is said with what was typed kept")
  func rule() async throws {
    let story = try await Story()
    let (rule, _) = try await story.connectOwnIssuer()
    let other = try await story.operations.createAccount(AccountDraft(name: "other"))
    story.press("3")
    try await story.see("deploy")
    // The rest of the organization is there once the findings are.
    story.press("<enter>e")
    try await story.see("Acts as")
    story.faults.set(.status(500), on: "/federation_rules/", method: .post)
    story.press("<down><down><down><down><down><down><ctrl-u>other<ctrl-s>")
    try await story.see("Whoever gets in becomes other instead of")
    story.press("<enter>deploy<enter>")
    try await story.see("✗ The rule was not changed")
    story.faults.clear()
    story.press("<ctrl-s><enter>deploy<enter>")
    try await story.see("The rule deploy was changed.")
    #expect(try await story.operations.rule(rule.id.description).accountID == other.id)
    _ = await story.quit()
  }

  @Test("an account is taken into a workspace and out again, and u puts it back")
  func workspace() async throws {
    let story = try await Story(scenario: .demo)
    let account = try await story.operations.createAccount(AccountDraft(name: "visitor"))
    let staging = try await story.operations.workspace("Staging")
    story.press("7")
    try await story.see("Staging")
    story.press("/name:staging<enter><enter>avisitor<ctrl-s>")
    try await story.see("This request will be sent")
    story.press("<enter>")
    try await story.see("visitor was added as workspace_developer.")
    func isMember() async throws -> Bool {
      try await story.operations.memberships(in: staging).contains { $0.accountID == account.id }
    }
    #expect(try await isMember())
    story.press("x")
    try await story.see("Take visitor out of Staging")
    story.press("visitor<enter>")
    try await story.see("visitor was taken out of the workspace.")
    #expect(try await !isMember())
    story.press("u")
    try await story.see("put the account back")
    story.press("<enter><enter>")
    try await story.see("Undone: accounts.remove-workspace.")
    #expect(try await isMember())
    _ = await story.quit()
  }

  @Test("what a rule's workload needs is written for its owner alone, over no file and through no link")
  func handover() async throws {
    let story = try await Story()
    let (rule, _) = try await story.connectOwnIssuer()
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/elsewhere")
    try "kept".write(toFile: folder + "/old", atomically: true, encoding: .utf8)
    story.press("3")
    try await story.see("deploy")
    for name in ["link", "old"] {
      story.press("w<ctrl-u>\(folder)/\(name)<enter>")
      try await story.see("Name one that is not there yet")
      story.press("<esc>")
      _ = await story.screen.wait { !$0.contains("Write the identifiers") }
    }
    #expect(try String(contentsOfFile: folder + "/old", encoding: .utf8) == "kept")
    #expect(!FileManager.default.fileExists(atPath: folder + "/elsewhere"))
    story.press("w<ctrl-u>\(folder)/new.env<enter>")
    try await story.see("Written to")
    let text = try String(contentsOfFile: folder + "/new.env", encoding: .utf8)
    #expect(text.contains("ANTHROPIC_FEDERATION_RULE_ID=\(rule.id)\n"))
    let mode = try FileManager.default.attributesOfItem(atPath: folder + "/new.env")[.posixPermissions] as? Int
    #expect(mode == 0o600)
    _ = await story.quit()
  }

  @Test("a list that cannot be read again stays, and says how old it is")
  func stale() async throws {
    let story = try await Story(size: Size(columns: 160, rows: 30))
    _ = try await story.connectOwnIssuer()
    story.press("2")
    try await story.see("deployer")
    story.faults.set(.status(500), on: "/service_accounts")
    story.press("<ctrl-r>")
    let text = try await story.see("as of ")
    #expect(text.contains("deployer") && text.contains("✗ The service accounts were not read"))
    story.faults.clear()
    story.press("<ctrl-r>")
    let again = await story.screen.wait { !$0.contains("as of ") && !$0.contains("reading…") }
    #expect(again?.contains("deployer") == true)
    _ = await story.quit()
  }

  @Test("how lists are arranged is kept in a file for their owner alone")
  func arrangements() async throws {
    let story = try await Story()
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/state/lists.json"
    let performer = Performer(operations: story.operations, arrangementsPath: path)
    let json = #"{"lists":{"keys":{"hidden":["HINT"],"order":[],"sort":"KEY","widths":{}}}}"#
    let kept = Arrangements(json: try JSON(parsing: Array(json.utf8)))
    for _ in 1...2 { _ = await performer.perform(.keep(kept)) { _ in } }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(Arrangements(json: try JSON(parsing: Array(text.utf8))) == kept)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/state") == ["lists.json"])
    _ = await story.quit()
  }
}
