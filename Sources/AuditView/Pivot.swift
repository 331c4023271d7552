package import Interface
package import Platform

extension Audit {
  /// The values of one activity that one can go on from, and how many activities have each.
  package struct Pivot: Equatable, Sendable {
    package struct Choice: Equatable, Sendable {
      package let field: ActivityField
      package let value: String
      /// Nil until it was counted.
      package let count: Int?
      package init(field: ActivityField, value: String, count: Int?) {
        (self.field, self.value, self.count) = (field, value, count)
      }

      /// Whose story can be told by it.
      var identity: Identity? {
        switch field {
        case .account: (try? ID<ServiceAccount>(value)).map { .account($0) }
        case .repo: .repository(value)
        default: nil
        }
      }
    }
    package var choices: [Choice]
    package var table = Table()
  }

  /// The values of the activity at hand that have a word in the filter's language.
  static func askForPivots(_ state: inout State) -> [Effect] {
    guard let activity = state.subject else { return [] }
    let text = ActivityText(activity)
    let choices = ActivityField.allCases.flatMap { field in
      text.values(of: field).sorted().map { Pivot.Choice(field: field, value: $0, count: nil) }
    }
    state.overlay = .pivot(Pivot(choices: choices))
    return [.countPivots(choices)]
  }

  static func counted(_ choices: [Pivot.Choice], _ state: inout State) {
    guard case .pivot(var pivot)? = state.overlay, pivot.choices.map(\.value) == choices.map(\.value) else { return }
    pivot.choices = choices
    state.overlay = .pivot(pivot)
  }

  /// `enter` looks at all with the value, the other filters switched off; `a` adds it to them; `t` tells the story.
  static func typedInPivot(_ pivot: Pivot, _ key: Key, _ state: inout State) -> [Effect] {
    var pivot = pivot
    if let motion = Motion(key) {
      pivot.table.move(motion, count: pivot.choices.count, height: state.rows)
      state.overlay = .pivot(pivot)
      return []
    }
    guard [.enter, .escape, "a", "t", "y"].contains(key) else { return [] }
    if key == .escape {
      state.overlay = nil
      return []
    }
    guard pivot.choices.indices.contains(pivot.table.selected) else { return [] }
    let choice = pivot.choices[pivot.table.selected]
    if key == "y" { return [.copy(choice.value, what: "the \(choice.field.rawValue)")] }
    if key == "t" {
      return choice.identity.map { tell($0, &state) } ?? [.say("Only an account and a repository have a story.")]
    }
    if key == .enter { state.filters.switchAllOff() }
    return look(choice.field.term(choice.value), &state)
  }

  /// Puts a filter on top and looks at the log through it, from the newest on.
  static func look(_ text: String, _ state: inout State) -> [Effect] {
    (state.opened, state.pane, state.overlay, state.prompt) = (nil, .log, nil, nil)
    (state.isUnfiltered, state.homes, state.isFollowing) = (false, [], true)
    state.filters.add(text)
    return refocus(&state)
  }
}
