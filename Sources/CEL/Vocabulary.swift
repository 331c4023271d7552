/// What is known of the tokens of one issuer. The language knows no issuer; who examines a condition tells it.
package struct Vocabulary: Sendable {
  /// The names that lead from the claim set to a value: `["kubernetes.io", "namespace"]`.
  package typealias Path = [String]

  package struct Claim: Sendable {
    /// The kinds that its values have, numbers being `double`; empty when that is not known.
    package var kinds: Set<Value.Kind>
    /// In every token, and never empty.
    package var isAlwaysThere: Bool
    /// Known to be left out of some tokens.
    package var isOptional: Bool
    /// Its value belongs to one tenant of the issuer.
    package var pinsTenant: Bool
    /// Holds a name that can be given away, and this claim an id that cannot.
    package var lastingClaim: String?
    /// The issuer sends it in lower case, or a name that most people write so.
    package var isLowerCase: Bool

    package init(
      _ kinds: Set<Value.Kind> = [.string], isAlwaysThere: Bool = true, isOptional: Bool = false,
      pinsTenant: Bool = false, lastingClaim: String? = nil, isLowerCase: Bool = false
    ) {
      self.kinds = kinds
      (self.isAlwaysThere, self.isOptional) = (isAlwaysThere && !isOptional, isOptional)
      (self.pinsTenant, self.lastingClaim, self.isLowerCase) = (pinsTenant, lastingClaim, isLowerCase)
    }
  }

  package var claims: [Path: Claim]
  /// The issuer signs for many tenants, so a condition has to name one.
  package var isShared: Bool
  /// A start of `sub` that this matches names a tenant.
  package var tenantSubject: Pattern?
  /// A text for `sub` that this matches fits only one of the forms in which the issuer writes it.
  package var singleFormSubject: Pattern?
  /// The claim that names what started a run, and its values that a stranger can bring about.
  package var strangerEvents: (claim: Path, values: [String])?

  package init(
    claims: [Path: Claim] = [:], isShared: Bool = false, tenantSubject: Pattern? = nil,
    singleFormSubject: Pattern? = nil, strangerEvents: (claim: Path, values: [String])? = nil
  ) {
    (self.claims, self.isShared, self.tenantSubject) = (claims, isShared, tenantSubject)
    (self.singleFormSubject, self.strangerEvents) = (singleFormSubject, strangerEvents)
  }

  /// Whether every token has it with something in it: of `sub` that holds for every issuer (RFC 7523 §3).
  func isAlwaysThere(_ path: Path) -> Bool { claims[path]?.isAlwaysThere ?? (path == ["sub"]) }
}

extension Node {
  /// The claim that a chain of selections and constant indexes from `claims` names; nil for anything else.
  package var claimPath: Vocabulary.Path? {
    var fields: [String] = []
    var node = self
    while !node.isClaimSet {
      switch node.kind {
      case .select(let operand, let field):
        fields.append(field)
        node = operand
      case .index(let operand, let key):
        guard case .constant(.string(let field)) = key.kind else { return nil }
        fields.append(field)
        node = operand
      default: return nil
      }
    }
    return fields.isEmpty ? nil : fields.reversed()
  }

  /// The claims that are read anywhere within, each by its longest path.
  package var claimPaths: Set<Vocabulary.Path> {
    if let claimPath { return [claimPath] }
    if case .has(let operand, let field) = kind {
      if operand.isClaimSet { return [[field]] }
      if let path = operand.claimPath { return [path + [field]] }
    }
    return children.reduce(into: []) { $0.formUnion($1.claimPaths) }
  }

  /// The operands of `&&` at any depth; the node itself when it is no `&&`.
  package var conjuncts: [Node] {
    if case .and(let operands) = kind { operands.flatMap(\.conjuncts) } else { [self] }
  }

  /// This node and all below it.
  var subtree: [Node] {
    var nodes = [self]
    var index = 0
    while index < nodes.count {
      nodes += nodes[index].children
      index += 1
    }
    return nodes
  }

  /// A text that is written out, or put together from such texts.
  package var constantText: String? {
    switch kind {
    case .constant(.string(let text)): return text
    case .binary(.add, let left, let right):
      guard let start = left.constantText, let end = right.constantText else { return nil }
      return start + end
    default: return nil
    }
  }
}
