package import FoundationEssentials
import Interface
package import Platform

extension Audit {
  /// Neighbours in time of all that passes the lens, oldest first. The store has the rest.
  package struct Window: Equatable, Sendable {
    package internal(set) var arrivals: [Arrival] = []
    /// Whether nothing that passes is older than the first.
    package internal(set) var isOldest = false
    /// Whether nothing that passes is newer than the last.
    package internal(set) var isNewest = true
    /// Activities that came late since the window was opened: they stand in their places, not at the end.
    package internal(set) var late = 0
    /// What they passed.
    package internal(set) var filter = ActivityFilter.not(Lens.reads)

    /// How many are read at once, and how many are kept at most.
    package static let page = 500
    package static let capacity = 2000
    /// So near an end the next ones are read.
    static let margin = 100

    /// Puts new ones in their places, those that lie outside left out.
    /// - Returns: how many came late: not behind the last.
    mutating func merge(_ new: [Arrival]) -> Int {
      guard let first = arrivals.first?.place, let last = arrivals.last?.place else {
        if isNewest { arrivals = new.sorted { $0.place < $1.place } }
        return 0
      }
      var late = 0
      for arrival in new {
        if arrival.place > last {
          if isNewest { insert(arrival) }
        } else if arrival.place > first || isOldest {
          if insert(arrival) { late += 1 }
        }
      }
      return late
    }

    @discardableResult
    private mutating func insert(_ arrival: Arrival) -> Bool {
      let index = index(of: arrival.place)
      if arrivals.indices.contains(index), arrivals[index].place == arrival.place { return false }
      arrivals.insert(arrival, at: index)
      return true
    }

    /// The first whose place is not before this one.
    func index(of place: Int64) -> Int {
      var (low, high) = (0, arrivals.count)
      while low < high {
        let middle = (low + high) / 2
        if arrivals[middle].place < place { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// Forgets those that are farthest from the one at hand, which the store gives again.
    mutating func trim(around index: Int) {
      let surplus = arrivals.count - Window.capacity
      guard surplus > 0 else { return }
      let older = max(0, min(surplus, index - Window.capacity / 2))
      if older > 0 {
        arrivals.removeFirst(older)
        isOldest = false
      }
      if surplus > older {
        arrivals.removeLast(surplus - older)
        isNewest = false
      }
    }
  }

  /// A part of the log that the store is asked for.
  package struct Ask: Equatable, Sendable {
    package enum Part: Equatable, Sendable {
      case newest, oldest
      case older(than: Int64), newer(than: Int64)
      /// On both sides of an activity, which itself need not pass.
      case around(ID<Activity>)
      /// On both sides of a time as it was typed.
      case at(String)
      case from(Date)
    }
    package let part: Part
    package let lens: Lens
    /// Tells the answer to this one from a late answer to the same question before.
    let number: Int
    package init(_ part: Part, _ lens: Lens, number: Int = 0) {
      (self.part, self.lens, self.number) = (part, lens, number)
    }

    /// Whether they ask for the same.
    package static func == (left: Ask, right: Ask) -> Bool { left.part == right.part && left.lens == right.lens }
  }

  /// What the store has of it.
  package struct Reading: Equatable, Sendable {
    /// Oldest first.
    package let arrivals: [Arrival]
    /// The lens as a filter.
    package let filter: ActivityFilter
    package let isOldest, isNewest: Bool
    /// Where the part is around, as ``Arrival/place``; nil for the other parts.
    package let centre: Int64?
    package init(_ arrivals: [Arrival], filter: ActivityFilter, isOldest: Bool, isNewest: Bool, centre: Int64? = nil) {
      (self.arrivals, self.filter, self.centre) = (arrivals, filter, centre)
      (self.isOldest, self.isNewest) = (isOldest, isNewest)
    }
  }

  // MARK: Reading

  /// Asks for a part in place of what was asked for before.
  static func read(_ part: Ask.Part, _ state: inout State) -> [Effect] {
    state.owed = 0
    return [.read(begin(part, &state))]
  }

  private static func begin(_ part: Ask.Part, _ state: inout State) -> Ask {
    state.asked += 1
    let ask = Ask(part, state.lens, number: state.asked)
    (state.reading, state.meanwhile) = (ask, [])
    return ask
  }

  /// After another lens: the same place in it, with its count and its strip.
  static func refocus(_ state: inout State) -> [Effect] {
    let chosen = state.selected?.activity.id
    (state.measure, state.strip.isStale) = (nil, true)
    return read(state.isFollowing ? .newest : chosen.map { .around($0) } ?? .newest, &state) + survey(state)
  }

  /// The count and the strip of what the lens lets pass.
  static func survey(_ state: State) -> [Effect] { [.measure(state.lens), .spread(state.lens, state.strip.span)] }

  static func taken(_ ask: Ask, _ reading: Reading, _ state: inout State) -> [Effect] {
    // An answer to what was asked before is of no use any more.
    guard ask == state.reading, ask.number == state.reading?.number, ask.lens == state.lens else { return [] }
    state.reading = nil
    if !reading.arrivals.isEmpty { state.hasLoaded = true }
    switch ask.part {
    case .older: extend(&state, older: reading)
    case .newer: extend(&state, newer: reading)
    case .newest, .oldest, .around, .at, .from: replace(&state, ask.part, reading)
    }
    // What came after the store was asked and before it was heard.
    let meanwhile = state.meanwhile.filter { reading.filter.accepts($0.activity) }
    state.meanwhile = []
    if !meanwhile.isEmpty { join(meanwhile, &state) }
    return readOn(&state)
  }

  private static func extend(_ state: inout State, older reading: Reading) {
    state.rearrange {
      $0.window.arrivals.insert(contentsOf: reading.arrivals, at: 0)
      $0.window.isOldest = reading.isOldest
    }
    pay(&state)
    state.rearrange { $0.window.trim(around: $0.table.selected) }
  }

  private static func extend(_ state: inout State, newer reading: Reading) {
    // What arrived meanwhile may be among them.
    let last = state.window.arrivals.last?.place ?? .min
    state.rearrange {
      $0.window.arrivals += reading.arrivals.filter { $0.place > last }
      $0.window.isNewest = reading.isNewest
    }
    pay(&state)
    state.rearrange { $0.window.trim(around: $0.table.selected) }
    settle(&state)
  }

  /// Goes the lines that could not be gone before their rows had come; some may have to wait for more.
  private static func pay(_ state: inout State) {
    let owed = state.owed
    state.owed = 0
    if owed != 0 { step(owed, &state) }
  }

  /// Moves as far as there are rows, and owes the rest where there are more in the store.
  private static func step(_ lines: Int, _ state: inout State) {
    let wanted = state.table.selected + state.owed + lines
    let last = state.window.arrivals.count - 1
    state.move(.lines(state.owed + lines))
    state.owed =
      wanted < 0 && !state.window.isOldest ? wanted : wanted > last && !state.window.isNewest ? wanted - last : 0
  }

  private static func replace(_ state: inout State, _ part: Ask.Part, _ reading: Reading) {
    let chosen = state.selected
    let offset = state.table.selected - state.table.top
    state.rearrange {
      $0.window = Window(
        arrivals: reading.arrivals, isOldest: reading.isOldest, isNewest: reading.isNewest, filter: reading.filter)
    }
    let count = reading.arrivals.count
    switch part {
    case .newest: state.table.moveToEnd(count: count)
    case .oldest: state.table.selected = 0
    case .at:
      if state.prompt?.purpose == .time { state.prompt = nil }
      state.table.selected = min(state.window.index(of: reading.centre ?? 0), max(0, count - 1))
    default: state.table.selected = min(state.window.index(of: reading.centre ?? 0), max(0, count - 1))
    }
    // The same row stays where it stands on the screen; another stands in the middle.
    let isSame = state.selected?.activity.id == chosen?.activity.id
    state.table.top = max(0, state.table.selected - (isSame ? offset : (state.height - 1) / 2))
    state.table.scroll(height: state.height, count: count)
    settle(&state)
  }

  /// Near an end of the window the store is read on.
  static func readOn(_ state: inout State) -> [Effect] {
    guard state.reading == nil, let first = state.window.arrivals.first, let last = state.window.arrivals.last else {
      return []
    }
    let part: Ask.Part
    if !state.window.isOldest, state.table.selected < Window.margin {
      part = .older(than: first.place)
    } else if !state.window.isNewest, state.window.arrivals.count - state.table.selected <= Window.margin {
      part = .newer(than: last.place)
    } else {
      return []
    }
    return [.read(begin(part, &state))]
  }

  // MARK: Moving

  /// Whether the newest is at hand, so that those to come are shown at once.
  static func settle(_ state: inout State) {
    state.isFollowing =
      state.window.isNewest && state.homes.isEmpty && state.table.selected >= state.window.arrivals.count - 1
    if state.isFollowing { state.unseen = 0 }
  }

  static func moveLog(_ motion: Motion, _ state: inout State) -> [Effect] {
    if motion == .start, !state.window.isOldest { return read(.oldest, &state) }
    if motion == .end, !state.window.isNewest { return read(.newest, &state) }
    if let distance = motion.distance(height: state.height - 1) { step(distance, &state) } else { state.move(motion) }
    settle(&state)
    return readOn(&state)
  }

  /// To the newest, through the filters again, and with those to come.
  static func follow(_ state: inout State) -> [Effect] {
    (state.homes, state.pane, state.opened) = ([], .log, nil)
    if state.isUnfiltered {
      state.isUnfiltered = false
      state.isFollowing = true
      return refocus(&state)
    }
    guard state.window.isNewest else { return read(.newest, &state) }
    return moveLog(.end, &state)
  }

  // MARK: Arrivals

  /// Puts arrivals into the window, and goes along with them when the newest is followed.
  /// - Returns: how many came late.
  @discardableResult
  private static func join(_ arrivals: [Arrival], _ state: inout State) -> Int {
    var late = 0
    let isFollowing = state.isFollowing
    state.rearrange { late = $0.window.merge(arrivals) }
    if isFollowing { state.table.moveToEnd(count: state.window.arrivals.count) }
    state.rearrange { $0.window.trim(around: $0.table.selected) }
    settle(&state)
    return late
  }

  static func arrive(_ new: [Arrival], _ state: inout State) -> [Effect] {
    // What comes when nothing was told of is history, not news.
    let isHistory = state.lastRow == nil
    (state.hasLoaded, state.failure) = (true, nil)
    // Two polls may bring the same rows.
    let fresh = new.filter { $0.row > state.lastRow ?? .min }
    guard let last = fresh.last else { return [] }
    state.lastRow = last.row
    if isHistory { return refocus(&state) }
    if state.reading != nil { state.meanwhile += fresh }
    let passing = fresh.filter { state.window.filter.accepts($0.activity) }
    state.unseen += passing.count
    let late = join(passing, &state)
    state.rearrange { $0.window.late += late }
    state.measure?.passing += passing.count
    let denied = fresh.filter(\.activity.isDenied)
    if !state.isOpen { state.newDenials += denied.count }
    let isWithin = state.strip.count(passing.map(\.activity))
    return (isWithin ? [] : [.spread(state.lens, state.strip.span)])
      + (denied.isEmpty || !state.denials.hasLoaded ? [] : [.readDenials])
  }
}
