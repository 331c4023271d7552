import Interface
import Platform

extension Audit {
  /// A filter that a person keeps under a name.
  package struct SavedFilter: Equatable, Sendable {
    package let name, text: String
    package init(name: String, text: String) { (self.name, self.text) = (name, text) }
  }

  /// What narrows the log: all that are on must hold.
  package struct Filters: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
      package var name: String?
      package var text: String
      package var isOn = true
      /// Why it is no filter.
      package var fault: String?
    }

    package internal(set) var stack: [Entry] = []
    /// By name.
    package internal(set) var saved: [SavedFilter] = []

    /// Those that are on, with one that is being typed in its place.
    func texts(with prompt: Prompt?) -> [String] {
      var entries = stack
      if case .filter(let place)? = prompt?.purpose, let text = prompt?.editor.text {
        if let place, entries.indices.contains(place) {
          entries[place].text = text
        } else {
          entries.append(Entry(text: text))
        }
      }
      return entries.filter { $0.isOn && $0.fault == nil }.map(\.text).filter { !$0.isEmpty }
    }

    /// Puts a filter on top, or switches it on where it is already.
    mutating func add(_ text: String, name: String? = nil) {
      if let place = stack.firstIndex(where: { $0.text == text }) {
        stack[place].isOn = true
      } else {
        stack.append(Entry(name: name ?? saved.first { $0.text == text }?.name, text: text))
      }
    }

    mutating func switchAllOff() { for place in stack.indices { stack[place].isOn = false } }
  }

  /// The filters in a box: those that are there, then those kept under a name.
  package struct FilterBox: Equatable, Sendable {
    var table = Table()
    /// The name that is about to be forgotten for good.
    var forgetting: String?
  }

  static func typedInFilters(_ box: FilterBox, _ key: Key, _ state: inout State) -> [Effect] {
    var box = box
    let stack = state.filters.stack
    let kept = state.keptFilters
    let place = box.table.selected
    let isInStack = stack.indices.contains(place)
    let saved = kept.indices.contains(place - stack.count) ? kept[place - stack.count] : nil
    let forgetting = box.forgetting
    box.forgetting = nil
    state.overlay = .filters(box)
    switch key {
    case .escape, "F", "q": state.overlay = nil
    case " ", .enter:
      if isInStack {
        state.filters.stack[place].isOn.toggle()
        state.filters.stack[place].fault = nil
      } else if let saved {
        state.filters.add(saved.text, name: saved.name)
      } else {
        return []
      }
      return refocus(&state)
    case "/", "a": ask(.filter(nil), "", &state)
    case "e" where isInStack: ask(.filter(place), stack[place].text, &state)
    case "w" where isInStack: ask(.filterName(place), stack[place].name ?? "", &state)
    case "x":
      if isInStack {
        state.filters.stack.remove(at: place)
        box.table.clamp(count: stack.count - 1 + kept.count)
        state.overlay = .filters(box)
        return refocus(&state)
      }
      guard let saved else { return [] }
      if forgetting == saved.name { return [.removeFilter(saved.name)] }
      box.forgetting = saved.name
      state.overlay = .filters(box)
    default:
      guard let motion = Motion(key) else { return [] }
      box.table.move(motion, count: stack.count + kept.count, height: state.rows)
      state.overlay = .filters(box)
    }
    return []
  }
}

extension Audit.State {
  /// Filters kept under a name that do not stand in the stack.
  var keptFilters: [Audit.SavedFilter] {
    filters.saved.filter { saved in !filters.stack.contains { $0.text == saved.text } }
  }
}
