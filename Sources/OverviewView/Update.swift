package import Interface

extension Overview {
  package enum Message: Equatable, Sendable {
    case opened, refreshAsked
    case loaded(Facts)
    /// The same while some of it has not come yet.
    case progressed(Facts)
    case moved(Motion)
    case followAsked
  }

  package enum Effect: Equatable, Sendable {
    case load
    case go(Place, filter: String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened, .refreshAsked:
      if state.isLoading { return [] }
      state.isLoading = true
      return [.load]
    case .loaded(let facts):
      state.show(facts)
      (state.isLoading, state.isPartial) = (false, false)
    case .progressed(let facts):
      // What was known before says more than half of what is known now.
      guard state.facts == nil || state.isPartial else { return [] }
      state.show(facts)
      state.isPartial = true
    case .moved(let motion):
      state.table.move(motion, count: state.lines.count, height: state.rows)
    case .followAsked:
      if let line = state.selected, let place = line.place { return [.go(place, filter: line.filter)] }
    }
    return []
  }

  package static let keys = Keymap<State, Message>(
    Binding(.enter, help: "go there", .followAsked) {
      $0.selected?.place == nil ? "This line leads nowhere." : nil
    },
    Binding(.control("r"), help: "refresh", .refreshAsked) { $0.isLoading ? "It is being read." : nil }
  ).then(.motions(Message.moved))
}
