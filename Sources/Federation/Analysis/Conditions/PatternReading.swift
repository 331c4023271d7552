internal import CEL

/// What a regular expression pins, and whether it pins it at all.
struct PatternReading {
  /// Whether every alternative is held at both ends of the text.
  let isAnchored: Bool
  /// A dot that stands for one character, which its author most likely did not mean.
  let hasLoneDot: Bool
  /// A part that may grow over separators: `.*`, `[^/]+`.
  let isOpenEnded: Bool
  private let tree: Pattern.Tree

  init(_ tree: Pattern.Tree) {
    self.tree = tree
    isAnchored = tree.alternatives.allSatisfy { $0.isHeld(at: .textStart) && $0.isHeld(at: .textEnd) }
    hasLoneDot = tree.hasLoneDot
    isOpenEnded = tree.isOpenEnded
  }

  private static let limit = 64

  /// Texts that get past it and were not meant: junk on a side that is not held, another character for a dot, and
  /// something long where a part is open-ended.
  func ways(past path: ClaimPath) -> [[Pin]] {
    let shapes = shapes ?? []
    let isHeldAtStart = tree.alternatives.allSatisfy { $0.isHeld(at: .textStart) }
    let isHeldAtEnd = tree.alternatives.allSatisfy { $0.isHeld(at: .textEnd) }
    func pin(_ text: String, _ place: Pin.Place) -> [Pin] { [Pin(path: path, values: [text], place: place)] }
    return shapes.flatMap { shape -> [[Pin]] in
      let filled = ["any-repo", "X", "1"].map { shape.replacing(String(Extent.gap), with: $0) }
      let start = shape.prefix { $0 != Extent.gap }
      var ways: [[Pin]] = []
      if !isHeldAtEnd {
        ways += filled.flatMap { [pin($0 + "-evil", isHeldAtStart ? .whole : .within), pin($0, .start)] }
      }
      if !isHeldAtStart { ways += filled.flatMap { [pin($0, isHeldAtEnd ? .end : .within)] } }
      if isHeldAtStart, start.count < shape.count { ways.append(pin(String(start), .start)) }
      return ways + filled.map { pin($0, .whole) }
    }
  }

  /// The texts that fit, with ``Extent/gap`` for every run of characters of a class; nil when there are too many.
  var shapes: [String]? {
    tree.shapes(limit: PatternReading.limit).map { Set($0.map(\.joinedGaps)).sorted() }
  }
}

extension Pattern.Tree {
  fileprivate var alternatives: [Pattern.Tree] {
    if case .alternatives(let trees) = self { trees.flatMap(\.alternatives) } else { [self] }
  }

  fileprivate func isHeld(at end: Pattern.Assertion) -> Bool {
    switch self {
    case .assertion(let assertion): assertion == end
    case .sequence(let parts):
      (end == .textStart ? parts.first : parts.last)?.isHeld(at: end) ?? false
    case .alternatives(let trees): trees.allSatisfy { $0.isHeld(at: end) }
    default: false
    }
  }

  fileprivate var hasLoneDot: Bool {
    switch self {
    case .any: true
    case .sequence(let parts), .alternatives(let parts): parts.contains(where: \.hasLoneDot)
    case .repetition(.any, _, _): false
    case .repetition(let inner, _, _): inner.hasLoneDot
    default: false
    }
  }

  fileprivate var isOpenEnded: Bool {
    switch self {
    case .sequence(let parts), .alternatives(let parts): parts.contains(where: \.isOpenEnded)
    case .repetition(let inner, _, let most): most == nil && inner.isOpen || inner.isOpenEnded
    default: false
    }
  }

  /// Whether it is a class of everything but some: it then has letters of other scripts.
  private var isOpen: Bool {
    switch self {
    case .any: true
    case .set(let set): set.contains("中")
    case .alternatives(let trees): trees.contains(where: \.isOpen)
    default: false
    }
  }

  fileprivate func shapes(limit: Int) -> [String]? {
    switch self {
    case .scalar(let scalar): return [String(scalar)]
    case .assertion: return [""]
    case .any: return [String(Extent.gap)]
    case .set(let set):
      let members = (UInt8(0x20)..<0x7F).map(Unicode.Scalar.init).filter(set.contains)
      return members.count <= 4 && !set.contains("中") ? members.map { String($0) } : [String(Extent.gap)]
    case .sequence(let parts):
      var all = [""]
      for part in parts {
        guard let shapes = part.shapes(limit: limit), shapes.count * all.count <= limit else { return nil }
        all = all.flatMap { start in shapes.map { start + $0 } }
      }
      return all
    case .alternatives(let trees):
      var all: [String] = []
      for tree in trees {
        guard let shapes = tree.shapes(limit: limit), all.count + shapes.count <= limit else { return nil }
        all += shapes
      }
      return all
    case .repetition(let inner, let least, let most):
      guard let shapes = inner.shapes(limit: limit) else { return nil }
      if least == 0, most == 1 { return [""] + shapes }
      guard least == most, least <= 8, shapes.count == 1 else { return (least == 0 ? [""] : []) + [String(Extent.gap)] }
      return [String(repeating: shapes[0], count: least)]
    }
  }
}

extension String {
  /// With neighbouring gaps made one.
  fileprivate var joinedGaps: String {
    reduce(into: "") { text, character in
      if character != Extent.gap || text.last != Extent.gap { text.append(character) }
    }
  }
}
