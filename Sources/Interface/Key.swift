/// One key as a person presses it, or a whole paste.
package enum Key: Hashable, Sendable {
  case character(Character), control(Character), alt(Character)
  case up, down, left, right, home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete, insert
  case function(Int)
  case paste(String)
}

extension Key: ExpressibleByExtendedGraphemeClusterLiteral {
  package init(extendedGraphemeClusterLiteral value: Character) { self = .character(value) }
}

extension Key: CustomStringConvertible {
  /// As people write it: `j`, `ctrl-r`, `alt-x`, `esc`, `↓`.
  package var description: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(" "): "ctrl-space"
    case .control(let character): "ctrl-\(character)"
    case .alt(let character): "alt-\(character)"
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .home: "home"
    case .end: "end"
    case .pageUp: "pgup"
    case .pageDown: "pgdn"
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "shift-tab"
    case .backspace: "backspace"
    case .delete: "del"
    case .insert: "ins"
    case .function(let number): "f\(number)"
    case .paste: "paste"
    }
  }
}

extension Key {
  private static let named: [String: Key] = [
    "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end, "pgup": .pageUp,
    "pgdn": .pageDown, "enter": .enter, "esc": .escape, "tab": .tab, "shift-tab": .backTab,
    "backspace": .backspace, "del": .delete, "ins": .insert, "space": " ", "lt": "<",
  ]

  /// The key that a name means: `enter`, `ctrl-r`, `alt-x`, `f5`, `down`, or a single character.
  package init?(name: String) {
    if let key = Self.named[name] {
      self = key
    } else if name.hasPrefix("ctrl-") || name.hasPrefix("alt-") {
      let isControl = name.hasPrefix("ctrl-")
      let rest = name.dropFirst(isControl ? 5 : 4)
      guard let character = rest == "space" ? " " : rest.first, rest.count == 1 || rest == "space" else { return nil }
      self = isControl ? .control(character) : .alt(character)
    } else if name.first == "f", let number = Int(name.dropFirst()), (1...63).contains(number) {
      self = .function(number)
    } else if name.count == 1, let character = name.first {
      self = .character(character)
    } else {
      return nil
    }
  }

  /// The keys of a script such as `jj<enter><ctrl-r>x`: characters as they stand, other keys by name in angle
  /// brackets, `<lt>` for the bracket itself. What is not a name is typed as it stands.
  package static func script(_ text: String) -> [Key] {
    var keys: [Key] = []
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character == "<", let end = rest.firstIndex(of: ">"), let key = Key(name: String(rest[..<end])) {
        keys.append(key)
        rest = rest[rest.index(after: end)...]
      } else {
        keys.append(character == "\n" ? .enter : character == "\t" ? .tab : .character(character))
      }
    }
    return keys
  }
}
