/// What is wrong with the keys that someone's settings ask for.
package enum RebindingFault: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownAction(String)
  case unknownKey(String, action: String)
  /// Both actions would have the key. The one whose keys were to change keeps those it had.
  case clash(key: String, actions: [String])

  package var description: String {
    switch self {
    case .unknownAction(let name): "there is no action called \(name)"
    case .unknownKey(let key, let action):
      "\(action): there is no key called \(key); write it as ctrl-r, alt-x, f5, enter or x"
    case .clash(let key, let actions): "\(key) would do both: \(actions.joined(separator: " and "))"
    }
  }
}

extension Keymap {
  /// The same table with other keys for some actions, and what could not be done.
  ///
  /// An action that several bindings share, each for a state of its own, gets the keys in all of them. A key that two
  /// actions had before, for two states, is no clash.
  ///
  /// - Parameter keys: for the ``Binding/name`` of an action, the names of its keys: `["page-down": ["ctrl-f"]]`. No
  ///   names: the action has no key, and only the palette reaches it.
  package func rebound(_ keys: [String: [String]]) -> (keymap: Keymap, faults: [RebindingFault]) {
    var (wanted, faults) = ([String: [Key]](), [RebindingFault]())
    let names = Set(bindings.map(\.name))
    for (action, texts) in keys.sorted(by: { $0.key < $1.key }) {
      guard names.contains(action) else {
        faults.append(.unknownAction(action))
        continue
      }
      let read = texts.map { Key(name: $0) }
      if let place = read.firstIndex(of: nil) {
        faults.append(.unknownKey(texts[place], action: action))
      } else {
        wanted[action] = read.compactMap { $0 }
      }
    }
    // Giving an action its old keys back can clash with another that was to get them, hence again until none does.
    while let clash = clash(among: wanted) {
      faults.append(.clash(key: clash.key.description, actions: clash.actions))
      for action in clash.actions { wanted[action] = nil }
    }
    let changed = bindings.map { binding in
      Binding(keys: wanted[binding.name] ?? binding.keys, help: binding.help, binding.message, off: binding.off)
    }
    return (Keymap(changed), faults)
  }

  /// The first key that two actions would have, one of them newly.
  private func clash(among wanted: [String: [Key]]) -> (key: Key, actions: [String])? {
    var owners: [Key: [String]] = [:]
    var order: [Key] = []
    for binding in bindings {
      for key in wanted[binding.name] ?? binding.keys where owners[key]?.contains(binding.name) != true {
        if owners[key] == nil { order.append(key) }
        owners[key, default: []].append(binding.name)
      }
    }
    for key in order {
      let actions = owners[key] ?? []
      if actions.count > 1, actions.contains(where: { wanted[$0] != nil && !hadKey(key, $0) }) { return (key, actions) }
    }
    return nil
  }

  private func hadKey(_ key: Key, _ action: String) -> Bool {
    bindings.contains { $0.name == action && $0.keys.contains(key) }
  }
}
