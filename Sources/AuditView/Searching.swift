import Interface
import Platform

extension Audit {
  static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if state.pivot != nil { return typedPivot(key, &state) }
    if state.jump != nil { return typedTime(key, &state) }
    if state.opened?.page.isTyping == true {
      state.opened?.page.press(key, height: max(1, state.rows - 2))
      return []
    }
    guard var search = state.search else { return [] }
    switch key {
    case .escape:
      let chosen = state.selected?.id
      state.search = nil
      if let place = state.shown.firstIndex(where: { $0.activity.id == chosen }) { state.table.selected = place }
      state.table.clamp(count: state.shown.count)
      return []
    case .enter:
      search.isTyping = false
      // An empty filter is none.
      state.search = search.text.isEmpty ? nil : search
      return []
    default:
      if let motion = Motion(whileTyping: key) {
        state.table.move(motion, count: state.shown.count, height: state.rows)
        return []
      }
      let before = search.text
      search.editor.press(key)
      search.fault = nil
      guard search.text != before else { return [] }
      if search.text.isEmpty { (search.results, search.filter) = (nil, nil) }
      state.search = search
      state.table.clamp(count: state.shown.count)
      return search.text.isEmpty ? [] : [.search(search.text)]
    }
  }

  static func found(_ text: String, _ filter: ActivityFilter, _ results: [Arrival], _ state: inout State) {
    // An answer to what was typed before the last key is of no use any more.
    guard state.search?.text == text else { return }
    let chosen = state.selected?.id
    state.search?.filter = filter
    state.search?.results = results
    state.search?.isWhole = results.count < Search.limit
    state.search?.fault = nil
    guard state.excerpt == nil else { return }
    let shown = state.shown
    if state.isFollowing || !shown.contains(where: { $0.activity.id == chosen }) {
      state.table.moveToEnd(count: shown.count)
    } else {
      state.table.follow(chosen, in: shown.map(\.activity.id))
    }
  }

  /// Those older than the oldest found, unless another search has taken the place of theirs.
  static func foundOlder(
    before id: ID<Activity>, _ filter: ActivityFilter, _ older: [Arrival], _ state: inout State
  ) {
    guard state.search?.filter == filter, state.search?.results?.first?.activity.id == id else { return }
    let chosen = state.selected?.id
    state.search?.results?.insert(contentsOf: older, at: 0)
    state.search?.isWhole = older.count < Search.limit
    if state.pane == .tail, state.excerpt == nil { reselect(chosen, &state) }
  }

  /// The values of the activity at hand that have a word in the filter's language.
  static func askForPivots(_ state: inout State) -> [Effect] {
    guard let activity = state.opened?.activity ?? state.selected else { return [] }
    let text = ActivityText(activity)
    let choices = ActivityField.allCases.flatMap { field in
      text.values(of: field).sorted().map { Pivot.Choice(field: field, value: $0, count: nil) }
    }
    state.pivot = Pivot(choices: choices)
    return [.countPivots(choices)]
  }

  private static func typedPivot(_ key: Key, _ state: inout State) -> [Effect] {
    guard var pivot = state.pivot else { return [] }
    if let motion = Motion(key) {
      pivot.table.move(motion, count: pivot.choices.count, height: state.rows)
      state.pivot = pivot
      return []
    }
    guard key == .enter || key == .escape else { return [] }
    state.pivot = nil
    guard key == .enter, pivot.choices.indices.contains(pivot.table.selected) else { return [] }
    let choice = pivot.choices[pivot.table.selected]
    let text = choice.field.term(choice.value)
    (state.opened, state.excerpt, state.pane) = (nil, nil, .tail)
    state.search = Search(text, isTyping: false)
    return [.search(text)]
  }
}
