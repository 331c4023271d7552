internal import CEL

/// What a rule's condition says, in the terms of the other matchers, and what is wrong with how it says it.
struct ConditionReading {
  /// A risk of the catalogue, and the text it is about.
  struct Fault: Hashable {
    let id: String
    /// Of the condition, or what the language says against it; empty when it is about the whole.
    let excerpt: String

    var words: String { id == "CEL012" ? "The language says: \(excerpt)." : "It is about \(excerpt)." }
  }

  private(set) var faults: [Fault] = []
  /// What the clean parts pin; all of them hold.
  private(set) var readings: [Reading] = []
  /// Parts that allow values of different kinds, such as a branch's subject or an environment's: what each says. One
  /// of each list holds.
  private(set) var choices: [[Reading]] = []
  /// What the flawed parts touch.
  private(set) var flawedFields: Set<Field> = []
  private(set) var subjectKeys: [String] = []
  private(set) var readsSubject = false
  private(set) var pinsAudience = false
  /// Whether every token of the issuer for the audience meets it, for all it asks is those two, and what is there.
  private(set) var asksNothingOfBearers = false
  /// Claims by the texts they are compared with, for what depends on the issuer.
  private(set) var comparedClaims: Set<ClaimPath> = []

  /// What the clean parts ask of claims that say nothing about who or which run.
  private(set) var pins: [Pin] = []
  /// All that is flawed, and how a token gets past it.
  private(set) var flawed: Flawed?

  private(set) var expression: Expression?
  private let form: Form

  init(_ text: String, form: Form) {
    self.form = form
    do {
      let expression = try Expression(parsing: text)
      self.expression = expression
      let reader = AtomReader(form: form, source: expression.source)
      // That it is true for every token is found below, with conditions that only in effect are.
      let refused = expression.checkCondition().issues.filter { $0.severity == .error && $0.code != .constant }
      guard refused.isEmpty else {
        faults = refused.map { Fault(id: "CEL012", excerpt: $0.message) }
        return
      }
      read(reader.conjuncts(of: expression.root), with: reader)
    } catch {
      faults = [Fault(id: "CEL012", excerpt: error.message)]
    }
  }

  private mutating func read(_ nodes: [Node], with reader: AtomReader) {
    let atoms = nodes.map { (node: $0, atom: reader.atom($0)) }
    readsSubject = nodes.contains { reader.paths(in: $0).contains(.subject) }
    comparedClaims = nodes.reduce(into: []) { $0.formUnion(reader.paths(in: $1)) }
    let meaningful = atoms.filter { $0.atom != .always }
    func fault(_ id: String, _ node: Node) { faults.append(Fault(id: id, excerpt: reader.text(of: node))) }
    func whole(_ id: String) { faults.append(Fault(id: id, excerpt: "")) }
    if meaningful.isEmpty {
      whole("CEL001")
    } else if meaningful.allSatisfy({ $0.atom == .presence }) {
      whole("CEL009")
    } else if meaningful.allSatisfy({ $0.atom == .presence || $0.atom == .negation }) {
      whole("CEL008")
    }
    // What is vacuous in itself is a fault of the condition, told above.
    asksNothingOfBearers =
      faults.isEmpty
      && meaningful.allSatisfy { node, atom in
        switch atom {
        case .presence, .negation, .audience: true
        case .other: reader.comparesSize(node) || reader.paths(in: node).isSubset(of: ["iss", "aud"])
        case .pins(let pins): pins.allSatisfy { ["iss", "aud"].contains($0.path) }
        default: false
        }
      }
    for (node, atom) in meaningful {
      switch atom {
      case .always, .presence, .negation, .other: break
      case .never(let id): fault(id, node)
      case .audience: pinsAudience = true
      case .pins(let pins):
        for pin in pins { add(pin) }
      case .flawed(let more):
        for flaw in more.flaws { faults.append(Fault(id: flaw.id, excerpt: reader.text(of: flaw.node))) }
        for path in more.paths { flawedFields.formUnion(form.touched(by: path)) }
        flawed = flawed?.joined(with: more) ?? more
      }
      if case .pins(let pins) = atom, reader.isStatic(pins) { fault("CEL014", node) }
    }
    let guarded = nodes.reduce(into: Set()) { $0.formUnion(reader.guarded(in: $1)) }
    for path in comparedClaims.subtracting(guarded).sorted(by: { $0.description < $1.description }) {
      guard !form.everywhere.isEmpty, let name = path.names.first else { continue }
      if !form.everywhere.contains(name), !Form.registered.contains(name) {
        faults.append(Fault(id: "CEL011", excerpt: path.description))
      }
    }
  }

  /// A claim with the values it may have: what all of them say together.
  private mutating func add(_ pin: Pin) {
    pins.append(pin)
    var read: [Reading] = []
    for value in pin.values.sorted() {
      guard let reading = form.reading(of: pin.path, value, isPrefix: pin.place == .start) else { return }
      read.append(reading)
    }
    guard let first = read.first else { return }
    let all = read.dropFirst().reduce(first) { $0.widened(by: $1) }
    if let risk = all.impossibility {
      // A shape with gaps may have been read too narrowly; only plain values are surely never issued.
      let isPlain = !pin.values.contains { $0.contains(Extent.gap) }
      if isPlain { faults.append(Fault(id: risk, excerpt: pin.values.sorted().joined(separator: ", "))) }
      return
    }
    if pin.path == .subject, subjectKeys.isEmpty { subjectKeys = all.keys }
    readings.append(all)
    let possible = read.filter { $0.impossibility == nil }
    if Set(possible.map { Set($0.extents.keys) }).count > 1 { choices.append(possible) }
  }
}

/// A claim that a condition pins: it has one of these values, or shapes, or has one of them at some place.
struct Pin: Hashable {
  enum Place { case whole, start, end, within }

  let path: ClaimPath
  var values: Set<String>
  var place = Place.whole
}

extension Form {
  /// The fields that a claim has a say in.
  func touched(by path: ClaimPath) -> Set<Field> {
    if path == .subject { return [.subject] }
    if let parts = parts[path] { return Set(parts) }
    return field(of: path).map { [$0] } ?? []
  }
}
