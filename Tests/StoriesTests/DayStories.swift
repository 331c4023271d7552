import Console
import Federation
import Foundation
import Interface
import Operations
import Platform
import Testing

@Suite("Stories of a day", .timeLimit(.minutes(2)))
struct DayStories {
  @Test("a token is exchanged against the new rule, another is refused, and the audit log says why")
  func exchanges() async throws {
    let story = try await Story()
    let (rule, account) = try await story.connectOwnIssuer()
    story.press("4")
    story.clock.tick()
    try await story.see("Federation rule created")
    try await story.exchange(rule, account, subject: "svc/deploy")
    story.clock.tick()
    try await story.see("✓ success")
    try await story.exchange(rule, account, subject: "svc/other")
    story.clock.tick()
    try await story.see("✗ match_subject_prefix")
    story.press("<enter>")
    let detail = try await story.see("Against the rule deploy as it is now")
    #expect(detail.contains("✗ subject_prefix") && detail.contains("actual    svc/other"))
    story.press("<esc>/outcome:success<enter>")
    try await story.see("1 found")
    story.press("<esc><tab>")
    try await story.see("refused exchanges by rule")
    let denials = try await story.see("svc/other")
    #expect(denials.contains("deploy"))
    story.press("1")
    try await story.see("1 exchange refused in the last day: match_subject_prefix")
    _ = await story.quit()
  }

  @Test("an alert rings and badges once, and is seen in the audit log")
  func alerts() async throws {
    let alert = try Alert(["when": "rule-first-used", "ring": true, "badge": true], now: Date())
    let story = try await Story(alerts: [alert])
    let (rule, account) = try await story.connectOwnIssuer()
    // What the first reading brings is no news.
    story.press("4")
    story.clock.tick()
    try await story.see("Federation rule created")
    story.press("2")
    try await story.exchange(rule, account, subject: "svc/deploy")
    story.clock.tick()
    let told = try await story.see("rule-first-used: rule \(rule.id) let somebody in for the first time")
    #expect(told.contains("!1 "))
    #expect(await story.screen.rings == 1)
    try await story.exchange(rule, account, subject: "svc/deploy")
    story.press("4")
    story.clock.tick()
    let seen = try await story.see("✓ success")
    #expect(!seen.contains("!1 "))
    #expect(await story.screen.rings == 1)
    _ = await story.quit()
  }

  @Test("the audit log is looked at around a time and around a row, and left again for where it was")
  func jumps() async throws {
    let story = try await Story()
    _ = try await story.connectOwnIssuer()
    story.press("4")
    story.clock.tick()
    try await story.see("Federation rule created")
    story.press("Tnoon<enter>")
    try await story.see("no time: write 12:30, -2h, yesterday or 2026-11-20")
    story.press("<ctrl-u>yesterday<enter>")
    try await story.see(": esc goes back")
    story.press("<esc>/type:platform_federation_rule_created<enter>")
    try await story.see("1 found")
    story.press(".")
    try await story.see("unfiltered: esc goes back")
    let around = try await story.see("Service account created")
    #expect(around.contains("Federation rule created"))
    story.press("<esc>")
    let back = await story.screen.wait { $0.contains("1 found") && !$0.contains("Service account created") }
    #expect(back?.contains("Federation rule created") == true)
    _ = await story.quit()
  }

  @Test("an account is shut off by exactly its rules, and brought back")
  func shutOff() async throws {
    let story = try await Story()
    let (rule, account) = try await story.connectOwnIssuer()
    story.press("2")
    try await story.see("deployer")
    story.press("X")
    try await story.see("Shut off deployer")
    story.press("deployer<enter>")
    try await story.see("is shut off")
    #expect(try await story.operations.rule(rule.id.description).isArchived)
    try await story.exchange(rule, account, subject: "svc/deploy", isAccepted: false)
    story.press("u")
    try await story.see("can be used again")
    #expect(try await story.operations.rules().map(\.match) == [rule.match])
    _ = await story.quit()
  }

  @Test("with --read-only nothing can be asked for, and the reason is said")
  func readOnly() async throws {
    let story = try await Story(isReadOnly: true)
    story.press("2")
    try await story.see("There is no service account yet")
    story.press("a")
    try await story.see("This session is read-only: start it without --read-only to change things.")
    story.press("3a")
    try await story.see("There is no rule yet")
    #expect(await !story.screen.text.contains("Where does the workload run?"))
    _ = await story.quit()
  }

  @Test(
    "a list that cannot be read says what to do, and what was there stays",
    arguments: [Faults.Fault.status(401), .status(403), .status(429), .status(500), .refused, .garbage])
  func brokenLists(fault: Faults.Fault) async throws {
    let story = try await Story()
    _ = try await story.connectOwnIssuer()
    story.press("2")
    try await story.see("deployer")
    story.faults.set(fault, on: "/service_accounts")
    story.press("<ctrl-r>")
    let screen = try await story.see("✗ ")
    #expect(screen.contains("deployer"))
    story.faults.clear()
    story.press("<ctrl-r>")
    let healed = await story.screen.wait { !$0.contains("✗ The") && $0.contains("deployer") }
    #expect(healed != nil)
    _ = await story.quit()
  }

  @Test("a burst of keys is one drawing, in the order they were pressed")
  func burst() async throws {
    let story = try await Story()
    story.press("2")
    try await story.see("There is no service account yet")
    story.press("a")
    try await story.see("New service account")
    let before = await story.screen.frames
    story.press("abcdefghijklmnopqrstuvwxyz")
    try await story.see("abcdefghijklmnopqrstuvwxyz")
    #expect(await story.screen.frames - before < 26)
    story.resize(40, 10)
    try await story.see("This window is 40 × 10")
    story.resize(100, 30)
    try await story.see("abcdefghijklmnopqrstuvwxyz")
    _ = await story.quit()
  }
}
