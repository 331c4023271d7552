package import FoundationEssentials
import Interface
import Platform

extension Audit {
  /// The log over time, as bars in a row that one can go along.
  package struct Strip: Equatable, Sendable {
    /// What is counted: all there is, or a part.
    package struct Span: Equatable, Sendable {
      /// Nil for the whole log.
      package var range: Range<Date>?
      /// At most so many bars.
      package var bars: Int
      package init(range: Range<Date>? = nil, bars: Int) { (self.range, self.bars) = (range, bars) }
    }

    /// How many there are in each stretch of time, the oldest first.
    package struct Spread: Equatable, Sendable {
      package let start: Date
      /// Of a stretch, in seconds.
      package let width: Int
      package var counts: [Int]
      /// Of the counts, refused exchanges.
      package var denials: [Int]
      package init(start: Date, width: Int, counts: [Int], denials: [Int]) {
        (self.start, self.width, self.counts, self.denials) = (start, width, counts, denials)
      }

      func start(of bar: Int) -> Date { start.addingTimeInterval(Double(bar * width)) }
      /// The stretch that a time is in; nil outside.
      func bar(at date: Date) -> Int? {
        let bar = Int((date.timeIntervalSince(start) / Double(max(1, width))).rounded(.down))
        return counts.indices.contains(bar) ? bar : nil
      }
    }

    package var isShown = true
    /// Whether its cursor is moved, and not the selection.
    package var hasKeys = false
    package var spread: Spread?
    /// Whether the counts are those of another lens.
    package var isStale = true
    package var cursor = 0
    package var span = Span(bars: 80)
    /// Where the log begins, once all of it was shown.
    var whole: Date?
    package init() {}

    /// Bars, refusals, the axis; none where the list needs the room.
    func height(in rows: Int) -> Int { !isShown || rows < 16 ? 0 : rows < 34 ? 3 : 5 }

    /// Counts what has just come.
    /// - Returns: false when some of it lies outside, so that the spread must be made anew.
    mutating func count(_ activities: [Activity]) -> Bool {
      guard var spread, !isStale else { return activities.isEmpty }
      var isWithin = true
      for activity in activities {
        guard let bar = spread.bar(at: activity.createdAt) else {
          isWithin = isWithin && span.range != nil
          continue
        }
        spread.counts[bar] += 1
        if activity.isDenied { spread.denials[bar] += 1 }
      }
      self.spread = spread
      return isWithin
    }
  }

  static func spreadArrived(_ spread: Strip.Spread, _ state: inout State) {
    let time = state.strip.spread.map { $0.start(of: state.strip.cursor) }
    (state.strip.spread, state.strip.isStale) = (spread, false)
    if state.strip.span.range == nil { state.strip.whole = spread.start }
    // The cursor keeps its time through a zoom.
    let bar = state.strip.hasKeys ? time.flatMap(spread.bar) : nil
    state.strip.cursor = bar ?? min(state.strip.cursor, max(0, spread.counts.count - 1))
  }

  static func takeStrip(_ state: inout State) {
    guard let spread = state.strip.spread else { return }
    state.strip.hasKeys.toggle()
    state.strip.isShown = true
    let here = state.selected.flatMap { spread.bar(at: $0.activity.createdAt) }
    state.strip.cursor = here ?? max(0, spread.counts.count - 1)
  }

  static func moveCursor(_ step: Int, _ state: inout State) {
    let last = max(0, (state.strip.spread?.counts.count ?? 1) - 1)
    state.strip.cursor = max(0, min(last, state.strip.cursor + step))
  }

  /// The list goes to the time under the cursor.
  static func jumpFromStrip(_ state: inout State) -> [Effect] {
    guard let spread = state.strip.spread else { return [] }
    state.strip.hasKeys = false
    return jump(.from(spread.start(of: state.strip.cursor)), &state)
  }

  /// An eighth of what is shown around the cursor, or eight times as much, up to all there is.
  static func zoom(in isIn: Bool, _ state: inout State) -> [Effect] {
    guard let spread = state.strip.spread, !spread.counts.isEmpty else { return [] }
    if !state.strip.hasKeys { takeStrip(&state) }
    let length = Double(spread.width * spread.counts.count)
    let wanted = isIn ? length / 8 : length * 8
    let middle = spread.start(of: state.strip.cursor).addingTimeInterval(Double(spread.width) / 2)
    if isIn, wanted < 8 { return [.say("One bar is a second already.")] }
    let range = middle.addingTimeInterval(-wanted / 2)..<middle.addingTimeInterval(wanted / 2)
    let isWhole = !isIn && (state.strip.span.range == nil || state.strip.whole.map { range.lowerBound <= $0 } == true)
    state.strip.span.range = isWhole ? nil : range
    return [.spread(state.lens, state.strip.span)]
  }
}
