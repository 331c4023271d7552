import Console
import Interface
import Testing

@Suite("The console read out")
struct PlainStories {
  /// The view's key, a text that stands on it once it is filled, and one that comes when `<enter>` opens its first row.
  private static let views: [(key: String, filled: String, opened: String)] = [
    ("1", "strangers", "Rules"), ("2", "ci-deploy", "Service accounts"), ("3", "WHO GETS IN", "Rules"),
    ("4", "TIME (UTC)", "activity_"), ("5", "KEY", "esc"), ("6", "STATUS", "Static keys"),
  ]

  @Test("has one thing a line, no frames, and the selected one marked, in every view", arguments: Self.views.map(\.key))
  func readable(key: String) async throws {
    let view = try #require(Self.views.first { $0.key == key })
    let story = try await Story(size: Size(columns: 132, rows: 40), scenario: .demo)
    try await story.see("What needs you now")
    story.press(view.key)
    try await story.see(view.filled)
    let lines = PlainReading.lines(of: await story.screen.surface)
    check(lines)
    // The open one of two panes has a mark too.
    #expect((1...2).contains(lines.count { $0.hasPrefix("> ") }), "\(lines.joined(separator: "\n"))")
    story.press("<enter>")
    try await story.see(view.opened)
    check(PlainReading.lines(of: await story.screen.surface))
    _ = await story.quit()
  }

  @Test("says what a key changed, and not the rest again") func changes() async throws {
    let story = try await Story(size: Size(columns: 132, rows: 40), scenario: .demo)
    try await story.see("What needs you now")
    story.press("2")
    // Whole: findings and use come after the list, and would be announced with what the key changed.
    let whole = await story.screen.wait { $0.contains("ci-deploy") && $0.contains("✓ none") && $0.contains("$") }
    try #require(whole != nil)
    var reading = PlainReading()
    let first = reading.announce(await story.screen.surface)
    #expect(first.count > 10)
    let selected = try #require(first.first { $0.hasPrefix("> ") })
    story.press("j")
    _ = await story.screen.wait { !PlainReading.isMarked(selected, in: $0) }
    let second = reading.announce(await story.screen.surface)
    // What can be done with it may be something else.
    #expect(second.count <= 2 && second[0].hasPrefix("> ") && second[0] != selected, "\(second)")
    story.press("?")
    try await story.see("Help")
    #expect(reading.announce(await story.screen.surface).contains { $0.hasPrefix("j ↓") })
    _ = await story.quit()
  }

  private func check(_ lines: [String]) {
    for line in lines {
      #expect(!line.isEmpty && !line.contains { "─│┌┐└┘├┤┬┴┼█▁▂▃▄▅▆▇▸".contains($0) }, "\(line)")
      #expect(!line.contains("  "), "\(line)")
    }
  }
}

extension PlainReading {
  /// Whether the row that a line was read from is still the selected one.
  fileprivate static func isMarked(_ line: String, in text: String) -> Bool {
    let name = line.dropFirst(2).prefix { $0 != "," }
    return text.split(separator: "\n").contains { $0.contains("▸") && $0.contains(name) }
  }
}
