package import Interface
package import Platform

extension Audit {
  /// An activity on a page of its own.
  package struct Opened: Equatable, Sendable {
    package enum Page: Int, CaseIterable, Equatable, Sendable { case summary, json }

    package var activity: Activity
    package var page = Page.summary
    /// What happened in words.
    package var summary = Pager([String]())
    /// All of it as it was received.
    package var document: JSONViewer
    /// What was recorded since about the rule that refused; nil until it has come.
    package var history: [Activity]?

    init(_ activity: Activity, page: Page = .summary) {
      (self.activity, self.page) = (activity, page)
      document = JSONViewer(JSONViewer.Value(activity.json))
    }

    /// Whether keys go into the search of the page.
    var isTyping: Bool { page == .summary ? summary.isTyping : document.isTyping }
  }

  /// Opens the activity at hand; from a refused exchange that is open, goes on to the rule.
  static func open(_ state: inout State) -> [Effect] {
    if let opened = state.opened {
      if opened.page == .json {
        pressPage(.enter, &state)
        return []
      }
      return refusingRule(opened.activity).map { [.openRule($0)] } ?? []
    }
    return state.subject.map { open($0, page: .summary, &state) } ?? []
  }

  static func open(_ activity: Activity, page: Opened.Page, _ state: inout State) -> [Effect] {
    state.opened = Opened(activity, page: page)
    state.showOpened()
    guard let rule = refusingRule(activity) else { return [] }
    return (needsRules(activity, state) ? [.readRules] : []) + [.readHistory(rule, since: activity.createdAt)]
  }

  /// The neighbour in the list, on the same page.
  static func openNext(_ step: Int, _ state: inout State) -> [Effect] {
    guard let page = state.opened?.page else { return [] }
    let effects: [Effect]
    switch state.pane {
    case .log: effects = moveLog(.lines(step), &state)
    case .denials:
      state.denials.move(.lines(step))
      effects = []
    case .timeline:
      moveTimeline(.lines(step), &state)
      effects = []
    }
    state.opened = nil
    return effects + (state.subject.map { open($0, page: page, &state) } ?? [])
  }

  static func pressPage(_ key: Key, _ state: inout State) {
    let height = state.pageHeight
    if state.opened?.page == .json {
      _ = state.opened?.document.press(key, height: height)
    } else {
      state.opened?.summary.press(key, height: height)
    }
  }

  static func movePage(_ motion: Motion, _ state: inout State) {
    guard let opened = state.opened else { return }
    let height = state.pageHeight
    if opened.page == .json {
      state.opened?.document.move(motion, height: height)
    } else {
      let count = max(1, opened.summary.lines.count - height + 1)
      state.opened?.summary.top = motion.applied(to: opened.summary.top, count: count, height: height)
    }
  }

  /// The activity as JSON; on its JSON page, the value under the cursor.
  static func copy(_ state: State) -> [Effect] {
    if let opened = state.opened, opened.page == .json {
      var document = opened.document
      if case .copy(let text, let what) = document.press("y", height: state.pageHeight) {
        return [.copy(text, what: what)]
      }
    }
    if state.hasMarks { return [.copyMarked(state.table.marks.sorted().compactMap { try? ID($0) })] }
    return state.subject.map { [.copy($0.json.pretty, what: "the activity as JSON")] } ?? []
  }
}

extension Audit.State {
  /// Rows of the page of an opened activity.
  var pageHeight: Int { max(1, rows - 3) }

  /// Writes the summary of the opened activity anew; where it is scrolled to stays.
  mutating func showOpened() {
    guard let opened else { return }
    let note = bookmarks.first { $0.activity.id == opened.activity.id }?.note
    self.opened?.summary.lines = Audit.lines(for: opened.activity, rules: rules, history: opened.history, note: note)
  }
}

extension JSONViewer.Value {
  init(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .number(let text): self = .number(text)
    case .string(let text): self = .string(text)
    case .array(let items): self = .array(items.map { Self($0) })
    case .object(let object): self = .object(object.map { ($0.key, Self($0.value)) })
    }
  }
}
