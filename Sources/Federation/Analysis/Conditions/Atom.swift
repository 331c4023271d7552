internal import CEL

/// What one conjunct of a condition comes to.
enum Atom: Equatable {
  struct Flaw: Equatable {
    let id: String
    let node: Node
    static func == (left: Flaw, right: Flaw) -> Bool { left.id == right.id && left.node === right.node }
  }

  /// True whatever the token says.
  case always
  /// True of no token, and why by the catalogue.
  case never(String)
  /// Only that a claim is there.
  case presence
  /// Only what is not allowed.
  case negation
  /// Each of these holds.
  case pins([Pin])
  /// A list of audiences must hold one.
  case audience
  /// Constrains claims, but badly.
  case flawed(Flawed)
  /// Says nothing about who or which run.
  case other
}

/// A part of a condition that does not keep out what its author thinks.
struct Flawed: Equatable {
  var flaws: [Atom.Flaw]
  /// What it touches.
  var paths: Set<ClaimPath>
  /// How a token gets past it: one of these lists of pins is enough.
  var ways: [[Pin]]
  /// Texts that it was meant for.
  var meant: Set<String> = []

  /// Both must be passed.
  func joined(with other: Flawed) -> Flawed {
    let both = ways.flatMap { way in other.ways.map { way + $0 } }
    return Flawed(
      flaws: flaws + other.flaws, paths: paths.union(other.paths), ways: Array(both.prefix(64)),
      meant: meant.union(other.meant))
  }
}

/// Reads the parts of one condition.
struct AtomReader {
  let form: Form
  let source: Source
  /// Names that a macro binds to the text of an element.
  var bindings: [String: String] = [:]

  /// The operands of `&&`, at any depth.
  func conjuncts(of node: Node) -> [Node] {
    guard case .and(let operands) = node.kind else { return [node] }
    return operands.flatMap(conjuncts)
  }

  func text(of node: Node) -> String { source[node.range] }

  func atom(_ node: Node) -> Atom {
    if let truth = truth(of: node) { return truth ? .always : .never("CEL010") }
    if let presence = presence(node) { return presence }
    switch node.kind {
    case .not, .binary(.notEqual, _, _): return .negation
    case .and: return combined(conjuncts(of: node).map(atom))
    case .binary(.equal, let left, let right): return equality(left, right)
    case .binary(.isIn, let left, let right): return membership(left, right)
    case .binary(let operation, let left, let right): return order(operation, left, right)
    case .call(let call): return self.call(call, node)
    case .or(let operands): return alternatives(operands, of: node)
    case .conditional(_, let then, let otherwise):
      let ways = [then, otherwise].flatMap { self.ways(past: combinedAtom($0)) }
      return .flawed(Flawed(flaws: [.init(id: "CEL002", node: node)], paths: paths(in: node), ways: ways))
    case .macro(let macro): return self.macro(macro, node)
    default:
      guard let path = path(node) else { return .other }
      return kind(of: path).map { $0 == .boolean } ?? true ? .other : .never("CEL010")
    }
  }

  /// All of them hold.
  private func combined(_ atoms: [Atom]) -> Atom {
    var pins: [Pin] = []
    var flawed: Flawed?
    for atom in atoms {
      switch atom {
      case .never: return atom
      case .pins(let more): pins += more
      case .flawed(let more): flawed = flawed?.joined(with: more) ?? more
      default: break
      }
    }
    if var flawed {
      flawed.ways = flawed.ways.map { $0 + pins }
      return .flawed(flawed)
    }
    return pins.isEmpty ? .other : .pins(pins)
  }

  /// What a token needs to get past a part; nothing where it is let past anyhow.
  private func ways(past atom: Atom) -> [[Pin]] {
    switch atom {
    case .never: []
    case .pins(let pins): [pins]
    case .flawed(let flawed): flawed.ways
    default: [[]]
    }
  }

  // MARK: Comparisons

  private func equality(_ left: Node, _ right: Node) -> Atom {
    guard let path = path(left) ?? path(right) else { return .other }
    let value = self.path(left) == nil ? left : right
    if let text = string(value) {
      if let kind = kind(of: path), kind != .text { return .never("CEL010") }
      if path == "aud", kind(of: path) == .text { return .pins([Pin(path: path, values: [text])]) }
      return worth(Pin(path: path, values: [text]))
    }
    guard case .constant(let constant) = value.kind, let kind = kind(of: path) else { return .other }
    if kind == .boolean, let truth = constant.bool, form.field(of: path) != nil {
      return .pins([Pin(path: path, values: [String(truth)])])
    }
    let fits =
      switch constant.kind {
      case .bool: kind == .boolean
      case .int, .uint, .double: kind == .number
      default: true
      }
    return fits ? .other : .never("CEL010")
  }

  private func membership(_ left: Node, _ right: Node) -> Atom {
    if let path = path(left), case .list(let elements) = right.kind {
      if let kind = kind(of: path), kind != .text { return .never("CEL010") }
      let values = elements.compactMap(string)
      guard values.count == elements.count else { return .other }
      return values.isEmpty ? .never("CEL010") : worth(Pin(path: path, values: Set(values)))
    }
    guard let path = path(right) else { return .other }
    if path == "aud", kind(of: path) != .text { return .audience }
    return kind(of: path) == .text ? .never("CEL010") : .other
  }

  /// A pin with values that a token can have.
  private func worth(_ pin: Pin) -> Atom {
    if pin.values.allSatisfy(Inspection.isMistyped) { return .never("GEN013") }
    if pin.values.allSatisfy({ $0.contains("*") }), form.reading(of: pin.path, "x", isPrefix: false) != nil {
      return .never("GEN005")
    }
    return .pins([pin])
  }

  private func order(_ operation: Node.Operator, _ left: Node, _ right: Node) -> Atom {
    guard let path = path(left) ?? path(right), let kind = kind(of: path) else { return .other }
    let value = self.path(left) == nil ? left : right
    guard case .constant(let constant) = value.kind else { return .other }
    switch constant.kind {
    case .int, .uint, .double: return kind == .number ? .other : .never("CEL010")
    case .string: return kind == .text ? .other : .never("CEL010")
    default: return .other
    }
  }

  // MARK: Functions

  private func call(_ call: Node.Call, _ node: Node) -> Atom {
    guard let function = call.function, call.arguments.count == 2, let path = path(call.arguments[0]),
      let text = string(call.arguments[1])
    else { return .other }
    if [.startsWith, .endsWith, .contains, .matches].contains(function), let kind = kind(of: path), kind != .text {
      return .never("CEL010")
    }
    func flawed(_ id: String, _ place: Pin.Place) -> Atom {
      let way = [Pin(path: path, values: [text], place: place)]
      return .flawed(Flawed(flaws: [.init(id: id, node: node)], paths: [path], ways: [way], meant: [text]))
    }
    switch function {
    case .contains: return flawed("CEL003", .within)
    case .startsWith:
      let isTag = text.contains("refs/tags/") && form.touched(by: path).isDisjoint(with: [.jobWorkflowRef])
      return Extent.endsName(text) || isTag
        ? .pins([Pin(path: path, values: [text], place: .start)]) : flawed("CEL006", .start)
    case .endsWith:
      if text.hasPrefix("@"), path.names.last?.isAddress ?? false {
        return .pins([Pin(path: path, values: [String(Extent.gap) + text])])
      }
      return isIdentity(path) ? flawed("CEL007", .end) : .other
    case .matches: return pattern(text, of: path, node)
    default: return .other
    }
  }

  private func isIdentity(_ path: ClaimPath) -> Bool {
    path == .subject || form.everywhere.isEmpty || !form.touched(by: path).isEmpty
  }

  private func pattern(_ text: String, of path: ClaimPath, _ node: Node) -> Atom {
    guard let pattern = try? Pattern(text) else { return .never("CEL012") }
    let reading = PatternReading(pattern.tree)
    var ids: [String] = []
    if !reading.isAnchored { ids.append("CEL004") }
    if reading.hasLoneDot { ids.append("CEL005") }
    if reading.isOpenEnded, isIdentity(path) { ids.append("CEL013") }
    guard ids.isEmpty else {
      return .flawed(
        Flawed(
          flaws: ids.map { Atom.Flaw(id: $0, node: node) }, paths: [path], ways: reading.ways(past: path),
          meant: Set(reading.shapes ?? [])))
    }
    guard let shapes = reading.shapes else { return .other }
    return .pins([Pin(path: path, values: Set(shapes))])
  }

  // MARK: Alternatives

  private func alternatives(_ operands: [Node], of node: Node) -> Atom {
    arms(operands.map { combinedAtom($0) }, of: node)
  }

  private func combinedAtom(_ node: Node) -> Atom {
    if case .and = node.kind { return combined(conjuncts(of: node).map(atom)) }
    return atom(node)
  }

  /// Clean when every arm that can be true pins the same claims exactly; the claims then have the values of any arm.
  private func arms(_ atoms: [Atom], of node: Node) -> Atom {
    let live = atoms.filter { if case .never = $0 { false } else { true } }
    guard let first = live.first else { return atoms.first ?? .never("CEL010") }
    if live.count == 1 { return first }
    var together: [ClaimPath: Set<String>] = [:]
    var flaws: [Atom.Flaw] = []
    var isClean = true
    for (index, atom) in live.enumerated() {
      if case .flawed(let more) = atom { flaws += more.flaws }
      guard case .pins(let pins) = atom, pins.allSatisfy({ $0.place == .whole }),
        index == 0 || Set(pins.map(\.path)) == Set(together.keys)
      else {
        isClean = false
        continue
      }
      for pin in pins { together[pin.path, default: []].formUnion(pin.values) }
    }
    guard isClean else {
      let own = flaws.contains { $0.id == "CEL002" } ? [] : [Atom.Flaw(id: "CEL002", node: node)]
      return .flawed(Flawed(flaws: own + flaws, paths: paths(in: node), ways: live.flatMap(ways)))
    }
    return .pins(together.map { Pin(path: $0, values: $1) })
  }

  /// `exists` and `all` over a list that is written out are alternatives and conjuncts.
  private func macro(_ macro: Node.Macro, _ node: Node) -> Atom {
    guard case .list(let elements) = macro.operand.kind, let predicate = macro.predicate,
      let variable = macro.variables.first, macro.variables.count == 1
    else { return .other }
    let texts = elements.compactMap(string)
    guard texts.count == elements.count else { return .other }
    let atoms = texts.map { text in
      var inner = self
      inner.bindings[variable] = text
      return inner.combinedAtom(predicate)
    }
    switch macro.form {
    case .exists: return arms(atoms, of: node)
    case .all: return combined(atoms)
    default: return .other
    }
  }
}

extension String {
  /// Whether a claim of this name holds an e-mail address, or a name of that form.
  fileprivate var isAddress: Bool {
    contains("email") || ["upn", "preferred_username", "unique_name"].contains(self)
  }
}
