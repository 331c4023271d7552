package import Interface
package import Platform

extension Audit {
  /// A line being typed at the foot.
  package struct Prompt: Equatable, Sendable {
    package enum Purpose: Equatable, Sendable {
      /// A filter: a new one, or that at a place of the stack.
      case filter(Int?)
      case highlight
      case time
      /// The name under which the filter at that place is kept.
      case filterName(Int)
      /// About activities that are marked for good.
      case note([ID<Activity>])
    }
    package let purpose: Purpose
    package var editor: LineEditor
    package var fault: String?

    var label: String {
      switch purpose {
      case .filter: "/"
      case .highlight: "highlight"
      case .time: "go to"
      case .filterName: "keep as"
      case .note: "note"
      }
    }

    /// What can be written here.
    var hint: String {
      switch purpose {
      case .filter: "outcome:denied repo:acme/* created_at>-2h"
      case .highlight: "a filter or words; n and N go between"
      case .time: "12:30, -2h, yesterday, 2026-11-20 (UTC)"
      case .filterName: "a name"
      case .note: "why it matters; enter keeps it"
      }
    }
  }

  static func ask(_ purpose: Prompt.Purpose, _ text: String, _ state: inout State) {
    state.overlay = nil
    state.prompt = Prompt(purpose: purpose, editor: LineEditor(text))
  }

  static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    if state.prompt != nil { return typedInPrompt(key, &state) }
    switch state.overlay {
    case .pivot(let pivot): return typedInPivot(pivot, key, &state)
    case .filters(let box): return typedInFilters(box, key, &state)
    case .bookmarks(let box): return typedInBookmarks(box, key, &state)
    case nil: break
    }
    if state.opened?.isTyping == true {
      pressPage(key, &state)
    } else if state.pane == .denials {
      state.denials.typed(key)
    } else {
      state.typed(key)
    }
    return []
  }

  private static func typedInPrompt(_ key: Key, _ state: inout State) -> [Effect] {
    guard let prompt = state.prompt else { return [] }
    switch key {
    case .escape:
      state.prompt = nil
      if case .filter = prompt.purpose, !prompt.editor.text.isEmpty { return refocus(&state) }
      return []
    case .enter:
      return prompt.fault == nil ? entered(prompt, &state) : []
    default:
      if case .filter = prompt.purpose, let motion = Motion(whileTyping: key) { return moveLog(motion, &state) }
      state.prompt?.editor.press(key)
      guard state.prompt?.editor.text != prompt.editor.text else { return [] }
      state.prompt?.fault = nil
      if case .filter = prompt.purpose { return refocus(&state) }
      return []
    }
  }

  private static func entered(_ prompt: Prompt, _ state: inout State) -> [Effect] {
    let text = prompt.editor.text
    switch prompt.purpose {
    case .filter(let place):
      state.prompt = nil
      if let place, state.filters.stack.indices.contains(place) {
        if text.isEmpty { state.filters.stack.remove(at: place) } else { state.filters.stack[place].text = text }
      } else if !text.isEmpty {
        state.filters.add(text)
      }
      // It was asked for while it was typed: only one that stood in the stack already changes what is shown.
      return state.reading?.lens == state.lens || state.measure != nil ? [] : refocus(&state)
    case .highlight:
      if text.isEmpty {
        (state.prompt, state.highlight) = (nil, nil)
        return []
      }
      return [.understand(text)]
    case .time:
      if text.isEmpty { state.prompt = nil } else { return jump(.at(text), &state) }
    case .filterName(let place):
      state.prompt = nil
      guard !text.isEmpty, state.filters.stack.indices.contains(place) else { return [] }
      state.filters.stack[place].name = text
      return [.saveFilter(SavedFilter(name: text, text: state.filters.stack[place].text))]
    case .note(let ids):
      state.prompt = nil
      state.table.marks = []
      return [.bookmark(ids, note: text)]
    }
    return []
  }

  /// The store did not understand a text: it is said where the text is.
  static func refused(_ text: String, _ why: String, _ state: inout State) -> [Effect] {
    if state.prompt?.editor.text == text {
      state.prompt?.fault = why
      // A jump that is none is none to come back from.
      if state.prompt?.purpose == .time, !state.homes.isEmpty { state.homes.removeLast() }
      state.reading = nil
      return []
    }
    guard let place = state.filters.stack.firstIndex(where: { $0.text == text && $0.isOn }) else { return [] }
    state.filters.stack[place].fault = why
    return refocus(&state)
  }

  // MARK: Jumping

  /// Goes elsewhere in the log, with a way back.
  static func jump(_ part: Ask.Part, unfiltered: Bool = false, _ state: inout State) -> [Effect] {
    state.homes.append(
      Home(id: state.selected?.activity.id, isFollowing: state.isFollowing, isUnfiltered: state.isUnfiltered))
    (state.isFollowing, state.opened, state.pane, state.overlay) = (false, nil, .log, nil)
    guard unfiltered, !state.isUnfiltered, !state.filters.stack.isEmpty else { return read(part, &state) }
    state.isUnfiltered = true
    (state.measure, state.strip.isStale) = (nil, true)
    return read(part, &state) + survey(state)
  }

  /// Back to where the last jump began.
  static func goHome(_ state: inout State) -> [Effect] {
    guard let home = state.homes.popLast() else { return [] }
    let isOtherLens = state.isUnfiltered != home.isUnfiltered
    (state.isUnfiltered, state.isFollowing) = (home.isUnfiltered, home.isFollowing)
    let reading = read(home.isFollowing ? .newest : home.id.map { .around($0) } ?? .newest, &state)
    guard isOtherLens else { return reading }
    (state.measure, state.strip.isStale) = (nil, true)
    return reading + survey(state)
  }
}
