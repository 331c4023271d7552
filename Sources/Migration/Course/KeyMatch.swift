package import Platform

/// Which record of the key list a find belongs to, told by the hint: nothing is sent, and no call is made with a key.
package enum KeyMatch: Hashable, Sendable {
  /// In no list that was read: of another organization, archived and no longer listed, or made up.
  case none
  case unique(ID<APIKey>)
  /// Equal hints: whose usage it is takes a second proof.
  case ambiguous([ID<APIKey>])

  /// - Parameter keys: all pages and all statuses; with less, none and unique mean nothing.
  package static func of(_ find: Find, among keys: [APIKey]) -> KeyMatch {
    guard let hint = find.hint.flatMap(Hint.init) else { return .none }
    let found = keys.filter { $0.hint.flatMap(Hint.init).map(hint.agrees) ?? false }.map(\.id)
    return switch found.count {
    case 0: .none
    case 1: .unique(found[0])
    default: .ambiguous(found)
    }
  }

  package var ids: [ID<APIKey>] {
    switch self {
    case .none: []
    case .unique(let id): [id]
    case .ambiguous(let ids): ids
    }
  }

  package var word: String {
    switch self {
    case .none: "none"
    case .unique: "unique"
    case .ambiguous: "ambiguous"
    }
  }
}

/// The first and the last characters of a key, parted by dots, an ellipsis or asterisks.
private struct Hint {
  let first, last: Substring

  /// Nil when fewer than three characters are known at either end.
  init?(_ text: String) {
    let marks: Set<Character> = [".", "…", "*"]
    guard let start = text.firstIndex(where: marks.contains) else { return nil }
    first = text[..<start]
    last = text[start...].drop(while: marks.contains)
    guard first.count >= 3, last.count >= 3, !last.contains(where: marks.contains) else { return nil }
  }

  /// Whether both can be of one key; the shorter one decides at each end.
  func agrees(with other: Hint) -> Bool {
    (first.hasPrefix(other.first) || other.first.hasPrefix(first))
      && (last.hasSuffix(other.last) || other.last.hasSuffix(last))
  }
}
