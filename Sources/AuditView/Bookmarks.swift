import Interface
package import Platform

extension Audit {
  /// An activity that a person marked for good.
  package struct Bookmark: Equatable, Sendable {
    package let activity: Activity
    package let note: String
    package init(activity: Activity, note: String) { (self.activity, self.note) = (activity, note) }
  }

  /// The bookmarks in a box, the newest activity first.
  package struct BookmarkBox: Equatable, Sendable {
    var table = Table()
  }

  /// Asks for a note to what is marked, else to what keys are about.
  static func askForNote(_ state: inout State) {
    var ids = state.subject.map { [$0.id] } ?? []
    if state.hasMarks { ids = state.table.marks.sorted().compactMap { try? ID($0) } }
    let note = ids.count == 1 ? state.bookmarks.first { $0.activity.id == ids[0] }?.note : nil
    ask(.note(ids), note ?? "", &state)
  }

  static func typedInBookmarks(_ box: BookmarkBox, _ key: Key, _ state: inout State) -> [Effect] {
    var box = box
    let place = box.table.selected
    let bookmark = state.bookmarks.indices.contains(place) ? state.bookmarks[place] : nil
    switch key {
    case .escape, "M", "q": state.overlay = nil
    case .enter:
      guard let bookmark else { return [] }
      return jump(.around(bookmark.activity.id), unfiltered: true, &state)
    case "e": if let bookmark { ask(.note([bookmark.activity.id]), bookmark.note, &state) }
    case "x": return bookmark.map { [.removeBookmark($0.activity.id)] } ?? []
    default:
      guard let motion = Motion(key) else { return [] }
      box.table.move(motion, count: state.bookmarks.count, height: state.rows)
      state.overlay = .bookmarks(box)
    }
    return []
  }

  /// The notes as they are kept now.
  static func noted(_ bookmarks: [Bookmark], _ filters: [SavedFilter], _ state: inout State) {
    (state.bookmarks, state.filters.saved) = (bookmarks, filters)
    switch state.overlay {
    case .bookmarks(var box):
      box.table.clamp(count: bookmarks.count)
      state.overlay = .bookmarks(box)
    case .filters(var box):
      box.table.clamp(count: state.filters.stack.count + state.keptFilters.count)
      state.overlay = .filters(box)
    case .pivot, nil: break
    }
  }
}
