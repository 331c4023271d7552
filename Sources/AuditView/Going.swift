package import FoundationEssentials
import Interface
package import Platform

extension Audit {
  /// A time being typed, to go there.
  package struct Jump: Equatable, Sendable {
    var editor = LineEditor()
    package var fault: String?
  }

  /// The store's activities around one of them or around a time, whatever the filter.
  package struct Excerpt: Equatable, Sendable {
    package enum Centre: Equatable, Sendable { case activity(ID<Activity>), time(Date) }
    package let centre: Centre
    /// By time, oldest first: at most ``reach`` before the centre and as many from it on.
    package let arrivals: [Arrival]
    package init(around centre: Centre, _ arrivals: [Arrival]) { (self.centre, self.arrivals) = (centre, arrivals) }

    package static let reach = 500
  }

  static func typedTime(_ key: Key, _ state: inout State) -> [Effect] {
    switch key {
    case .escape:
      state.jump = nil
    case .enter:
      let text = state.jump?.editor.text ?? ""
      if !text.isEmpty { return [.goTo(text)] }
      state.jump = nil
    default:
      state.jump?.editor.press(key)
      state.jump?.fault = nil
    }
    return []
  }

  /// Shows an excerpt with the selection on its centre, or on the first activity from its time on.
  static func show(_ excerpt: Excerpt, _ state: inout State) {
    (state.jump, state.opened, state.pane, state.isFollowing) = (nil, nil, .tail, false)
    // Where the row stood on the screen, when it is the one that was selected.
    let offset = state.table.selected - state.table.top
    let chosen = state.selected?.id
    state.excerpt = excerpt
    let shown = state.shown
    switch excerpt.centre {
    case .activity(let id):
      state.table.selected = shown.firstIndex { $0.activity.id == id } ?? shown.count / 2
    case .time(let date):
      state.table.selected = shown.firstIndex { $0.activity.createdAt >= date } ?? max(0, shown.count - 1)
    }
    let isSame = state.selected?.id == chosen
    state.table.top = max(0, state.table.selected - (isSame ? offset : (state.rows - 1) / 2))
  }

  /// At either end of an excerpt the store is read on, around the activity that the selection has come to; at the
  /// oldest that a filter found, the next older ones.
  static func readOn(_ state: State) -> [Effect] {
    if state.excerpt == nil, state.table.selected == 0, let search = state.search, !search.isWhole,
      let filter = search.filter, let oldest = search.results?.first?.activity.id
    {
      return [.searchOlder(than: oldest, filter)]
    }
    guard let excerpt = state.excerpt, let id = state.selected?.id, excerpt.centre != .activity(id) else { return [] }
    let isAtEnd = state.table.selected == 0 || state.table.selected == state.shown.count - 1
    return isAtEnd ? [.readAround(id)] : []
  }
}
