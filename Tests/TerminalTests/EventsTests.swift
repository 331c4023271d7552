import Interface
import Testing

@testable import Terminal

@Suite("What a terminal tells")
struct EventsTests {
  private actor Reader {
    func read(_ events: TerminalEvents) async -> [TerminalEvent] {
      var all: [TerminalEvent] = []
      for await event in events { all.append(event) }
      return all
    }
  }

  @Test("comes in its order, what was sent before and while one reads, until the end") func order() async {
    let events = TerminalEvents()
    for number in 0..<100 { events.send(.pressed(.function(number))) }
    async let all = Reader().read(events)
    for number in 100..<200 {
      events.send(.pressed(.function(number)))
      await Task.yield()
    }
    events.finish()
    #expect(await all == (0..<200).map { .pressed(.function($0)) })
  }

  @Test("ends at once where nothing was told") func nothing() async {
    let events = TerminalEvents()
    events.finish()
    #expect(await Reader().read(events).isEmpty)
  }
}
