/// What some keys do, the help that says so, and why they may be off.
package struct Binding<State: Sendable, Message: Sendable>: Sendable {
  package let keys: [Key]
  package let help: String
  package let message: Message
  /// Why the keys do nothing now, as a sentence; nil when they work.
  package let off: (@Sendable (State) -> String?)?

  package init(
    _ keys: Key..., help: String, _ message: Message, off: (@Sendable (State) -> String?)? = nil
  ) {
    self.init(keys: keys, help: help, message, off: off)
  }

  package init(keys: [Key], help: String, _ message: Message, off: (@Sendable (State) -> String?)? = nil) {
    (self.keys, self.help, self.message, self.off) = (keys, help, message, off)
  }

  /// What settings call it: its help in small letters with hyphens, `page-down`.
  package var name: String { help.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-") }
}

/// What pressing a key comes to.
package enum Press<Message: Sendable>: Sendable {
  case message(Message)
  /// Bound, but not now: the reason.
  case off(String)
  case unbound
}

extension Press: Equatable where Message: Equatable {}

/// A line of help for one binding.
package struct Hint: Hashable, Sendable {
  /// The keys as people write them, separated by spaces.
  package let keys: String
  package let help: String
  /// Why it is off now; nil when it works.
  package let off: String?
  package init(keys: String, help: String, off: String? = nil) { (self.keys, self.help, self.off) = (keys, help, off) }
}

/// The one table that dispatch, footer, help and palette read.
package struct Keymap<State: Sendable, Message: Sendable>: Sendable {
  package let bindings: [Binding<State, Message>]

  package init(_ bindings: Binding<State, Message>...) { self.bindings = bindings }
  package init(_ bindings: [Binding<State, Message>]) { self.bindings = bindings }

  /// The first binding of the key that is not off decides.
  package func press(_ key: Key, in state: State) -> Press<Message> {
    var reason: String?
    for binding in bindings where binding.keys.contains(key) {
      guard let off = binding.off?(state) else { return .message(binding.message) }
      reason = reason ?? off
    }
    return reason.map { .off($0) } ?? .unbound
  }

  /// Keys that are bound more than once, in the order of the table.
  package var collisions: [Key] {
    var (seen, twice) = (Set<Key>(), [Key]())
    for key in bindings.flatMap(\.keys) where !seen.insert(key).inserted { twice.append(key) }
    return twice
  }

  package func hints(in state: State) -> [Hint] {
    bindings.map { binding in
      Hint(
        keys: binding.keys.map(\.description).joined(separator: " "), help: binding.help, off: binding.off?(state))
    }
  }

  /// The same keys for a parent, which says where the state is in its own and what it calls the message.
  package func map<ParentState, ParentMessage>(
    state: @escaping @Sendable (ParentState) -> State, message: @Sendable (Message) -> ParentMessage
  ) -> Keymap<ParentState, ParentMessage> {
    Keymap<ParentState, ParentMessage>(
      bindings.map { binding in
        Binding<ParentState, ParentMessage>(
          keys: binding.keys, help: binding.help, message(binding.message),
          off: binding.off.map { off in { @Sendable parent in off(state(parent)) } })
      })
  }

  /// This table, then another's bindings; the first wins where both bind a key.
  package func then(_ other: Keymap) -> Keymap { Keymap(bindings + other.bindings) }
}
