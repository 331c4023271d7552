import Console
import Foundation
import Interface
import Operations
import Platform
import Testing

@Suite("Stories of keys on their way out", .timeLimit(.minutes(2)))
struct MigrationStories {
  @Test("a key is looked at, disabled with a reason, and rolled back in one key press")
  func wayBack() async throws {
    let story = try await Story(size: Size(columns: 80, rows: 24), scenario: .demo)
    let key = try await story.operations.key("notebook-shared")
    story.press("5")
    try await story.see("in use")
    story.press("/name:\(key.name)<enter><enter>")
    try await story.see("[in use]")
    story.press("v")
    try await story.see("gatehouse migrate verify \(key.id) --rule")
    story.press("<enter><enter>")
    try await story.see("[soaking]")
    story.press("d <enter>agreed with its owner<enter>")
    try await story.see("--copy-kept --waive 'agreed")
    story.press("\(key.name)<enter>")
    try await story.see("u turns it on again.")
    #expect(try await story.operations.key(key.id.description).status == .inactive)
    try await story.see("[watching]")
    story.press("u")
    try await story.see("[rolled back]")
    #expect(try await story.operations.key(key.id.description).status == .active)
    story.press("r")
    try await story.see("# Migration off static keys")
    let actions = try story.operations.journal().map(\.change.action)
    #expect(actions == ["migrate.rollback", "migrate.disable", "migrate.verify"])
    _ = await story.quit()
  }
}
