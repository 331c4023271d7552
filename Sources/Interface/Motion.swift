/// A key that moves through lines: the same ones in every list and text.
package enum Motion: Equatable, Sendable {
  case lines(Int), halves(Int), pages(Int)
  case start, end

  /// Nil for a key that does not move.
  package init?(_ key: Key) {
    switch key {
    case "j", .down: self = .lines(1)
    case "k", .up: self = .lines(-1)
    case .pageDown, .control("f"): self = .pages(1)
    case .pageUp, .control("b"): self = .pages(-1)
    case .control("d"): self = .halves(1)
    case .control("u"): self = .halves(-1)
    case "g", .home: self = .start
    case "G", .end: self = .end
    default: return nil
    }
  }

  /// The same for a person who types letters into a query meanwhile: only keys that are no text.
  package init?(whileTyping key: Key) {
    switch key {
    case .down, .control("n"): self = .lines(1)
    case .up, .control("p"): self = .lines(-1)
    case .pageDown: self = .pages(1)
    case .pageUp: self = .pages(-1)
    default: return nil
    }
  }

  /// How many lines it goes, up below 0; nil for one that goes to an end.
  ///
  /// - Parameter height: lines in sight. A page keeps one line of the last.
  package func distance(height: Int) -> Int? {
    switch self {
    case .lines(let lines): lines
    case .halves(let halves): halves * max(1, height / 2)
    case .pages(let pages): pages * max(1, height - 1)
    case .start, .end: nil
    }
  }

  /// Where a place moves to, never outside 0 to `count - 1`.
  ///
  /// - Parameter height: as for ``distance(height:)``.
  package func applied(to place: Int, count: Int, height: Int) -> Int {
    let moved = distance(height: height).map { place + $0 } ?? (self == .start ? 0 : count - 1)
    return max(0, min(moved, count - 1))
  }
}
