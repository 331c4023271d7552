/// Why a condition let a token pass or not: its parts, which of them decided, and the values they saw.
package struct Explanation: Sendable {
  package enum Role: Sendable {
    /// Its value made the result what it is.
    case decisive
    /// False beside an error in `||`: it did not save the condition.
    case context
    case indifferent
  }

  /// A part that is not taken apart further: a comparison, a call, a claim, a macro, a negation.
  package struct Leaf: Sendable {
    /// As the source writes it.
    package let text: String
    /// The part at fault: of an error the innermost that raised it, else the whole leaf.
    package let culprit: String
    /// Where the culprit stands, in UTF-8 offsets of the source.
    package let range: Range<Int>
    package let result: Result<Bool, Failure>
    package let role: Role
    /// What a person wants to know: the values of the operands, the nearest miss. Fit to be drawn.
    package let remarks: [String]
    /// The body of a macro, explained for the element that decided.
    package let inner: [Leaf]
  }

  package let outcome: Result<Bool, Failure>
  /// In the order of the source. A branch of `?:` that was not taken is left out.
  package let leaves: [Leaf]

  /// The source texts of exactly the parts that decided.
  package var blame: [String] { leaves.filter { $0.role == .decisive }.map(\.culprit) }
}

extension Expression {
  /// Evaluates every part, also those that no longer matter, and tells which decided.
  package func explain(claims: Value) -> Explanation {
    var explainer = Explainer(source: source, machine: Machine(claims: claims))
    let trace = explainer.trace(root)
    // Going through every part may break a limit that deciding does not.
    return Explanation(outcome: decide(claims: claims), leaves: explainer.leaves(of: trace, .decisive))
  }
}

/// An evaluated part: a leaf, or the parts that a connective holds together.
private struct Trace {
  indirect enum Shape {
    case leaf
    case and([Trace])
    case or([Trace])
    /// The branch is nil when the condition is in error.
    case conditional(Trace, branch: Trace?)
  }

  let node: Node
  let result: Result<Bool, Failure>
  let shape: Shape
}

extension Result where Success == Bool {
  package func isSuccess(_ value: Bool) -> Bool { if case .success(value) = self { true } else { false } }

  package var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}

private struct Explainer {
  let source: Source
  var machine: Machine

  /// Every node of the tree is evaluated once, however deep the connectives are nested.
  mutating func trace(_ node: Node) -> Trace {
    switch node.kind {
    case .and(let operands):
      let traces = operands.map { trace($0) }
      return Trace(node: node, result: join(traces, decisive: false), shape: .and(traces))
    case .or(let operands):
      let traces = operands.map { trace($0) }
      return Trace(node: node, result: join(traces, decisive: true), shape: .or(traces))
    case .conditional(let condition, let then, let otherwise):
      let condition = trace(condition)
      guard case .success(let truth) = condition.result else {
        return Trace(node: node, result: condition.result, shape: .conditional(condition, branch: nil))
      }
      let branch = trace(truth ? then : otherwise)
      return Trace(node: node, result: branch.result, shape: .conditional(condition, branch: branch))
    default: return Trace(node: node, result: node.truth(of: value(of: node)), shape: .leaf)
    }
  }

  private func join(_ traces: [Trace], decisive: Bool) -> Result<Bool, Failure> {
    let results = traces.map(\.result)
    if let limit = results.first(where: { $0.failure?.kind == .limit }) { return limit }
    if results.contains(where: { $0.isSuccess(decisive) }) { return .success(decisive) }
    return results.first { $0.failure != nil } ?? .success(!decisive)
  }

  private mutating func value(of node: Node) -> Result<Value, Failure> {
    Result { () throws(Failure) in try machine.value(of: node) }
  }

  // MARK: Leaves

  mutating func leaves(of trace: Trace, _ role: Explanation.Role) -> [Explanation.Leaf] {
    switch trace.shape {
    case .leaf: return [leaf(trace, role)]
    case .and(let traces): return leaves(of: traces, in: trace, role, decisive: false)
    case .or(let traces): return leaves(of: traces, in: trace, role, decisive: true)
    case .conditional(let condition, nil): return leaves(of: condition, role)
    case .conditional(let condition, let branch?):
      if case .constant = branch.node.kind { return leaves(of: condition, role) }
      return leaves(of: condition, .indifferent) + leaves(of: branch, role)
    }
  }

  /// - Parameter decisive: the value that decides the connective by itself.
  private mutating func leaves(
    of traces: [Trace], in whole: Trace, _ role: Explanation.Role, decisive: Bool
  ) -> [Explanation.Leaf] {
    traces.flatMap { part in
      var own = role
      if role == .decisive {
        switch whole.result {
        case .success(decisive): own = part.result.isSuccess(decisive) ? .decisive : .indifferent
        case .success: own = .decisive
        case .failure: own = part.result.failure != nil ? .decisive : decisive ? .context : .indifferent
        }
      }
      return leaves(of: part, own)
    }
  }

  private mutating func leaf(_ trace: Trace, _ role: Explanation.Role) -> Explanation.Leaf {
    let node = trace.node
    var remarks: [String] = []
    var inner: [Explanation.Leaf] = []
    if let failure = trace.result.failure {
      remarks = hints(for: failure, in: node)
      if remarks.isEmpty { remarks = [failure.message] }
    } else if case .macro(let macro) = node.kind {
      (remarks, inner) = explain(macro, trace.result.isSuccess(true))
    } else {
      remarks = self.remarks(on: node, trace.result.isSuccess(true))
    }
    let range = trace.result.failure?.range ?? node.range
    return Explanation.Leaf(
      text: source[node.range], culprit: source[range], range: range, result: trace.result, role: role,
      remarks: remarks, inner: inner)
  }

  // MARK: Remarks

  /// The values of the operands that are not written in the source, and how near they come.
  private mutating func remarks(on node: Node, _ truth: Bool) -> [String] {
    switch node.kind {
    // Of values that are equal one is written already.
    case .binary(.equal, _, _) where truth: return []
    case .binary(let operation, let left, let right):
      guard case .success(let first) = value(of: left), case .success(let second) = value(of: right) else { return [] }
      var remarks = [(left, first), (right, second)].compactMap { reading($0, $1) }
      if operation == .equal, !truth { remarks += NearMiss.unequal(first, second).map { [$0] } ?? [] }
      if operation == .isIn, !truth { remarks += NearMiss.notIn(first, second).map { [$0] } ?? [] }
      return remarks
    case .call(let call):
      let values = call.arguments.map { value(of: $0) }.compactMap { try? $0.get() }
      guard values.count == call.arguments.count else { return [] }
      let remarks = zip(call.arguments, values).compactMap { reading($0, $1) }
      guard !truth, values.count == 2, case .string(let text) = values[0], case .string(let part) = values[1],
        let miss = NearMiss.call(call.function, text, part)
      else { return remarks }
      return remarks + [miss]
    case .has(let operand, let field):
      guard !truth, case .success(.map(let map)) = value(of: operand) else { return [] }
      return [absence(of: field, in: map, operand)]
    case .not(let operand): return remarks(on: operand, !truth)
    case .macro(let macro): return explain(macro, truth).remarks
    case .and(let operands), .or(let operands): return operands.flatMap { remarks(on: $0, truth) }
    case .conditional(_, let then, let otherwise): return [then, otherwise].flatMap { remarks(on: $0, truth) }
    default: return (try? value(of: node).get()).flatMap { reading(node, $0) }.map { [$0] } ?? []
    }
  }

  private func reading(_ node: Node, _ value: Value) -> String? {
    if node.isLiteral { return nil }
    return "\(source[node.range].harmless) is \(value.clippedText)"
  }

  private mutating func hints(for failure: Failure, in node: Node) -> [String] {
    guard failure.kind == .noSuchKey, let culprit = node.node(at: failure.range) else { return [] }
    switch culprit.kind {
    case .select(let operand, let field), .has(let operand, let field):
      guard case .success(.map(let map)) = value(of: operand) else { return [] }
      return [absence(of: field, in: map, operand)]
    case .index(let operand, let index):
      guard case .success(.map(let map)) = value(of: operand), case .success(.string(let field)) = value(of: index)
      else { return [] }
      return [absence(of: field, in: map, operand)]
    default: return []
    }
  }

  private func absence(of field: String, in map: Value.Map, _ operand: Node) -> String {
    let names = map.entries.compactMap(\.key.value.string)
    let place = operand.isClaimSet ? "the token has no claim" : "\(source[operand.range].harmless) has no"
    let nearest = field.nearest(in: names).map { ", but \($0.quoted)" } ?? ""
    return "\(place) \(field.quoted)\(nearest)"
  }

  /// Which element decided, and why.
  private mutating func explain(
    _ macro: Node.Macro, _ truth: Bool
  ) -> (remarks: [String], inner: [Explanation.Leaf]) {
    guard case .success(let operand) = value(of: macro.operand), let predicate = macro.predicate,
      let elements = Machine.elements(of: operand, for: macro)
    else { return ([], []) }
    var accepted: [Int] = []
    var firstRejected: Int?
    for (index, element) in elements.enumerated() {
      let result = Result { () throws(Failure) in
        try machine.with(element, bound: macro) { (machine) throws(Failure) in try machine.value(of: predicate) }
      }
      let truth = predicate.truth(of: result)
      if truth.failure?.kind == .limit { return ([], []) }
      if truth.isSuccess(true) { accepted.append(index) } else { firstRejected = firstRejected ?? index }
    }
    func name(_ index: Int) -> String { "element \(index), \(elements[index].last?.clippedText ?? "")," }
    switch macro.form {
    case .all where !truth:
      guard let firstRejected else { return ([], []) }
      return (["\(name(firstRejected)) does not fit"], inner(elements[firstRejected], macro, predicate))
    case .all where elements.isEmpty: return (["there are no elements, so all of them fit"], [])
    case .exists where truth:
      guard let first = accepted.first else { return ([], []) }
      return (["\(name(first)) fits"], inner(elements[first], macro, predicate))
    case .exists:
      let values = elements.prefix(5).compactMap(\.last?.clippedText).joined(separator: ", ")
      let list = elements.isEmpty ? "" : ": \(values)\(elements.count > 5 ? ", …" : "")"
      return (["none of \(elements.count) elements fits\(list)"], [])
    case .existsOne: return (["\(accepted.count) of \(elements.count) elements fit"], [])
    default: return ([], [])
    }
  }

  private mutating func inner(_ element: [Value], _ macro: Node.Macro, _ predicate: Node) -> [Explanation.Leaf] {
    let leaves = Result { () throws(Failure) in
      try machine.with(element, bound: macro) { (machine) throws(Failure) in
        var explainer = Explainer(source: source, machine: machine)
        let trace = explainer.trace(predicate)
        return explainer.leaves(of: trace, .decisive)
      }
    }
    return (try? leaves.get()) ?? []
  }
}

extension Node {
  /// Written out in the source, so that nobody needs to be told its value.
  var isLiteral: Bool {
    switch kind {
    case .constant: true
    case .list, .map, .negate: children.allSatisfy(\.isLiteral)
    default: false
    }
  }

  /// The outermost node with this range.
  func node(at range: Range<Int>) -> Node? {
    if self.range == range { return self }
    for child in children where child.range.lowerBound <= range.lowerBound && child.range.upperBound >= range.upperBound
    {
      if let node = child.node(at: range) { return node }
    }
    return nil
  }
}
