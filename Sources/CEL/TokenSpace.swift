/// Tokens that differ in a few respects, to look for one that a condition lets in against its owner's will.
///
/// What varies are parameters, not claims: a `sub` that contradicts `repository` proves nothing, so the caller makes
/// all claims of a token from the parameters it knows.
package struct TokenSpace: Sendable {
  package struct Parameter: Sendable {
    package let name: String
    /// The intended value first; nil where the claim is left out.
    package let values: [Value?]

    package init(_ name: String, _ values: [Value?]) { (self.name, self.values) = (name, values) }
  }

  /// A token that was looked for.
  package struct Witness: Sendable {
    package let claims: Value
    /// The names of the parameters that differ from the intended token, as few as could be.
    package let changes: [String]
  }

  package let parameters: [Parameter]
  /// The claims for one value of each parameter; nil where the issuer would not issue such a token.
  private let token: @Sendable ([Value?]) -> Value?

  package init(parameters: [Parameter], token: @escaping @Sendable ([Value?]) -> Value?) {
    (self.parameters, self.token) = (parameters.filter { !$0.values.isEmpty }, token)
  }

  /// Tokens in which each claim that the expressions read is varied by itself. Right where claims do not depend on
  /// one another.
  /// - Parameter claims: a token that is meant to pass.
  package init(around claims: Value, for expressions: [Expression]) {
    let paths = expressions.reduce(into: Set<Vocabulary.Path>()) { $0.formUnion($1.root.claimPaths) }
    let ordered = paths.sorted { $0.lexicographicallyPrecedes($1) }
    let parameters = ordered.map { path in
      let seed = claims.member(at: path)
      let others = expressions.flatMap { $0.candidates(for: path, seed: seed) }.filter { $0 != seed }
      let values: [Value?] = [seed] + others.map { .some($0) } + (seed == nil ? [] : [nil])
      return Parameter(path.joined(separator: "."), values)
    }
    self.init(parameters: parameters) { values in
      zip(ordered, values).reduce(Optional(claims)) { $0?.with($1.1, at: $1.0[...]) }
    }
  }

  /// The first token that fits, fewest changes first: the intended one, then one parameter changed, then two, three.
  /// - Parameter budget: how many tokens are tried at most. None found among them is no proof that there is none.
  package func witness(
    budget: Int = 200_000, where fits: (Value) -> Bool
  ) -> (witness: Witness?, tried: Int) {
    var search = Search(space: self, budget: budget)
    for changes in 0...min(3, parameters.count) {
      if let witness = search.run(changes, from: 0, changed: [], fits) { return (witness, search.tried) }
    }
    return (nil, search.tried)
  }

  private struct Search {
    let space: TokenSpace
    let budget: Int
    var tried = 0
    var values: [Value?]

    init(space: TokenSpace, budget: Int) {
      (self.space, self.budget) = (space, budget)
      values = space.parameters.map { $0.values[0] }
    }

    mutating func run(
      _ changes: Int, from start: Int, changed: [String], _ fits: (Value) -> Bool
    ) -> Witness? {
      guard changes > 0 else {
        guard tried < budget else { return nil }
        tried += 1
        guard let claims = space.token(values) else { return nil }
        return fits(claims) ? Witness(claims: claims, changes: changed) : nil
      }
      for index in start..<space.parameters.count where tried < budget {
        let parameter = space.parameters[index]
        defer { values[index] = parameter.values[0] }
        for value in parameter.values.dropFirst() {
          values[index] = value
          let witness = run(changes - 1, from: index + 1, changed: changed + [parameter.name], fits)
          if let witness { return witness }
        }
      }
      return nil
    }
  }
}

extension Expression {
  /// A token that this condition lets in and `intent` does not.
  package func counterexample(
    to intent: Expression, in space: TokenSpace, budget: Int = 200_000
  ) -> (witness: TokenSpace.Witness?, tried: Int) {
    space.witness(budget: budget) { decide(claims: $0).isSuccess(true) && !intent.decide(claims: $0).isSuccess(true) }
  }

  /// A token near a given one for which the condition is `truth`.
  package func witness(
    _ truth: Bool, around claims: Value, budget: Int = 200_000
  ) -> (witness: TokenSpace.Witness?, tried: Int) {
    TokenSpace(around: claims, for: [self]).witness(budget: budget) { decide(claims: $0).isSuccess(truth) }
  }
}

extension Value {
  package func member(at path: Vocabulary.Path) -> Value? { path.reduce(self) { $0?[$1] } }

  /// With another value at a path, or none there. Maps on the way are made where they are missing.
  fileprivate func with(_ value: Value?, at path: ArraySlice<String>) -> Value? {
    guard let field = path.first else { return value }
    let entries = map?.entries ?? []
    let member = path.count == 1 ? value : (self[field] ?? .null).with(value, at: path.dropFirst())
    var isNew = true
    var members = entries.compactMap { entry -> (key: Value.Key, value: Value)? in
      guard entry.key == .string(field) else { return entry }
      isNew = false
      return member.map { (entry.key, $0) }
    }
    if isNew, let member { members.append((.string(field), member)) }
    return .map(Map(lastWins: members))
  }
}
