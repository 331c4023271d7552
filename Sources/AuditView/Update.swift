package import Federation
package import FoundationEssentials
package import Interface
package import Platform

extension Audit {
  package enum Message: Equatable, Sendable {
    case opened, left
    case refreshAsked
    /// The screen has another size, and room for other bars.
    case resized
    case arrived([Arrival])
    case pollFailed(Problem)
    /// A question to the store was not answered.
    case failed(Problem)
    case read(Ask, Reading)
    case measured(Lens, Measure)
    case spreadArrived(Lens, Strip.Span, Strip.Spread)
    /// Why a text that was typed is no filter, or no time.
    case refused(String, why: String)
    case moved(Motion)
    case list(List.Message)
    case followAsked
    case openAsked, backAsked
    case neighbourAsked(by: Int)
    case rulesArrived([FederationRule])
    /// What was recorded about that rule since the exchange that is opened.
    case historyArrived(ID<FederationRule>, [Activity])
    case readsAsked
    case copyAsked, pathAsked
    case filterAsked, filtersAsked, highlightAsked, timeAsked, surroundingsAsked
    /// A whole filter, set from elsewhere.
    case searchAsked(String)
    case typed(Key)
    case understood(Highlight)
    case matchAsked(by: Int)
    case sought(ID<Activity>?, forward: Bool)
    case stripAsked
    /// Along the histogram, or whatever lies so: steps to the right.
    case sideways(Int)
    case zoomAsked(isIn: Bool)
    case paneChanged(by: Int)
    case denialsArrived([Denial])
    case pivotAsked
    case pivotCounted([Pivot.Choice])
    /// The story of the account at hand, or of one that another view names.
    case timelineAsked
    case storyAsked(Identity)
    case timelineArrived(Identity, Timeline, gaps: [String])
    case bookmarkAsked, bookmarksAsked
    /// What people wrote down: bookmarks, and filters by their names.
    case notesArrived([Bookmark], [SavedFilter])
    /// The marked activities, each a line of JSON.
    case gathered([String])
  }

  /// What the view wants done. One of a kind takes the place of another that is waiting.
  package enum Effect: Equatable, Sendable {
    /// A part of what the store has, at once, without asking the platform.
    case read(Ask)
    /// What has arrived since; nil for the newest one alone.
    case poll(after: Int64?, in: Duration)
    /// The same from the store alone, where a poll brought more than it may give at once.
    case catchUp(after: Int64)
    case measure(Lens)
    case spread(Lens, Strip.Span)
    /// The next activity that passes.
    case seek(ActivityFilter, from: Int64, forward: Bool)
    /// Whether a text to be highlighted is a filter.
    case understand(String)
    case readDenials
    /// The rules that say why an exchange was refused.
    case readRules
    /// What was recorded about a rule since then, exchanges apart.
    case readHistory(ID<FederationRule>, since: Date)
    /// Leads to the rule that refused.
    case openRule(ID<FederationRule>)
    case countPivots([Pivot.Choice])
    case readTimeline(Identity)
    case readNotes
    case bookmark([ID<Activity>], note: String)
    case removeBookmark(ID<Activity>)
    case saveFilter(SavedFilter)
    case removeFilter(String)
    case copy(String, what: String)
    /// As JSON Lines.
    case copyMarked([ID<Activity>])
    case say(String)
  }

  /// How many arrivals a poll gives at most.
  package static let pollLimit = 1000

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      (state.isOpen, state.newDenials) = (true, 0)
      // Once begun, the tail goes on whatever view is open.
      if state.lastRow != nil || state.reading != nil { return [] }
      return read(.newest, &state) + [poll(state, in: .zero), .readNotes]
    case .left: state.isOpen = false
    case .refreshAsked:
      return [poll(state, in: .zero)] + (state.pane == .denials ? [.readDenials] : refocus(&state))
    case .resized: return state.strip.spread == nil ? [] : [.spread(state.lens, state.strip.span)]
    case .arrived(let new):
      let effects = arrive(new, &state)
      let isMore = new.count >= pollLimit
      return effects + [isMore ? .catchUp(after: state.lastRow ?? 0) : poll(state, in: .seconds(5))]
    case .pollFailed(let problem):
      (state.failure, state.hasLoaded) = (problem, true)
      return [poll(state, in: .seconds(30))]
    case .failed(let problem):
      (state.failure, state.reading) = (problem, nil)
    case .read(let ask, let reading): return taken(ask, reading, &state)
    case .measured(let lens, let measure): if lens == state.lens { state.measure = measure }
    case .spreadArrived(let lens, let span, let spread):
      if lens == state.lens, span == state.strip.span { spreadArrived(spread, &state) }
    case .refused(let text, let why): return refused(text, why, &state)
    case .moved(let motion): return move(motion, &state)
    case .list(let message): return update(&state, list: message)
    case .followAsked: return follow(&state)
    case .openAsked: return state.strip.hasKeys && state.opened == nil ? jumpFromStrip(&state) : open(&state)
    case .backAsked: return goBack(&state)
    case .neighbourAsked(let step): return openNext(step, &state)
    case .rulesArrived(let rules):
      state.rules = rules
      state.denials.rearrange { $0.name(rules) }
      state.showOpened()
    case .historyArrived(let rule, let activities):
      guard let activity = state.opened?.activity, refusingRule(activity) == rule else { return [] }
      state.opened?.history = activities
      state.showOpened()
    case .readsAsked:
      state.showsReads.toggle()
      return refocus(&state)
    case .copyAsked: return copy(state)
    case .pathAsked: return state.opened.map { [.copy($0.document.path, what: "the path")] } ?? []
    case .filterAsked: askForFilter(&state)
    case .filtersAsked: state.overlay = .filters(FilterBox())
    case .highlightAsked: ask(.highlight, state.highlight?.text ?? "", &state)
    case .timeAsked: ask(.time, "", &state)
    case .surroundingsAsked:
      return state.subject.map { jump(.around($0.id), unfiltered: true, &state) } ?? []
    case .searchAsked(let text):
      state.filters.switchAllOff()
      return look(text, &state)
    case .typed(let key): return typed(key, &state)
    case .understood(let highlight):
      if case .highlight? = state.prompt?.purpose { state.prompt = nil }
      state.highlight = highlight
    case .matchAsked(let step):
      if state.opened != nil { pressPage(step > 0 ? "n" : "N", &state) } else { return goToMatch(step, &state) }
    case .sought(let id, let forward): return sought(id, forward, &state)
    case .stripAsked: takeStrip(&state)
    case .sideways(let step): goSideways(step, &state)
    case .zoomAsked(let isIn): return zoom(in: isIn, &state)
    case .paneChanged(let step): return turn(step, &state)
    case .denialsArrived(let groups): state.denials.replace(groups, rules: state.rules)
    case .pivotAsked: return askForPivots(&state)
    case .pivotCounted(let choices): counted(choices, &state)
    case .timelineAsked: return identity(in: state.subject).map { tell($0, &state) } ?? []
    case .storyAsked(let identity): return tell(identity, &state)
    case .timelineArrived(let identity, let timeline, let gaps):
      guard state.timeline?.identity == identity else { return [] }
      state.timeline?.timeline = timeline
      state.timeline?.gaps = gaps
    case .bookmarkAsked: askForNote(&state)
    case .bookmarksAsked: state.overlay = .bookmarks(BookmarkBox())
    case .notesArrived(let bookmarks, let filters):
      noted(bookmarks, filters, &state)
      state.showOpened()
    case .gathered(let lines):
      return [.copy(lines.joined(separator: "\n"), what: "\(lines.count) activities as JSON Lines")]
    }
    return []
  }

  static func poll(_ state: State, in wait: Duration) -> Effect { .poll(after: state.lastRow, in: wait) }

  private static func askForFilter(_ state: inout State) {
    if state.opened != nil {
      pressPage("/", &state)
    } else if state.pane == .denials {
      state.denials.update(.filterAsked)
    } else {
      // What is narrowed is the log, not what lies around a row.
      (state.isUnfiltered, state.homes) = (false, [])
      ask(.filter(nil), "", &state)
    }
  }

  private static func move(_ motion: Motion, _ state: inout State) -> [Effect] {
    if state.opened != nil {
      movePage(motion, &state)
      return []
    }
    switch state.pane {
    case .log: return moveLog(motion, &state)
    case .denials: state.denials.move(motion)
    case .timeline: moveTimeline(motion, &state)
    }
    return []
  }

  static func moveTimeline(_ motion: Motion, _ state: inout State) {
    guard let count = state.timeline?.lines.count else { return }
    state.timeline?.table.move(motion, count: count, height: state.rows - 2)
  }

  private static func update(_ state: inout State, list message: List.Message) -> [Effect] {
    if state.pane == .denials, state.opened == nil {
      state.denials.update(message)
      return []
    }
    switch message {
    case .markAsked where state.opened != nil: pressPage(" ", &state)
    case .pointed(let mouse): return point(mouse, &state)
    default:
      if state.isCovered { return [.say("Go back to the log first: esc.")] }
      state.update(message)
    }
    settle(&state)
    return readOn(&state)
  }

  private static func goSideways(_ step: Int, _ state: inout State) {
    if state.opened != nil {
      pressPage(step > 0 ? .right : .left, &state)
    } else if state.pane == .denials {
      state.denials.update(.columnMoved(by: step))
    } else if state.pane == .log {
      if !state.strip.hasKeys { takeStrip(&state) }
      moveCursor(step, &state)
    }
  }

  private static func point(_ mouse: Mouse, _ state: inout State) -> [Effect] {
    if state.opened != nil {
      switch mouse.action {
      case .wheelUp: movePage(.lines(-3), &state)
      case .wheelDown: movePage(.lines(3), &state)
      case .click: break
      }
      return []
    }
    if state.pane == .timeline {
      if mouse.action != .click { moveTimeline(.lines(mouse.action == .wheelUp ? -3 : 3), &state) }
      return []
    }
    let bars = state.head - state.strip.height(in: state.rows)..<state.head
    if mouse.action == .click, bars.contains(mouse.position.row) {
      guard let bar = bar(at: mouse.position.column, state) else { return [] }
      state.strip.cursor = bar
      return jumpFromStrip(&state)
    }
    state.update(.pointed(mouse))
    settle(&state)
    return readOn(&state)
  }

  /// The next page of what is open, or the next list.
  private static func turn(_ step: Int, _ state: inout State) -> [Effect] {
    if let opened = state.opened {
      let pages = Opened.Page.allCases
      let place = (opened.page.rawValue + step + pages.count) % pages.count
      state.opened?.page = pages[place]
      return []
    }
    state.pane = state.pane == .log ? .denials : .log
    state.strip.hasKeys = false
    return state.pane == .denials ? [.readDenials] + (state.rules.isEmpty ? [.readRules] : []) : []
  }

  /// One step back: from the page, the denials, the strip, a jump, the marks, the filter put on last, the highlight.
  private static func goBack(_ state: inout State) -> [Effect] {
    if state.opened != nil {
      state.opened = nil
    } else if state.pane == .denials {
      if state.denials.backFault == nil { state.denials.goBack() } else { state.pane = .log }
    } else if state.pane == .timeline {
      (state.pane, state.timeline) = (.log, nil)
    } else if state.strip.hasKeys {
      state.strip.hasKeys = false
    } else if !state.homes.isEmpty {
      return goHome(&state)
    } else if state.hasMarks {
      state.table.marks = []
    } else if !state.filters.stack.isEmpty {
      state.filters.stack.removeLast()
      return refocus(&state)
    } else {
      state.highlight = nil
    }
    return []
  }
}
