import Foundation
import Interface
import Operations
import Platform
import Storage
import Testing

@testable import Console

@Suite("Stories of a line that is down", .timeLimit(.minutes(2)))
struct OfflineStories {
  @Test("the lists are shown as they were last seen, with their age, and are read again when the line is back")
  func offline() async throws {
    let storage = try Storage.inMemory()
    let before = try await Story(scenario: .demo, storage: storage)
    for (key, text) in [("2", "ci-deploy"), ("3", "gha-old-prefix"), ("6", "batch-runner")] {
      before.press(key)
      try await before.see(text)
    }
    before.press("1")
    try await before.see("static keys")
    _ = await before.quit()

    let story = try await Story(size: Size(columns: 130, rows: 30), storage: storage, fault: .refused)
    let overview = try await story.see("Not looked at")
    #expect(overview.contains("static keys active") && overview.contains("as of "))
    for (key, text) in [("2", "ci-deploy"), ("3", "gha-old-prefix"), ("6", "batch-runner")] {
      story.press(key)
      try await story.see(text)
      let screen = try await story.see("could not be reached")
      #expect(screen.contains("Shown as of 20") && screen.contains("as of "), "\(screen)")
    }
    // What is old is not taken for new: the view reads again when it is opened again.
    story.faults.clear()
    story.press("2")
    let healed = await story.screen.wait { !$0.contains("as of ") && $0.contains("[2 ") }
    #expect(healed != nil)
    _ = await story.quit()
  }

  @Test("a call that is never answered keeps nothing else waiting")
  func silence() async throws {
    let story = try await Story(scenario: .demo)
    story.faults.set(.silent, on: "/service_accounts")
    story.press("2")
    try await story.see("[2 ")
    story.press("3")
    try await story.see("gha-old-prefix")
    story.press("6")
    try await story.see("batch-runner")
    story.press("4?")
    try await story.see("type to search")
    story.press("<esc>6jj")
    try await story.see("[6 ")
    #expect(await story.quit().isQuitting)
  }

  @Test("a count of refusals from before the log was read is not taken for one from after")
  func earlyCount() async throws {
    let story = try await Story(scenario: .demo)
    let storage = try Storage.inMemory()
    let performer = Performer(operations: Operations(client: story.operations.client, storage: storage))
    let facts = await performer.overview { facts in
      if facts.denials != nil { _ = try? storage.append([], polledAt: Date()) }
    }
    #expect(facts.denials == [] && facts.polledAt == nil)
    #expect(try storage.cursors().polledAt != nil)
    _ = await story.quit()
  }

  @Test("the overview shows what has come while the rest is on its way")
  func slowPart() async throws {
    let slow = try await Story(scenario: .demo)
    slow.faults.set(.silent, on: "/usage_report")
    slow.faults.set(.silent, on: "/cost_report")
    slow.press("<ctrl-r>")
    try await slow.see("static keys")
    _ = await slow.quit()
  }
}
