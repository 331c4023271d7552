import Testing

@testable import Terminal

@Suite("The pace of a line")
struct LinePaceTests {
  /// A line that takes so many bytes a second and holds `room` of them before it says that it is full.
  private struct Line {
    let rate: Double
    let room: Double
    var pace = LinePace()
    var now = ContinuousClock.now
    /// On its way, and waiting to be sent.
    var held = 0.0
    var queued = 0.0
    var sent = 0
    /// The oldest that what was shown ever was, in seconds.
    var oldest = 0.0

    mutating func advance(milliseconds: Int) {
      for _ in 0..<milliseconds {
        now += .milliseconds(1)
        held = max(0, held - rate / 1000)
        push()
      }
    }

    mutating func push() {
      let taken = min(queued, room - held).rounded(.down)
      if taken > 0 { (held, queued, sent) = (held + taken, queued - taken, sent + Int(taken)) }
      pace.note(sent: sent, isBlocked: queued > 0, at: now)
    }

    /// Writes a frame if it is time, as the loop does.
    mutating func offer(_ bytes: Int) {
      guard queued == 0, pace.delay(at: now) == .zero else { return }
      queued += Double(bytes)
      push()
      oldest = max(oldest, (held + queued) / rate)
    }
  }

  @Test("leaves frames out of a slow line before they are old") func slow() {
    // 115 200 baud behind a pseudo-terminal, which holds 12 KiB.
    var line = Line(rate: 11_520, room: 12_288)
    for _ in 0..<100 {
      line.advance(milliseconds: 30)
      line.offer(4000)
    }
    #expect(line.oldest > 0.9, "it is full once before anything is known of it")
    line.oldest = 0
    let before = line.sent
    for _ in 0..<100 {
      line.advance(milliseconds: 30)
      line.offer(4000)
    }
    #expect(line.oldest < 0.5)
    #expect(Double(line.sent - before) > 0.8 * 3 * 11_520, "the line is kept busy")
  }

  @Test("holds nothing back from a line that takes everything") func fast() {
    var line = Line(rate: 10_000_000, room: 12_288)
    for _ in 0..<1000 {
      line.advance(milliseconds: 5)
      line.offer(5000)
    }
    #expect(line.sent == 5_000_000)
  }

  @Test("does not hold a stop of the output against the line") func stopped() {
    var line = Line(rate: 0.001, room: 1000)
    line.offer(2000)
    line.advance(milliseconds: 5000)
    var again = Line(rate: 1_000_000, room: 1000, pace: line.pace, now: line.now)
    (again.sent, again.queued) = (line.sent, line.queued)
    again.advance(milliseconds: 5)
    again.offer(1000)
    again.offer(100)
    #expect(again.sent == 3000 && again.queued == 100)
  }
}
